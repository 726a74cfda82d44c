#include "gateway/routes/asking.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

constexpr std::string_view kSecretHeader = "X-Telegram-Bot-Api-Secret-Token";
constexpr size_t kUpdateBytesMax = 1 << 20;
constexpr const char* kTryAgainAfterSeconds = "1";

Response answer_to(service::UpdateTaken taken) {
  switch (taken) {
    case service::UpdateTaken::kYes:
      return {};
    case service::UpdateTaken::kForbidden:
      return problem(403, "this path is Telegram's, which knows a secret");
    case service::UpdateTaken::kUnreadable:
      return problem(400, "this is no update of the Bot API");
    case service::UpdateTaken::kClosed:
      return problem(404, "there is nothing here: the hub asks Telegram for updates itself, or has no bot");
    case service::UpdateTaken::kNotNow:
      break;
  }
  Response response = problem(503, "too many updates are waiting: try again soon");
  response.headers.emplace_back("Retry-After", kTryAgainAfterSeconds);
  return response;
}

}  // namespace

void add_update_routes(Routes& routes, const RouteContext& context) {
  routes.push_back({
      .method = "POST",
      .path = service::kUpdatePath,
      .tag = "hub",
      .summary = "What Telegram delivers to the bot, where the hub runs with --telegram-webhook-url",
      .body_bytes_max = kUpdateBytesMax,
      .body = RouteBody{"an Update of the Bot API", {"application/json"}},
      .answers = {{200, "It is written down, and will be handled once"},
                  refused(400, "No update of the Bot API"),
                  refused(403, "The header X-Telegram-Bot-Api-Secret-Token is not the secret"),
                  refused(404, "The hub asks for updates itself, or has no bot"),
                  refused(503, "Not now: try again")},
      .handle =
          [&hub = context.hub](const Call& call, const Reply& reply) {
            hub.update_door().pass(call.request.header(kSecretHeader), call.request.body,
                                   [reply](service::UpdateTaken taken) { reply(answer_to(taken)); });
          },
  });
}

}  // namespace mps::gateway
