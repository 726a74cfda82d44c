#include "store/influxdb/influx_url.h"

#include <algorithm>
#include <curl/curl.h>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>

namespace mps::store {
namespace {

constexpr const char* kForm =
    "write influxdb://[user:password@]host:port/database, influxdbs:// for TLS; ?token=, ?org= and ?rp= may follow";

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, FreeUrl>;

std::optional<std::string> url_part(const UrlHandle& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string part = text;
  curl_free(text);
  return part;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  int size = 0;
  char* const bytes = curl_easy_unescape(nullptr, text.data(), static_cast<int>(text.size()), &size);
  if (bytes == nullptr) return std::nullopt;
  std::string decoded(bytes, static_cast<size_t>(size));
  curl_free(bytes);
  return decoded;
}

Error bad_url(std::string_view why) {
  return {ErrorCode::kInvalidArgument, fmt::format("the URL of the InfluxDB {}: {}", why, kForm)};
}

Result<void> read_parameters(std::string_view query, InfluxTarget& target) {
  const std::map<std::string_view, std::string*> known = {
      {"token", &target.token}, {"org", &target.org}, {"rp", &target.retention_policy}};
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const size_t equals = std::min(pair.find('='), pair.size());
    const auto name = known.find(pair.substr(0, equals));
    if (name == known.end()) return bad_url(fmt::format("has an unknown parameter '{}'", pair.substr(0, equals)));
    const auto value = percent_decoded(pair.substr(std::min(pair.size(), equals + 1)));
    if (!value) return bad_url("has a broken parameter");
    *name->second = *value;
  }
  return {};
}

}  // namespace

std::string InfluxTarget::shown() const {
  const bool tls = server.starts_with("https");
  return fmt::format("{}://{}/{}", tls ? "influxdbs" : "influxdb", server.substr(tls ? 8 : 7), database);
}

std::string InfluxTarget::server_tag(ServerId id) const {
  return fmt::format("{}{}{}", hub, hub.empty() ? "" : ".", static_cast<int64_t>(id));
}

bool is_influx_url(std::string_view url) {
  return url.starts_with("influxdb://") || url.starts_with("influxdbs://");
}

Result<InfluxTarget> parse_influx_url(const std::string& url) {
  const UrlHandle parsed(curl_url());
  if (!is_influx_url(url)) return bad_url("has another scheme");
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return bad_url("can't be read");
  InfluxTarget target;
  const auto host = url_part(parsed, CURLUPART_HOST);
  if (!host || host->empty()) return bad_url("names no host");
  target.server = fmt::format("{}://{}:{}", url.starts_with("influxdbs") ? "https" : "http", *host,
                              url_part(parsed, CURLUPART_PORT).value_or("8086"));
  const auto path = url_part(parsed, CURLUPART_PATH, CURLU_URLDECODE).value_or("");
  if (path.size() > 1) target.database = path.substr(1);
  if (target.database.empty() || target.database.find('/') != std::string::npos) return bad_url("names no database");
  target.user = url_part(parsed, CURLUPART_USER, CURLU_URLDECODE).value_or("");
  target.password = url_part(parsed, CURLUPART_PASSWORD, CURLU_URLDECODE).value_or("");
  MPS_TRY_VOID(read_parameters(url_part(parsed, CURLUPART_QUERY).value_or(""), target));
  return target;
}

std::string percent_encoded(std::string_view text) {
  char* const bytes = curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size()));
  std::string encoded = bytes == nullptr ? "" : bytes;
  curl_free(bytes);
  return encoded;
}

}  // namespace mps::store
