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
  std::string role;  // "owner"
  bool gone = false;
};

class Chats {
 public:
  explicit Chats(Database& database) : database_(database) {}
  Result<void> add(const Chat& chat, Timestamp now);
  Result<std::vector<Chat>> list();
  Result<void> set_gone(int64_t chat_id, bool gone);

 private:
  Database& database_;
};

}  // namespace mps::catalog
