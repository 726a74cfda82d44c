#pragma once

#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "alert/prediction.h"
#include "catalog/predictions.h"
#include "service/alerts.h"
#include "service/forecasts.h"
#include "service/incident_log.h"

namespace mps::service {

// Rules about what is to come: looks into the forecasts every few minutes, tells people before a value crosses its
// threshold, and keeps score of what became of it. A disk is judged by the trend of its daily peaks and by how fast it
// grows now, everything else by its server's forecast. Thread-safe; look() takes up to 0.1 s for each server that is
// due.
class Predictions {
 public:
  Predictions(catalog::Database& database, Servers& servers, RuleBook& rules, const Query& query,
              const Forecasts& forecasts, const Alerts& alerts, IncidentLog& incidents, const Clock& clock);

  // Reads the open incidents. Call once.
  Result<void> load();

  // Looks at the servers that are due. To be called every minute. Returns how many messages it put into the outbox.
  Result<size_t> look(const std::stop_token& stop = {});

  // What became of the predictions that people were told in the last `span`.
  struct Precision {
    size_t came_true = 0, did_not = 0, open = 0;
    // Of those that were judged; nothing where none was.
    std::optional<double> share() const {
      const size_t judged = came_true + did_not;
      return judged == 0 ? std::nullopt : std::optional(static_cast<double>(came_true) / static_cast<double>(judged));
    }
  };
  Precision precision(Duration span = std::chrono::days(90)) const;

 private:
  using Key = std::tuple<ServerId, std::string, std::string, alert::Direction, alert::Severity>;
  struct Watch {
    alert::PredictionState state;
    int64_t incident = 0;
    Timestamp looked_at{};
  };
  struct Candidate {
    std::string instance;
    alert::Outlook outlook;
  };

  Result<size_t> look_at(const Server& server, const std::vector<EffectiveRule>& rules, Timestamp now);
  Result<size_t> look_at(const Server& server, const EffectiveRule& rule, const Candidate& candidate, Timestamp now);
  std::vector<Candidate> candidates(const Server& server, const EffectiveRule& rule, Timestamp now) const;
  std::vector<Candidate> growing(const Server& server, const EffectiveRule& rule, Timestamp now) const;
  std::vector<Candidate> forecast(const Server& server, const EffectiveRule& rule, Timestamp now) const;
  Result<void> judge(Timestamp now);
  Result<void> end_those_without_a_rule();

  mutable catalog::Predictions rows_;
  Servers& servers_;
  RuleBook& rules_;
  const Query& query_;
  const Forecasts& forecasts_;
  const Alerts& alerts_;
  IncidentLog& incidents_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<Key, Watch> watches_;
  std::map<ServerId, Timestamp> next_look_;
  Timestamp next_judgement_{};
};

}  // namespace mps::service
