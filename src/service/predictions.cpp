#include "service/predictions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "alert/growth.h"
#include "base/log.h"

namespace mps::service {
namespace {

using alert::Crossing, alert::Kind, alert::Outlook, alert::Transition;
using namespace std::chrono_literals;

constexpr Duration kLookMin = 1min, kLookMax = 15min;  // between two looks; an hour ahead wants quicker ones
constexpr int kLooksWithin = 96;                       // looks in the time that a rule asks about
constexpr Duration kJudgeEvery = 5min;
constexpr Duration kLastSampleMax = 10min;  // what is older is no present
constexpr Duration kTrendHistory = std::chrono::days(28), kFastHistory = std::chrono::days(7);

Duration look_interval(const alert::Rule& rule) {
  return std::clamp(rule.within / kLooksWithin, kLookMin, kLookMax);
}

bool is_prediction(const EffectiveRule& rule) {
  return rule.rule.kind == Kind::kPrediction && !rule.off;
}

// From the first known cell to the end of the grid.
Duration known_for(const Grid& grid, const std::vector<double>& values) {
  const auto first = std::find_if(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  return grid.step * (values.end() - first);
}

// Stamped `within` their cells.
std::vector<Reading> known_readings(const Grid& grid, const std::vector<double>& values, Duration within = {}) {
  std::vector<Reading> readings;
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) readings.push_back({grid.time_at(i) + within, values[i]});
  }
  return readings;
}

std::optional<Timestamp> sooner(std::optional<Timestamp> a, std::optional<Timestamp> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// The steps at which the nearer edge of the band, the median and the farther edge cross the threshold.
Crossing crossing_of(const alert::Rule& rule, const forecast::Prediction& prediction) {
  const bool above = rule.direction == alert::Direction::kAbove;
  Crossing crossing;
  for (size_t i = 0; i < prediction.steps.size(); ++i) {
    const forecast::Quantiles& q = prediction.steps[i];
    const Timestamp time = prediction.origin + prediction.step * static_cast<int64_t>(i);
    if (!crossing.earliest && alert::beyond(rule, above ? q.p90 : q.p10)) crossing.earliest = time;
    if (!crossing.expected && alert::beyond(rule, q.p50)) crossing.expected = time;
    if (!crossing.latest && alert::beyond(rule, above ? q.p10 : q.p90)) crossing.latest = time;
  }
  return crossing;
}

IncidentEvent event_of(const Server& server, const EffectiveRule& rule, const std::string& instance,
                       Transition transition, const alert::PredictionState& state, double present, Timestamp now) {
  IncidentEvent event{transition, server, rule.resource, rule.rule, {}, present, false, {}, state.crossing};
  event.incident.server = server.id;
  event.incident.resource = rule.resource->name;
  event.incident.instance = instance;
  event.incident.threshold = rule.rule.threshold;
  event.incident.peak = present;
  event.incident.breached_at = event.incident.fired_at = event.incident.notified_at = now;
  event.incident.kind = alert::name_of(rule.rule.kind);
  event.incident.severity = alert::name_of(rule.rule.severity);
  return event;
}

}  // namespace

Predictions::Predictions(catalog::Database& database, Servers& servers, RuleBook& rules, const Query& query,
                         const Forecasts& forecasts, const Alerts& alerts, IncidentLog& incidents, const Clock& clock)
    : rows_(database),
      servers_(servers),
      rules_(rules),
      query_(query),
      forecasts_(forecasts),
      alerts_(alerts),
      incidents_(incidents),
      clock_(clock) {}

Result<void> Predictions::load() {
  const std::lock_guard lock(mutex_);
  MPS_TRY(const auto open, incidents_.open());
  for (const catalog::Incident& incident : open) {
    if (incident.kind != alert::name_of(Kind::kPrediction)) continue;
    const auto severity = alert::find_severity(incident.severity).value_or(alert::Severity::kWarning);
    const auto direction = incident.below ? alert::Direction::kBelow : alert::Direction::kAbove;
    Watch& watch = watches_[{incident.server, incident.resource, incident.instance, direction, severity}];
    watch.incident = incident.id;
    watch.state.firing = true;
    watch.state.notified_at = incident.notified_at;
  }
  return {};
}

Result<size_t> Predictions::look(const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  if (!query_.ready()) return size_t{0};
  size_t messages = 0;
  std::map<ServerId, Timestamp> next;
  for (const Server& server : servers_.list()) {
    if (stop.stop_requested()) return messages;
    const Timestamp now = clock_.now();
    auto rules = rules_.effective(server);
    std::erase_if(rules, [](const EffectiveRule& rule) { return rule.rule.kind != Kind::kPrediction; });
    if (std::none_of(rules.begin(), rules.end(), is_prediction)) continue;
    // Not all of a fleet at once.
    const auto known = next_look_.find(server.id);
    next[server.id] =
        known != next_look_.end() ? known->second : now + static_cast<int64_t>(server.id) * 7 % (kLookMax / 1s) * 1s;
    if (now < next[server.id] || alerts_.is_silent(server.id)) continue;
    Duration interval = kLookMax;
    for (const EffectiveRule& rule : rules) {
      if (is_prediction(rule)) interval = std::min(interval, look_interval(rule.rule));
    }
    next[server.id] = now + interval;
    MPS_TRY(const size_t count, look_at(server, rules, now));
    messages += count;
  }
  next_look_ = std::move(next);
  MPS_TRY_VOID(end_those_without_a_rule());
  MPS_TRY_VOID(judge(clock_.now()));
  return messages;
}

Result<size_t> Predictions::look_at(const Server& server, const std::vector<EffectiveRule>& rules, Timestamp now) {
  size_t messages = 0;
  for (const EffectiveRule& rule : rules) {
    if (!is_prediction(rule)) continue;
    for (const Candidate& candidate : candidates(server, rule, now)) {
      const auto in_force = rules_for(rules, *rule.resource, candidate.instance);
      if (std::find(in_force.begin(), in_force.end(), &rule) == in_force.end()) continue;
      MPS_TRY(const size_t count, look_at(server, rule, candidate, now));
      messages += count;
    }
  }
  return messages;
}

Result<size_t> Predictions::look_at(const Server& server, const EffectiveRule& rule, const Candidate& candidate,
                                    Timestamp now) {
  Watch& watch = watches_[{server.id, std::string(rule.resource->name), candidate.instance, rule.rule.direction,
                           rule.rule.severity}];
  watch.looked_at = now;
  const auto result = alert::evaluate_prediction(rule.rule, candidate.outlook, watch.state, now);
  if (!result.transition) {
    watch.state = result.state;
    return size_t{0};
  }
  const bool resolved = *result.transition == Transition::kResolved;
  IncidentEvent event = event_of(server, rule, candidate.instance, *result.transition,
                                 resolved ? watch.state : result.state, candidate.outlook.present, now);
  event.incident.id = watch.incident;
  MPS_TRY(const size_t messages, incidents_.write({&event, 1}, {}, now));
  watch.state = result.state;
  watch.incident = resolved ? 0 : event.incident.id;
  if (*result.transition != Transition::kFired) return messages;
  catalog::PredictionRow row;
  row.incident = watch.incident;
  row.server = server.id;
  row.resource = rule.resource->name;
  row.instance = candidate.instance;
  row.direction = alert::name_of(rule.rule.direction);
  row.threshold = rule.rule.threshold;
  row.made_at = now;
  row.expected = result.state.crossing.expected.value_or(now);
  row.due_at = std::max(now + rule.rule.within, result.state.crossing.latest.value_or(now));
  row.due_at = std::min(row.due_at, now + 2 * rule.rule.within);  // a band without an end is no excuse
  MPS_TRY_VOID(rows_.add(row));
  return messages;
}

std::vector<Predictions::Candidate> Predictions::candidates(const Server& server, const EffectiveRule& rule,
                                                            Timestamp now) const {
  auto found = rule.resource->instances == Instances::kEach ? growing(server, rule, now) : forecast(server, rule, now);
  const auto uptime = query_.status(server.id).uptime;
  for (Candidate& candidate : found) candidate.outlook.uptime = uptime;
  return found;
}

std::vector<Predictions::Candidate> Predictions::growing(const Server& server, const EffectiveRule& rule,
                                                         Timestamp now) const {
  std::vector<Candidate> found;
  const auto hourly = query_.frame(server.id, *rule.resource, {now - kTrendHistory, now}, 1h);
  const auto fine = query_.frame(server.id, *rule.resource, {now - kFastHistory, now}, 5min);
  if (!hourly || !fine) return found;
  const double level = rule.rule.threshold;
  for (size_t i = 0; i < hourly->columns.size() && i < fine->columns.size(); ++i) {
    const auto readings = known_readings(fine->grid, fine->columns[i].values);
    if (readings.empty() || now - readings.back().time > kLastSampleMax) continue;
    Candidate candidate{hourly->columns[i].name, {}};
    candidate.outlook.present = readings.back().value;
    candidate.outlook.history = known_for(hourly->grid, hourly->columns[i].values);
    // Neither of the two is asked how wrong it was lately: both answer only where all of their band grows.
    const Crossing trend = alert::slow_growth(level, known_readings(hourly->grid, hourly->columns[i].values, 30min));
    const Crossing fast = alert::fast_growth(level, readings);
    candidate.outlook.crossing = {sooner(trend.earliest, fast.earliest), sooner(trend.expected, fast.expected),
                                  sooner(trend.latest, fast.latest)};
    found.push_back(std::move(candidate));
  }
  return found;
}

std::vector<Predictions::Candidate> Predictions::forecast(const Server& server, const EffectiveRule& rule,
                                                          Timestamp now) const {
  const auto hourly = query_.frame(server.id, *rule.resource, {now - 2 * alert::kHistoryMin, now}, 1h);
  if (!hourly || hourly->columns.empty()) return {};
  const auto view = forecasts_.forecast(server.id, *rule.resource,
                                        rule.rule.within <= forecast::kHour ? forecast::kHour : forecast::kDay);
  if (!view) return {};
  for (const CurrentValue& value : query_.status(server.id).values) {
    if (value.resource != rule.resource || now - value.time > kLastSampleMax) continue;
    const forecast::Score& score = view->prediction.score;
    return {{"",
             {crossing_of(rule.rule, view->prediction), value.value,
              known_for(hourly->grid, hourly->columns.front().values), std::nullopt,
              score.count > 0 ? score.mae : std::numeric_limits<double>::quiet_NaN()}}};
  }
  return {};
}

// Incidents whose rule was removed, or whose mount point is gone.
Result<void> Predictions::end_those_without_a_rule() {
  const Timestamp now = clock_.now();
  std::vector<int64_t> ended;
  for (auto each = watches_.begin(); each != watches_.end();) {
    auto& [key, watch] = *each;
    const auto& [server, resource, instance, direction, severity] = key;
    if (watch.looked_at == Timestamp{}) watch.looked_at = now;  // after a start
    const bool alive = now - watch.looked_at <= 4 * kLookMax || alerts_.is_silent(server);
    if (!alive && watch.incident != 0) ended.push_back(watch.incident);
    each = alive ? std::next(each) : watches_.erase(each);
  }
  MPS_TRY([[maybe_unused]] const size_t messages, incidents_.write({}, ended, now));
  return {};
}

Result<void> Predictions::judge(Timestamp now) {
  if (now < next_judgement_) return {};
  next_judgement_ = now + kJudgeEvery;
  MPS_TRY(const auto open, rows_.list_open());
  for (const catalog::PredictionRow& row : open) {
    alert::Rule rule;
    rule.threshold = row.threshold;
    rule.direction = alert::find_direction(row.direction).value_or(alert::Direction::kAbove);
    std::optional<Timestamp> came_at, newest;
    for (const Channel& channel : query_.channels(row.server)) {
      if (channel.resource->name != row.resource || channel.instance != row.instance) continue;
      MPS_TRY(const auto readings, query_.readings(row.server, channel, {row.made_at, std::min(now, row.due_at)}));
      const auto crossed = std::find_if(readings.begin(), readings.end(),
                                        [&](const Reading& reading) { return alert::beyond(rule, reading.value); });
      if (crossed != readings.end()) came_at = crossed->time;
      if (!readings.empty()) newest = readings.back().time;
    }
    if (came_at) {
      MPS_TRY_VOID(rows_.judge(row.id, "true", came_at));
    } else if (now >= row.due_at) {
      // A server that fell silent proves nothing.
      const bool seen = newest && row.due_at - *newest < (row.due_at - row.made_at) / 4;
      MPS_TRY_VOID(rows_.judge(row.id, seen ? "false" : "unknown", std::nullopt));
    }
  }
  return {};
}

Predictions::Precision Predictions::precision(Duration span) const {
  const auto count = rows_.count(clock_.now() - span);
  if (!count) return {};
  return {count->came_true, count->did_not, count->open};
}

}  // namespace mps::service
