#pragma once

#include <optional>
#include <string>

#include "catalog/database.h"

namespace mps::catalog {

// How a chat wants to be spoken to. What is left empty was not chosen.
struct ChatSettings {
  int64_t chat_id = 0;
  std::string language;   // "en", "ru"
  std::string zone;       // IANA
  std::string alerts;     // "none"; "tag X": only those of servers that bear it
  int64_t thread_id = 0;  // the topic of a forum group that alerts go to
  std::string units;      // "bytes", "binary", "bits"
};

// Thread-safe; joins a transaction.
class ChatSettingsTable {
 public:
  explicit ChatSettingsTable(Database& database) : database_(database) {}
  Result<std::optional<ChatSettings>> find(int64_t chat_id);
  Result<void> set(const ChatSettings& settings);
  Result<void> remove(int64_t chat_id);

 private:
  Database& database_;
};

}  // namespace mps::catalog
