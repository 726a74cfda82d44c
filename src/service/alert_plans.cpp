#include "service/alert_plans.h"

#include <algorithm>

namespace mps::service {
namespace {

using alert::Kind, alert::Severity;

alert::Rule for_cores(alert::Rule rule, double cores) {
  rule.threshold *= cores;
  rule.clear *= cores;
  return rule;
}

bool same_watch(const alert::Rule& a, const alert::Rule& b) {
  return a.kind == b.kind && a.direction == b.direction && a.severity == b.severity;
}

bool is_of(const catalog::Incident& incident, const alert::Rule& rule) {
  if (incident.kind != alert::name_of(rule.kind) || incident.severity != alert::name_of(rule.severity)) return false;
  if (rule.kind == Kind::kNoData) return true;
  return incident.below == (rule.direction == alert::Direction::kBelow);
}

}  // namespace

void Alerts::plan_channels(Plan& plan) const {
  std::vector<ChannelPlan> before = std::move(plan.channels);
  plan.channels.clear();
  for (Channel& channel : query_.channels(plan.server.id)) {
    if (channel.keys.empty()) continue;
    ChannelPlan fresh;
    fresh.resource = channel.resource;
    fresh.instance = std::move(channel.instance);
    fresh.refs = query_.refs(plan.server.id, {channel.resource, "", std::move(channel.keys), false});
    const auto old = std::find_if(before.begin(), before.end(), [&](const ChannelPlan& each) {
      return each.resource == fresh.resource && each.instance == fresh.instance;
    });
    if (old != before.end()) {
      fresh.watches = std::move(old->watches);
      fresh.seen = old->seen, fresh.late = old->late;
    }
    plan.channels.push_back(std::move(fresh));
  }
  plan.has_agent = query_.has_agent(plan.server.id);
}

void Alerts::plan_rules(Plan& plan, Round& round) {
  plan.rules_version = rules_version_;
  const auto effective = rules_.effective(plan.server);
  const auto cores = query_.cores(plan.server.id);
  for (ChannelPlan& channel : plan.channels) {
    std::vector<Watch> before = std::move(channel.watches);
    channel.watches.clear();
    for (const EffectiveRule* each : rules_for(effective, *channel.resource, channel.instance)) {
      if (each->rule.kind != Kind::kThreshold || (each->per_core && !cores)) continue;
      Watch watch{each->per_core ? for_cores(each->rule, *cores) : each->rule};
      const auto old = std::find_if(before.begin(), before.end(),
                                    [&](const Watch& other) { return same_watch(other.rule, watch.rule); });
      if (old != before.end()) {
        watch.state = old->state;
        watch.incident = std::exchange(old->incident, 0);
      }
      // A new rule is to see what was there before it.
      if (old == before.end() || old->rule != watch.rule) {
        if (!watch.state.firing) watch.state = {};
        channel.seen.reset();
      }
      channel.watches.push_back(watch);
    }
    for (const Watch& gone : before) {
      if (gone.incident != 0) round.ended_quietly.push_back({gone.incident, catalog::kUnwatched});
    }
    // The critical one is looked at first, so that the warning knows.
    std::stable_sort(channel.watches.begin(), channel.watches.end(),
                     [](const Watch& a, const Watch& b) { return a.rule.severity > b.rule.severity; });
    for (Watch& watch : channel.watches) {
      watch.muted_by = -1;
      for (size_t i = 0; i < channel.watches.size() && watch.rule.severity == Severity::kWarning; ++i) {
        const alert::Rule& other = channel.watches[i].rule;
        if (other.severity == Severity::kCritical && other.direction == watch.rule.direction)
          watch.muted_by = static_cast<int>(i);
      }
    }
  }
  std::vector<SilenceWatch> before = std::move(plan.silences);
  plan.silences.clear();
  for (const EffectiveRule& each : effective) {
    if (each.rule.kind != Kind::kNoData || each.off) continue;
    SilenceWatch watch{each.rule};
    const auto old = std::find_if(before.begin(), before.end(),
                                  [&](const SilenceWatch& other) { return same_watch(other.rule, watch.rule); });
    if (old != before.end()) {
      watch.state = old->state;
      watch.incident = std::exchange(old->incident, 0);
    }
    plan.silences.push_back(watch);
  }
  for (const SilenceWatch& gone : before) {
    if (gone.incident != 0) round.ended_quietly.push_back({gone.incident, catalog::kUnwatched});
  }
  adopt_orphans(plan, round);
}

// After a start: each open incident finds its watch again. Where there is none, the rule was removed meanwhile.
void Alerts::adopt_orphans(Plan& plan, Round& round) {
  std::erase_if(orphans_, [&](const catalog::Incident& incident) {
    if (incident.server != plan.server.id) return false;
    for (ChannelPlan& channel : plan.channels) {
      if (channel.resource->name != incident.resource || channel.instance != incident.instance) continue;
      for (Watch& watch : channel.watches) {
        if (watch.incident != 0 || !is_of(incident, watch.rule)) continue;
        watch.incident = incident.id;
        alert::RuleState& state = watch.state;
        state.broken = state.firing = true;
        state.breached_at = incident.breached_at;
        state.last_reading = state.notified_at = incident.notified_at;
        state.peak = incident.peak;
        channel.seen = incident.notified_at;
        return true;
      }
    }
    for (SilenceWatch& watch : plan.silences) {
      if (watch.incident != 0 || !is_of(incident, watch.rule)) continue;
      watch.incident = incident.id;
      watch.state.silent = watch.state.firing = true;
      watch.state.silent_since = incident.breached_at;
      watch.state.notified_at = incident.notified_at;
      return true;
    }
    const auto kind = alert::find_kind(incident.kind);
    if (kind != Kind::kThreshold && kind != Kind::kNoData) return true;  // somebody else's
    round.ended_quietly.push_back({incident.id, catalog::kUnwatched});
    return true;
  });
}

void Alerts::refresh_plans(Round& round) {
  const uint64_t servers_version = servers_.version(), rules_version = rules_.version();
  const bool rules_changed = rules_version != rules_version_;
  rules_version_ = rules_version;
  bool changed = rules_changed;
  if (servers_version != servers_version_) {
    servers_version_ = servers_version;
    std::unordered_map<int64_t, Server> there;
    for (Server& server : servers_.list()) there.emplace(static_cast<int64_t>(server.id), std::move(server));
    std::erase_if(plans_, [&](const auto& plan) {
      const auto id = static_cast<int64_t>(plan->server.id);
      if (there.contains(id)) return false;
      plan_of_.erase(id);  // its incidents went with the server
      return true;
    });
    for (const catalog::Incident& each : orphans_) {
      if (!there.contains(static_cast<int64_t>(each.server)))
        round.ended_quietly.push_back({each.id, catalog::kServerRemoved});
    }
    std::erase_if(orphans_,
                  [&](const catalog::Incident& each) { return !there.contains(static_cast<int64_t>(each.server)); });
    for (auto& [id, server] : there) {
      Plan*& plan = plan_of_[id];
      if (plan == nullptr) plan = plans_.emplace_back(std::make_unique<Plan>()).get();
      if (plan->server.tags != server.tags) plan->rules_version = 0;
      plan->server = std::move(server);
    }
    changed = true;
  }
  for (const store::ServerPulse& pulse : query_.pulses()) {
    const auto found = plan_of_.find(static_cast<int64_t>(pulse.server));
    if (found == plan_of_.end()) continue;
    Plan& plan = *found->second;
    plan.pulse = pulse;
    if (pulse.series == plan.series) continue;
    plan.series = pulse.series;
    plan_channels(plan);
    plan.rules_version = 0;
    changed = true;
  }
  if (!changed) return;
  refs_.clear();
  Duration shortest = std::chrono::hours(24);
  for (const auto& plan : plans_) {
    if (plan->rules_version != rules_version_) plan_rules(*plan, round);
    plan->first_ref = refs_.size();
    for (const ChannelPlan& channel : plan->channels) {
      if (channel.watches.empty()) continue;
      refs_.insert(refs_.end(), channel.refs.begin(), channel.refs.end());
      for (const Watch& watch : channel.watches) shortest = std::min({shortest, watch.rule.hold, watch.rule.repeat});
    }
    for (const SilenceWatch& watch : plan->silences)
      shortest = std::min({shortest, watch.rule.hold, watch.rule.repeat});
  }
  newest_.resize(refs_.size());
  interval_ = shortest < std::chrono::minutes(1) ? kShortRound : kRound;
}

}  // namespace mps::service
