#pragma once

#include "gateway/api_alerts.h"

// What the REST API takes and answers about people, chats and tokens.
namespace mps::gateway::api {

inline constexpr Limits kRoleLimits{.values = "viewer|operator|admin|owner"};
inline constexpr Limits kInvitedRoleLimits{.values = "viewer|operator|admin"};
inline constexpr Limits kClockLimits{.length_min = 5, .length_max = 5};
inline constexpr Limits kZoneLimits{.length_max = 100};
inline constexpr Limits kLanguageLimits{.values = "en|ru"};
inline constexpr Limits kLevelLimits{.min = 0, .max = 100};

struct NewApiToken {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "NewApiToken";
  static constexpr FieldDoc kDocs[] = {{"name", "what to call it", {.length_min = 1, .length_max = 100}, "grafana"},
                                       {"role", "what it may do", kRoleLimits, "viewer"},
                                       {"lasts", "until it is removed is the default", {}, "90d"}};
  std::string name;
  std::string role;
  std::optional<Span> lasts;
};
BOOST_DESCRIBE_STRUCT(NewApiToken, (), (name, role, lasts))

struct ApiToken {
  static constexpr std::string_view kSchema = "ApiToken";
  static constexpr FieldDoc kDocs[] = {{"expires_at", "null: it does not"}, {"expired", "it opens nothing any more"}};
  std::string name;
  std::string role;
  Rfc3339 created_at;
  std::optional<Rfc3339> expires_at;
  bool expired = false;
  std::string created_by;
};
BOOST_DESCRIBE_STRUCT(ApiToken, (), (name, role, created_at, expires_at, expired, created_by))

struct ApiTokenList {
  static constexpr std::string_view kSchema = "ApiTokenList";
  static constexpr FieldDoc kDocs[] = {{"tokens", "sorted by name"}};
  std::vector<ApiToken> tokens;
};
BOOST_DESCRIBE_STRUCT(ApiTokenList, (), (tokens))

struct ShownApiToken {
  static constexpr std::string_view kSchema = "ShownApiToken";
  static constexpr FieldDoc kDocs[] = {{"token", "it is shown only now"}};
  ApiToken record;
  std::string token;
};
BOOST_DESCRIBE_STRUCT(ShownApiToken, (), (record, token))

struct Person {
  static constexpr std::string_view kSchema = "Person";
  static constexpr FieldDoc kDocs[] = {{"id", "their number in Telegram"},
                                       {"role", "viewer, operator, admin or owner"}};
  int64_t id = 0;
  std::string name;
  std::string role;
  Rfc3339 joined_at;
  std::string invited_by;
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, name, role, joined_at, invited_by))

struct PersonList {
  static constexpr std::string_view kSchema = "PersonList";
  static constexpr FieldDoc kDocs[] = {{"people", "who joined first comes first"}};
  std::vector<Person> people;
};
BOOST_DESCRIBE_STRUCT(PersonList, (), (people))

struct RoleWish {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "RoleWish";
  static constexpr FieldDoc kDocs[] = {{"role", "what they may do", kInvitedRoleLimits, "operator"}};
  std::string role;
};
BOOST_DESCRIBE_STRUCT(RoleWish, (), (role))

struct Invite {
  static constexpr std::string_view kSchema = "Invite";
  int64_t id = 0;
  std::string role;
  Rfc3339 expires_at;
  std::string invited_by;
};
BOOST_DESCRIBE_STRUCT(Invite, (), (id, role, expires_at, invited_by))

struct InviteList {
  static constexpr std::string_view kSchema = "InviteList";
  static constexpr FieldDoc kDocs[] = {{"invites", "those that still let somebody in"}};
  std::vector<Invite> invites;
};
BOOST_DESCRIBE_STRUCT(InviteList, (), (invites))

struct NewInvite {
  static constexpr std::string_view kSchema = "NewInvite";
  static constexpr FieldDoc kDocs[] = {{"link", "lets one person in, once; it is shown only now"}};
  std::string link;
  std::string role;
  Rfc3339 expires_at;
};
BOOST_DESCRIBE_STRUCT(NewInvite, (), (link, role, expires_at))

struct AuditQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {{"limit", "of one page; 100 is the default", {.min = 1, .max = 1000}},
                                       {"cursor", kCursorMeaning, kCursorLimits}};
  std::optional<int64_t> limit;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(AuditQuery, (), (limit, cursor))

