#include "service/alerts.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/log.h"
#include "service/flapping.h"

namespace mps::service {
namespace {

alert::Rule default_rule(const Resource& resource) {
  return {*resource.alert_above, *resource.alert_above, std::chrono::minutes(5), std::chrono::minutes(60)};
}

alert::Rule to_rule(const catalog::RuleRow& row) {
  return {row.above, row.clear, row.hold, row.repeat};
}

// Where readings for the next evaluation begin: after the last one seen; at a start, or after a long silence, far
// enough back to see a whole hold time.
Timestamp readings_from(const alert::Rule& rule, const std::optional<Timestamp>& last_reading, Timestamp now) {
  const Timestamp earliest = now - rule.hold - 2 * alert::kGapMax;
  return last_reading ? std::max(*last_reading + Duration(1), earliest) : earliest;
}

}  // namespace

Alerts::Alerts(catalog::Database& database, Servers& servers, const Query& query, Announcements& announcements,
               const Clock& clock)
    : database_(database),
      rules_(database),
      incidents_(database),
      servers_(servers),
      query_(query),
      announcements_(announcements),
      clock_(clock) {}

Result<void> Alerts::load() {
  const std::lock_guard lock(mutex_);
  MPS_TRY(rule_rows_, rules_.list());
  MPS_TRY(const auto open, incidents_.list_open());
  for (const catalog::Incident& incident : open) {
    Watch& watch = watches_[{incident.server, incident.resource, incident.instance}];
    watch.incident = incident;
    watch.state = {true, incident.breached_at, incident.notified_at, 0, incident.peak, incident.notified_at};
  }
  return {};
}

std::vector<Alerts::EffectiveRule> Alerts::rules_of(ServerId server) const {
  const std::lock_guard lock(mutex_);
  return rules_of_locked(server);
}

std::vector<Alerts::EffectiveRule> Alerts::rules_of_locked(ServerId server) const {
  std::vector<EffectiveRule> effective;
  for (const Resource& resource : resources()) {
    std::optional<EffectiveRule> rule;
    if (resource.alert_above) rule = EffectiveRule{&resource, default_rule(resource), "default"};
    for (const catalog::RuleRow& row : rule_rows_) {  // those for all come before those of one server
      if (row.resource != resource.name) continue;
      if (row.server == ServerId{}) rule = EffectiveRule{&resource, to_rule(row), "all"};
      if (row.server == server)
        rule = EffectiveRule{&resource, to_rule(row), row.server == ServerId{} ? "all" : "server"};
    }
    if (rule) effective.push_back(std::move(*rule));
  }
  return effective;
}

std::vector<catalog::RuleRow> Alerts::list_rules() const {
  const std::lock_guard lock(mutex_);
  return rule_rows_;
}

Result<void> Alerts::set_rule(ServerId server, const Resource& resource, const alert::Rule& rule) {
  if (rule.clear > rule.above) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("the clear threshold {} must not be above the threshold {}", rule.clear, rule.above)};
  }
  if (rule.hold < std::chrono::seconds(1) || rule.repeat < std::chrono::seconds(1)) {
    return Error{ErrorCode::kInvalidArgument, "'for' and 'repeat' must be at least 1s"};
  }
  const std::lock_guard lock(mutex_);
  MPS_TRY_VOID(rules_.set({server, std::string(resource.name), rule.above, rule.clear, rule.hold, rule.repeat}));
  MPS_TRY(rule_rows_, rules_.list());
  return {};
}

Result<void> Alerts::remove_rule(ServerId server, const Resource& resource) {
  const std::lock_guard lock(mutex_);
  MPS_TRY(const bool removed, rules_.remove(server, std::string(resource.name)));
  if (!removed)
    return Error{
        ErrorCode::kNotFound,
        fmt::format("there is no rule of {} here to remove; defaults can be replaced, not removed", resource.name)};
  MPS_TRY(rule_rows_, rules_.list());
  return {};
}

Result<size_t> Alerts::evaluate() {
  const std::lock_guard lock(mutex_);
  const auto servers = servers_.list();
  std::erase_if(watches_, [&](const auto& entry) {
    return std::none_of(servers.begin(), servers.end(),
                        [&](const Server& server) { return server.id == std::get<ServerId>(entry.first); });
  });
  size_t messages = 0;
  for (const Server& server : servers) {
    for (const EffectiveRule& rule : rules_of_locked(server.id)) {
      MPS_TRY(const size_t count, evaluate_rule(server, rule));
      messages += count;
    }
  }
  ++rounds_;
  return messages;
}

