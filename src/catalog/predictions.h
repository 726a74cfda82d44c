#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "metric/sample.h"

namespace mps::catalog {

// A prediction that people were told, and what became of it.
struct PredictionRow {
  int64_t id = 0;
  int64_t incident = 0;
  ServerId server{};
  std::string resource;
  std::string instance;
  std::string direction;
  double threshold = 0;
  Timestamp made_at;
  Timestamp expected;
  Timestamp due_at;              // by when it was to come true
  std::string outcome = "open";  // then "true", "false", or "unknown"
  std::optional<Timestamp> came_at;
};

inline constexpr Duration kPredictionsScored = std::chrono::days(90);  // people hear of the score of so long

class Predictions {
 public:
  explicit Predictions(Database& database) : database_(database) {}
  Result<void> add(const PredictionRow& prediction);
  Result<void> judge(int64_t id, const std::string& outcome, std::optional<Timestamp> came_at);
  Result<std::vector<PredictionRow>> list_open();
  // How many came true and how many did not, of all that were made since then, of one resource or ("") of all.
  struct Count {
    size_t came_true = 0, did_not = 0, open = 0;
    size_t judged() const { return came_true + did_not; }
    // Of those that were judged; nothing where none was.
    std::optional<double> share() const {
      return judged() == 0 ? std::nullopt
                           : std::optional(static_cast<double>(came_true) / static_cast<double>(judged()));
    }
  };
  Result<Count> count(Timestamp since, const std::string& resource = "");
  Result<void> remove_of(ServerId server);

 private:
  Database& database_;
};

}  // namespace mps::catalog
