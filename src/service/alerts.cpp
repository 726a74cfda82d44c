#include "service/alerts.h"

#include <algorithm>

#include "base/log.h"
#include "service/alert_plans.h"

namespace mps::service {
namespace {

using alert::Kind, alert::Transition, alert::Voice;

// A server that was not heard of for so long before the hub's start is a recording, or gone.
constexpr Duration kGoneAfter = std::chrono::hours(24);
constexpr Duration kPauseMax = std::chrono::hours(2);  // a longer one between two arrivals is never usual
// A mount point that fell silent this long before its server did was unmounted.
constexpr Duration kUnmountedAfter = std::chrono::minutes(15);
// So much is read at most to tell when a breach ended.
constexpr Duration kMissedMax = std::chrono::hours(24);
// A lag that moves less than this in so long is the difference of two clocks.
constexpr Duration kLagWindow = std::chrono::minutes(10), kLagSway = std::chrono::minutes(1);

catalog::Incident new_incident(const Server& server, const alert::Rule& rule, Timestamp breached_at, Timestamp now) {
  catalog::Incident incident;
  incident.server = server.id;
  incident.threshold = rule.threshold;
  incident.breached_at = breached_at;
  incident.fired_at = incident.notified_at = now;
  incident.kind = alert::name_of(rule.kind);
  incident.severity = alert::name_of(rule.severity);
  return incident;
}

catalog::Incident incident_of(const Server& server, const alert::Rule& rule, const Resource& resource,
                              const std::string& instance, const alert::RuleState& state, Timestamp now) {
  catalog::Incident incident = new_incident(server, rule, state.breached_at.value_or(now), now);
  incident.resource = resource.name;
  incident.instance = instance;
  incident.peak = state.peak;
  return incident;
}

uint32_t late_of(std::span<const store::NewestSamples> samples) {
  uint32_t late = 0;
  for (const store::NewestSamples& each : samples) late += each.late;
  return late;
}

// Did more than one sample come since `seen`?
bool missed_some(std::span<const store::NewestSamples> samples, std::optional<Timestamp> seen) {
  if (!seen) return true;
  return std::any_of(samples.begin(), samples.end(),
                     [&](const store::NewestSamples& each) { return each.count == 2 && each.before.time > *seen; });
}

}  // namespace

Alerts::Alerts(Servers& servers, RuleBook& rules, const Query& query, IncidentLog& incidents, const Clock& clock)
    : servers_(servers), rules_(rules), query_(query), incidents_(incidents), clock_(clock) {}

Alerts::~Alerts() = default;

Result<void> Alerts::load() {
  const std::lock_guard lock(mutex_);
  MPS_TRY(orphans_, incidents_.open());
  started_at_ = clock_.now();
  return {};
}

std::vector<EffectiveRule> Alerts::rules_of(ServerId server) const {
  const auto known = servers_.find(server);
  return known ? rules_.effective(*known) : std::vector<EffectiveRule>{};
}

std::vector<catalog::Incident> Alerts::open_incidents() const {
  auto open = incidents_.open();
  if (open) return std::move(*open);
  log::error("open incidents: {}", open.error().message);
  return {};
}

bool Alerts::is_silent(ServerId server) const {
  const std::lock_guard lock(mutex_);
  const auto found = plan_of_.find(static_cast<int64_t>(server));
  return found != plan_of_.end() && found->second->silent();
}

Result<size_t> Alerts::evaluate_if_due() {
  {
    const std::lock_guard lock(mutex_);
    const Duration since = clock_.now() - evaluated_at_;
    const bool changed = servers_version_ != servers_.version() || rules_version_ != rules_.version();
    if (!changed && since >= Duration::zero() && since < interval_) return size_t{0};
  }
  return evaluate();
}

Result<size_t> Alerts::evaluate() {
  const std::lock_guard lock(mutex_);
  if (!query_.ready()) return size_t{0};  // the journal is being replayed
  Round round{clock_.now()};
  evaluated_at_ = round.now;
  refresh_plans(round);
  query_.newest(refs_, newest_);
  for (const auto& plan : plans_) look(*plan, round);
  first_round_ = false;
  MPS_TRY(const size_t messages, write(round));
  ++rounds_;
  return messages;
}

void Alerts::look(Plan& plan, Round& round) const {
  if (!plan.pulse) return;  // it has never sent anything
  // A server is heard when something came, be it older than what was there: its clock may have been set back.
  bool heard = plan.last_seen != plan.pulse->last_seen;
  size_t ref = plan.first_ref;
  for (ChannelPlan& channel : plan.channels) {
    if (channel.watches.empty()) continue;
    channel.samples = std::span(newest_).subspan(ref, channel.refs.size());
    ref += channel.refs.size();
    heard = heard || (channel.seen && late_of(channel.samples) != channel.late);
  }
  const bool since_last_round = plan.looked_at || !first_round_;
  plan.last_seen = plan.pulse->last_seen;
  plan.looked_at = true;
  if (heard && since_last_round) {
    plan.heard_ever = true;
    notice_lag(plan, round.now);
    notice_pause(plan, round.now);
  }
  look_for_silence(plan, heard && since_last_round, round);
  for (ChannelPlan& channel : plan.channels) {
    if (!channel.watches.empty()) look_at(plan, channel, round);
  }
}

void Alerts::notice_lag(Plan& plan, Timestamp now) {
  const Duration lag = now - *plan.last_seen;
  if (!plan.lag_since) plan.lag_since = now, plan.lag_min = plan.lag_max = lag;
  plan.lag_min = std::min(plan.lag_min, lag);
  plan.lag_max = std::max(plan.lag_max, lag);
  if (now - *plan.lag_since < kLagWindow) return;
  plan.behind = plan.lag_max - plan.lag_min < kLagSway ? std::max(plan.lag_min, Duration::zero()) : Duration::zero();
  plan.lag_since.reset();
}

void Alerts::notice_pause(Plan& plan, Timestamp now) {
  if (plan.heard_at) {
    plan.pause_before = std::exchange(plan.pause, now - *plan.heard_at);
    if (plan.pause_before == Duration::zero()) plan.pause_before = plan.pause;
  }
  plan.heard_at = now;
}

void Alerts::look_for_silence(Plan& plan, bool heard, Round& round) const {
  const bool listened_for = plan.heard_ever || (plan.last_seen && started_at_ - *plan.last_seen < kGoneAfter);
  for (SilenceWatch& watch : plan.silences) {
    if (watch.incident == 0 && (!plan.has_agent || !listened_for)) continue;
    const alert::SilenceState before = watch.state;
    alert::Pulse pulse{heard, plan.last_seen};
    if (plan.behind > alert::kGapMax) *pulse.last_seen += plan.behind;
    // A server that sends every five minutes is not silent after three.
    alert::Rule rule = watch.rule;
    rule.hold = std::max(rule.hold, std::min(2 * std::min(plan.pause, plan.pause_before), kPauseMax));
    auto [state, transition] = alert::evaluate_no_data(rule, pulse, before, round.now);
    if (state.silent && !before.silent) state.silent_since = plan.last_seen;
    watch.state = state;
    if (!transition) continue;
    Change change{{*transition, plan.server, nullptr, watch.rule, {}, 0, state.flapping, {}, {}},
                  &watch.incident,
                  nullptr,
                  &watch.state,
                  before.firing,
                  before.flapping,
                  before.notified_at};
    change.event.incident = new_incident(plan.server, watch.rule, state.silent_since.value_or(round.now), round.now);
    change.event.incident.id = watch.incident;
    if (*transition == Transition::kResolved)
      change.event.meanwhile = meanwhile(plan, state.silent_since.value_or(round.now), round.now);
    round.changes.push_back(std::move(change));
  }
}

// What is over of all that the server's other rules said before, or would have said since then.
std::vector<Meanwhile> Alerts::meanwhile(Plan& plan, Timestamp since, Timestamp now) const {
  std::vector<Meanwhile> found;
  for (ChannelPlan& channel : plan.channels) {
    for (Watch& watch : channel.watches) {
      const auto told = std::exchange(watch.ended_in_silence, std::nullopt);
      if (told) found.push_back({channel.resource, channel.instance, watch.rule, *told});
      const auto readings =
          readings_of(plan, channel, {since - watch.rule.hold - 2 * alert::kGapMax, now + std::chrono::minutes(10)});
      for (const alert::Episode& episode : alert::episodes(watch.rule, readings)) {
        const bool same_again = told && episode.breached_at <= *told->ended_at;
        if (episode.ended_at && *episode.ended_at > since && !same_again)
          found.push_back({channel.resource, channel.instance, watch.rule, episode});
      }
    }
  }
  return found;
}

std::vector<Reading> Alerts::readings_of(const Plan& plan, const ChannelPlan& channel, TimeRange range) const {
  for (const Channel& each : query_.channels(plan.server.id)) {
    if (each.resource != channel.resource || each.instance != channel.instance) continue;
    Channel agents = each;
    agents.imported = false;
    auto readings = query_.readings(plan.server.id, agents, range);
    if (readings) return std::move(*readings);
    log::error("{} {}: {}", plan.server.name, channel.resource->name, readings.error().message);
  }
  return {};
}

void Alerts::look_at(Plan& plan, ChannelPlan& channel, Round& round) const {
  const auto newest = Query::newest_reading(*channel.resource, channel.samples);
  if (!newest) return;
  const uint32_t late = late_of(channel.samples);
  const bool came_late = channel.seen && late != channel.late;
  const bool nothing_new = !came_late && channel.seen && newest->time <= *channel.seen;
  const bool missed = missed_some(channel.samples, channel.seen);
  const bool gone = *plan.last_seen - newest->time > kUnmountedAfter;
  const Timestamp now = round.now - plan.behind;
  for (Watch& watch : channel.watches) {
    alert::RuleState& state = watch.state;
    if (nothing_new && !state.firing && !state.broken) continue;
    if (gone) {
      if (watch.incident != 0)
        round.ended_quietly.push_back({std::exchange(watch.incident, 0), catalog::kUnwatched, newest->value});
      state = {};
      continue;
    }
    const bool muted = plan.silent() || (watch.muted_by >= 0 && channel.watches[watch.muted_by].state.firing);
    const Voice voice = muted ? Voice::kMuted : Voice::kOpen;
    const alert::RuleState before = state;
    // What was missed matters only where a breach may be under way.
    const bool matters = state.firing || state.broken || !alert::cleared(watch.rule, newest->value);
    alert::Evaluation result;
    if ((came_late || missed) && !nothing_new && matters) {
      const Timestamp window = newest->time - alert::window_of(watch.rule);
      const Timestamp oldest = state.broken ? newest->time - kMissedMax : window;
      const Timestamp from = came_late || !channel.seen ? window : std::max(oldest, *channel.seen);
      const auto readings = readings_of(plan, channel, {from, newest->time + Duration(1)});
      result = came_late ? alert::evaluate_again(watch.rule, from, readings, before, now, voice)
                         : alert::evaluate(watch.rule, readings, before, now, voice);
    } else {
      result = alert::evaluate(watch.rule, {&*newest, nothing_new ? 0u : 1u}, before, now, voice);
    }
    state = result.state;
    if (!result.transition) continue;
    if (*result.transition == Transition::kResolved && plan.silent()) {
      const Timestamp ended = std::max(state.changed_at, before.breached_at.value_or(state.changed_at));
      watch.ended_in_silence = alert::Episode{before.breached_at.value_or(ended), ended, ended,
                                              alert::worse(watch.rule, before.peak, state.peak)};
      round.ended_quietly.push_back({std::exchange(watch.incident, 0), "", state.last_value});
      continue;
    }
    Change change{
        {*result.transition, plan.server, channel.resource, watch.rule, {}, state.last_value, state.flapping, {}, {}},
        &watch.incident,
        &state,
        nullptr,
        before.firing,
        before.flapping,
        before.notified_at};
    change.event.incident = incident_of(plan.server, watch.rule, *channel.resource, channel.instance, state, round.now);
    change.event.incident.id = watch.incident;
    round.changes.push_back(std::move(change));
  }
  channel.seen = newest->time;
  channel.late = late;
}

Result<size_t> Alerts::write(Round& round) {
  round.ended_quietly.insert(round.ended_quietly.end(), unended_.begin(), unended_.end());
  unended_.clear();
  std::vector<IncidentEvent> events;
  for (Change& change : round.changes) events.push_back(std::move(change.event));
  const auto written = incidents_.write(events, round.ended_quietly, round.now);
  for (size_t i = 0; i < round.changes.size(); ++i) {
    Change& change = round.changes[i];
    if (written) {
      *change.incident = events[i].transition == Transition::kResolved ? 0 : events[i].incident.id;
      continue;
    }
    // Nobody heard of it: the next round tells it again.
    const auto take_back = [&](auto& state) {
      state.firing = change.was_firing;
      state.flapping = change.was_flapping;
      state.notified_at = change.was_notified_at;
    };
    if (change.state != nullptr) take_back(*change.state);
    if (change.silence != nullptr) take_back(*change.silence);
  }
  if (!written) unended_ = std::move(round.ended_quietly);
  return written;
}

}  // namespace mps::service
