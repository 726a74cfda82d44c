#include "service/predictions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "service/outlook.h"

namespace mps::service {
namespace {

using alert::Kind, alert::Transition;
using namespace std::chrono_literals;

constexpr Duration kJudgeEvery = 1min;
constexpr Duration kStagger = 15min;      // the servers' first looks are spread over so long
constexpr Duration kUnwatchedAfter = 1h;  // its rule was removed, or its mount point is gone

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

}  // namespace

Result<void> Predictions::load() {
  const std::lock_guard lock(mutex_);
  return watches_.load(parts_.incidents, Kind::kPrediction, parts_.clock.now(),
                       [](alert::PredictionState& state, const catalog::Incident& incident) {
                         state.firing = true;
                         state.peak = incident.peak;
                         state.notified_at = incident.notified_at;
                       });
}

Result<size_t> Predictions::look(const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  if (!parts_.query.ready()) return size_t{0};
  size_t messages = 0;
  std::map<ServerId, Timestamp> next;
  for (const Server& server : parts_.servers.list()) {
    if (stop.stop_requested()) return messages;
    const Timestamp now = parts_.clock.now();
    auto rules = parts_.rules.effective(server);
    std::erase_if(rules, [](const EffectiveRule& rule) { return rule.rule.kind != Kind::kPrediction; });
    if (std::none_of(rules.begin(), rules.end(), is_prediction)) continue;
    // Not all of a fleet at once.
    const auto known = next_look_.find(server.id);
    next[server.id] =
        known != next_look_.end() ? known->second : now + static_cast<int64_t>(server.id) * 7 % (kStagger / 1s) * 1s;
    if (now < next[server.id] || parts_.alerts.is_silent(server.id)) continue;
    Duration interval = kStagger;
    for (const EffectiveRule& rule : rules) {
      if (is_prediction(rule)) interval = std::min(interval, look_interval(rule.rule));
    }
    next[server.id] = now + interval;
    MPS_TRY(const size_t count, look_at(server, rules, now));
    messages += count;
  }
  next_look_ = std::move(next);
  MPS_TRY_VOID(watches_.end_unwatched(parts_, Kind::kPrediction, kUnwatchedAfter, parts_.clock.now()));
  MPS_TRY_VOID(judge(parts_.clock.now()));
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
  auto& watch = watches_.look_at(
      {server.id, std::string(rule.resource->name), candidate.instance, rule.rule.direction, rule.rule.severity}, now);
  const auto result = alert::evaluate_prediction(rule.rule, candidate.outlook, watch.state, now);
  if (!result.transition) {
    watch.state = result.state;
    return size_t{0};
  }
  const bool resolved = *result.transition == Transition::kResolved;
  IncidentEvent event = outlook_event(*result.transition, server, rule, candidate.instance, watch.incident,
                                      candidate.outlook.present, now);
  const alert::PredictionState& told = resolved ? watch.state : result.state;
  event.crossing = told.crossing;
  event.incident.peak = told.peak;
  MPS_TRY(const size_t messages, parts_.incidents.write({&event, 1}, {}, now));
  watch.state = result.state;
  watch.incident = resolved ? 0 : event.incident.id;
  if (*result.transition == Transition::kFired) MPS_TRY_VOID(remember(event, result.state.crossing, now));
  return messages;
}

// So that it can be judged.
Result<void> Predictions::remember(const IncidentEvent& event, const alert::Crossing& crossing, Timestamp now) {
  catalog::PredictionRow row;
  row.incident = event.incident.id;
  row.server = event.server.id;
  row.resource = event.incident.resource;
  row.instance = event.incident.instance;
  row.direction = alert::name_of(event.rule.direction);
  row.threshold = event.rule.threshold;
  row.made_at = now;
  row.expected = crossing.expected.value_or(now);
  row.due_at = due_of(event.rule, crossing, now);
  return rows_.add(row);
}

std::vector<Predictions::Candidate> Predictions::candidates(const Server& server, const EffectiveRule& rule,
                                                            Timestamp now) const {
  auto found = rule.resource->instances == Instances::kEach ? growing(server, rule, now) : forecast(server, rule, now);
  const ServerStatus status = parts_.query.status(server.id);
  for (Candidate& candidate : found) {
    candidate.outlook.uptime = status.uptime;
    for (const CurrentValue& value : status.values) {
      if (value.resource == rule.resource && value.instance == candidate.instance && now - value.time <= kLastSampleMax)
        candidate.outlook.present = value.value;
    }
  }
  return found;
}

std::vector<Predictions::Candidate> Predictions::growing(const Server& server, const EffectiveRule& rule,
                                                         Timestamp now) const {
  std::vector<Candidate> found;
  const auto hourly = parts_.query.frame(server.id, *rule.resource, {now - kTrendHistory, now}, 1h);
  const auto fine = parts_.query.frame(server.id, *rule.resource, {now - kFastHistory, now}, 5min);
  if (!hourly || !fine) return found;
  for (size_t i = 0; i < hourly->columns.size() && i < fine->columns.size(); ++i) {
    const auto readings = known_readings(fine->grid, fine->columns[i].values);
    if (readings.empty() || now - readings.back().time > kLastSampleMax) continue;
    Candidate candidate{
        hourly->columns[i].name,
        growth_outlook(rule.rule.threshold, known_readings(hourly->grid, hourly->columns[i].values, 30min), readings)};
    found.push_back(std::move(candidate));
  }
  return found;
}

std::vector<Predictions::Candidate> Predictions::forecast(const Server& server, const EffectiveRule& rule,
                                                          Timestamp now) const {
  const auto hourly = parts_.query.frame(server.id, *rule.resource, {now - 2 * alert::kHistoryMin, now}, 1h);
  if (!hourly || hourly->columns.empty()) return {};
  const auto view = parts_.forecasts.forecast(server.id, *rule.resource,
                                              rule.rule.within <= forecast::kHour ? forecast::kHour : forecast::kDay);
  if (!view) return {};
  for (const CurrentValue& value : parts_.query.status(server.id).values) {
    if (value.resource != rule.resource || now - value.time > kLastSampleMax) continue;
    const forecast::Score& score = view->prediction.score;
    return {{"",
             {crossing_of(rule.rule, view->prediction), value.value,
              known_for(hourly->grid, hourly->columns.front().values), std::nullopt,
              score.count > 0 ? score.mae : std::numeric_limits<double>::quiet_NaN()}}};
  }
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
    for (const Channel& channel : parts_.query.channels(row.server)) {
      if (channel.resource->name != row.resource || channel.instance != row.instance) continue;
      MPS_TRY(const auto readings,
              parts_.query.readings(row.server, channel, {row.made_at, std::min(now, row.due_at)}));
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

Predictions::Precision Predictions::precision(Duration span, const std::string& resource) const {
  const auto count = rows_.count(parts_.clock.now() - span, resource);
  return count ? *count : Precision{};
}

}  // namespace mps::service
