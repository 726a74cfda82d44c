#include <fmt/format.h>

#include "base/text.h"
#include "metric/resource.h"
#include "service/alert_text.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

// /silence and /maintenance: the same, but that maintenance teaches nothing.
namespace mps::telegram {
namespace {

constexpr size_t kWhyMax = 200;

struct SilenceKind {
  std::string_view command;
  bool maintenance;
  std::string_view Texts::*none;
  std::string_view Texts::*title;
  std::string_view Texts::*how;
  std::string_view Texts::*added;
};

constexpr SilenceKind kSilenceKind{
    "silence", false, &Texts::silences_none, &Texts::silences_title, &Texts::silence_how, &Texts::silence_added};
constexpr SilenceKind kMaintenanceKind{"maintenance",
                                       true,
                                       &Texts::maintenances_none,
                                       &Texts::maintenances_title,
                                       &Texts::maintenance_how,
                                       &Texts::maintenance_added};

// "web, CPU", "all servers", "group db".
std::string silenced_what(const service::Silence& silence, Services& services) {
  std::string what = silence.tag.empty() ? std::string(services.texts.all_servers)
                                         : fill(services.texts.group, {{"tag", escape_html(silence.tag)}});
  if (silence.server != ServerId{}) {
    const auto server = services.hub.servers().find(silence.server);
    what = server ? escape_html(server->name) : std::string(services.texts.removed_server);
  }
  const Resource* resource = find_resource(silence.resource);
  if (resource != nullptr) what += ", " + services.words.title_of(*resource);
  if (!silence.kind.empty()) what += ", " + escape_html(silence.kind);
  return what;
}

std::string silence_time(Timestamp time, Services& services) {
  return service::clock_text(time, services.hub.clock().now(), services.reader());
}

Result<Reply> list_silences(const SilenceKind& kind, Services& services) {
  MPS_TRY(const auto all, services.hub.muting().list(services.hub.clock().now()));
  std::vector<std::string> lines;
  InlineKeyboard keyboard;
  for (const auto& silence : all) {
    if (silence.maintenance != kind.maintenance) continue;
    const std::string id = std::to_string(silence.id);
    lines.push_back(
        fill(services.texts.silence_line, {{"id", id},
                                           {"what", silenced_what(silence, services)},
                                           {"from", silence_time(silence.begins_at, services)},
                                           {"to", silence_time(silence.ends_at, services)},
                                           {"why", silence.why.empty() ? "" : ": " + escape_html(silence.why)},
                                           {"who", escape_html(silence.who)}}));
    if (keyboard.size() < 8) {
      keyboard.push_back(
          {{fill(services.texts.button_end, {{"id", id}}), fmt::format("{} end {}", kind.command, silence.id)}});
    }
  }
  keyboard.push_back({{std::string(services.texts.button_pick_server), fmt::format("pick {} 0", kind.command)}});
  const std::string title(services.texts.*(lines.empty() ? kind.none : kind.title));
  const std::string how = "\n\n" + std::string(services.texts.*kind.how);
  const std::string html = service::fit_lines(title, lines, 3400, services.reader().words).html + how;
  return Reply{{html, std::move(keyboard), {}, {}}, true};
}

Result<Reply> end_silence(const SilenceKind& kind, const std::string& id, const Request& request, Services& services) {
  MPS_TRY(const double number, parse_number(id));
  MPS_TRY_VOID(services.hub.muting().end(static_cast<int64_t>(number), services.hub.clock().now()));
  note(request, services, service::Change::kSilenceEnded, id);
  return list_silences(kind, services);
}

Reply ask_how_long(const SilenceKind& kind, const service::Server& server, Services& services) {
  std::vector<InlineButton> buttons;
  for (const char* duration : {"1h", "4h", "1d"})
    buttons.push_back(server_button(duration, kind.command, server.id, duration));
  return {
      {fill(services.texts.silence_for, {{"name", escape_html(server.name)}}), in_rows(std::move(buttons), 3), {}, {}},
      true};
}

// What follows the target: [RESOURCE] [HH:MM] DURATION [WHY].
Result<void> read_times(std::string rest, service::Silence& silence, Services& services) {
  std::string word = take_word(rest);
  if (find_resource(lower_case(word)) != nullptr) {
    silence.resource = lower_case(word);
    word = take_word(rest);
  }
  silence.begins_at = services.hub.clock().now();
  if (const auto time = service::parse_clock(word)) {
    silence.begins_at = services.zone.next_time_of_day(silence.begins_at, *time);
    word = take_word(rest);
  }
  MPS_TRY(const Duration duration, parse_duration(word));
  silence.ends_at = silence.begins_at + duration;
  silence.why = cut_plain(rest, kWhyMax);
  return {};
}

Result<Reply> add_silence(const SilenceKind& kind, service::Silence silence, const std::string& rest,
                          const Request& request, Services& services) {
  silence.maintenance = kind.maintenance;
  silence.who = name_of(request.from);
  MPS_TRY_VOID(read_times(rest, silence, services));
  MPS_TRY(const int64_t id, services.hub.muting().add(silence, services.hub.clock().now()));
  note(request, services, kind.maintenance ? service::Change::kMaintenanceAdded : service::Change::kSilenceAdded,
       fmt::format("{}: {}, {}", id, plain_text(silenced_what(silence, services)),
                   format_duration(silence.ends_at - silence.begins_at)));
  return Reply{{fill(services.texts.*kind.added, {{"what", silenced_what(silence, services)},
                                                  {"from", silence_time(silence.begins_at, services)},
                                                  {"to", silence_time(silence.ends_at, services)}}),
                {},
                {},
                {}},
               true};
}

Replies answer_silence(const SilenceKind& kind, const Request& request, Services& services) {
  const auto reply_or_reason = [&](const Result<Reply>& reply) -> Replies {
    if (reply) return {*reply};
    return say(fill(services.texts.failure, {{"reason", reason_of(reply.error(), services.texts)}}));
  };
  if (request.arguments.empty()) return reply_or_reason(list_silences(kind, services));
  std::string rest = request.arguments;
  const std::string first = take_word(rest);
  if (lower_case(first) == "end") return reply_or_reason(end_silence(kind, rest, request, services));
  service::Silence silence;
  if (lower_case(first) == "all") return reply_or_reason(add_silence(kind, silence, rest, request, services));
  if (lower_case(first).starts_with("group:")) {
    silence.tag = first.substr(6);
    return reply_or_reason(add_silence(kind, silence, rest, request, services));
  }
  const auto choice = choose_server(request, services, kind.command);
  if (!choice.server) return choice.otherwise;
  if (choice.rest.empty()) return {ask_how_long(kind, *choice.server, services)};
  silence.server = choice.server->id;
  return reply_or_reason(add_silence(kind, silence, choice.rest, request, services));
}

Replies show_silence(const Request& request, Services& services) {
  return answer_silence(kSilenceKind, request, services);
}

Replies show_maintenance(const Request& request, Services& services) {
  return answer_silence(kMaintenanceKind, request, services);
}

Role role_for_silence(const Request& request) {
  return request.arguments.empty() ? Role::kViewer : Role::kOperator;
}

}  // namespace

const Screen kSilenceScreen{"silence", &Texts::menu_silence, Role::kViewer,       show_silence,
                            nullptr,   role_for_silence,     &Texts::help_silence};
const Screen kMaintenanceScreen{"maintenance", &Texts::menu_maintenance, Role::kViewer,           show_maintenance,
                                nullptr,       role_for_silence,         &Texts::help_maintenance};

}  // namespace mps::telegram
