#include "service/rule_book.h"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

#include "base/text.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;
using alert::Direction, alert::Kind, alert::Severity;

constexpr Duration kDurationMax = std::chrono::days(366);

// What every server has before anybody sets a rule. The name of the resource, the rule, whether it is per core.
struct DefaultRule {
  std::string_view resource;
  alert::Rule rule;
  bool per_core = false;
};
const DefaultRule kDefaults[] = {
    {"", {.hold = 3min, .severity = Severity::kCritical, .kind = Kind::kNoData}},
    {"cpu", {.threshold = 90, .clear = 90, .hold = 5min}},
    {"ram", {.threshold = 90, .clear = 90, .hold = 5min}},
    {"disk", {.threshold = 85, .clear = 84, .hold = 5min, .repeat = 24h}},
    {"disk", {.threshold = 95, .clear = 94, .hold = 5min, .severity = Severity::kCritical}},
    {"disk", {.threshold = 95, .clear = 94, .repeat = 12h, .kind = Kind::kPrediction, .within = 24h}},
    {"load", {.threshold = 2, .clear = 2, .hold = 10min}, true},
    {"swap", {.threshold = 80, .clear = 75, .hold = 10min, .repeat = 6h}},
};

// A server is silent or it is not: of that there are no two severities at once.
Severity severity_key(const alert::Rule& rule) {
  return rule.kind == Kind::kNoData ? Severity::kCritical : rule.severity;
}

auto sameness(const RuleSpec& spec) {
  return std::tuple(spec.resource, spec.rule.kind, spec.rule.direction, severity_key(spec.rule));
}

bool same_place(const RuleSpec& a, const RuleSpec& b) {
  return sameness(a) == sameness(b) && a.scope.server == b.scope.server && a.scope.tag == b.scope.tag &&
         a.instance == b.instance;
}

catalog::RuleRow to_row(const RuleSpec& spec) {
  catalog::RuleRow row;
  row.server = spec.scope.server;
  row.tag = spec.scope.tag;
  row.kind = alert::name_of(spec.rule.kind);
  row.resource = spec.resource == nullptr ? "" : spec.resource->name;
  row.instance = spec.instance;
  row.direction = alert::name_of(spec.rule.direction);
  row.severity = alert::name_of(spec.rule.severity);
  row.off = spec.off;
  row.threshold = spec.rule.threshold;
  row.clear = spec.rule.clear;
  row.per_core = spec.per_core;
  row.hold = spec.rule.hold;
  row.repeat = spec.rule.repeat;
  row.within = spec.rule.within;
  return row;
}

// Nothing for a row of a newer program.
std::optional<RuleSpec> from_row(const catalog::RuleRow& row) {
  const auto kind = alert::find_kind(row.kind);
  const auto direction = alert::find_direction(row.direction);
  const auto severity = alert::find_severity(row.severity);
  const Resource* resource = find_resource(row.resource);
  if (!kind || !direction || !severity || (resource == nullptr) != (kind == Kind::kNoData)) return std::nullopt;
  return RuleSpec{
      {row.server, row.tag}, resource,
      row.instance,          {row.threshold, row.clear, row.hold, row.repeat, *direction, *severity, *kind, row.within},
      row.per_core,          row.off};
}

