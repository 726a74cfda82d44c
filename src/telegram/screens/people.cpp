#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "service/alert_text.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

// /users and /invite: who may do what.
namespace mps::telegram {
namespace {

using service::Change;
using service::Person;

constexpr size_t kPersonsPerPage = 20;
constexpr size_t kPersonNameMax = 40;
constexpr std::array<Role, 3> kGivenRoles{Role::kViewer, Role::kOperator, Role::kAdmin};

std::string day_text(Timestamp time, Services& services) {
  return services.words.day_of(time, services.zone);
}

std::string person_name(const Person& person) {
  return escape_html(cut_plain(person.name.empty() ? std::to_string(person.user_id) : person.name, kPersonNameMax));
}

std::string person_line(const Person& person, Services& services) {
  return fill(person.invited_by.empty() ? services.texts.person_line : services.texts.person_line_invited,
              {{"name", person_name(person)},
               {"role", title_of(person.role, services.texts)},
               {"day", day_text(person.joined_at, services)},
               {"by", escape_html(person.invited_by)}});
}

Reply list_persons(Services& services, size_t page) {
  const auto all = services.hub.people().persons();
  const auto open = services.hub.people().open_invites();
  std::string html = fill(services.texts.users_title, {{"count", std::to_string(all.size())}});
  std::vector<InlineButton> buttons;
  const size_t begin = std::min(page * kPersonsPerPage, all.size());
  for (size_t i = begin; i < std::min(begin + kPersonsPerPage, all.size()); ++i) {
    html += "\n" + person_line(all[i], services);
    if (all[i].role != Role::kOwner)
      buttons.push_back({cut_plain(all[i].name, kPersonNameMax), fmt::format("users {}", all[i].user_id)});
  }
  if (open && !open->empty())
    html += "\n\n" + fill(services.texts.invites_open, {{"count", std::to_string(open->size())}});
  InlineKeyboard keyboard = in_rows(std::move(buttons), 2);
  std::vector<InlineButton> turns;
  if (page > 0) turns.push_back({std::string(services.texts.button_previous), fmt::format("users page {}", page - 1)});
  if (begin + kPersonsPerPage < all.size())
    turns.push_back({std::string(services.texts.button_next), fmt::format("users page {}", page + 1)});
  if (!turns.empty()) keyboard.push_back(std::move(turns));
  keyboard.push_back({{std::string(services.texts.button_invite), "invite"}});
  if (open && !open->empty())
    keyboard.back().push_back({std::string(services.texts.button_withdraw), "users withdraw"});
  return {{std::move(html), std::move(keyboard), {}, {}}, true};
}

Reply show_person(const Person& person, Services& services) {
  const auto button = [&](std::string_view text, std::string_view action) {
    return InlineButton{std::string(text), fmt::format("users {} {}", person.user_id, action)};
  };
  InlineKeyboard keyboard{{}};
  for (const Role role : kGivenRoles) {
    const std::string mark = role == person.role ? "✓ " : "";
    keyboard.front().push_back(button(mark + std::string(title_of(role, services.texts)), name_of(role)));
  }
  keyboard.push_back({button(services.texts.button_remove, "remove")});
  if (person.role == Role::kAdmin) keyboard.back().push_back(button(services.texts.handover.button, "owner"));
  keyboard.push_back({{std::string(services.texts.button_back), "users"}});
  const std::string html = person_line(person, services) + "\n\n" + std::string(services.texts.roles_explained);
  return {{html, std::move(keyboard), {}, {}}, true};
}

Reply ask_removal(const Person& person, Services& services) {
  InlineKeyboard keyboard{
      {{std::string(services.texts.button_remove), fmt::format("users {} remove yes", person.user_id)},
       {std::string(services.texts.button_back), fmt::format("users {}", person.user_id)}}};
  return {{fill(services.texts.person_remove_sure, {{"name", person_name(person)}}), std::move(keyboard), {}, {}},
          true};
}

// Asks twice: nobody but the new owner could undo it.
Result<Reply> hand_over(const Request& request, const Person& person, const std::string& word, Services& services) {
  const HandoverTexts& texts = services.texts.handover;
  const std::string name = person_name(person);
  if (word == "yes") {
    MPS_TRY(const auto done, services.hub.people().hand_over(person.user_id));
    note(request, services, Change::kOwnerChanged, fmt::format("{}, no longer {}", done.owner.name, done.former.name));
    const Texts& theirs = texts_in(services.hub.chat_settings().of(person.user_id).language);
    const auto told = services.hub.outbox().add(person.user_id,
                                                fill(theirs.handover.you_are, {{"former", person_name(done.former)}}));
    if (!told) log::error("{}", told.error().message);
    return Reply{{fill(texts.done, {{"name", name}}), {}, {}, {}}, true};
  }
  const bool is_sure = word == "sure";
  InlineKeyboard keyboard{{{std::string(is_sure ? texts.button_yes : texts.button),
                            fmt::format("users {} owner {}", person.user_id, is_sure ? "yes" : "sure")},
                           {std::string(services.texts.button_back), fmt::format("users {}", person.user_id)}}};
  return Reply{{fill(is_sure ? texts.really : texts.sure, {{"name", name}}), std::move(keyboard), {}, {}}, true};
}

// "ID", "ID ROLE", "ID owner [sure | yes]", "ID remove [yes]".
Result<Reply> change_person(const Request& request, int64_t id, std::string rest, Services& services) {
  auto& people = services.hub.people();
  const auto person = people.find(id);
  if (!person) return list_persons(services, 0);
  const std::string what = lower_case(take_word(rest));
  // Typed, it would be done by one message, and nobody be asked.
  if (what == "owner" && person->role == Role::kAdmin)
    return hand_over(request, *person, request.by_button ? rest : "", services);
  if (const auto role = service::find_role(what)) {
    MPS_TRY(const Person changed, people.set_role(id, *role));
    note(request, services, Change::kRoleChanged, fmt::format("{}: {}", changed.name, name_of(changed.role)));
    return show_person(changed, services);
  }
  if (what != "remove") return show_person(*person, services);
  if (rest != "yes") return ask_removal(*person, services);
  MPS_TRY(const Person gone, people.remove(id));
  note(request, services, Change::kPersonRemoved, gone.name);
  return list_persons(services, 0);
}

// "", "page N", "withdraw", and what change_person takes.
Result<Reply> users_or_fail(const Request& request, Services& services) {
  std::string rest = request.arguments;
  const std::string what = take_word(rest);
  if (lower_case(what) == "withdraw") {
    MPS_TRY_VOID(services.hub.people().withdraw_invites());
    note(request, services, Change::kInvited, "withdrawn");
    return list_persons(services, 0);
  }
  if (what.empty() || lower_case(what) == "page") {
    const auto page = parse_number(rest);
    return list_persons(services, page && *page > 0 && *page < 1e6 ? static_cast<size_t>(*page) : 0);
  }
  MPS_TRY(const double id, parse_number(what));
  return change_person(request, static_cast<int64_t>(id), rest, services);
}

Replies show_users(const Request& request, Services& services) {
  if (is_group(request.chat)) return say(std::string(services.texts.only_in_private));
  const auto reply = users_or_fail(request, services);
  if (reply) return {*reply};
  return say(fill(services.texts.failure, {{"reason", reason_of(reply.error(), services.texts)}}));
}

Reply ask_role(Services& services) {
  InlineKeyboard keyboard{{}};
  for (const Role role : kGivenRoles) {
    keyboard.front().push_back({std::string(title_of(role, services.texts)), fmt::format("invite {}", name_of(role))});
  }
  const std::string html =
      std::string(services.texts.invite_whom) + "\n\n" + std::string(services.texts.roles_explained);
  return {{html, std::move(keyboard), {}, {}}, true};
}

Result<Reply> make_invite(const Request& request, Role role, Services& services) {
  auto& people = services.hub.people();
  MPS_TRY(const auto invite, people.invite(role, name_of(request.from)));
  note(request, services, Change::kInvited, name_of(role));
  const Timestamp now = services.hub.clock().now();
  const std::string html =
      fill(services.texts.invited, {{"link", escape_html(people.link_of(invite.code))},
                                    {"role", title_of(role, services.texts)},
                                    {"until", service::clock_text(invite.expires_at, now, services.reader())}});
  return Reply{{html, InlineKeyboard{{{std::string(services.texts.button_users), "users"}}}, {}, {}}, true};
}

// "", "ROLE".
Replies show_invite(const Request& request, Services& services) {
  if (is_group(request.chat)) return say(std::string(services.texts.only_in_private));
  const auto role = service::find_role(lower_case(request.arguments));
  if (!role) return {ask_role(services)};
  const auto reply = make_invite(request, *role, services);
  if (reply) return {*reply};
  return say(fill(services.texts.failure, {{"reason", reason_of(reply.error(), services.texts)}}));
}

}  // namespace

const Screen kUsersScreen{"users", &Texts::menu_users, Role::kOwner, show_users, nullptr, nullptr, &Texts::help_users};
const Screen kInviteScreen{"invite", &Texts::menu_invite, Role::kOwner, show_invite, nullptr,
                           nullptr,  &Texts::help_invite};

}  // namespace mps::telegram
