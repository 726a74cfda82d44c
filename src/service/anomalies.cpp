#include "service/anomalies.h"

#include <algorithm>

#include "alert/anomaly.h"

namespace mps::service {
namespace {

using alert::Kind, alert::Transition;

constexpr Duration kRenewEvery = std::chrono::hours(3);
constexpr Duration kUnwatchedAfter = std::chrono::minutes(30);  // its rule is gone, or it sends the resource no more
constexpr double kCoverageMin = 0.6;                            // of the 80 % band, lately

bool is_anomaly(const EffectiveRule& rule) {
  return rule.rule.kind == Kind::kAnomaly && !rule.off;
}

std::optional<alert::Band> band_at(const std::optional<forecast::Prediction>& forecast, Timestamp time) {
  if (!forecast || time < forecast->origin) return std::nullopt;
  const auto step = static_cast<size_t>((time - forecast->origin) / forecast->step);
  if (step >= forecast->steps.size()) return std::nullopt;
  const forecast::Quantiles& q = forecast->steps[step];
  return alert::band99(q.p10, q.p50, q.p90);
}

}  // namespace

Anomalies::Anomalies(Servers& servers, RuleBook& rules, const Query& query, const Forecasts& forecasts,
                     const Alerts& alerts, IncidentLog& incidents, const Clock& clock)
    : servers_(servers),
      rules_(rules),
      query_(query),
      forecasts_(forecasts),
      alerts_(alerts),
      incidents_(incidents),
      clock_(clock) {}

Result<void> Anomalies::load() {
  const std::lock_guard lock(mutex_);
  MPS_TRY(const auto open, incidents_.open());
  for (const catalog::Incident& incident : open) {
    if (incident.kind != alert::name_of(Kind::kAnomaly)) continue;
    const auto severity = alert::find_severity(incident.severity).value_or(alert::Severity::kWarning);
    Watch& watch = watches_[{incident.server, incident.resource, severity}];
    watch.incident = incident.id;
    watch.looked_at = clock_.now();
    watch.state.broken = watch.state.firing = true;
    watch.state.breached_at = incident.breached_at;
    watch.state.notified_at = incident.notified_at;
  }
  return {};
}

Result<size_t> Anomalies::look(const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  if (!query_.ready()) return size_t{0};
  const Timestamp now = clock_.now();
  size_t messages = 0;
  for (const Server& server : servers_.list()) {
    if (stop.stop_requested()) return messages;
    const auto rules = rules_.effective(server);
    if (std::none_of(rules.begin(), rules.end(), is_anomaly)) continue;
    const auto status = query_.status(server.id);
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
  std::vector<int64_t> ended;
  std::erase_if(watches_, [&](const auto& each) {
    const Watch& watch = each.second;
    if (now - watch.looked_at < kUnwatchedAfter) return false;
    if (watch.incident != 0) ended.push_back(watch.incident);
    return true;
  });
  MPS_TRY([[maybe_unused]] const size_t none, incidents_.write({}, ended, now));
  return messages;
}

void Anomalies::renew(const Server& server, const Resource& resource, Watch& watch, Timestamp now) const {
  const bool outside = watch.state.breached_at.has_value();
  const bool runs_out = !band_at(watch.forecast, now).has_value();
  if (!runs_out && (outside || now - watch.asked_at < kRenewEvery)) return;
  if (runs_out && now - watch.asked_at < std::chrono::minutes(10)) return;  // there was none to be had
  watch.asked_at = now;
  watch.forecast.reset();
  auto view = forecasts_.forecast(server.id, resource, forecast::kDay);
  if (!view) return;
  const forecast::Score& score = view->prediction.score;
  if (score.count > 0 && score.coverage80 >= kCoverageMin) watch.forecast = std::move(view->prediction);
}

Result<size_t> Anomalies::look_at(const Server& server, const EffectiveRule& rule, const CurrentValue& value,
                                  Timestamp now) {
  Watch& watch = watches_[{server.id, std::string(rule.resource->name), rule.rule.severity}];
  watch.looked_at = now;
  renew(server, *rule.resource, watch, now);
  const auto band = band_at(watch.forecast, value.time);
  if (!band) return size_t{0};
  alert::Rule distance = rule.rule;
  distance.threshold = distance.clear = 0;
  distance.direction = alert::Direction::kAbove;
  const Reading reading{value.time, alert::outside(*band, value.value)};
  const auto voice = alerts_.is_silent(server.id) ? alert::Voice::kMuted : alert::Voice::kOpen;
  const auto result = alert::evaluate(distance, {&reading, 1}, watch.state, now, voice);
  if (!result.transition) {
    watch.state = result.state;
    return size_t{0};
  }
  const bool above = value.value > (band->low + band->high) / 2;
  IncidentEvent event{
      *result.transition, server, rule.resource, rule.rule, {}, value.value, result.state.flapping, {}, {}};
  event.rule.direction = above ? alert::Direction::kAbove : alert::Direction::kBelow;
  event.rule.threshold = event.rule.clear = above ? band->high : band->low;
  event.incident.id = watch.incident;
  event.incident.server = server.id;
  event.incident.resource = rule.resource->name;
  event.incident.instance = value.instance;
  event.incident.threshold = event.rule.threshold;
  event.incident.peak = value.value;
  event.incident.breached_at = result.state.breached_at.value_or(now);
  event.incident.fired_at = event.incident.notified_at = now;
  event.incident.kind = alert::name_of(Kind::kAnomaly);
  event.incident.severity = alert::name_of(rule.rule.severity);
  MPS_TRY(const size_t messages, incidents_.write({&event, 1}, {}, now));
  watch.state = result.state;
  watch.incident = *result.transition == Transition::kResolved ? 0 : event.incident.id;
  return messages;
}

}  // namespace mps::service