Error wrong(std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

Result<void> check_durations(const alert::Rule& rule) {
  if (rule.hold < 1s || rule.repeat < 1s) return wrong("'for' and 'repeat' must be at least 1s");
  if (rule.hold > kDurationMax || rule.repeat > kDurationMax || rule.within > kDurationMax)
    return wrong("durations over 366 days are refused");
  if (rule.kind == Kind::kNoData && rule.hold < 10s)
    return wrong("silence of under 10s can't be told from the pause between two samples; write --for 10s or more");
  return {};
}

Result<void> check_prediction(const Resource& resource, const alert::Rule& rule) {
  if (!resource.forecast) return wrong(fmt::format("there are no forecasts of {}", resource.name));
  const bool grows = resource.instances == Instances::kEach;
  if (grows && rule.direction == Direction::kBelow)
    return wrong(fmt::format("of {} only growth is predicted; write --above", resource.name));
  if (rule.within < 10min || rule.within > (grows ? 30 * 24h : 24h))
    return wrong(
        fmt::format("a prediction of {} looks between 10m and {} ahead", resource.name, grows ? "30d" : "24h"));
  return {};
}

Result<void> check(const RuleSpec& spec) {
  const alert::Rule& rule = spec.rule;
  if (spec.off) return {};
  const bool above = rule.direction == Direction::kAbove;
  if (above ? rule.clear > rule.threshold : rule.clear < rule.threshold) {
    return wrong(fmt::format("the clear threshold {} must not be {} the threshold {}", format_number(rule.clear),
                             above ? "above" : "below", format_number(rule.threshold)));
  }
  if (!spec.instance.empty() && (spec.resource == nullptr || spec.resource->instances != Instances::kEach)) {
    return wrong(fmt::format("{} has no instances to choose from; leave '{}' out",
                             spec.resource == nullptr ? "a server" : spec.resource->name, spec.instance));
  }
  if (spec.resource != nullptr && spec.resource->unit == Unit::kPercent && rule.kind != Kind::kAnomaly) {
    const bool possible = above ? rule.threshold < 100 : rule.threshold > 0;
    if (rule.threshold < 0 || rule.threshold > 100 || !possible)
      return wrong(fmt::format("{} is never {} {} %", spec.resource->title, alert::name_of(rule.direction),
                               format_number(rule.threshold)));
  }
  if (rule.kind == Kind::kAnomaly && !spec.resource->forecast)
    return wrong(fmt::format("there are no forecasts of {}, and so no band to be outside of", spec.resource->name));
  if (rule.kind == Kind::kPrediction) {
    MPS_TRY_VOID(check_prediction(*spec.resource, rule));
  }
  return check_durations(rule);
}

constexpr int kDefaultRank = 0, kAllRank = 1, kTagRank = 2, kServerRank = 3;

struct Candidate {
  RuleSpec spec;
  int rank;
};

std::optional<Candidate> in_scope(const RuleSpec& spec, const Server& server) {
  if (spec.scope.server != ServerId{})
    return spec.scope.server == server.id ? std::optional(Candidate{spec, kServerRank}) : std::nullopt;
  if (spec.scope.tag.empty()) return Candidate{spec, kAllRank};
  if (!std::binary_search(server.tags.begin(), server.tags.end(), spec.scope.tag)) return std::nullopt;
  return Candidate{spec, kTagRank};
}

// Of two rules of the same rank (of two tags): would `a` fire before `b`?
bool fires_first(const RuleSpec& a, const RuleSpec& b) {
  if (a.off != b.off) return b.off;
  if (a.rule.threshold != b.rule.threshold)
    return (a.rule.direction == Direction::kAbove) == (a.rule.threshold < b.rule.threshold);
  return a.rule.hold < b.rule.hold;
}

bool comes_before(const Candidate& a, const Candidate& b) {
  return a.rank != b.rank ? a.rank > b.rank : fires_first(a.spec, b.spec);
}

std::string origin_of(const Candidate& candidate) {
  switch (candidate.rank) {
    case kDefaultRank:
      return "default";
    case kAllRank:
      return "all";
    case kTagRank:
      return "tag " + candidate.spec.scope.tag;
    default:
      return "server";
  }
}

EffectiveRule to_effective(const Candidate& candidate) {
  const RuleSpec& spec = candidate.spec;
  return {spec.resource, spec.rule, origin_of(candidate), spec.instance, spec.per_core, spec.off};
}

// `same`: rules that are the same thing. What is in force of them: one for all instances, and those of instances that
// no broader one puts aside.
void add_effective(std::vector<Candidate> same, std::vector<EffectiveRule>& out) {
  std::sort(same.begin(), same.end(), comes_before);
  std::vector<std::string> taken;
  for (const Candidate& candidate : same) {
    const std::string& instance = candidate.spec.instance;
    if (std::count(taken.begin(), taken.end(), instance) > 0) continue;
    // Of one scope the instance comes before all instances, whatever the order here.
    if (instance.empty()) {
      for (const Candidate& other : same) {
        const std::string& its = other.spec.instance;
        if (other.rank != candidate.rank || its.empty() || std::count(taken.begin(), taken.end(), its) > 0) continue;
        taken.push_back(its);
        out.push_back(to_effective(other));
      }
    }
    out.push_back(to_effective(candidate));
    if (instance.empty()) return;
    taken.push_back(instance);
  }
}

int place_of(const Resource* resource) {
  return resource == nullptr ? -1 : static_cast<int>(resource - resources().data());
}

}  // namespace

std::vector<RuleSpec> RuleBook::default_rules() {
  std::vector<RuleSpec> specs;
  for (const DefaultRule& each : kDefaults)
    specs.push_back({{}, find_resource(each.resource), "", each.rule, each.per_core, false});
  specs.push_back({{{}, kDemoTag}, nullptr, "", kDefaults[0].rule, false, true});
  return specs;
}

