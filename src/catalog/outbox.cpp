#include "catalog/outbox.h"

#include "catalog/row.h"

namespace mps::catalog {
namespace {

constexpr const char* kOutboxColumns =
    "SELECT o.id, o.chat_id, o.incident, o.html, o.created_at, o.not_before, o.attempts, o.channel, o.card, o.action, "
    "o.trying_since FROM outbox o WHERE o.ended_at = 0 AND ";

std::vector<OutboxRow> fetch_outbox(soci::rowset<soci::row> rows) {
  std::vector<OutboxRow> fetched;
  for (const soci::row& row : rows) {
    fetched.push_back({get_integer(row, 0), get_integer(row, 1), get_integer(row, 2), row.get<std::string>(3),
                       time_from_db(get_integer(row, 4)), time_from_db(get_integer(row, 5)), get_integer(row, 6),
                       row.get<std::string>(7), get_integer(row, 8), row.get<std::string>(9),
                       time_from_db(get_integer(row, 10))});
  }
  return fetched;
}

}  // namespace

Result<int64_t> Outbox::add(const OutboxRow& row) {
  return guarded("add to the outbox", [&]() -> Result<int64_t> {
    auto session = database_.session();
    const long long chat = row.chat_id, incident = row.incident_id, created = to_db(row.created_at),
                    not_before = to_db(row.not_before), card = row.card;
    session.sql()
        << "INSERT INTO outbox (chat_id, incident, html, created_at, not_before, attempts, ended_at, "
           "message_id, failure, channel, card, action, trying_since) "
           "VALUES (:chat, :incident, :html, :created, :not_before, 0, 0, 0, '', :channel, :card, :action, 0)",
        soci::use(chat), soci::use(incident), soci::use(row.html), soci::use(created), soci::use(not_before),
        soci::use(row.channel), soci::use(card), soci::use(row.action);
    return last_id(session.sql(), "outbox");
  });
}

Result<std::vector<OutboxRow>> Outbox::due(Timestamp now, const std::string& channel) {
  return guarded("read the outbox", [&]() -> Result<std::vector<OutboxRow>> {
    auto session = database_.session();
    const long long until = to_db(now), until_again = until;
    const std::string query =
        kOutboxColumns +
        std::string(
            "o.channel = :channel AND o.not_before <= :until AND NOT EXISTS (SELECT 1 FROM outbox e WHERE "
            "e.ended_at = 0 AND e.chat_id = o.chat_id AND e.id < o.id AND e.channel = o.channel AND e.action <> 'list' "
            "AND "
            "(e.not_before <= :until_again OR e.attempts > 0 OR (e.card = o.card AND e.card <> 0))) "
            "ORDER BY o.id");
    return fetch_outbox((session.sql().prepare << query, soci::use(channel), soci::use(until), soci::use(until_again)));
  });
}

Result<std::vector<OutboxRow>> Outbox::waiting(int64_t chat_id, Timestamp before) {
  return guarded("read the outbox of a chat", [&]() -> Result<std::vector<OutboxRow>> {
    auto session = database_.session();
    const long long chat = chat_id, until = to_db(before);
    const std::string query =
        kOutboxColumns +
        std::string("o.channel = 'telegram' AND o.chat_id = :chat AND o.created_at < :until ORDER BY o.id");
    return fetch_outbox((session.sql().prepare << query, soci::use(chat), soci::use(until)));
  });
}

Result<std::vector<int64_t>> Outbox::chats_waiting(Timestamp before) {
  return guarded("read the outbox", [&]() -> Result<std::vector<int64_t>> {
    auto session = database_.session();
    const long long until = to_db(before);
    const soci::rowset<soci::row> rows =
        (session.sql().prepare << "SELECT DISTINCT chat_id FROM outbox WHERE ended_at = 0 AND channel = 'telegram' AND "
                                  "created_at < :until",
         soci::use(until));
    std::vector<int64_t> chats;
    for (const soci::row& row : rows) chats.push_back(get_integer(row, 0));
    return chats;
  });
}

Result<bool> Outbox::is_waiting(int64_t card, const std::string& action) {
  return guarded("read the outbox of a card", [&]() -> Result<bool> {
    const long long key = card;
    long long count = 0;
    database_.session().sql() << "SELECT count(*) FROM outbox WHERE card = :card AND action = :action AND ended_at = 0 "
                                 "AND trying_since = 0",
        soci::use(key), soci::use(action), soci::into(count);
    return count > 0;
  });
}

Result<void> Outbox::mark_trying(int64_t id, Timestamp now) {
  return guarded("mark a message as under way", [&]() -> Result<void> {
    const long long key = id, time = to_db(now);
    database_.session().sql() << "UPDATE outbox SET trying_since = :time WHERE id = :id", soci::use(time),
        soci::use(key);
    return {};
  });
}

Result<void> Outbox::mark_delivered(int64_t id, int64_t message_id, Timestamp now) {
  return guarded("mark a message delivered", [&]() -> Result<void> {
    const long long key = id, message = message_id, ended = to_db(now);
    database_.session().sql()
        << "UPDATE outbox SET ended_at = :ended, message_id = :message, attempts = attempts + 1 WHERE id = :id",
        soci::use(ended), soci::use(message), soci::use(key);
    return {};
  });
}

Result<void> Outbox::mark_failed(int64_t id, const std::string& reason, Timestamp now) {
  return guarded("mark a message failed", [&]() -> Result<void> {
    const long long key = id, ended = to_db(now);
    database_.session().sql()
        << "UPDATE outbox SET ended_at = :ended, failure = :failure, attempts = attempts + 1 WHERE id = :id",
        soci::use(ended), soci::use(reason), soci::use(key);
    return {};
  });
}

Result<void> Outbox::postpone(int64_t id, Timestamp not_before) {
  return guarded("postpone a message", [&]() -> Result<void> {
    const long long key = id, time = to_db(not_before);
    database_.session().sql()
        << "UPDATE outbox SET not_before = :time, attempts = attempts + 1, trying_since = 0 WHERE id = :id",
        soci::use(time), soci::use(key);
    return {};
  });
}

Result<size_t> Outbox::give_up(int64_t chat_id, const std::string& reason, Timestamp now) {
  return guarded("give up the messages of a chat", [&]() -> Result<size_t> {
    auto session = database_.session();
    const long long chat = chat_id, ended = to_db(now);
    long long count = 0;
    session.sql() << "SELECT count(*) FROM outbox WHERE chat_id = :chat AND ended_at = 0 AND channel = 'telegram'",
        soci::use(chat), soci::into(count);
    session.sql() << "UPDATE outbox SET ended_at = :ended, failure = :failure WHERE chat_id = :chat AND ended_at = 0 "
                     "AND channel = 'telegram'",
        soci::use(ended), soci::use(reason), soci::use(chat);
    return static_cast<size_t>(count);
  });
}

Result<OutboxWaiting> Outbox::count_waiting(const std::string& channel) {
  return guarded("count the outbox", [&]() -> Result<OutboxWaiting> {
    long long count = 0, oldest = 0;
    database_.session().sql() << "SELECT count(*), coalesce(min(created_at), 0) FROM outbox WHERE ended_at = 0 AND "
                                 "channel = :channel",
        soci::use(channel), soci::into(count), soci::into(oldest);
    return OutboxWaiting{static_cast<size_t>(count), count == 0 ? std::nullopt : std::optional(time_from_db(oldest))};
  });
}

Result<size_t> Outbox::count_undelivered() {
  return guarded("count the outbox", [&]() -> Result<size_t> {
    long long count = 0;
    auto session = database_.session();
    session.sql() << "SELECT count(*) FROM outbox WHERE ended_at = 0", soci::into(count);
    return static_cast<size_t>(count);
  });
}

Result<void> Outbox::forget_before(Timestamp before) {
  return guarded("forget old messages", [&]() -> Result<void> {
    const long long time = to_db(before);
    database_.session().sql() << "DELETE FROM outbox WHERE ended_at > 0 AND ended_at < :time", soci::use(time);
    return {};
  });
}

}  // namespace mps::catalog
