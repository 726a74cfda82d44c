#include "gateway/ingest_answer.h"

#include <fmt/format.h>

#include "base/text.h"
#include "gateway/api_types.h"
#include "gateway/route.h"

namespace mps::gateway {
namespace {

constexpr size_t kErrorsNamed = 5;
constexpr std::string_view kRetryAfterSeconds = "5";

std::string describe(const service::IngestReport& report) {
  std::string text = report.values_accepted > 0
                         ? fmt::format("partial write: {} points rejected", report.points_rejected)
                         : fmt::format("nothing written: {} points rejected", report.points_rejected);
  for (size_t i = 0; i < std::min(kErrorsNamed, report.errors.size()); ++i) {
    const wire::LineError& e = report.errors[i];
    text += fmt::format("; line {}, column {}: {}", e.line, e.column, e.reason);
  }
  if (report.points_rejected > kErrorsNamed && !report.errors.empty())
    text += fmt::format("; and {} more", report.points_rejected - std::min(kErrorsNamed, report.errors.size()));
  return valid_utf8(text);  // reasons may quote what was sent
}

std::string_view code_of(int status) {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 413:
      return "request too large";
    case 422:
      return "unprocessable entity";
    case 429:
      return "too many requests";
    case 503:
      return "unavailable";
    default:
      return status >= 500 ? "internal error" : "invalid";
  }
}

Response error_json(Dialect dialect, int status, const std::string& message, std::optional<uint64_t> line) {
  if (dialect != Dialect::kInfluxV1)
    return json_response(api::WriteRefusal{std::string(code_of(status)), message, line}, status);
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = boost::json::serialize(boost::json::object{{"error", message}});
  response.headers.emplace_back("X-Influxdb-Error", message.substr(0, message.find('\n')));
  return response;
}

Response plain(int status, const std::string& message) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = message + "\n";
  return response;
}

}  // namespace

Response answer_to(Dialect dialect, const service::IngestReport& report) {
  if (report.points_rejected == 0) {
    Response done;
    done.status = 204;
    return done;
  }
  std::optional<uint64_t> line;
  if (!report.errors.empty()) line = report.errors.front().line;
  return error_json(dialect, 400, describe(report), line);
}

Response refusal(Dialect dialect, const Error& error) {
  const int status = status_of(error.code);
  // InfluxDB 1's output drops a batch on any 4xx in JSON: what should be kept is said in plain text.
  const bool keep = dialect == Dialect::kInfluxV1 && (status == 401 || status == 403 || status >= 500);
  Response response = keep ? plain(status, error.message) : error_json(dialect, status, error.message, std::nullopt);
  if (status == 401)
    response.headers.emplace_back("WWW-Authenticate",
                                  dialect == Dialect::kInfluxV1 ? "Basic realm=\"mps\"" : "Token realm=\"mps\"");
  if (status == 503) response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  return response;
}

}  // namespace mps::gateway
