#include <array>

#include "gateway/embed.h"
#include "gateway/web_assets.h"

MPS_EMBED(mps_swagger_index, MPS_SWAGGER, "index.html")
MPS_EMBED(mps_swagger_start, MPS_SWAGGER, "start.js")
MPS_EMBED(mps_swagger_style, MPS_SWAGGER, "swagger-ui.css.gz")
MPS_EMBED(mps_swagger_bundle, MPS_SWAGGER, "swagger-ui-bundle.js.gz")

namespace mps::gateway {

std::span<const WebAsset> swagger_assets() {
  static const std::array assets{
      WebAsset{"/docs", "text/html; charset=utf-8", MPS_EMBEDDED(mps_swagger_index)},
      WebAsset{"/docs/start.js", "text/javascript; charset=utf-8", MPS_EMBEDDED(mps_swagger_start)},
      WebAsset{"/docs/swagger-ui.css", "text/css; charset=utf-8", MPS_EMBEDDED(mps_swagger_style), true},
      WebAsset{"/docs/swagger-ui-bundle.js", "text/javascript; charset=utf-8", MPS_EMBEDDED(mps_swagger_bundle), true},
  };
  return assets;
}

}  // namespace mps::gateway
