#include "catalog/cards.h"

#include <fmt/format.h>

#include "catalog/row.h"

namespace mps::catalog {
namespace {

constexpr const char* kCardColumns =
    "SELECT c.id, c.chat_id, c.kind, c.created_at, c.message_id, c.has_photo, c.shown, c.replied_at, c.listed_at FROM "
    "card c ";

std::vector<Card> fetch_cards(soci::rowset<soci::row> rows) {
  std::vector<Card> cards;
  for (const soci::row& row : rows) {
    cards.push_back({get_integer(row, 0), get_integer(row, 1), row.get<std::string>(2),
                     time_from_db(get_integer(row, 3)), get_integer(row, 4), get_integer(row, 5) != 0,
                     row.get<std::string>(6), time_from_db(get_integer(row, 7)), time_from_db(get_integer(row, 8))});
  }
  return cards;
}

std::optional<Card> first_card(std::vector<Card> cards) {
  return cards.empty() ? std::nullopt : std::optional(std::move(cards.front()));
}

}  // namespace

Result<int64_t> Cards::add(const Card& card) {
  return guarded("add a card", [&]() -> Result<int64_t> {
    auto session = database_.session();
    const long long chat = card.chat_id, created = to_db(card.created_at);
    session.sql()
        << "INSERT INTO card (chat_id, kind, created_at, message_id, has_photo, shown, replied_at, listed_at) "
           "VALUES (:chat, :kind, :created, 0, 0, '', 0, 0)",
        soci::use(chat), soci::use(card.kind), soci::use(created);
    return last_id(session.sql(), "card");
  });
}

Result<std::optional<Card>> Cards::find(int64_t id) {
  return guarded("find a card", [&]() -> Result<std::optional<Card>> {
    auto session = database_.session();
    const long long key = id;
    const std::string query = fmt::format("{}WHERE c.id = :id", kCardColumns);
    return first_card(fetch_cards((session.sql().prepare << query, soci::use(key))));
  });
}

Result<void> Cards::update(const Card& card) {
  return guarded("update a card", [&]() -> Result<void> {
    const long long id = card.id, created = to_db(card.created_at), message = card.message_id, photo = card.has_photo,
                    replied = to_db(card.replied_at), listed = to_db(card.listed_at);
    database_.session().sql() << "UPDATE card SET created_at = :created, message_id = :message, has_photo = :photo, "
                                 "shown = :shown, replied_at = :replied, listed_at = :listed WHERE id = :id",
        soci::use(created), soci::use(message), soci::use(photo), soci::use(card.shown), soci::use(replied),
        soci::use(listed), soci::use(id);
    return {};
  });
}

Result<void> Cards::remove(int64_t id) {
  return guarded("remove a card", [&]() -> Result<void> {
    auto session = database_.session();
    const long long key = id;
    session.sql() << "DELETE FROM card_incident WHERE card = :id", soci::use(key);
    session.sql() << "DELETE FROM card WHERE id = :id", soci::use(key);
    return {};
  });
}

Result<void> Cards::lose_messages(int64_t chat_id) {
  return guarded("forget the messages of a chat", [&]() -> Result<void> {
    const long long chat = chat_id;
    database_.session().sql() << "UPDATE card SET message_id = 0, has_photo = 0, shown = '' WHERE chat_id = :chat",
        soci::use(chat);
    return {};
  });
}

Result<std::optional<Card>> Cards::newest(int64_t chat_id, const std::string& kind) {
  return guarded("find the newest card", [&]() -> Result<std::optional<Card>> {
    auto session = database_.session();
    const long long chat = chat_id;
    const std::string query = fmt::format(
        "{}WHERE c.chat_id = :chat AND c.kind = :kind ORDER BY c.created_at DESC, c.id DESC LIMIT 1", kCardColumns);
    return first_card(fetch_cards((session.sql().prepare << query, soci::use(chat), soci::use(kind))));
  });
}

Result<std::vector<Card>> Cards::cards_of(int64_t incident) {
  return guarded("find the cards of an incident", [&]() -> Result<std::vector<Card>> {
    auto session = database_.session();
    const long long key = incident;
    const std::string query =
        fmt::format("{}JOIN card_incident i ON i.card = c.id WHERE i.incident = :incident ORDER BY c.id", kCardColumns);
    return fetch_cards((session.sql().prepare << query, soci::use(key)));
  });
}

Result<void> Cards::put(int64_t card, int64_t incident) {
  return guarded("put an incident on a card", [&]() -> Result<void> {
    const long long card_key = card, key = incident;
    database_.session().sql() << "INSERT INTO card_incident (card, incident) VALUES (:card, :incident) "
                                 "ON CONFLICT (card, incident) DO NOTHING",
        soci::use(card_key), soci::use(key);
    return {};
  });
}

Result<std::vector<int64_t>> Cards::incidents_on(int64_t card) {
  return guarded("read a card", [&]() -> Result<std::vector<int64_t>> {
    auto session = database_.session();
    const long long key = card;
    const soci::rowset<soci::row> rows =
        (session.sql().prepare << "SELECT incident FROM card_incident WHERE card = :card ORDER BY incident",
         soci::use(key));
    std::vector<int64_t> incidents;
    for (const soci::row& row : rows) incidents.push_back(get_integer(row, 0));
    return incidents;
  });
}

Result<size_t> Cards::count_incidents(int64_t card) {
  return guarded("read a card", [&]() -> Result<size_t> {
    const long long key = card;
    long long count = 0;
    database_.session().sql() << "SELECT count(*) FROM card_incident WHERE card = :card", soci::use(key),
        soci::into(count);
    return static_cast<size_t>(count);
  });
}

Result<void> Cards::forget_before(Timestamp before) {
  return guarded("forget old cards", [&]() -> Result<void> {
    const long long time = to_db(before);
    database_.session().sql() << "DELETE FROM card WHERE created_at < :time AND id NOT IN (SELECT card FROM "
                                 "card_incident)",
        soci::use(time);
    return {};
  });
}

Result<void> Cards::hold_back(const HeldBack& held) {
  return guarded("hold a message back", [&]() -> Result<void> {
    const long long chat = held.chat_id, incident = held.incident, at = to_db(held.at);
    database_.session().sql() << "INSERT INTO held_back (chat_id, incident, reason, at) VALUES (:chat, :incident, "
                                 ":reason, :at) ON CONFLICT (chat_id, incident) DO NOTHING",
        soci::use(chat), soci::use(incident), soci::use(held.reason), soci::use(at);
    return {};
  });
}

Result<std::vector<HeldBack>> Cards::held_back() {
  return guarded("read what is held back", [&]() -> Result<std::vector<HeldBack>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows =
        session.sql().prepare << "SELECT chat_id, incident, reason, at FROM held_back ORDER BY chat_id, incident";
    std::vector<HeldBack> held;
    for (const soci::row& row : rows) {
      held.push_back(
          {get_integer(row, 0), get_integer(row, 1), row.get<std::string>(2), time_from_db(get_integer(row, 3))});
    }
    return held;
  });
}

Result<void> Cards::release(int64_t chat_id, int64_t incident) {
  return guarded("release a message", [&]() -> Result<void> {
    const long long chat = chat_id, key = incident;
    database_.session().sql() << "DELETE FROM held_back WHERE chat_id = :chat AND incident = :incident",
        soci::use(chat), soci::use(key);
    return {};
  });
}

}  // namespace mps::catalog
