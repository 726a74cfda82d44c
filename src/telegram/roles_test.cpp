#include <fmt/format.h>
#include <gmock/gmock.h>

#include "telegram/menus.h"
#include "testing/telegram_conversation.h"

// Who may do what in the chat, who gets in, and how each chat is spoken to.
namespace mps::telegram {
namespace {

using service::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace std::chrono_literals;

constexpr ChatId kBob{7};
constexpr ChatId kGroup{-100};

class RolesTest : public Conversation {
 protected:
  RolesTest() { pair(); }

  void join(ChatId chat, Role role) {
    const auto code = hub_->people().invite(role, "Ann")->code;
    ASSERT_THAT(ask("/start " + code, chat), HasSubstr("Welcome"));
  }
  std::string ask_in(std::string_view language, std::string text, ChatId chat = kOwner) {
    IncomingMessage incoming = message(std::move(text), chat);
    incoming.from.language = language;
    return text_of(dialogue_->on_message(incoming));
  }
  Replies say_in_group(std::string text, ChatId sender, int64_t thread = 0) {
    IncomingMessage incoming = message(std::move(text), kGroup, false);
    incoming.from.id = UserId(static_cast<int64_t>(sender));
    incoming.thread_id = thread;
    incoming.chat_title = "The <team>";
    return dialogue_->on_message(incoming);
  }
  Replies press_and_see(const std::string& data, ChatId chat = kOwner) {
    const auto pressed = press(data, chat);
    return pressed.screen == nullptr ? Replies{{{pressed.toast, {}, {}, {}}, false}} : dialogue_->show(pressed);
  }
  std::string newest_change() {
    const auto entries = hub_->audit().list(1).value();
    return entries.empty() ? "" : fmt::format("{} {} {}", entries[0].who, entries[0].what, entries[0].detail);
  }
};

// What each command, as a person would send it, needs at least.
struct Demand {
  const char* text;
  Role role;
};
const Demand kDemands[] = {
    {"/servers", Role::kViewer},
    {"/status web", Role::kViewer},
    {"/graph web cpu", Role::kViewer},
    {"/forecast web cpu", Role::kViewer},
    {"/alerts", Role::kViewer},
    {"/alerts history", Role::kViewer},
    {"/alerts ack 1", Role::kOperator},
    {"/alerts 1h 1", Role::kOperator},
    {"/silence", Role::kViewer},
    {"/silence web 2h", Role::kOperator},
    {"/silence end 1", Role::kOperator},
    {"/maintenance all 2h", Role::kOperator},
    {"/quiet 22:00 07:00", Role::kViewer},
    {"/report daily 08:00", Role::kViewer},
    {"/settings language en", Role::kViewer},
    {"/connect db", Role::kAdmin},
    {"/audit", Role::kAdmin},
    {"/users", Role::kOwner},
    {"/invite viewer", Role::kOwner},
};

TEST_F(RolesTest, EachRoleIsRefusedWhatIsAboveItAndTheRefusalNamesTheRoleThatIsNeeded) {
  add_server("web");
  for (const Role role : {Role::kViewer, Role::kOperator, Role::kAdmin}) {
    const ChatId chat{100 + static_cast<int64_t>(role)};
    join(chat, role);
    for (const Demand& demand : kDemands) {
      const std::string refusal =
          fill(kEnglish.role_needed, {{"needed", title_of(demand.role, kEnglish)}, {"own", title_of(role, kEnglish)}});
      const std::string answer = ask(demand.text, chat);
      if (role < demand.role) {
        EXPECT_EQ(answer, refusal) << demand.text;
      } else {
        EXPECT_THAT(answer, Not(HasSubstr("🔒"))) << demand.text;
      }
    }
  }
  for (const Demand& demand : kDemands) EXPECT_THAT(ask(demand.text), Not(HasSubstr("🔒"))) << demand.text;
}

TEST_F(RolesTest, PressesAreHeldToTheSameRoles) {
  join(kBob, Role::kViewer);
  for (const char* data : {"card ack 1", "card 1h 1", "alerts ack 1", "silence end 1", "users", "invite admin"}) {
    const auto pressed = press(data, kBob);
    EXPECT_EQ(pressed.screen, nullptr) << data;
    EXPECT_THAT(pressed.toast, HasSubstr("here you are viewer")) << data;
  }
  EXPECT_NE(press("alerts", kBob).screen, nullptr);
  hub_->people().set_role(7, Role::kOperator).value();
  EXPECT_NE(press("card ack 1", kBob).screen, nullptr) << "a new role counts from the next press on";
  hub_->people().remove(7).value();
  EXPECT_EQ(press("alerts", kBob).toast, kEnglish.refusal);
}

TEST_F(RolesTest, AnInvitationIsALinkForOnePersonAndTheOwnerHearsOfIt) {
  hub_->settings().set(service::People::kBotName, "mps_bot").value();
  const Replies choice = say("/invite");
  EXPECT_EQ(buttons(choice).at(1), (InlineButton{"operator", "invite operator"}));
  const std::string invited = text_of(press_and_see("invite operator"));
  EXPECT_THAT(invited, HasSubstr("as <b>operator</b>, once, until "));
  const size_t begin = invited.find("?start=") + 7;
  const std::string code = invited.substr(begin, invited.find('\n', begin) - begin);
  EXPECT_THAT(invited, HasSubstr("https://t.me/mps_bot?start=" + code + "\n"));
  const Replies welcome = say("/start " + code, kBob);
  EXPECT_THAT(text_of(welcome), HasSubstr("Welcome, Ann &lt;3! You are operator here."));
  ASSERT_EQ(welcome.size(), 2u) << "and the time zone is asked";
  EXPECT_THAT(welcome[1].content.html, HasSubstr("What time is it where you are?"));
  EXPECT_EQ(hub_->outbox().undelivered(), 1u) << "for the owner";
  EXPECT_EQ(newest_change(), "Ann <3 joined operator");
  EXPECT_EQ(ask("/start " + code, ChatId(8)), kEnglish.wrong_code);
}

TEST_F(RolesTest, TheOwnerListsChangesAndRemovesPeople) {
  join(kBob, Role::kViewer);
  const Replies list = say("/users");
  EXPECT_THAT(text_of(list), AllOf(HasSubstr("<b>People</b>: 2"), HasSubstr("<b>Ann &lt;3</b> - owner, since "),
                                   HasSubstr("<b>Ann &lt;3</b> - viewer, since "), HasSubstr(", invited by Ann")));
  EXPECT_EQ(buttons(list).at(0).callback_data, "users 7") << "none for the owner";
  EXPECT_THAT(buttons(press_and_see("users 7")), ::testing::Contains(InlineButton{"✓ viewer", "users 7 viewer"}));
  EXPECT_THAT(text_of(press_and_see("users 7 admin")), HasSubstr("- admin, since"));
  EXPECT_EQ(newest_change(), "user 42 role_changed Ann <3: admin");
  EXPECT_THAT(text_of(press_and_see("users 7 remove")), HasSubstr("Remove <b>Ann &lt;3</b>?"));
  EXPECT_TRUE(hub_->people().find(7));
  EXPECT_THAT(text_of(press_and_see("users 7 remove yes")), HasSubstr("<b>People</b>: 1"));
  EXPECT_EQ(newest_change(), "user 42 person_removed Ann <3");
  EXPECT_EQ(ask("/servers", kBob), kEnglish.refusal);
  EXPECT_THAT(text_of(press_and_see("users 42 remove yes")), HasSubstr("the owner stays the owner"));
}

TEST_F(RolesTest, OpenInvitationsAreCountedAndWithdrawn) {
  const auto code = hub_->people().invite(Role::kAdmin, "Ann")->code;
  EXPECT_THAT(ask("/users"), HasSubstr("Invitations that nobody has used yet: 1"));
  EXPECT_THAT(text_of(press_and_see("users withdraw")), Not(HasSubstr("Invitations")));
  EXPECT_EQ(ask("/start " + code, kBob), kEnglish.wrong_code);
}

TEST_F(RolesTest, HelpAndTheMenuHoldWhatTheRoleMayDo) {
  join(kBob, Role::kOperator);
  EXPECT_THAT(ask("/help", kBob), AllOf(HasSubstr("/silence NAME"), Not(HasSubstr("/connect")),
                                        Not(HasSubstr("/users")), HasSubstr("Your role here: operator.")));
  EXPECT_THAT(ask("/help"),
              AllOf(HasSubstr("/connect NAME - add"), HasSubstr("/users - who"), HasSubstr("role here: owner")));
  EXPECT_THAT(ask("xyzzy", kBob), Not(HasSubstr("/invite")));
  const auto names = [](std::optional<Role> role) {
    std::string all;
    for (const auto& command : menu_of(role, kEnglish)) all += command.command + " ";
    return all;
  };
  EXPECT_EQ(names(std::nullopt), "start ");
  EXPECT_THAT(names(Role::kViewer), AllOf(HasSubstr("servers "), HasSubstr("settings "), Not(HasSubstr("connect"))));
  EXPECT_THAT(names(Role::kAdmin), AllOf(HasSubstr("connect "), HasSubstr("audit "), Not(HasSubstr("users"))));
  EXPECT_THAT(names(Role::kOwner), AllOf(HasSubstr("users "), HasSubstr("invite ")));
}

TEST_F(RolesTest, AnAdminAddsAGroupAndNobodyElse) {
  join(kBob, Role::kOperator);
  EXPECT_THAT(text_of(say_in_group("/start", ChatId(99))), kEnglish.refusal);
  EXPECT_THAT(text_of(say_in_group("/start", kBob)), HasSubstr("you need to be admin; here you are operator"));
  EXPECT_EQ(text_of(say_in_group("/servers", kOwner)), kEnglish.group_unknown);
  EXPECT_THAT(say_in_group("hello", kOwner), IsEmpty());
  EXPECT_EQ(text_of(say_in_group("/start", kOwner, 5)), kEnglish.group_added);
  EXPECT_EQ(newest_change(), "Ann <3 chat_added The <team>");
  EXPECT_EQ(hub_->chat_settings().of(-100).thread_id, 5);
  EXPECT_EQ(text_of(say_in_group("/servers", kBob)), kEnglish.no_servers) << "a member works in the group";
  EXPECT_EQ(text_of(say_in_group("/start", kOwner, 6)), kEnglish.group_topic);
  EXPECT_EQ(hub_->chat_settings().of(-100).thread_id, 6);
  EXPECT_THAT(text_of(say_in_group("/settings language ru", kBob)), HasSubstr("you need to be admin"));
  EXPECT_THAT(text_of(say_in_group("/settings", kBob)), HasSubstr("Settings of this group"));
  EXPECT_EQ(text_of(say_in_group("/users", kOwner)), kEnglish.only_in_private);
  EXPECT_THAT(text_of(say_in_group("/settings leave", kOwner)), kEnglish.leave_sure);
  EXPECT_EQ(text_of(say_in_group("/settings leave yes", kOwner)), kEnglish.left);
  EXPECT_EQ(text_of(say_in_group("/servers", kOwner)), kEnglish.group_unknown);
}

TEST_F(RolesTest, InAGroupAButtonIsForWhoeverAskedAndThoseOfMessagesToAllAreForAll) {
  hub_->people().add_chat(static_cast<int64_t>(kGroup), 0, "team", 0).value();
  join(kBob, Role::kOperator);
  const auto press_in_group = [&](std::string data, ChatId user) {
    CallbackQuery query;
    query.from.id = UserId(static_cast<int64_t>(user));
    query.chat = kGroup;
    query.message = MessageId(9);
    query.is_private = false;
    query.data = std::move(data);
    return dialogue_->on_press(query);
  };
  const auto button_for = [&](UserId presser) {
    return std::get<InlineKeyboard>(dialogue_->sign(kGroup, InlineKeyboard{{{"x", "servers"}}}, presser))[0][0]
        .callback_data;
  };
  const UserId bob{static_cast<int64_t>(kBob)};
  EXPECT_NE(press_in_group(button_for(bob), kBob).screen, nullptr);
  EXPECT_EQ(press_in_group(button_for(bob), kBob).presser, bob);
  EXPECT_EQ(press_in_group(button_for(bob), kOwner).screen, nullptr);
  EXPECT_EQ(press_in_group(button_for(bob), kOwner).toast, kEnglish.button_of_another);
  for (const ChatId user : {kBob, kOwner}) {
    EXPECT_NE(press_in_group(button_for(kEverybody), user).screen, nullptr);
    EXPECT_EQ(press_in_group(button_for(kEverybody), user).presser, kEverybody);
  }
}

TEST_F(RolesTest, WhatAnAnonymousAdminAskedForAnswersToEverybody) {
  EXPECT_EQ(presser_of({UserId(1087968824), "GroupAnonymousBot", "Group", ""}), kEverybody);
  EXPECT_EQ(presser_of({UserId(7), "", "Bob", ""}), UserId(7));
}

TEST_F(RolesTest, EveryChatIsSpokenToInItsLanguageFirstInThatOfTheApp) {
  EXPECT_EQ(ask_in("ru", "/start", ChatId(9)), kRussian.refusal);
  EXPECT_EQ(ask_in("ru", "/servers"), kEnglish.no_servers) << "the owner's app was English when they paired";
  EXPECT_THAT(text_of(press_and_see("settings language ru")), HasSubstr("Язык: <b>Русский</b>"));
  EXPECT_EQ(newest_change(), "user 42 chat_changed 42: language ru");
  EXPECT_EQ(ask_in("en", "/servers"), kRussian.no_servers);
  EXPECT_EQ(press("nothing").toast, kRussian.expired_button);
  restart();
  EXPECT_EQ(ask("/servers"), kRussian.no_servers);
  EXPECT_THAT(ask("/settings language xx"), HasSubstr("«xx»"));
  EXPECT_THAT(ask("/settings language english"), HasSubstr("Language: <b>English</b>"));
}

TEST_F(RolesTest, TheTimeZoneIsChosenByButtonOrByWriting) {
  EXPECT_THAT(ask("/settings"), HasSubstr("Time zone: <b>UTC</b>, it is 08:00 there (the hub's"));
  const Replies choice = press_and_see("settings zone");
  EXPECT_THAT(buttons(choice), ::testing::Contains(InlineButton{"09:00 Berlin", "settings zone Europe/Berlin"}));
  EXPECT_THAT(text_of(press_and_see("settings zone Europe/Berlin")), HasSubstr("<b>Europe/Berlin</b>, it is 09:00"));
  EXPECT_TRUE(std::holds_alternative<ForceReply>(press_and_see("settings zone ?").at(0).content.markup));
  EXPECT_THAT(ask("yekaterinburg"), HasSubstr("<b>Asia/Yekaterinburg</b>, it is 13:00"));
  EXPECT_EQ(newest_change(), "Ann <3 chat_changed 42: time zone Asia/Yekaterinburg");
  EXPECT_THAT(ask("/settings zone <b>{x"), HasSubstr("no time zone <b>&lt;b&gt;{x</b>"));
  EXPECT_THAT(ask("/settings zone sant"), HasSubstr("Several time zones"));
  EXPECT_THAT(ask("/silence all 22:00 1h"), HasSubstr("22:00 - 23:00"));
  EXPECT_EQ(hub_->muting().list(clock_.now())->at(0).begins_at, clock_.now() + 9h) << "by the clock of the chat";
}

TEST_F(RolesTest, SettingsSayWhichAlertsComeAndLeadToTheRest) {
  hub_->servers().add("db-1", {"db"}).value();
  const Replies shown = say("/settings");
  EXPECT_THAT(text_of(shown), AllOf(HasSubstr("Alerts: <b>all</b>"), HasSubstr("Quiet hours: <b>none</b>"),
                                    HasSubstr("Daily report: <b>none</b>")));
  EXPECT_THAT(buttons(press_and_see("settings alerts")),
              ::testing::Contains(InlineButton{"db", "settings alerts tag db"}));
  EXPECT_THAT(text_of(press_and_see("settings alerts tag db")), HasSubstr("Alerts: <b>of servers tagged db</b>"));
  EXPECT_THAT(text_of(press_and_see("settings alerts none")), HasSubstr("Alerts: <b>none</b>"));
  EXPECT_THAT(text_of(press_and_see("settings alerts all")), HasSubstr("Alerts: <b>all</b>"));
  ask("/quiet 22:00 07:00");
  ask("/report daily 07:30");
  EXPECT_THAT(ask("/settings"),
              AllOf(HasSubstr("Quiet hours: <b>22:00 - 07:00</b>"), HasSubstr("Daily report: <b>07:30</b>")));
}

TEST_F(RolesTest, TheAuditTellsWhoDidWhatPageByPageInBothLanguages) {
  for (int i = 0; i < 20; ++i) hub_->audit().note("Ann <3", service::Change::kServerAdded, fmt::format("web-{}", i));
  const Replies first = say("/audit");
  EXPECT_THAT(text_of(first),
              AllOf(HasSubstr("08:00 <b>Ann &lt;3</b>: server added: web-19"), Not(HasSubstr("web-4"))));
  EXPECT_EQ(buttons(first).at(0), (InlineButton{"Older", "audit 1"}));
  EXPECT_THAT(text_of(press_and_see("audit 1")), HasSubstr("web-4"));
  ask("/settings language ru");
  EXPECT_THAT(ask("/audit"), AllOf(HasSubstr("настройки чата"), HasSubstr("сервер добавлен: web-19")));
}

TEST_F(RolesTest, WhatPeopleChangeIsNoted) {
  add_server("web");
  ask("/connect db");
  EXPECT_EQ(newest_change(), "Ann <3 server_added db");
  ask("/silence web cpu 2h");
  EXPECT_EQ(newest_change(), "Ann <3 silence_added 1: web, CPU, 2h");
  ask("/silence end 1");
  EXPECT_EQ(newest_change(), "Ann <3 silence_ended 1");
  ask("/maintenance all 1h");
  EXPECT_EQ(newest_change(), "Ann <3 maintenance_added 2: all servers, 1h");
  ask("/quiet 22:00 07:00");
  EXPECT_EQ(newest_change(), "Ann <3 quiet_set 42: 22:00 - 07:00, UTC");
  ask("/quiet off");
  EXPECT_EQ(newest_change(), "Ann <3 quiet_removed 42");
  ask("/report daily 08:00");
  EXPECT_EQ(newest_change(), "Ann <3 report_set 42: 08:00, UTC");
  ask("/invite viewer");
  EXPECT_EQ(newest_change(), "Ann <3 invited viewer");
  EXPECT_THAT(ask("/silence nobody 1h"), HasSubstr("no server"));
  EXPECT_EQ(newest_change(), "Ann <3 invited viewer") << "what failed is no change";
}

}  // namespace
}  // namespace mps::telegram
