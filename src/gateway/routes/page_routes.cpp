#include <memory>

#include "base/crypto.h"
#include "base/gzip.h"
#include "gateway/entity_tag.h"
#include "gateway/routes/routes.h"
#include "gateway/web_assets.h"

namespace mps::gateway {
namespace {

constexpr int kBestGzip = 9;
constexpr size_t kUnpackedMax = 16 << 20;

constexpr std::string_view kDashboardPolicy = "default-src 'self'; frame-ancestors 'none'";
// Swagger UI styles its elements one by one, and brings its icons as data.
constexpr std::string_view kSwaggerPolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

// One file, packed once for all clients that unpack it.
struct Page {
  WebAsset asset;
  std::string packed;  // empty where the asset itself is
  std::string tag;
  std::string_view policy;

  std::string_view gzipped() const { return asset.packed ? asset.content : std::string_view(packed); }
};

// For those few who don't take gzip.
void give_plain(const Page& page, Response& response) {
  if (!page.asset.packed) {
    response.static_body = page.asset.content;
    return;
  }
  auto plain = gunzip(page.asset.content, kUnpackedMax);
  if (plain) response.body = std::move(*plain);
}

Response answer(const Page& page, const Request& request) {
  Response response;
  response.headers = {{"ETag", page.tag},
                      {"Cache-Control", "no-cache"},
                      {"Vary", "Accept-Encoding"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Content-Security-Policy", std::string(page.policy)}};
  if (names_tag(request.header("If-None-Match"), page.tag)) {
    response.status = 304;
    return response;
  }
  response.content_type = page.asset.content_type;
  if (request.header("Accept-Encoding").find("gzip") != std::string_view::npos) {
    response.static_body = page.gzipped();
    response.headers.emplace_back("Content-Encoding", "gzip");
  } else {
    give_plain(page, response);
  }
  return response;
}

void add_pages(Routes& routes, std::span<const WebAsset> assets, std::string_view policy, std::string_view summary) {
  for (const WebAsset& asset : assets) {
    const auto page = std::make_shared<Page>(
        Page{asset, asset.packed ? "" : gzip(asset.content, kBestGzip), entity_tag(asset.content), policy});
    routes.push_back({.method = "GET",
                      .path = asset.path,
                      .tag = {},  // for people: not in the API's documentation
                      .summary = summary,
                      .takes_time = asset.packed,  // where it is to be unpacked
                      .handle = [page](const Call& call, const Reply& reply) { reply(answer(*page, call.request)); }});
  }
}

}  // namespace

void add_page_routes(Routes& routes) {
  add_pages(routes, web_assets(), kDashboardPolicy, "The web page");
  add_pages(routes, swagger_assets(), kSwaggerPolicy, "The API's documentation, for trying it out");
}

}  // namespace mps::gateway
