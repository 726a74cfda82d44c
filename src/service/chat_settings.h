#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "base/time_zone.h"
#include "catalog/chat_settings.h"
#include "catalog/database.h"
#include "metric/units.h"

namespace mps::service {

// How a chat is to be spoken to.
struct ChatLook {
  std::string language = "en";
  TimeZone zone = {};
  bool chose_language = false;  // else nobody has said yet, and it is a guess or the hub's
  bool chose_zone = false;
  bool no_alerts = false;
  std::string tag = {};   // it gets only alerts of servers that bear this tag; "" for all
  int64_t thread_id = 0;  // the topic of a forum group that its alerts go to; 0 for none
  Units units = Units::kBytes;
};

// What each chat has chosen. Asks the catalog alone, under its lock alone: may be called within a transaction.
// Thread-safe.
class ChatSettings {
 public:
  // `zone`: of chats that have chosen none.
  ChatSettings(catalog::Database& database, TimeZone zone)
      : database_(database), table_(database), zone_(std::move(zone)) {}

  // What is missing, or can't be read, is as the hub has it.
  ChatLook of(int64_t chat) const;

  Result<void> set_language(int64_t chat, std::string_view language);  // kInvalidArgument: there is no such language
  Result<void> set_zone(int64_t chat, std::string_view zone);          // kInvalidArgument, with how a zone is written
  Result<void> set_units(int64_t chat, std::string_view units);        // kInvalidArgument, naming those there are
  // Which alerts come to it: "" all, "none", "tag X" those of servers that bear it. kInvalidArgument.
  Result<void> set_alerts(int64_t chat, std::string_view which);
  Result<void> set_thread(int64_t chat, int64_t thread_id);
  // Of a chat that has chosen no language: what the app of somebody there says ("ru", "en-GB").
  Result<void> guess_language(int64_t chat, std::string_view tag_of_app);
  Result<void> forget(int64_t chat);

  // Grows with every change.
  uint64_t version() const { return version_; }

  // The language that we know for an IETF tag.
  static std::string_view known_language(std::string_view tag_of_app);

 private:
  template <class Change>
  Result<void> change(int64_t chat, Change change);

  catalog::Database& database_;
  mutable catalog::ChatSettingsTable table_;
  TimeZone zone_;
  std::atomic<uint64_t> version_{0};
};

}  // namespace mps::service
