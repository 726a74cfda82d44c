#include "catalog/chat_settings.h"

#include "catalog/row.h"

namespace mps::catalog {

Result<std::optional<ChatSettings>> ChatSettingsTable::find(int64_t chat_id) {
  return guarded("read the settings of the chat", [&]() -> Result<std::optional<ChatSettings>> {
    auto session = database_.session();
    ChatSettings settings;
    long long chat = chat_id, thread = 0;
    session.sql() << "SELECT language, zone, alerts, thread_id, units FROM chat_setting WHERE chat_id = :chat",
        soci::use(chat), soci::into(settings.language), soci::into(settings.zone), soci::into(settings.alerts),
        soci::into(thread), soci::into(settings.units);
    if (!session.sql().got_data()) return std::optional<ChatSettings>();
    settings.chat_id = chat_id;
    settings.thread_id = thread;
    return std::optional(std::move(settings));
  });
}

Result<void> ChatSettingsTable::set(const ChatSettings& settings) {
  return guarded("write the settings of the chat", [&]() -> Result<void> {
    const long long chat = settings.chat_id, thread = settings.thread_id;
    database_.session().sql() << "INSERT INTO chat_setting (chat_id, language, zone, alerts, thread_id, units) "
                                 "VALUES (:chat, :language, :zone, :alerts, :thread, :units) "
                                 "ON CONFLICT (chat_id) DO UPDATE SET language = excluded.language, "
                                 "zone = excluded.zone, alerts = excluded.alerts, thread_id = excluded.thread_id, "
                                 "units = excluded.units",
        soci::use(chat), soci::use(settings.language), soci::use(settings.zone), soci::use(settings.alerts),
        soci::use(thread), soci::use(settings.units);
    return {};
  });
}

Result<void> ChatSettingsTable::remove(int64_t chat_id) {
  return guarded("remove the settings of the chat", [&]() -> Result<void> {
    const long long chat = chat_id;
    database_.session().sql() << "DELETE FROM chat_setting WHERE chat_id = :chat", soci::use(chat);
    return {};
  });
}

}  // namespace mps::catalog
