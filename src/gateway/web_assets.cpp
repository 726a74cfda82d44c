#include "gateway/web_assets.h"

#include <array>

#include "gateway/embed.h"

MPS_EMBED(mps_web_index, MPS_WEB_DIST, "index.html")
MPS_EMBED(mps_web_script, MPS_WEB_DIST, "assets/app.js")
MPS_EMBED(mps_web_style, MPS_WEB_DIST, "assets/app.css")
MPS_EMBED(mps_web_icon, MPS_WEB_DIST, "favicon.svg")

namespace mps::gateway {

std::span<const WebAsset> web_assets() {
  static const std::array assets{
      WebAsset{"/", "text/html; charset=utf-8", MPS_EMBEDDED(mps_web_index)},
      WebAsset{"/assets/app.js", "text/javascript; charset=utf-8", MPS_EMBEDDED(mps_web_script)},
      WebAsset{"/assets/app.css", "text/css; charset=utf-8", MPS_EMBEDDED(mps_web_style)},
      WebAsset{"/favicon.svg", "image/svg+xml", MPS_EMBEDDED(mps_web_icon)},
  };
  return assets;
}

}  // namespace mps::gateway
