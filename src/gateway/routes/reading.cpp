#include "gateway/routes/reading.h"

#include "gateway/api_types.h"

namespace mps::gateway {

const RouteParameter kServerName{
    .name = "name", .in = RouteParameter::In::kPath, .description = "of the server", .example = "web-01"};

RouteAnswer refused(int status, std::string_view description) {
  return json_answer<api::Problem>(description, status, "application/problem+json");
}

std::vector<RouteAnswer> with_refusals(RouteAnswer good) {
  return {std::move(good),
          refused(400, "A parameter is wrong"),
          refused(401, "The read token is missing"),
          refused(403, "Reading is for programs on the hub's machine alone"),
          refused(404, "There is no such server"),
          refused(503, "Too many queries wait")};
}

Route reading(std::string_view path, std::string_view summary, std::vector<RouteParameter> parameters,
              std::vector<RouteAnswer> answers, std::function<Result<Response>(const Call&)> answer) {
  return {.method = "GET",
          .path = path,
          .tag = "servers",
          .summary = summary,
          .access = Access::kReader,
          .takes_time = true,
          .parameters = std::move(parameters),
          .answers = std::move(answers),
          .handle = answering(std::move(answer))};
}

}  // namespace mps::gateway
