#include "catalog/silences.h"

#include "catalog/row.h"

namespace mps::catalog {

Result<int64_t> Silences::add(const Silence& silence) {
  return guarded("add a silence", [&]() -> Result<int64_t> {
    auto session = database_.session();
    const long long maintenance = silence.maintenance, server = to_db(silence.server),
                    begins = to_db(silence.begins_at), ends = to_db(silence.ends_at);
    session.sql() << "INSERT INTO silence (maintenance, server, tag, resource, kind, begins_at, ends_at, why, who) "
                     "VALUES (:maintenance, :server, :tag, :resource, :kind, :begins, :ends, :why, :who)",
        soci::use(maintenance), soci::use(server), soci::use(silence.tag), soci::use(silence.resource),
        soci::use(silence.kind), soci::use(begins), soci::use(ends), soci::use(silence.why), soci::use(silence.who);
    return last_id(session.sql(), "silence");
  });
}

Result<bool> Silences::end(int64_t id, Timestamp now) {
  return guarded("end a silence", [&]() -> Result<bool> {
    auto session = database_.session();
    const long long key = id, time = to_db(now), time_again = time;
    long long count = 0;
    session.sql() << "SELECT count(*) FROM silence WHERE id = :id AND ends_at > :now", soci::use(key), soci::use(time),
        soci::into(count);
    session.sql() << "UPDATE silence SET ends_at = :now WHERE id = :id AND ends_at > :again", soci::use(time),
        soci::use(key), soci::use(time_again);
    return count > 0;
  });
}

Result<std::vector<Silence>> Silences::list(Timestamp from) {
  return guarded("list the silences", [&]() -> Result<std::vector<Silence>> {
    auto session = database_.session();
    const long long time = to_db(from);
    const soci::rowset<soci::row> rows =
        (session.sql().prepare << "SELECT id, maintenance, server, tag, resource, kind, begins_at, ends_at, why, who "
                                  "FROM silence WHERE ends_at > :from ORDER BY begins_at, id",
         soci::use(time));
    std::vector<Silence> silences;
    for (const soci::row& row : rows) {
      silences.push_back({get_integer(row, 0), get_integer(row, 1) != 0, ServerId(get_integer(row, 2)),
                          row.get<std::string>(3), row.get<std::string>(4), row.get<std::string>(5),
                          time_from_db(get_integer(row, 6)), time_from_db(get_integer(row, 7)), row.get<std::string>(8),
                          row.get<std::string>(9)});
    }
    return silences;
  });
}

Result<std::vector<std::string>> Silences::tags_of(ServerId server) {
  return guarded("read the tags of the server", [&]() -> Result<std::vector<std::string>> {
    auto session = database_.session();
    const long long key = to_db(server);
    const soci::rowset<soci::row> rows =
        (session.sql().prepare << "SELECT tag FROM server_tag WHERE server = :server ORDER BY tag", soci::use(key));
    std::vector<std::string> tags;
    for (const soci::row& row : rows) tags.push_back(row.get<std::string>(0));
    return tags;
  });
}

Result<void> QuietHoursTable::set(const QuietHours& hours) {
  return guarded("set quiet hours", [&]() -> Result<void> {
    auto session = database_.session();
    const long long chat = hours.chat_id, begins = hours.begins.count(), ends = hours.ends.count(),
                    warned = to_db(hours.warned_for);
    session.sql() << "DELETE FROM quiet_hours WHERE chat_id = :chat", soci::use(chat);
    session.sql() << "INSERT INTO quiet_hours (chat_id, zone, begins, ends, warned_for) VALUES (:chat, :zone, :begins, "
                     ":ends, :warned)",
        soci::use(chat), soci::use(hours.zone), soci::use(begins), soci::use(ends), soci::use(warned);
    return {};
  });
}

Result<bool> QuietHoursTable::remove(int64_t chat_id) {
  return guarded("remove quiet hours", [&]() -> Result<bool> {
    auto session = database_.session();
    const long long chat = chat_id;
    long long count = 0;
    session.sql() << "SELECT count(*) FROM quiet_hours WHERE chat_id = :chat", soci::use(chat), soci::into(count);
    session.sql() << "DELETE FROM quiet_hours WHERE chat_id = :chat", soci::use(chat);
    return count > 0;
  });
}

Result<std::vector<QuietHours>> QuietHoursTable::list() {
  return guarded("list the quiet hours", [&]() -> Result<std::vector<QuietHours>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows =
        session.sql().prepare << "SELECT chat_id, zone, begins, ends, warned_for FROM quiet_hours ORDER BY chat_id";
    std::vector<QuietHours> all;
    for (const soci::row& row : rows) {
      all.push_back({get_integer(row, 0), row.get<std::string>(1), std::chrono::minutes(get_integer(row, 2)),
                     std::chrono::minutes(get_integer(row, 3)), time_from_db(get_integer(row, 4))});
    }
    return all;
  });
}

}  // namespace mps::catalog
