#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "gateway/api_people.h"
#include "gateway/routes/asking.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

using service::Change, service::Role;

std::string alerts_of(const service::ChatLook& look) {
  if (look.no_alerts) return "none";
  return look.tag.empty() ? "all" : "tag " + look.tag;
}

template <class Row>
api::Chat chat_of(service::Hub& hub, const Row& row) {
  const service::ChatLook look = hub.chat_settings().of(row.chat_id);
  return {row.chat_id, row.user_name, row.level, row.gone, look.language, look.zone.name(), alerts_of(look)};
}

Result<Response> list_chats(service::Hub& hub) {
  api::ChatList list;
  for (const auto& row : hub.people().chats()) list.chats.push_back(chat_of(hub, row));
  return json_response(list);
}

Result<api::Chat> find_chat(service::Hub& hub, int64_t id) {
  for (const auto& row : hub.people().chats())
    if (row.chat_id == id) return chat_of(hub, row);
  return Error{ErrorCode::kNotFound, fmt::format("there is no chat {}; GET /api/v1/chats shows them", id)};
}

Result<Response> add_chat(service::Hub& hub, const Call& call, const api::NewChat& wish) {
  const std::string name = wish.name.value_or("");
  MPS_TRY_VOID(hub.people().add_chat(wish.id, wish.person.value_or(0), name, wish.level.value_or(0)));
  note(hub, call, Change::kChatAdded, fmt::format("{} {}", wish.id, name));
  MPS_TRY(const api::Chat chat, find_chat(hub, wish.id));
  return json_response(chat, 201);
}

Result<Response> change_chat(service::Hub& hub, const Call& call, const api::ChatChange& change) {
  const int64_t id = number_in_path(call);
  MPS_TRY_VOID(find_chat(hub, id));
  if (change.level) MPS_TRY_VOID(hub.people().set_level(id, *change.level));
  if (change.language) MPS_TRY_VOID(hub.chat_settings().set_language(id, *change.language));
  if (change.zone) MPS_TRY_VOID(hub.chat_settings().set_zone(id, *change.zone));
  if (change.alerts) MPS_TRY_VOID(hub.chat_settings().set_alerts(id, *change.alerts == "all" ? "" : *change.alerts));
  note(hub, call, Change::kChatChanged, std::to_string(id));
  MPS_TRY(const api::Chat chat, find_chat(hub, id));
  return json_response(chat);
}

Result<Response> remove_chat(service::Hub& hub, const Call& call) {
  MPS_TRY_VOID(hub.people().remove_chat(number_in_path(call)));
  note(hub, call, Change::kChatRemoved, std::to_string(number_in_path(call)));
  return no_content();
}

api::DailyReport daily_report_of(service::Hub& hub, int64_t chat, const service::DailyReport& wish) {
  api::DailyReport out{chat, service::clock_of(wish.at), std::nullopt, wish.zone.name(), wish.language};
  if (const auto server = hub.servers().find(wish.server)) out.server = server->name;
  return out;
}

Result<Response> show_daily_report(service::Hub& hub, const Call& call) {
  MPS_TRY(const auto wish, hub.report_schedule().of(number_in_path(call)));
  if (!wish) return Error{ErrorCode::kNotFound, "this chat gets no daily report"};
  return json_response(daily_report_of(hub, number_in_path(call), *wish));
}

Result<Response> set_daily_report(service::Hub& hub, const Call& call, const api::DailyReportWish& asked) {
  const int64_t id = number_in_path(call);
  MPS_TRY_VOID(find_chat(hub, id));
  const service::ChatLook look = hub.chat_settings().of(id);
  service::DailyReport wish;
  MPS_TRY(wish.at, service::parse_clock(asked.at));
  wish.language = asked.language.value_or(look.language);
  wish.zone = look.zone;
  if (asked.zone) {
    MPS_TRY(wish.zone, TimeZone::find(*asked.zone));
  }
  if (asked.server) {
    MPS_TRY(const service::Server server, hub.servers().find(*asked.server));
    wish.server = server.id;
  }
  MPS_TRY_VOID(hub.report_schedule().set(id, wish));
  note(hub, call, Change::kReportSet, fmt::format("{}: {}, {}", id, asked.at, wish.zone.name()));
  return json_response(daily_report_of(hub, id, wish));
}

Result<Response> remove_daily_report(service::Hub& hub, const Call& call) {
  MPS_TRY_VOID(hub.report_schedule().remove(number_in_path(call)));
  note(hub, call, Change::kReportRemoved, std::to_string(number_in_path(call)));
  return no_content();
}

void add_daily_report_routes(Routes& routes, service::Hub& hub) {
  routes.push_back(
      api_get<Nothing>({"GET", "/api/v1/chats/{chat}/report", "reports", "The daily report that a chat gets"},
                       {json_answer<api::DailyReport>("When, of what"), refused(404, "It gets none")},
                       [&hub](const Call& call, const Nothing&) { return show_daily_report(hub, call); }));
  routes.push_back(api_change<api::DailyReportWish>(
      {"PUT", "/api/v1/chats/{chat}/report", "reports", "Send a chat the report of each day", Role::kOperator},
      {json_answer<api::DailyReport>("As it is set"), refused(404, "There is no such chat or server")},
      [&hub](const Call& call, const api::DailyReportWish& wish) { return set_daily_report(hub, call, wish); }));
  routes.push_back(api_action<Nothing>(
      {"DELETE", "/api/v1/chats/{chat}/report", "reports", "Send it none", Role::kOperator}, {{204, "It gets none"}},
      [&hub](const Call& call, const Nothing&) { return remove_daily_report(hub, call); }));
}

}  // namespace

void add_chat_routes(Routes& routes, const RouteContext& context) {
  service::Hub& hub = context.hub;
  const RouteAnswer no_chat = refused(404, "There is no such chat");
  routes.push_back(api_get<Nothing>({"GET", "/api/v1/chats", "chats", "Who gets messages, and which", Role::kAdmin},
                                    {json_answer<api::ChatList>("All chats")},
                                    [&hub](const Call&, const Nothing&) { return list_chats(hub); }));
  routes.push_back(api_change<api::NewChat>(
      {"POST", "/api/v1/chats", "chats", "One more that gets alerts", Role::kOwner},
      {json_answer<api::Chat>("As it is", 201), refused(409, "It is there already")},
      [&hub](const Call& call, const api::NewChat& wish) { return add_chat(hub, call, wish); }));
  routes.push_back(api_change<api::ChatChange>(
      {"PATCH", "/api/v1/chats/{chat}", "chats", "Its level, language, time zone and alerts", Role::kAdmin},
      {json_answer<api::Chat>("As it is now"), no_chat},
      [&hub](const Call& call, const api::ChatChange& change) { return change_chat(hub, call, change); }));
  routes.push_back(api_action<Nothing>(
      {"DELETE", "/api/v1/chats/{chat}", "chats", "It gets nothing more", Role::kOwner}, {{204, "It is gone"}, no_chat},
      [&hub](const Call& call, const Nothing&) { return remove_chat(hub, call); }));
  add_daily_report_routes(routes, hub);
}

}  // namespace mps::gateway
