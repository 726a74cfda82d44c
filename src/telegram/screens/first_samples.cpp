#include "telegram/screens/first_samples.h"

#include <fmt/format.h>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/screens/common.h"
#include "telegram/telegraf_conf.h"

namespace mps::telegram {
namespace {

constexpr Duration kLookEvery = std::chrono::seconds(2);
constexpr Duration kHelpAfter = std::chrono::minutes(5);
constexpr Duration kWaitFor = std::chrono::hours(2);

Reply file(std::string caption, std::string name, std::string content) {
  return {{std::move(caption), {}, {}, UploadFile{std::move(name), "text/plain", std::move(content)}}, false, {}};
}

MessageContent arrived(const service::Server& server, Timestamp last_seen, Services& services) {
  return {
      fill(services.texts.first_samples, {{"name", escape_html(server.name)}, {"age", age_text(last_seen, services)}}),
      InlineKeyboard{{server_button(services.texts.button_status, "status", server.id),
                      server_button(services.texts.button_graph, "graph", server.id)}},
      {},
      {}};
}

}  // namespace

Replies connection_of(const Request& request, const service::Server& server, const std::string& token,
                      std::string_view Texts::*headline, Services& services) {
  const Texts& texts = services.texts;
  const std::string name = escape_html(server.name);
  const std::string command = fmt::format("mps-agent --hub {} --token {}", services.hub_url, token);
  Reply secret{{fill(texts.*headline, {{"name", name}}) + "\n" +
                    fill(texts.connected, {{"token", escape_html(token)}, {"command", escape_html(command)}}),
                {},
                {},
                {}},
               false,
               {}};
  Reply conf =
      file(fill(texts.conf_caption, {{"name", name}}), "telegraf.conf", telegraf_conf(services.hub_url, token));
  Reply unit = file(fill(texts.unit_caption, {{"name", name}, {"token", escape_html(token)}}), "mps-agent.service",
                    agent_unit(services.hub_url));
  Reply waiting{{fill(texts.waiting, {{"name", name}}), {}, {}, {}}, false, {}};
  const std::string arguments = fmt::format("{} wait", static_cast<int64_t>(server.id));
  if (services.renewals.has_room(request.chat, "connect"))
    waiting.living = Reply::Living{"connect", arguments, request.from.id, kLookEvery};
  return {std::move(secret), std::move(conf), std::move(unit), std::move(waiting)};
}

Renewed renew_first_samples(const Renewal& renewal, Services& services) {
  std::string rest = renewal.arguments;
  const auto id = parse_number(take_word(rest));
  const auto server = id ? services.hub.servers().find(ServerId(static_cast<int64_t>(*id))) : std::nullopt;
  if (!server) return {MessageContent{std::string(services.texts.live_server_gone), {}, {}, {}}, {}, true, {}};
  const auto last_seen = services.hub.query().last_seen(server->id);
  // Of one that is connected anew, what came with the old token does not count.
  const bool is_new = server->created_at + std::chrono::minutes(1) > renewal.begun_at;
  if (last_seen && (is_new || *last_seen >= renewal.begun_at))
    return {arrived(*server, *last_seen, services), {}, true, {}};
  const Duration waited = services.hub.clock().now() - renewal.begun_at;
  if (waited >= kWaitFor) return {{}, {}, true, {}};
  if (waited < kHelpAfter || rest == "told") return {{}, kLookEvery, false, {}};
  const std::string help =
      fill(services.texts.nothing_came, {{"name", escape_html(server->name)}, {"url", escape_html(services.hub_url)}});
  const auto told = fmt::format("{} told", static_cast<int64_t>(server->id));
  return {MessageContent{help, {}, {}, {}}, kLookEvery, false, told};
}

}  // namespace mps::telegram
