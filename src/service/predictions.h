#pragma once

#include <map>
#include <mutex>
#include <string>

#include "alert/prediction.h"
#include "catalog/predictions.h"
#include "service/outlook_watches.h"

namespace mps::service {

// Rules about what is to come: looks into the forecasts every few minutes, tells people before a value crosses its
// threshold, and keeps score of what became of it. A disk is judged by the trend of its daily peaks and by how fast it
// grows now, everything else by its server's forecast. Thread-safe; look() takes up to 0.1 s for each server that is
// due.
class Predictions {
 public:
  Predictions(catalog::Database& database, const OutlookParts& parts) : rows_(database), parts_(parts) {}

  // Reads the open incidents. Call once.
  Result<void> load();

  // Looks at the servers that are due. To be called every minute. Returns how many messages it put into the outbox.
  Result<size_t> look(const std::stop_token& stop = {});

  // What became of the predictions that people were told in the last `span`; of one resource alone where it is named.
  using Precision = catalog::Predictions::Count;
  Precision precision(Duration span = catalog::kPredictionsScored, const std::string& resource = "") const;

 private:
  struct Candidate {
    std::string instance;
    alert::Outlook outlook;
  };

  Result<size_t> look_at(const Server& server, const std::vector<EffectiveRule>& rules, Timestamp now);
  Result<size_t> look_at(const Server& server, const EffectiveRule& rule, const Candidate& candidate, Timestamp now);
  Result<void> remember(const IncidentEvent& event, const alert::Crossing& crossing, Timestamp now);
  std::vector<Candidate> candidates(const Server& server, const EffectiveRule& rule, Timestamp now) const;
  std::vector<Candidate> growing(const Server& server, const EffectiveRule& rule, Timestamp now) const;
  std::vector<Candidate> forecast(const Server& server, const EffectiveRule& rule, Timestamp now) const;
  Result<void> judge(Timestamp now);

  mutable catalog::Predictions rows_;
  OutlookParts parts_;
  std::mutex mutex_;
  OutlookWatches<alert::PredictionState> watches_;
  std::map<ServerId, Timestamp> next_look_;
  Timestamp next_judgement_{};
};

}  // namespace mps::service
