#include <memory>

#include "base/crypto.h"
#include "base/gzip.h"
#include "gateway/routes/routes.h"
#include "gateway/web_assets.h"

namespace mps::gateway {
namespace {

constexpr int kBestGzip = 9;

// One file, packed once for all clients that unpack it.
struct Page {
  WebAsset asset;
  std::string packed;
  std::string tag;
};

Response answer(const Page& page, const Request& request) {
  Response response;
  response.headers = {{"ETag", page.tag},
                      {"Cache-Control", "no-cache"},
                      {"Vary", "Accept-Encoding"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"}};
  if (request.header("If-None-Match").find(page.tag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.content_type = page.asset.content_type;
  response.static_body = page.asset.content;
  if (request.header("Accept-Encoding").find("gzip") != std::string_view::npos) {
    response.static_body = page.packed;
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  return response;
}

}  // namespace

void add_page_routes(Routes& routes) {
  for (const WebAsset& asset : web_assets()) {
    auto page = std::make_shared<Page>(
        Page{asset, gzip(asset.content, kBestGzip), '"' + sha256_hex(asset.content).substr(0, 16) + '"'});
    routes.push_back({.method = "GET",
                      .path = asset.path,
                      .tag = {},  // for people: not in the API's documentation
                      .summary = "The web page",
                      .handle = [page](const Call& call, const Reply& reply) { reply(answer(*page, call.request)); }});
  }
}

}  // namespace mps::gateway