Result<void> RuleBook::load() {
  const std::lock_guard lock(mutex_);
  return reload_locked();
}

Result<void> RuleBook::reload_locked() {
  MPS_TRY(const auto rows, rules_.list());
  set_.clear();
  for (const catalog::RuleRow& row : rows) {
    if (auto spec = from_row(row)) set_.push_back(std::move(*spec));
  }
  ++version_;
  return {};
}

Result<void> RuleBook::valid(const RuleSpec& spec) {
  return check(spec);
}

Result<void> RuleBook::set(const RuleSpec& spec) {
  MPS_TRY_VOID(check(spec));
  const std::lock_guard lock(mutex_);
  for (const RuleSpec& each : set_) {
    if (same_place(each, spec) && each.rule.severity != spec.rule.severity) MPS_TRY_VOID(rules_.remove(to_row(each)));
  }
  MPS_TRY_VOID(rules_.set(to_row(spec)));
  return reload_locked();
}

Result<void> RuleBook::remove(const RuleSpec& spec) {
  const std::lock_guard lock(mutex_);
  const auto same =
      std::find_if(set_.begin(), set_.end(), [&](const RuleSpec& each) { return same_place(each, spec); });
  MPS_TRY(const bool removed, rules_.remove(to_row(same == set_.end() ? spec : *same)));
  if (!removed) {
    std::string others;
    for (const RuleSpec& each : set_) {
      RuleSpec wanted = spec;
      wanted.rule.severity = each.rule.severity, wanted.instance = each.instance;
      wanted.rule.direction = each.rule.direction;
      if (same_place(each, wanted))
        others += fmt::format("; there is one {} with severity {}{}", alert::name_of(each.rule.direction),
                              alert::name_of(each.rule.severity), each.instance.empty() ? "" : " of " + each.instance);
    }
    return Error{
        ErrorCode::kNotFound,
        fmt::format("nobody has set this rule{}; a default is put aside by setting the same with --off", others)};
  }
  return reload_locked();
}

std::vector<RuleSpec> RuleBook::set_rules() const {
  const std::lock_guard lock(mutex_);
  return set_;
}

std::vector<EffectiveRule> RuleBook::effective(const Server& server) const {
  std::vector<Candidate> candidates;
  for (const RuleSpec& spec : default_rules()) {
    auto candidate = in_scope(spec, server);
    if (!candidate) continue;
    if (candidate->rank == kAllRank) candidate->rank = kDefaultRank;
    candidates.push_back(std::move(*candidate));
  }
  {
    const std::lock_guard lock(mutex_);
    for (const RuleSpec& spec : set_) {
      if (auto candidate = in_scope(spec, server)) candidates.push_back(std::move(*candidate));
    }
  }
  const auto key = [](const Candidate& c) {
    const alert::Rule& rule = c.spec.rule;
    return std::tuple(place_of(c.spec.resource), rule.kind, rule.direction, severity_key(rule));
  };
  std::stable_sort(candidates.begin(), candidates.end(),
                   [&](const Candidate& a, const Candidate& b) { return key(a) < key(b); });
  std::vector<EffectiveRule> out;
  for (auto begin = candidates.begin(); begin != candidates.end();) {
    const auto end =
        std::find_if(begin, candidates.end(), [&](const Candidate& other) { return key(other) != key(*begin); });
    add_effective({begin, end}, out);
    begin = end;
  }
  return out;
}

std::vector<const EffectiveRule*> rules_for(const std::vector<EffectiveRule>& rules, const Resource& resource,
                                            std::string_view instance) {
  std::vector<const EffectiveRule*> chosen;
  for (const EffectiveRule& rule : rules) {
    if (rule.resource != &resource || (!rule.instance.empty() && rule.instance != instance)) continue;
    const auto same = std::find_if(chosen.begin(), chosen.end(), [&](const EffectiveRule* other) {
      return other->rule.kind == rule.rule.kind && other->rule.direction == rule.rule.direction &&
             other->rule.severity == rule.rule.severity;
    });
    if (same == chosen.end()) {
      chosen.push_back(&rule);
    } else if ((*same)->instance.empty()) {
      *same = &rule;
    }
  }
  std::erase_if(chosen, [](const EffectiveRule* rule) { return rule->off; });
  return chosen;
}

}  // namespace mps::service
