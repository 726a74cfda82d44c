#include <cmath>
#include <fmt/format.h>

#include "gateway/api_alerts.h"
#include "gateway/routes/asking.h"
#include "gateway/routes/routes.h"
#include "service/rule_preview.h"
#include "service/rule_text.h"

namespace mps::gateway {
namespace {

using service::Change, service::Role;

Result<service::RuleScope> rule_scope(service::Hub& hub, const std::optional<std::string>& server,
                                      const std::optional<std::string>& tag) {
  if (server && tag) return Error{ErrorCode::kInvalidArgument, "a rule is for a server or for a tag, not for both"};
  if (tag) return service::RuleScope{{}, *tag};
  if (!server) return service::RuleScope{};
  MPS_TRY(const service::Server found, hub.servers().find(*server));
  return service::RuleScope{found.id, ""};
}

// What tells one rule from another.
template <class Wish>
Result<service::RuleSpec> named_rule(service::Hub& hub, const Wish& wish) {
  service::RuleSpec spec;
  MPS_TRY(spec.scope, rule_scope(hub, wish.server, wish.tag));
  spec.rule.kind = *alert::find_kind(wish.kind.value_or("threshold"));
  const bool silence = spec.rule.kind == alert::Kind::kNoData;
  spec.rule.direction = *alert::find_direction(wish.direction.value_or("above"));
  spec.rule.severity = *alert::find_severity(wish.severity.value_or(silence ? "critical" : "warning"));
  spec.instance = wish.instance.value_or("");
  if (silence && wish.resource)
    return Error{ErrorCode::kInvalidArgument, "no_data is about all that a server sends: leave resource out"};
  if (!silence) {
    if (!wish.resource) return Error{ErrorCode::kInvalidArgument, "resource is missing: cpu, ram, disk ..."};
    MPS_TRY(spec.resource, resource_named(*wish.resource));
  }
  return spec;
}

Result<service::RuleSpec> whole_rule(service::Hub& hub, const api::RuleWish& wish) {
  MPS_TRY(service::RuleSpec spec, named_rule(hub, wish));
  spec.off = wish.off.value_or(false);
  spec.per_core = wish.per_core.value_or(false);
  const bool has_threshold = spec.rule.kind == alert::Kind::kThreshold || spec.rule.kind == alert::Kind::kPrediction;
  if (has_threshold && !spec.off && !wish.threshold)
    return Error{ErrorCode::kInvalidArgument, "threshold is missing: what the value must pass, such as 90"};
  if (wish.threshold) spec.rule.threshold = *wish.threshold;
  spec.rule.clear = wish.clear.value_or(spec.rule.threshold);
  const bool silence = spec.rule.kind == alert::Kind::kNoData;
  spec.rule.hold = wish.hold ? wish.hold->length : std::chrono::minutes(silence ? 3 : 5);
  if (wish.repeat) spec.rule.repeat = wish.repeat->length;
  if (spec.rule.kind == alert::Kind::kPrediction) spec.rule.within = std::chrono::hours(24);
  if (wish.within) spec.rule.within = wish.within->length;
  return spec;
}

std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

api::Rule rule_of(const Resource* resource, const std::string& instance, const alert::Rule& rule, bool per_core,
                  bool off) {
  api::Rule out;
  out.text = service::rule_text(resource, instance, rule, per_core);
  out.kind = alert::name_of(rule.kind);
  if (resource != nullptr) out.resource = std::string(resource->name);
  out.instance = or_null(instance);
  out.direction = alert::name_of(rule.direction);
  out.severity = alert::name_of(rule.severity);
  out.threshold = rule.threshold;
  out.clear = rule.clear;
  out.hold = {rule.hold};
  out.repeat = {rule.repeat};
  if (rule.within > Duration::zero()) out.within = Span{rule.within};
  out.per_core = per_core;
  out.off = off;
  return out;
}

api::Rule rule_of(service::Hub& hub, const service::RuleSpec& spec, std::string_view origin) {
  api::Rule out = rule_of(spec.resource, spec.instance, spec.rule, spec.per_core, spec.off);
  out.origin = origin;
  if (const auto server = hub.servers().find(spec.scope.server)) out.server = server->name;
  out.tag = or_null(spec.scope.tag);
  return out;
}

std::string origin_of(const service::RuleSpec& spec) {
  if (spec.scope.server != ServerId{}) return "server";
  return spec.scope.tag.empty() ? "all" : "tag " + spec.scope.tag;
}

Result<Response> list_rules(service::Hub& hub) {
  api::RuleList list;
  for (const service::RuleSpec& spec : hub.rules().set_rules()) list.set.push_back(rule_of(hub, spec, origin_of(spec)));
  for (const service::RuleSpec& spec : service::RuleBook::default_rules())
    list.defaults.push_back(rule_of(hub, spec, "default"));
  return json_response(list);
}

Result<Response> show_effective(service::Hub& hub, const Call& call) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  api::EffectiveRules out{server.name, {}};
  for (const service::EffectiveRule& each : hub.alerts().rules_of(server.id)) {
    api::Rule& rule = out.rules.emplace_back(rule_of(each.resource, each.instance, each.rule, each.per_core, each.off));
    rule.origin = each.origin;
  }
  return json_response(out);
}

std::string whom_of(const service::RuleSpec& spec, service::Hub& hub) {
  const auto server = hub.servers().find(spec.scope.server);
  return server ? server->name : spec.scope.tag.empty() ? "all servers" : "tag " + spec.scope.tag;
}

Result<Response> set_rule(service::Hub& hub, const Call& call, const api::RuleWish& wish) {
  MPS_TRY(const service::RuleSpec spec, whole_rule(hub, wish));
  MPS_TRY_VOID(hub.rules().set(spec));
  const api::Rule rule = rule_of(hub, spec, origin_of(spec));
  note(hub, call, Change::kRuleSet, fmt::format("{}: {}", whom_of(spec, hub), rule.text));
  return json_response(rule);
}

Result<Response> remove_rule(service::Hub& hub, const Call& call, const api::RuleName& name) {
  MPS_TRY(const service::RuleSpec spec, named_rule(hub, name));
  MPS_TRY_VOID(hub.rules().remove(spec));
  note(hub, call, Change::kRuleRemoved,
       fmt::format("{}: {}", whom_of(spec, hub), spec.resource == nullptr ? "no data" : spec.resource->name));
  return no_content();
}

Result<Response> preview(service::Hub& hub, const api::RuleWish& wish) {
  if (!wish.server) return Error{ErrorCode::kInvalidArgument, "server is missing: on whose samples it is tried"};
  MPS_TRY(const service::Server server, hub.servers().find(*wish.server));
  MPS_TRY(const service::RuleSpec spec, whole_rule(hub, wish));
  MPS_TRY_VOID(service::RuleBook::valid(spec));
  MPS_TRY(const auto tried, service::preview_rule(hub.query(), hub.forecasts(), server, spec, hub.clock().now()));
  api::RulePreview out{service::rule_text(spec.resource, spec.instance, spec.rule, spec.per_core),
                       {tried.range.from},
                       {tried.range.to},
                       tried.readings,
                       {},
                       tried.suggested,
                       tried.note};
  for (const service::PreviewedIncident& each : tried.incidents) {
    api::PreviewedIncident& incident =
        out.incidents.emplace_back(api::PreviewedIncident{each.instance, {each.episode.fired_at}, {}, {}, {}, {}});
    if (each.episode.ended_at) incident.ended_at = Rfc3339{*each.episode.ended_at};
    if (std::isfinite(each.episode.peak)) incident.peak = each.episode.peak;
    if (each.expected) incident.expected = Rfc3339{*each.expected};
    incident.came_true = each.came_true;
  }
  return json_response(out);
}

}  // namespace

