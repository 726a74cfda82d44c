#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"

namespace mps::catalog {

struct Chat {
  int64_t chat_id = 0;
  int64_t user_id = 0;
  std::string user_name;
  std::string role;  // as when it was added: "owner"
  bool gone = false;
  int64_t level = 0;  // of escalation: 0 hears of everything at once, 1 of what nobody acknowledged in time, ...
};

class Chats {
 public:
  explicit Chats(Database& database) : database_(database) {}
  Result<void> add(const Chat& chat, Timestamp now);
  Result<std::vector<Chat>> list();
  Result<void> set_gone(int64_t chat_id, bool gone);
  Result<void> set_level(int64_t chat_id, int64_t level);
  Result<void> remove(int64_t chat_id);
  // Every row of the catalog that is about `from` is about `to` then, in place of what was there. To be called in a
  // transaction.
  Result<void> move(int64_t from, int64_t to);

 private:
  Database& database_;
};

}  // namespace mps::catalog
