#include "telegram/rule_input.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/text.h"
#include "telegram/kind_input.h"

namespace mps::telegram {
namespace {

using alert::Direction, alert::Kind, alert::Severity;
using namespace std::chrono_literals;
using Missing = TypedRule::Missing;

constexpr size_t kMarkSize = 6;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

// "cpu>90" as "cpu >90"; mount points behind the first word may hold such signs.
std::string with_spaced_sign(std::string text) {
  const size_t sign = text.find_first_of("<>");
  if (sign < std::min(text.find_first_of(" \t\n"), text.size())) text.insert(sign, " ");
  return text;
}

// The mount point that `text` begins with, the longest first.
std::string take_mount(std::string& text, const std::vector<std::string>& mounts) {
  std::string found;
  for (const std::string& mount : mounts) {
    const bool ends = text.size() == mount.size() || (text.size() > mount.size() && is_space(text[mount.size()]));
    if (text.starts_with(mount) && ends && mount.size() > found.size()) found = mount;
  }
  text.erase(0, found.size());
  text.erase(0, text.find_first_not_of(" \t\n"));
  return found;
}

std::optional<Direction> take_direction(std::string& text) {
  for (const std::string_view sign : {">=", ">", "<=", "<"}) {  // exactly the threshold is never beyond it
    if (!text.starts_with(sign)) continue;
    text.erase(0, sign.size());
    text.erase(0, text.find_first_not_of(" \t\n"));
    return sign.front() == '>' ? Direction::kAbove : Direction::kBelow;
  }
  if (take_any(text, {"above", "over", "выше", "больше", "более"})) return Direction::kAbove;
  if (take_any(text, {"below", "under", "ниже", "меньше", "менее"})) return Direction::kBelow;
  return std::nullopt;
}

bool take_off(std::string& text) {
  return take_any(text, {"off", "none", "выкл", "откл", "нет"});
}

bool take_per_core(std::string& text) {
  std::string rest = text;
  if (take_any(rest, {"per", "на"}) && take_any(rest, {"core", "cpu", "ядро"})) {
    text = rest;
    return true;
  }
  return take_any(text, {"/core", "/ядро"});
}

std::optional<Severity> take_severity(std::string& text) {
  if (take_any(text, {"critical", "critically", "crit", "критично", "критический", "критическая"}))
    return Severity::kCritical;
  if (take_any(text, {"warning", "warn", "предупреждение"})) return Severity::kWarning;
  return std::nullopt;
}

std::optional<Duration> take_hold(std::string& text) {
  std::string rest = text;
  take_any(rest, {"for", "за", "дольше", "в"});
  take_any(rest, {"течение"});
  const auto hold = take_duration(rest);
  if (hold) text = rest;
  return hold;
}

// What follows the resource, in any order.
struct Wishes {
  std::optional<Direction> direction;
  std::optional<double> threshold;
  std::optional<Duration> hold;
  std::optional<Severity> severity;
  bool off = false, per_core = false;
};

bool take_wish(std::string& rest, Wishes& wishes) {
  const size_t before = rest.size();
  if (!wishes.direction) wishes.direction = take_direction(rest);
  if (!wishes.off) wishes.off = take_off(rest);
  if (!wishes.hold) wishes.hold = take_hold(rest);
  if (!wishes.threshold && !wishes.off) wishes.threshold = take_number(rest);
  if (!wishes.per_core) wishes.per_core = take_per_core(rest);
  if (!wishes.severity) wishes.severity = take_severity(rest);
  return rest.size() < before;
}

service::RuleSpec silence_rule(const std::vector<service::EffectiveRule>& current) {
  return current_rule(nullptr, "", Direction::kAbove, Severity::kCritical, current);
}

TypedRule read_silence(std::string rest, const std::vector<service::EffectiveRule>& current) {
  service::RuleSpec spec = silence_rule(current);
  spec.off = take_off(rest);
  const auto hold = take_hold(rest);
  if (hold) spec.rule.hold = *hold;
  if (!rest.empty()) return {{}, Missing::kRest, rest};
  if (!hold && !spec.off) return {{}, Missing::kNumber, "silent"};
  return {spec, Missing::kNothing, ""};
}

service::RuleSpec spec_of(const service::EffectiveRule& rule) {
  return {{}, rule.resource, rule.instance, rule.rule, rule.per_core, rule.off};
}

}  // namespace

service::RuleSpec current_rule(const Resource* resource, const std::string& instance, Direction direction,
                               Severity severity, const std::vector<service::EffectiveRule>& current) {
  const Kind kind = resource == nullptr ? Kind::kNoData : Kind::kThreshold;
  const service::EffectiveRule* best = nullptr;
  for (const auto& each : current) {
    const bool same = each.resource == resource && each.rule.kind == kind && each.rule.direction == direction &&
                      (resource == nullptr || each.rule.severity == severity);
    if (!same || (each.instance != instance && !each.instance.empty())) continue;
    if (best == nullptr || each.instance == instance) best = &each;
  }
  service::RuleSpec spec;
  spec.resource = resource;
  spec.rule.kind = kind;
  spec.rule.direction = direction;
  spec.rule.severity = severity;
  if (best != nullptr) spec = spec_of(*best);
  spec.instance = instance;
  spec.off = false;
  return spec;
}

service::RuleSpec with_threshold(service::RuleSpec spec, double threshold) {
  const double gap = spec.rule.clear - spec.rule.threshold;
  spec.rule.threshold = threshold;
  spec.rule.clear = std::max(0.0, threshold + gap);
  return spec;
}

TypedRule read_rule(const std::string& text, const std::vector<service::EffectiveRule>& current,
                    const std::vector<std::string>& mounts) {
  std::string rest = with_spaced_sign(text);
  if (take_any(rest, {"silent", "silence", "no-data", "тишина", "молчит", "молчание"}))
    return read_silence(rest, current);
  const Resource* resource = take_resource(rest);
  if (resource == nullptr) return {{}, Missing::kResource, text};
  const std::string mount = resource->instances == Instances::kEach ? take_mount(rest, mounts) : "";
  Wishes wishes;
  while (!rest.empty() && take_wish(rest, wishes)) {
  }
  if (!rest.empty()) return {{}, Missing::kRest, rest};
  if (!wishes.threshold && !wishes.off) return {{}, Missing::kNumber, std::string(resource->name)};
  service::RuleSpec spec = current_rule(resource, mount, wishes.direction.value_or(Direction::kAbove),
                                        wishes.severity.value_or(Severity::kWarning), current);
  if (wishes.threshold) {
    // Of numbers per core and in all the gap can't be the same.
    if (spec.per_core != wishes.per_core) spec.rule.clear = spec.rule.threshold;
    spec.per_core = wishes.per_core;
    spec = with_threshold(spec, *wishes.threshold);
  }
  spec.off = wishes.off;
  if (wishes.hold) spec.rule.hold = *wishes.hold;
  return {spec, Missing::kNothing, ""};
}

std::string mark_of_name(std::string_view name) {
  return sha256_hex(name).substr(0, kMarkSize);
}

std::string rule_argument(const service::RuleSpec& spec) {
  const std::string threshold = spec.off ? "off" : spec.resource == nullptr ? "" : format_number(spec.rule.threshold);
  return fmt::format("{}{}{} {} {}{}{}", spec.resource == nullptr ? "-" : spec.resource->name,
                     spec.rule.direction == Direction::kAbove ? ">" : "<", threshold, spec.rule.hold / 1s,
                     spec.rule.severity == Severity::kWarning ? "w" : "k", spec.per_core ? "c" : "",
                     spec.instance.empty() ? "" : " #" + mark_of_name(spec.instance));
}

std::optional<service::RuleSpec> read_rule_argument(std::string text,
                                                    const std::vector<service::EffectiveRule>& current,
                                                    const std::vector<std::string>& mounts) {
  const std::string what = next_word(text), hold = next_word(text), flags = next_word(text), mark = next_word(text);
  const size_t sign = what.find_first_of("<>");
  const auto seconds = parse_number(hold);
  if (sign == std::string::npos || !seconds || *seconds < 1 || *seconds > 1e9 || flags.empty()) return std::nullopt;
  const Resource* resource = find_resource(what.substr(0, sign));
  if (resource == nullptr && what.substr(0, sign) != "-") return std::nullopt;
  std::string instance;
  if (!mark.empty()) {
    const auto found = std::find_if(mounts.begin(), mounts.end(),
                                    [&](const std::string& mount) { return "#" + mark_of_name(mount) == mark; });
    if (found == mounts.end()) return std::nullopt;
    instance = *found;
  }
  service::RuleSpec spec = current_rule(resource, instance, what[sign] == '>' ? Direction::kAbove : Direction::kBelow,
                                        flags.front() == 'k' ? Severity::kCritical : Severity::kWarning, current);
  const bool per_core = flags.size() > 1;
  if (spec.per_core != per_core) spec.rule.clear = spec.rule.threshold;
  spec.per_core = per_core;
  spec.rule.hold = std::chrono::seconds(static_cast<int64_t>(*seconds));
  const std::string threshold = what.substr(sign + 1);
  spec.off = threshold == "off";
  if (spec.off || resource == nullptr) return spec;
  const auto number = parse_number(threshold);
  if (!number || *number < 0) return std::nullopt;
  return with_threshold(spec, *number);
}

}  // namespace mps::telegram