void add_rule_routes(Routes& routes, const RouteContext& context) {
  service::Hub& hub = context.hub;
  routes.push_back(api_get<Nothing>({"GET", "/api/v1/rules", "rules", "The rules that were set, and the defaults"},
                                    {json_answer<api::RuleList>("All of them")},
                                    [&hub](const Call&, const Nothing&) { return list_rules(hub); }));
  routes.push_back(api_get<Nothing>({"GET", "/api/v1/servers/{name}/rules", "rules", "The rules in force for a server"},
                                    {json_answer<api::EffectiveRules>("All of them"), no_such_server()},
                                    [&hub](const Call& call, const Nothing&) { return show_effective(hub, call); }));
  routes.push_back(api_change<api::RuleWish>(
      {"PUT", "/api/v1/rules", "rules", "Set or replace a rule", Role::kAdmin},
      {json_answer<api::Rule>("As it is set"), no_such_server()},
      [&hub](const Call& call, const api::RuleWish& wish) { return set_rule(hub, call, wish); }));
  routes.push_back(api_action<api::RuleName>(
      {"DELETE", "/api/v1/rules", "rules", "Forget a rule: that of a broader scope is in force again", Role::kAdmin},
      {{204, "It is gone"}, refused(404, "Nobody has set it, or there is no such server")},
      [&hub](const Call& call, const api::RuleName& name) { return remove_rule(hub, call, name); }));
  routes.push_back(api_change<api::RuleWish>(
      {"POST", "/api/v1/rules/preview", "rules", "How often a rule would have fired on a server in the last 30 days"},
      {json_answer<api::RulePreview>("When, and what threshold would be calmer"), no_such_server(),
       refused(409, "The server has sent nothing of it")},
      [&hub](const Call&, const api::RuleWish& wish) { return preview(hub, wish); }));
}

}  // namespace mps::gateway
