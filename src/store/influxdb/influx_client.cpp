#include "store/influxdb/influx_client.h"

#include <charconv>
#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/gzip.h"
#include "base/text.h"
#include "store/influxdb/influx_names.h"

namespace mps::store {
namespace {

constexpr Duration kQueryTimeout = std::chrono::seconds(10);  // somebody waits for the answer
constexpr size_t kReasonMax = 300;                            // bytes of InfluxDB's words that are passed on
constexpr Duration kRetryAfterMax = std::chrono::minutes(5);

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // and the zero that OpenSSL writes
  const auto* const in = reinterpret_cast<const unsigned char*>(bytes.data());
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), in, static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

// InfluxDB's own words, where it said any.
std::string words_of(const HttpResponse& response) {
  std::string words;
  if (auto answer = parse_influx_answer(response.body); answer) {
    words = answer->error;
    if (!answer->detail.empty()) words += (words.empty() ? "" : ": ") + answer->detail;
  }
  if (words.empty()) words = valid_utf8(response.body);
  if (words.size() > kReasonMax) words.resize(kReasonMax);
  return fmt::format("InfluxDB says {}{}{}", response.status, words.empty() ? "" : ": ", words);
}

std::optional<Duration> retry_after(const HttpResponse& response) {
  const auto header = response.headers.find("retry-after");
  if (header == response.headers.end()) return std::nullopt;
  int seconds = 0;
  const char* const end = header->second.data() + header->second.size();
  if (std::from_chars(header->second.data(), end, seconds).ptr != end || seconds < 0) return std::nullopt;
  return std::min<Duration>(std::chrono::seconds(seconds), kRetryAfterMax);
}

// In the words of 1.x and 2.x, and in those of 3.
bool tells_of_conflict(std::string_view reason) {
  return reason.find("field type conflict") != std::string_view::npos ||
         reason.find("invalid column type") != std::string_view::npos;
}

// Of "1.6.7~rc0" 1, of "v2.7.1" 2; 0 where it is not known.
int major_of(std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

}  // namespace

HttpRequest InfluxClient::request(const char* method, const std::string& path) const {
  HttpRequest request;
  request.method = method;
  request.url = target_.server + path;
  if (!target_.token.empty()) {
    request.headers["Authorization"] = "Token " + target_.token;
  } else if (!target_.user.empty()) {
    request.headers["Authorization"] = "Basic " + base64(target_.user + ":" + target_.password);
  }
  return request;
}

Result<HttpResponse> InfluxClient::send(const HttpRequest& request) {
  auto response = http_.send(request, stop_);
  if (response) return response;
  return Error{response.error().code, fmt::format("{}: {}", target_.shown(), response.error().message)};
}

WriteAnswer InfluxClient::write(std::string_view lines) {
  std::string path;
  if (target_.token.empty()) {
    path = fmt::format("/write?precision=ns&db={}", percent_encoded(target_.database));
    if (!target_.retention_policy.empty()) path += "&rp=" + percent_encoded(target_.retention_policy);
  } else {
    const std::string bucket =
        target_.retention_policy.empty() ? target_.database : target_.database + "/" + target_.retention_policy;
    path = fmt::format("/api/v2/write?precision=ns&bucket={}", percent_encoded(bucket));
    if (!target_.org.empty()) path += "&org=" + percent_encoded(target_.org);
  }
  HttpRequest write = request("POST", path);
  write.headers["Content-Type"] = "text/plain; charset=utf-8";
  write.headers["Content-Encoding"] = "gzip";
  write.body = gzip(lines, 1);
  const auto response = send(write);
  using Kind = WriteAnswer::Kind;
  if (!response) return {Kind::kLater, response.error().message};
  if (response->status >= 200 && response->status < 300) return {};
  const std::string reason = words_of(*response);
  if (response->status == 413) return {Kind::kTooLarge, reason};
  if (response->status == 400 || response->status == 422)
    return {tells_of_conflict(reason) ? Kind::kConflict : Kind::kRefused, reason};
  return {Kind::kLater, reason, retry_after(*response)};
}

Result<InfluxAnswer> InfluxClient::ask(const char* method, const std::string& influxql) {
  std::string path =
      fmt::format("/query?epoch=ns&db={}&q={}", percent_encoded(target_.database), percent_encoded(influxql));
  if (!target_.retention_policy.empty()) path += "&rp=" + percent_encoded(target_.retention_policy);
  HttpRequest question = request(method, path);
  question.headers["Accept"] = "application/json";
  question.timeout = kQueryTimeout;
  MPS_TRY(HttpResponse response, send(question));
  if (response.status == 401 || response.status == 403)
    return Error{ErrorCode::kUnauthenticated, words_of(response) + "; check user and password, or the token"};
  if (response.status == 404) return Error{ErrorCode::kNotFound, words_of(response)};
  if (response.status == 429 || response.status >= 500) return Error{ErrorCode::kUnavailable, words_of(response)};
  if (response.status != 200) return Error{ErrorCode::kInvalidArgument, words_of(response)};
  MPS_TRY(InfluxAnswer answer, parse_influx_answer(std::move(response.body)));
  if (answer.error.empty()) return answer;
  const auto code =
      answer.error.find("not found") != std::string::npos ? ErrorCode::kNotFound : ErrorCode::kInvalidArgument;
  return Error{code, "InfluxDB says: " + answer.error};
}

Result<InfluxAnswer> InfluxClient::query(const std::string& influxql) {
  return ask("GET", influxql);
}

Result<InfluxAnswer> InfluxClient::execute(const std::string& influxql) {
  return ask("POST", influxql);
}

Result<std::string> InfluxClient::version() {
  MPS_TRY(const HttpResponse response, send(request("GET", "/ping")));
  const auto header = response.headers.find("x-influxdb-version");
  return header == response.headers.end() ? std::string() : header->second;
}

Result<void> InfluxClient::remove_series(std::string_view tag, std::string_view value) {
  MPS_TRY(const std::string running, version());
  const int major = major_of(running);
  if (major >= 3)
    return Error{ErrorCode::kInvalidArgument, "InfluxDB 3 removes no single series; its retention will remove them"};
  if (major < 2) {
    MPS_TRY_VOID(execute(fmt::format("DROP SERIES WHERE {} = {}", influxql_name(tag), influxql_text(value))));
    return {};
  }
  std::string path = "/api/v2/delete?bucket=" + percent_encoded(target_.database);
  if (!target_.retention_policy.empty()) path += percent_encoded("/" + target_.retention_policy);
  if (!target_.org.empty()) path += "&org=" + percent_encoded(target_.org);
  HttpRequest remove = request("POST", path);
  remove.headers["Content-Type"] = "application/json";
  remove.body = fmt::format(
      R"({{"start":"1677-09-21T00:12:44Z","stop":"2262-04-11T23:47:16Z","predicate":"{}=\"{}\""}})", tag, value);
  MPS_TRY(const HttpResponse response, send(remove));
  if (response.status >= 200 && response.status < 300) return {};
  const bool later = response.status >= 500 || response.status == 429 || response.status == 401;
  return Error{later ? ErrorCode::kUnavailable : ErrorCode::kInvalidArgument, words_of(response)};
}

}  // namespace mps::store
