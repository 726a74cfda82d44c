#pragma once

#include <span>
#include <string_view>

namespace mps::gateway {

// One file of a web page, built into the program.
struct WebAsset {
  std::string_view path;  // "/assets/app.js"
  std::string_view content_type;
  std::string_view content;
  bool packed = false;  // `content` is gzip
};

std::span<const WebAsset> web_assets();      // the dashboard: web/dist
std::span<const WebAsset> swagger_assets();  // Swagger UI at /docs: web/swagger

}  // namespace mps::gateway
