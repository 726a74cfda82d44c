#include "service/outlook_watches.h"

#include <algorithm>

namespace mps::service {

bool is_in_force(const OutlookParts& parts, alert::Kind kind, const WatchKey& key) {
  const auto server = parts.servers.find(key.server);
  const Resource* resource = find_resource(key.resource);
  if (!server || resource == nullptr) return false;
  const auto rules = parts.rules.effective(*server);
  const auto asking = rules_for(rules, *resource, key.instance);
  return std::any_of(asking.begin(), asking.end(), [&](const EffectiveRule* each) {
    return each->rule.kind == kind && each->rule.direction == key.direction && each->rule.severity == key.severity;
  });
}

IncidentEvent outlook_event(alert::Transition transition, const Server& server, const EffectiveRule& rule,
                            const std::string& instance, int64_t incident, double present, Timestamp now) {
  IncidentEvent event{transition, server, rule.resource, rule.rule, {}, present, false, {}, {}};
  event.incident.id = incident;
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

}  // namespace mps::service
