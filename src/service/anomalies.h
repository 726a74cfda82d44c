#pragma once

#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "alert/evaluator.h"
#include "service/alerts.h"
#include "service/forecasts.h"
#include "service/incident_log.h"

namespace mps::service {

// Rules about what is unlike the server: its value stays outside the 99 % band of its own forecast for longer than the
// rule's hold time. The band is that of a forecast a day ahead, made before; it is renewed every few hours, but not
// while the value is outside, so that it does not learn the anomaly. A forecast that was never scored, or whose 80 %
// band held far less lately, judges nothing. Thread-safe.
class Anomalies {
 public:
  Anomalies(Servers& servers, RuleBook& rules, const Query& query, const Forecasts& forecasts, const Alerts& alerts,
            IncidentLog& incidents, const Clock& clock);
  // Reads the open incidents. Call once.
  Result<void> load();
  // To be called every minute. Returns how many messages it put into the outbox.
  Result<size_t> look(const std::stop_token& stop = {});

 private:
  using Key = std::tuple<ServerId, std::string, alert::Severity>;
  struct Watch {
    alert::RuleState state;
    int64_t incident = 0;
    std::optional<forecast::Prediction> forecast;
    Timestamp asked_at{}, looked_at{};
  };
  Result<size_t> look_at(const Server& server, const EffectiveRule& rule, const CurrentValue& value, Timestamp now);
  void renew(const Server& server, const Resource& resource, Watch& watch, Timestamp now) const;

  Servers& servers_;
  RuleBook& rules_;
  const Query& query_;
  const Forecasts& forecasts_;
  const Alerts& alerts_;
  IncidentLog& incidents_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<Key, Watch> watches_;
};

}  // namespace mps::service
