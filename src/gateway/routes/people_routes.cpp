#include <fmt/format.h>

#include "gateway/api_people.h"
#include "gateway/routes/asking.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

using service::Change, service::Role;

constexpr int64_t kEntriesUsual = 100;

api::Person person_of(const service::Person& person) {
  return {
      person.user_id, person.name, std::string(service::name_of(person.role)), {person.joined_at}, person.invited_by};
}

Result<Response> list_people(service::Hub& hub) {
  api::PersonList list;
  for (const service::Person& person : hub.people().persons()) list.people.push_back(person_of(person));
  return json_response(list);
}

Result<Response> set_role(service::Hub& hub, const Call& call, const api::RoleWish& wish) {
  MPS_TRY(const auto person, hub.people().set_role(number_in_path(call), *service::find_role(wish.role)));
  note(hub, call, Change::kRoleChanged, fmt::format("{}: {}", person.name, wish.role));
  return json_response(person_of(person));
}

Result<Response> remove_person(service::Hub& hub, const Call& call) {
  MPS_TRY(const auto person, hub.people().remove(number_in_path(call)));
  note(hub, call, Change::kPersonRemoved, person.name);
  return no_content();
}

Result<Response> list_invites(service::Hub& hub) {
  MPS_TRY(const auto open, hub.people().open_invites());
  api::InviteList list;
  for (const auto& invite : open)
    list.invites.push_back({invite.id, invite.role, {invite.expires_at}, invite.invited_by});
  return json_response(list);
}

Result<Response> add_invite(service::Hub& hub, const Call& call, const api::RoleWish& wish) {
  MPS_TRY(const auto invite, hub.people().invite(*service::find_role(wish.role), call.caller.name));
  note(hub, call, Change::kInvited, wish.role);
  return json_response(api::NewInvite{hub.people().link_of(invite.code), wish.role, {invite.expires_at}}, 201);
}

Result<Response> show_audit(service::Hub& hub, const api::AuditQuery& query) {
  std::optional<int64_t> before;
  if (query.cursor) {
    MPS_TRY(before, number_in_cursor(*query.cursor));
  }
  const auto limit = static_cast<size_t>(query.limit.value_or(kEntriesUsual));
  MPS_TRY(auto entries, hub.audit().older(before, limit + 1));
  api::AuditLog log;
  if (entries.size() > limit) {
    entries.pop_back();
    log.next = cursor_of(std::to_string(entries.back().id));
  }
  for (const auto& entry : entries) log.entries.push_back({entry.id, {entry.at}, entry.who, entry.what, entry.detail});
  return json_response(log);
}

void add_invite_routes(Routes& routes, service::Hub& hub) {
  routes.push_back(api_get<Nothing>({"GET", "/api/v1/invites", "people", "Open invitations", Role::kOwner},
                                    {json_answer<api::InviteList>("All of them")},
                                    [&hub](const Call&, const Nothing&) { return list_invites(hub); }));
  routes.push_back(api_change<api::RoleWish>(
      {"POST", "/api/v1/invites", "people", "A link that lets one person in, within a day", Role::kOwner},
      {json_answer<api::NewInvite>("The link, once", 201)},
      [&hub](const Call& call, const api::RoleWish& wish) { return add_invite(hub, call, wish); }));
  routes.push_back(api_action<Nothing>(
      {"DELETE", "/api/v1/invites", "people", "None of the open invitations lets anybody in any more", Role::kOwner},
      {{204, "There are none"}}, [&hub](const Call& call, const Nothing&) -> Result<Response> {
        MPS_TRY_VOID(hub.people().withdraw_invites());
        note(hub, call, Change::kInvited, "withdrawn");
        return no_content();
      }));
}

}  // namespace

void add_people_routes(Routes& routes, const RouteContext& context) {
  service::Hub& hub = context.hub;
  const RouteAnswer nobody = refused(404, "There is nobody of that number");
  routes.push_back(api_get<Nothing>({"GET", "/api/v1/people", "people", "Who may do what in the chat", Role::kAdmin},
                                    {json_answer<api::PersonList>("Everybody")},
                                    [&hub](const Call&, const Nothing&) { return list_people(hub); }));
  routes.push_back(api_change<api::RoleWish>(
      {"PATCH", "/api/v1/people/{person}", "people", "Give somebody another role", Role::kOwner},
      {json_answer<api::Person>("As they are now"), nobody},
      [&hub](const Call& call, const api::RoleWish& wish) { return set_role(hub, call, wish); }));
  routes.push_back(api_action<Nothing>(
      {"DELETE", "/api/v1/people/{person}", "people", "They see nothing more, and hear nothing", Role::kOwner},
      {{204, "They are gone"}, nobody}, [&hub](const Call& call, const Nothing&) { return remove_person(hub, call); }));
  add_invite_routes(routes, hub);
  routes.push_back(
      api_get<api::AuditQuery>({"GET", "/api/v1/audit", "people", "Who changed what, and when", Role::kAdmin},
                               {json_answer<api::AuditLog>("A page of it")},
                               [&hub](const Call&, const api::AuditQuery& query) { return show_audit(hub, query); }));
}

}  // namespace mps::gateway
