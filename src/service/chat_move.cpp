#include "service/chat_move.h"

#include <set>

#include "base/log.h"
#include "catalog/cards.h"
#include "catalog/chats.h"
#include "catalog/incidents.h"
#include "catalog/outbox.h"
#include "catalog/settings.h"
#include "service/report_schedule.h"

namespace mps::service {
namespace {

// Those in the chat that were sent, and of which something still fires.
Result<std::set<int64_t>> living_cards(catalog::Database& database, int64_t chat) {
  std::set<int64_t> living;
  MPS_TRY(const auto open, catalog::Incidents(database).list_open());
  for (const catalog::Incident& incident : open) {
    MPS_TRY(const auto cards, catalog::Cards(database).cards_of(incident.id));
    for (const catalog::Card& card : cards) {
      if (card.chat_id == chat && card.message_id != 0) living.insert(card.id);
    }
  }
  return living;
}

Result<void> move_setting(catalog::Settings settings, const std::string& from, const std::string& to) {
  MPS_TRY(const auto value, settings.get(from));
  if (!value) return {};
  MPS_TRY_VOID(settings.set(to, *value));
  return settings.remove(from);
}

}  // namespace

Result<void> move_chat(catalog::Database& database, int64_t from, int64_t to, Timestamp now) {
  if (from == to) return {};
  log::info("the Telegram group {} is {} now", from, to);
  return database.transaction([&]() -> Result<void> {
    MPS_TRY(const auto living, living_cards(database, from));
    MPS_TRY_VOID(catalog::Cards(database).lose_messages(from));
    MPS_TRY_VOID(catalog::Chats(database).move(from, to));
    MPS_TRY_VOID(move_setting(catalog::Settings(database), daily_report_setting(from), daily_report_setting(to)));
    for (const int64_t card : living) {
      MPS_TRY_VOID(catalog::Outbox(database).add({0, to, 0, "", now, now, 0, "telegram", card, "card"}));
    }
    return {};
  });
}

}  // namespace mps::service
