#include "service/anomalies.h"

#include <algorithm>

namespace mps::service {
namespace {

using alert::Kind, alert::Transition;

constexpr Duration kUnwatchedAfter = std::chrono::minutes(30);  // its rule is gone, or it sends the resource no more

bool is_anomaly(const EffectiveRule& rule) {
  return rule.rule.kind == Kind::kAnomaly && !rule.off;
}

}  // namespace

Result<void> Anomalies::load() {
  const std::lock_guard lock(mutex_);
  return watches_.load(parts_.incidents, Kind::kAnomaly, parts_.clock.now(),
                       [](BandWatch& watch, const catalog::Incident& incident) {
                         watch.state.broken = watch.state.firing = true;
                         watch.state.breached_at = incident.breached_at;
                         watch.state.notified_at = incident.notified_at;
                       });
}

Result<size_t> Anomalies::look(const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  if (!parts_.query.ready()) return size_t{0};
  const Timestamp now = parts_.clock.now();
  size_t messages = 0;
  for (const Server& server : parts_.servers.list()) {
    if (stop.stop_requested()) return messages;
    const auto rules = parts_.rules.effective(server);
    if (std::none_of(rules.begin(), rules.end(), is_anomaly)) continue;
    const auto status = parts_.query.status(server.id);
    for (const EffectiveRule& rule : rules) {
      if (!is_anomaly(rule)) continue;
      // Of several mount points the first, which is the one that is forecast.
      const auto value = std::find_if(status.values.begin(), status.values.end(),
                                      [&](const CurrentValue& each) { return each.resource == rule.resource; });
      if (value == status.values.end()) continue;
      MPS_TRY(const size_t count, look_at(server, rule, *value, now));
      messages += count;
    }
  }
  MPS_TRY_VOID(watches_.end_unwatched(parts_, Kind::kAnomaly, kUnwatchedAfter, now));
  return messages;
}

Result<size_t> Anomalies::look_at(const Server& server, const EffectiveRule& rule, const CurrentValue& value,
                                  Timestamp now) {
  auto& watch = watches_.look_at({server.id, std::string(rule.resource->name), "", {}, rule.rule.severity}, now);
  if (watch.state.wants_forecast(now)) {
    auto view = parts_.forecasts.forecast(server.id, *rule.resource, forecast::kDay);
    watch.state.take(view ? std::optional(std::move(view->prediction)) : std::nullopt, now);
  }
  const auto band = watch.state.band_at(value.time);
  if (!band) return size_t{0};
  const auto voice = parts_.alerts.is_silent(server.id) ? alert::Voice::kMuted : alert::Voice::kOpen;
  const auto result = judge_by_band(rule.rule, *band, {value.time, value.value}, watch.state.state, now, voice);
  if (!result.transition) {
    watch.state.state = result.state;
    return size_t{0};
  }
  const bool above = value.value > (band->low + band->high) / 2;
  IncidentEvent event =
      outlook_event(*result.transition, server, rule, value.instance, watch.incident, value.value, now);
  event.flapping = result.state.flapping;
  event.rule.direction = above ? alert::Direction::kAbove : alert::Direction::kBelow;
  event.rule.threshold = event.rule.clear = event.incident.threshold = above ? band->high : band->low;
  event.incident.breached_at = result.state.breached_at.value_or(now);
  MPS_TRY(const size_t messages, parts_.incidents.write({&event, 1}, {}, now));
  watch.state.state = result.state;
  watch.incident = *result.transition == Transition::kResolved ? 0 : event.incident.id;
  return messages;
}

}  // namespace mps::service