Result<size_t> Alerts::evaluate_rule(const Server& server, const EffectiveRule& rule) {
  const Timestamp now = clock_.now();
  const std::string resource(rule.resource->name);
  // One read for all instances, from the one that is furthest behind.
  std::optional<Timestamp> behind;
  for (auto it = watches_.lower_bound({server.id, resource, ""}); it != watches_.end(); ++it) {
    if (std::get<0>(it->first) != server.id || std::get<1>(it->first) != resource) break;
    const auto& last = it->second.state.last_reading;
    if (last && (!behind || *last < *behind)) behind = last;
  }
  MPS_TRY(const auto instances,
          query_.readings(server.id, *rule.resource,
                          {readings_from(rule.rule, behind, now), now + std::chrono::minutes(10)}));
  size_t messages = 0;
  for (const InstanceReadings& instance : instances) {
    const Key key{server.id, resource, instance.instance};
    Watch& watch = watches_[key];
    const alert::Evaluation evaluation = alert::evaluate(rule.rule, instance.readings, watch.state, now);
    MPS_TRY(const size_t count, apply(server, rule, key, watch, evaluation));
    messages += count;
  }
  return messages;
}

Result<size_t> Alerts::apply(const Server& server, const EffectiveRule& rule, const Key& key, Watch& watch,
                             const alert::Evaluation& evaluated) {
  const Timestamp now = clock_.now();
  alert::Evaluation evaluation = evaluated;
  MPS_TRY(const FlapStep flap, flap_step(incidents_, watch.incident, evaluation, now));
  if (flap == FlapStep::kHold || flap == FlapStep::kGoOn) {
    watch.incident->peak = std::max(watch.incident->peak, evaluation.state.peak);
    watch.state = evaluation.state;
    return take_turn(database_, announcements_, server, rule.resource, *watch.incident, flap, now);
  }
  if (flap == FlapStep::kEnd) evaluation.transition = alert::Transition::kResolved;
  if (!evaluation.transition) {
    watch.state = evaluation.state;
    return size_t{0};
  }
  catalog::Incident incident = watch.incident.value_or(catalog::Incident{});
  const auto audience = announcements_.audience();
  size_t messages = 0;
  // The incident and its messages are written together: after a crash there are both, or neither and the next round
  // does it again.
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    if (*evaluation.transition == alert::Transition::kFired) {
      incident = {0,
                  server.id,
                  std::get<1>(key),
                  std::get<2>(key),
                  rule.rule.above,
                  evaluation.state.peak,
                  evaluation.state.breached_at.value_or(now),
                  now,
                  now,
                  std::nullopt};
      MPS_TRY(incident.id, incidents_.open(incident));
    } else {
      incident.peak = std::max(incident.peak, evaluation.state.peak);
      if (*evaluation.transition == alert::Transition::kResolved) incident.resolved_at = now;
      incident.notified_at = now;
      MPS_TRY_VOID(incidents_.update(incident));
    }
    MPS_TRY(messages, announcements_.announce({*evaluation.transition, server, rule.resource, rule.rule, incident,
                                               evaluation.state.last_value},
                                              audience, now));
    return {};
  }));
  log::info("{} {} {}: {}", server.name, rule.resource->name, incident.instance,
            *evaluation.transition == alert::Transition::kResolved ? "resolved"
            : *evaluation.transition == alert::Transition::kFired  ? "fired"
                                                                   : "still firing");
  watch.state = evaluation.state;
  watch.incident = incident.resolved_at ? std::nullopt : std::optional(incident);
  return messages;
}

bool Alerts::wants_short_rounds() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(rule_rows_.begin(), rule_rows_.end(), [](const catalog::RuleRow& row) {
    return std::min(row.hold, row.repeat) < std::chrono::minutes(1);
  });
}

std::vector<catalog::Incident> Alerts::open_incidents() const {
  const std::lock_guard lock(mutex_);
  std::vector<catalog::Incident> open;
  for (const auto& [key, watch] : watches_) {
    if (watch.incident) open.push_back(*watch.incident);
  }
  return open;
}

}  // namespace mps::service
