#include "gateway/web_assets.h"

#include <array>

// The assembler copies a file into the program; CMake gives the folder, and knows that this file depends on it.
#define MPS_EMBED(symbol, file)                         \
  asm(".pushsection .rodata\n" #symbol                  \
      "_begin:\n"                                       \
      ".incbin \"" MPS_WEB_DIST "/" file "\"\n" #symbol \
      "_end:\n"                                         \
      ".popsection\n");                                 \
  extern "C" const char symbol##_begin[];               \
  extern "C" const char symbol##_end[];

MPS_EMBED(mps_web_index, "index.html")
MPS_EMBED(mps_web_script, "assets/app.js")
MPS_EMBED(mps_web_style, "assets/app.css")
MPS_EMBED(mps_web_icon, "favicon.svg")

namespace mps::gateway {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<size_t>(end - begin)};
}

}  // namespace

std::span<const WebAsset> web_assets() {
  static const std::array assets{
      WebAsset{"/", "text/html; charset=utf-8", between(mps_web_index_begin, mps_web_index_end)},
      WebAsset{"/assets/app.js", "text/javascript; charset=utf-8", between(mps_web_script_begin, mps_web_script_end)},
      WebAsset{"/assets/app.css", "text/css; charset=utf-8", between(mps_web_style_begin, mps_web_style_end)},
      WebAsset{"/favicon.svg", "image/svg+xml", between(mps_web_icon_begin, mps_web_icon_end)},
  };
  return assets;
}

}  // namespace mps::gateway
