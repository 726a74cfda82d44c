#pragma once

#include <span>
#include <string_view>

namespace mps::gateway {

// One file of the web page (web/dist), built into the program.
struct WebAsset {
  std::string_view path;  // "/assets/app.js"
  std::string_view content_type;
  std::string_view content;
};

std::span<const WebAsset> web_assets();

}  // namespace mps::gateway
