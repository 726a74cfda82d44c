#include "catalog/chats.h"

#include <fmt/format.h>

#include "catalog/row.h"

namespace mps::catalog {

Result<void> Chats::add(const Chat& chat, Timestamp now) {
  return guarded("add the chat", [&]() -> Result<void> {
    const long long chat_id = chat.chat_id, user_id = chat.user_id, gone = chat.gone, created = to_db(now),
                    level = chat.level;
    database_.session().sql() << "INSERT INTO chat (chat_id, user_id, user_name, role, gone, created_at, level) "
                                 "VALUES (:chat, :user, :name, :role, :gone, :created, :level)",
        soci::use(chat_id), soci::use(user_id), soci::use(chat.user_name), soci::use(chat.role), soci::use(gone),
        soci::use(created), soci::use(level);
    return {};
  });
}

Result<std::vector<Chat>> Chats::list() {
  return guarded("list the chats", [&]() -> Result<std::vector<Chat>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows =
        session.sql().prepare << "SELECT chat_id, user_id, user_name, role, gone, level FROM chat ORDER BY created_at";
    std::vector<Chat> chats;
    for (const soci::row& row : rows) {
      chats.push_back({get_integer(row, 0), get_integer(row, 1), row.get<std::string>(2), row.get<std::string>(3),
                       get_integer(row, 4) != 0, get_integer(row, 5)});
    }
    return chats;
  });
}

Result<void> Chats::set_gone(int64_t chat_id, bool gone) {
  return guarded("mark the chat", [&]() -> Result<void> {
    const long long id = chat_id, value = gone;
    database_.session().sql() << "UPDATE chat SET gone = :gone WHERE chat_id = :id", soci::use(value), soci::use(id);
    return {};
  });
}

Result<void> Chats::set_level(int64_t chat_id, int64_t level) {
  return guarded("set the level of the chat", [&]() -> Result<void> {
    const long long id = chat_id, value = level;
    database_.session().sql() << "UPDATE chat SET level = :level WHERE chat_id = :id", soci::use(value), soci::use(id);
    return {};
  });
}

Result<void> Chats::move(int64_t from, int64_t to) {
  struct AboutChat {
    const char* table;
    const char* same;  // as what row `o` of the other chat
  };
  constexpr AboutChat kAll[] = {{"chat", "1 = 1"},        {"chat_setting", "1 = 1"},
                                {"quiet_hours", "1 = 1"}, {"held_back", "o.incident = held_back.incident"},
                                {"card", "1 = 0"},        {"outbox", "1 = 0"}};
  return guarded("move the chat", [&]() -> Result<void> {
    auto session = database_.session();
    const long long before = from, after = to;
    for (const AboutChat& each : kAll) {
      session.sql() << fmt::format(
          "DELETE FROM {0} WHERE chat_id = :after AND EXISTS (SELECT 1 FROM {0} o WHERE o.chat_id = :before AND {1})",
          each.table, each.same),
          soci::use(after), soci::use(before);
      session.sql() << fmt::format("UPDATE {} SET chat_id = :after WHERE chat_id = :before", each.table),
          soci::use(after), soci::use(before);
    }
    return {};
  });
}

Result<void> Chats::remove(int64_t chat_id) {
  return guarded("remove the chat", [&]() -> Result<void> {
    const long long id = chat_id;
    database_.session().sql() << "DELETE FROM chat WHERE chat_id = :id", soci::use(id);
    return {};
  });
}

}  // namespace mps::catalog
