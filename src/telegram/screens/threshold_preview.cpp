#include "telegram/screens/threshold_preview.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "telegram/html.h"

namespace mps::telegram {
namespace {

using alert::Severity;
using namespace std::chrono_literals;

constexpr size_t kPreviewServersMax = 12, kNamedMax = 3;

struct Tally {
  size_t fired = 0, servers = 0, with_samples = 0;
  std::vector<std::pair<size_t, std::string>> by_server;
  std::optional<double> suggested;  // of a single rule on a single server
};

Tally play(const std::vector<service::Server>& servers, const std::vector<service::RuleSpec>& rules,
           Services& services) {
  Tally tally;
  for (const service::Server& server : servers) {
    if (tally.servers == kPreviewServersMax) break;
    ++tally.servers;
    size_t fired = 0;
    bool has_samples = false;
    for (const service::RuleSpec& rule : rules) {
      if (rule.off) continue;
      const auto preview = service::preview_rule(services.hub.query(), services.hub.forecasts(), server, rule,
                                                 services.hub.clock().now());
      if (!preview) continue;
      has_samples = true;
      fired += preview->incidents.size();
      if (rules.size() == 1 && servers.size() == 1) tally.suggested = preview->suggested;
    }
    if (has_samples) ++tally.with_samples;
    tally.fired += fired;
    if (fired > 0) tally.by_server.emplace_back(fired, server.name);
  }
  std::stable_sort(tally.by_server.begin(), tally.by_server.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  return tally;
}

std::string most_of(const Tally& tally) {
  std::string text;
  for (size_t i = 0; i < std::min(kNamedMax, tally.by_server.size()); ++i) {
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", escape_html(cut_plain(tally.by_server[i].second, 40)),
                        tally.by_server[i].first);
  }
  return text;
}

service::RuleSpec threshold(std::string_view resource, double value, double gap, Duration hold, Duration repeat,
                            Severity severity = Severity::kWarning, bool per_core = false) {
  service::RuleSpec spec;
  spec.resource = find_resource(resource);
  spec.rule = {.threshold = value, .clear = value - gap, .hold = hold, .repeat = repeat, .severity = severity};
  spec.per_core = per_core;
  return spec;
}

std::vector<service::RuleSpec> normal_rules() {
  auto rules = service::RuleBook::default_rules();
  std::erase_if(rules, [](const service::RuleSpec& spec) { return spec.rule.kind != alert::Kind::kThreshold; });
  return rules;
}

}  // namespace

std::string preview_text(const service::RuleScope& scope, const std::vector<service::RuleSpec>& rules,
                         Services& services) {
  const Texts& texts = services.texts;
  const bool playable = std::any_of(rules.begin(), rules.end(), [](const service::RuleSpec& rule) {
    return !rule.off && rule.rule.kind != alert::Kind::kPrediction && rule.rule.kind != alert::Kind::kAnomaly;
  });
  if (!playable) return "";
  const auto servers = servers_in(scope, services);
  const Tally tally = play(servers, rules, services);
  if (tally.with_samples == 0) return std::string(texts.preview_none);
  std::string text = fill(texts.preview_fired, {{"count", std::to_string(tally.fired)}});
  if (servers.size() > 1 && !tally.by_server.empty())
    text += "\n" + fill(texts.preview_servers, {{"servers", most_of(tally)}});
  if (servers.size() > tally.servers) {
    text += "\n" + fill(texts.preview_part,
                        {{"count", std::to_string(tally.servers)}, {"total", std::to_string(servers.size())}});
  }
  if (tally.suggested && tally.fired > 4 && rules.front().resource != nullptr) {
    const std::string value = services.words.value(*tally.suggested, rules.front().resource->unit);
    text += "\n" + fill(texts.preview_suggested, {{"value", value}});
  }
  return text;
}

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = {
      {"calm",
       &Texts::preset_calm,
       {threshold("cpu", 95, 5, 15min, 3h), threshold("ram", 95, 2, 15min, 3h), threshold("disk", 92, 1, 15min, 24h),
        threshold("disk", 97, 1, 15min, 3h, Severity::kCritical),
        threshold("load", 4, 0.5, 30min, 3h, Severity::kWarning, true), threshold("swap", 95, 5, 30min, 6h)}},
      {"normal", &Texts::preset_normal, normal_rules()},
      {"strict",
       &Texts::preset_strict,
       {threshold("cpu", 80, 0, 5min, 1h), threshold("ram", 85, 0, 5min, 1h), threshold("disk", 75, 1, 5min, 24h),
        threshold("disk", 90, 1, 5min, 1h, Severity::kCritical),
        threshold("load", 1.5, 0, 5min, 1h, Severity::kWarning, true), threshold("swap", 50, 5, 5min, 6h)}}};
  return all;
}

const Preset* find_preset(std::string_view name) {
  const auto found = std::find_if(presets().begin(), presets().end(), [&](const Preset& p) { return p.name == name; });
  return found == presets().end() ? nullptr : &*found;
}

}  // namespace mps::telegram
