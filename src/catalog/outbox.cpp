#include "catalog/outbox.h"

#include "catalog/row.h"

namespace mps::catalog {

Result<int64_t> Outbox::add(const OutboxRow& row) {
  return guarded("add to the outbox", [&]() -> Result<int64_t> {
    auto session = database_.session();
    const long long chat = row.chat_id, incident = row.incident_id, created = to_db(row.created_at),
                    not_before = to_db(row.not_before);
    session.sql() << "INSERT INTO outbox (chat_id, incident, html, created_at, not_before, attempts, ended_at, "
                     "message_id, failure) "
                     "VALUES (:chat, :incident, :html, :created, :not_before, 0, 0, 0, '')",
        soci::use(chat), soci::use(incident), soci::use(row.html), soci::use(created), soci::use(not_before);
    return last_id(session.sql(), "outbox");
  });
}

Result<std::vector<OutboxRow>> Outbox::due(Timestamp now) {
  return guarded("read the outbox", [&]() -> Result<std::vector<OutboxRow>> {
    auto session = database_.session();
    const long long until = to_db(now);
    const soci::rowset<soci::row> rows =
        (session.sql().prepare
             << "SELECT id, chat_id, incident, html, created_at, not_before, attempts FROM outbox WHERE id IN "
                "(SELECT min(id) FROM outbox WHERE ended_at = 0 GROUP BY chat_id) AND not_before <= :until ORDER BY id",
         soci::use(until));
    std::vector<OutboxRow> due;
    for (const soci::row& row : rows) {
      due.push_back({get_integer(row, 0), get_integer(row, 1), get_integer(row, 2), row.get<std::string>(3),
                     time_from_db(get_integer(row, 4)), time_from_db(get_integer(row, 5)), get_integer(row, 6)});
    }
    return due;
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
    database_.session().sql() << "UPDATE outbox SET not_before = :time, attempts = attempts + 1 WHERE id = :id",
        soci::use(time), soci::use(key);
    return {};
  });
}

Result<std::optional<int64_t>> Outbox::first_message(int64_t incident_id, int64_t chat_id) {
  return guarded("find the message of an incident", [&]() -> Result<std::optional<int64_t>> {
    auto session = database_.session();
    const long long incident = incident_id, chat = chat_id;
    long long message = 0;
    session.sql() << "SELECT message_id FROM outbox WHERE incident = :incident AND chat_id = :chat AND message_id <> 0 "
                     "ORDER BY id LIMIT 1",
        soci::use(incident), soci::use(chat), soci::into(message);
    if (!session.sql().got_data()) return std::optional<int64_t>();
    return std::optional<int64_t>(message);
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

}  // namespace mps::catalog
