#include "catalog/persons.h"

#include "catalog/row.h"

namespace mps::catalog {
namespace {

Person person_of(const soci::row& row) {
  return {get_integer(row, 0), row.get<std::string>(1), row.get<std::string>(2), time_from_db(get_integer(row, 3)),
          row.get<std::string>(4)};
}

Invite invite_of(const soci::row& row) {
  return {get_integer(row, 0), row.get<std::string>(1), row.get<std::string>(2), time_from_db(get_integer(row, 3)),
          row.get<std::string>(4)};
}

}  // namespace

Result<void> Persons::add(const Person& person) {
  return guarded("add a person", [&]() -> Result<void> {
    const long long user = person.user_id, joined = to_db(person.joined_at);
    database_.session().sql() << "INSERT INTO person (user_id, name, role, joined_at, invited_by) "
                                 "VALUES (:user, :name, :role, :joined, :by)",
        soci::use(user), soci::use(person.name), soci::use(person.role), soci::use(joined),
        soci::use(person.invited_by);
    return {};
  });
}

Result<std::optional<Person>> Persons::find(int64_t user_id) {
  return guarded("look for a person", [&]() -> Result<std::optional<Person>> {
    auto session = database_.session();
    const long long user = user_id;
    const soci::rowset<soci::row> rows =
        (session.sql().prepare << "SELECT user_id, name, role, joined_at, invited_by FROM person WHERE user_id = :user",
         soci::use(user));
    for (const soci::row& row : rows) return std::optional(person_of(row));
    return std::optional<Person>();
  });
}

Result<std::vector<Person>> Persons::list() {
  return guarded("list the persons", [&]() -> Result<std::vector<Person>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows = session.sql().prepare
                                         << "SELECT user_id, name, role, joined_at, invited_by FROM person "
                                            "ORDER BY joined_at, user_id";
    std::vector<Person> persons;
    for (const soci::row& row : rows) persons.push_back(person_of(row));
    return persons;
  });
}

Result<void> Persons::set_role(int64_t user_id, const std::string& role) {
  return guarded("change a person's role", [&]() -> Result<void> {
    const long long user = user_id;
    database_.session().sql() << "UPDATE person SET role = :role WHERE user_id = :user", soci::use(role),
        soci::use(user);
    return {};
  });
}

Result<void> Persons::remove(int64_t user_id) {
  return guarded("remove a person", [&]() -> Result<void> {
    const long long user = user_id;
    database_.session().sql() << "DELETE FROM person WHERE user_id = :user", soci::use(user);
    return {};
  });
}

Result<void> Invites::add(const Invite& invite) {
  return guarded("add an invitation", [&]() -> Result<void> {
    const long long expires = to_db(invite.expires_at);
    database_.session().sql() << "INSERT INTO invite (hash, role, expires_at, invited_by) "
                                 "VALUES (:hash, :role, :expires, :by)",
        soci::use(invite.hash), soci::use(invite.role), soci::use(expires), soci::use(invite.invited_by);
    return {};
  });
}

Result<std::vector<Invite>> Invites::list(Timestamp now) {
  return guarded("list the invitations", [&]() -> Result<std::vector<Invite>> {
    auto session = database_.session();
    const long long since = to_db(now);
    const soci::rowset<soci::row> rows =
        (session.sql().prepare << "SELECT id, hash, role, expires_at, invited_by FROM invite WHERE expires_at > :now "
                                  "ORDER BY id",
         soci::use(since));
    std::vector<Invite> invites;
    for (const soci::row& row : rows) invites.push_back(invite_of(row));
    return invites;
  });
}

Result<std::optional<Invite>> Invites::find(const std::string& hash, Timestamp now) {
  MPS_TRY(const auto open, list(now));
  for (const Invite& invite : open) {
    if (invite.hash == hash) return std::optional(invite);
  }
  return std::optional<Invite>();
}

Result<void> Invites::remove(int64_t id) {
  return guarded("remove an invitation", [&]() -> Result<void> {
    const long long which = id;
    database_.session().sql() << "DELETE FROM invite WHERE id = :id", soci::use(which);
    return {};
  });
}

Result<void> Invites::forget_expired(Timestamp now) {
  return guarded("forget old invitations", [&]() -> Result<void> {
    const long long until = to_db(now);
    database_.session().sql() << "DELETE FROM invite WHERE expires_at <= :now", soci::use(until);
    return {};
  });
}

}  // namespace mps::catalog
