#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"
#include "metric/sample.h"

namespace mps::catalog {

// A time in which nobody wants to hear of certain incidents. What is left empty stands for everything.
struct Silence {
  int64_t id = 0;
  bool maintenance = false;  // planned work: its samples are kept out of training too
  ServerId server{};
  std::string tag;  // a group: servers that bear this tag
  std::string resource;
  std::string kind;  // of the rule: "threshold", "no_data", "prediction", "anomaly"
  Timestamp begins_at;
  Timestamp ends_at;
  std::string why;
  std::string who;
};

class Silences {
 public:
  explicit Silences(Database& database) : database_(database) {}
  Result<int64_t> add(const Silence& silence);
  Result<bool> end(int64_t id, Timestamp now);        // false where there is none that is not over
  Result<std::vector<Silence>> list(Timestamp from);  // those that end after `from`

  Result<std::vector<std::string>> tags_of(ServerId server);

 private:
  Database& database_;
};

// Hours of every day in which a chat gets critical incidents alone.
struct QuietHours {
  int64_t chat_id = 0;
  std::string zone;               // IANA
  std::chrono::minutes begins{};  // since midnight, local
  std::chrono::minutes ends{};    // not the same as begins; before it: over midnight
  Timestamp warned_for = {};      // the beginning that was last warned for
};

class QuietHoursTable {
 public:
  explicit QuietHoursTable(Database& database) : database_(database) {}
  Result<void> set(const QuietHours& hours);
  Result<bool> remove(int64_t chat_id);
  Result<std::vector<QuietHours>> list();

 private:
  Database& database_;
};

}  // namespace mps::catalog
