#pragma once

#include <compare>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "service/alerts.h"
#include "service/forecasts.h"
#include "service/incident_log.h"

// What `Predictions` and `Anomalies` have in common.
namespace mps::service {

// What they look at, and whom they tell. All of it must outlive them.
struct OutlookParts {
  Servers& servers;
  RuleBook& rules;
  const Query& query;
  const Forecasts& forecasts;
  const Alerts& alerts;
  IncidentLog& incidents;
  const Clock& clock;
};

struct WatchKey {
  ServerId server{};
  std::string resource, instance;
  alert::Direction direction = alert::Direction::kAbove;
  alert::Severity severity = alert::Severity::kWarning;

  friend auto operator<=>(const WatchKey&, const WatchKey&) = default;
};

// Does a rule of this kind ask about it?
bool is_in_force(const OutlookParts& parts, alert::Kind kind, const WatchKey& key);

// What is remembered of each rule on each series between two looks; `State` is what its evaluator remembers.
template <class State>
class OutlookWatches {
 public:
  struct Watch {
    State state;
    int64_t incident = 0;  // id of the open one
    Timestamp looked_at{};
  };

  // Finds the open incidents of `kind` again after a start; `revive` tells the state of each.
  template <class Revive>
  Result<void> load(const IncidentLog& incidents, alert::Kind kind, Timestamp now, Revive revive) {
    MPS_TRY(const auto open, incidents.open());
    for (const catalog::Incident& incident : open) {
      if (incident.kind != alert::name_of(kind)) continue;
      Watch& watch = watches_[key_of(incident, kind)];
      watch.incident = incident.id;
      watch.looked_at = now;
      revive(watch.state, incident);
    }
    return {};
  }

  Watch& look_at(const WatchKey& key, Timestamp now) {
    Watch& watch = watches_[key];
    watch.looked_at = now;
    return watch;
  }

  // Ends what no rule in force asks about any more, and what was not looked at for `after` (its series is gone), unless
  // its server is silent.
  Result<void> end_unwatched(const OutlookParts& parts, alert::Kind kind, Duration after, Timestamp now) {
    const auto is_watched = [&](const WatchKey& key, const Watch& watch) {
      if (now - watch.looked_at > after && !parts.alerts.is_silent(key.server)) return false;
      return watch.incident == 0 || is_in_force(parts, kind, key);
    };
    std::vector<QuietEnd> ended;
    std::vector<WatchKey> gone;
    for (const auto& [key, watch] : watches_) {
      if (is_watched(key, watch)) continue;
      gone.push_back(key);
      if (watch.incident != 0) ended.push_back({watch.incident, catalog::kUnwatched});
    }
    MPS_TRY([[maybe_unused]] const size_t messages, parts.incidents.write({}, ended, now));
    for (const WatchKey& key : gone) watches_.erase(key);
    return {};
  }

 private:
  // Of an anomaly the direction is that of the value, not of the rule.
  static WatchKey key_of(const catalog::Incident& incident, alert::Kind kind) {
    const bool below = incident.below && kind != alert::Kind::kAnomaly;
    return {incident.server, incident.resource, kind == alert::Kind::kAnomaly ? "" : incident.instance,
            below ? alert::Direction::kBelow : alert::Direction::kAbove,
            alert::find_severity(incident.severity).value_or(alert::Severity::kWarning)};
  }
  std::map<WatchKey, Watch> watches_;
};

// An incident of such a rule as it begins. What the reading is, and what is expected, is for the caller to add.
IncidentEvent outlook_event(alert::Transition transition, const Server& server, const EffectiveRule& rule,
                            const std::string& instance, int64_t incident, double present, Timestamp now);

}  // namespace mps::service