struct AuditEntry {
  static constexpr std::string_view kSchema = "AuditEntry";
  static constexpr FieldDoc kDocs[] = {{"what", "server_added, rule_set, acknowledged ..."}};
  int64_t id = 0;
  Rfc3339 at;
  std::string who;
  std::string what;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(AuditEntry, (), (id, at, who, what, detail))

struct AuditLog {
  static constexpr std::string_view kSchema = "AuditLog";
  static constexpr FieldDoc kDocs[] = {{"entries", "the newest first"},
                                       {"next", "the cursor of the next page; null: this is the last"}};
  std::vector<AuditEntry> entries;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(AuditLog, (), (entries, next))

struct QuietHoursWish {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "QuietHoursWish";
  static constexpr FieldDoc kDocs[] = {{"begins", "local time of day", kClockLimits, "22:00"},
                                       {"ends", "local time of day", kClockLimits, "08:00"},
                                       {"zone", "IANA; the default is the hub's", kZoneLimits, "Europe/Berlin"}};
  std::string begins, ends;
  std::optional<std::string> zone;
};
BOOST_DESCRIBE_STRUCT(QuietHoursWish, (), (begins, ends, zone))

struct QuietHours {
  static constexpr std::string_view kSchema = "QuietHours";
  int64_t chat = 0;
  std::string begins, ends;
  std::string zone;
};
BOOST_DESCRIBE_STRUCT(QuietHours, (), (chat, begins, ends, zone))

struct QuietHoursList {
  static constexpr std::string_view kSchema = "QuietHoursList";
  std::vector<QuietHours> quiet_hours;
};
BOOST_DESCRIBE_STRUCT(QuietHoursList, (), (quiet_hours))

struct Chat {
  static constexpr std::string_view kSchema = "Chat";
  static constexpr FieldDoc kDocs[] = {{"id", "its number in Telegram, negative for a group"},
                                       {"level", "0 hears at once, 1 of what nobody acknowledged in time ..."},
                                       {"gone", "it blocked the bot or removed it"},
                                       {"alerts", "all, none, or of servers with a tag: \"tag web\""}};
  int64_t id = 0;
  std::string name;
  int64_t level = 0;
  bool gone = false;
  std::string language, zone, alerts;
};
BOOST_DESCRIBE_STRUCT(Chat, (), (id, name, level, gone, language, zone, alerts))

struct ChatList {
  static constexpr std::string_view kSchema = "ChatList";
  std::vector<Chat> chats;
};
BOOST_DESCRIBE_STRUCT(ChatList, (), (chats))

struct NewChat {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "NewChat";
  static constexpr FieldDoc kDocs[] = {{"id", "its number in Telegram, negative for a group"},
                                       {"person", "who may speak there too, by their number", {.min = 0}},
                                       {"name", "what to call it in lists", {.length_max = 200}},
                                       {"level", "0 is the default", kLevelLimits}};
  int64_t id = 0;
  std::optional<int64_t> person;
  std::optional<std::string> name;
  std::optional<int64_t> level;
};
BOOST_DESCRIBE_STRUCT(NewChat, (), (id, person, name, level))

struct ChatChange {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "ChatChange";
  static constexpr FieldDoc kDocs[] = {
      {"level", "in the order in which chats hear of what nobody acknowledged", kLevelLimits},
      {"language", "of its messages", kLanguageLimits},
      {"zone", "IANA", kZoneLimits, "Europe/Berlin"},
      {"alerts", "all, none, or \"tag web\"", {.length_min = 1, .length_max = 120}, "all"}};
  std::optional<int64_t> level;
  std::optional<std::string> language, zone, alerts;
};
BOOST_DESCRIBE_STRUCT(ChatChange, (), (level, language, zone, alerts))

struct DailyReportWish {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "DailyReportWish";
  static constexpr FieldDoc kDocs[] = {{"at", "local time of day", kClockLimits, "08:00"},
                                       {"server", "of this server; without it of all", kServerNameLimits},
                                       {"zone", "IANA; the default is the chat's", kZoneLimits},
                                       {"language", "the default is the chat's", kLanguageLimits}};
  std::string at;
  std::optional<std::string> server, zone, language;
};
BOOST_DESCRIBE_STRUCT(DailyReportWish, (), (at, server, zone, language))

struct DailyReport {
  static constexpr std::string_view kSchema = "DailyReport";
  static constexpr FieldDoc kDocs[] = {{"server", "null: of all"}};
  int64_t chat = 0;
  std::string at;
  std::optional<std::string> server;
  std::string zone, language;
};
BOOST_DESCRIBE_STRUCT(DailyReport, (), (chat, at, server, zone, language))

}  // namespace mps::gateway::api
