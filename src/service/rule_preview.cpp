#include "service/rule_preview.h"

#include <algorithm>
#include <fmt/format.h>

#include "service/preview_source.h"

namespace mps::service {
namespace {

constexpr Duration kRecordingAfterSilence = std::chrono::hours(24);

TimeRange range_of(const Query& query, const Server& server, Timestamp now, Duration span) {
  const auto last_seen = query.status(server.id).last_seen;
  const bool recording = last_seen && now - *last_seen > kRecordingAfterSilence;
  const Timestamp end = recording ? *last_seen + Duration(1) : now + std::chrono::minutes(10);
  return {(recording ? *last_seen : now) - span, end};
}

Result<alert::Rule> rule_on(const Query& query, const Server& server, const RuleSpec& spec) {
  alert::Rule rule = spec.rule;
  if (!spec.per_core) return rule;
  const auto cores = query.cores(server.id);
  if (!cores)
    return Error{ErrorCode::kNotEnoughData, fmt::format("{} has not said how many cores it has", server.name)};
  rule.threshold *= *cores;
  rule.clear *= *cores;
  return rule;
}

size_t once_a_week(Duration span) {
  return static_cast<size_t>(std::max<int64_t>(1, span / std::chrono::days(7)));
}

}  // namespace

Error nothing_sent(const PreviewSource& source) {
  const RuleSpec& spec = source.spec;
  return {ErrorCode::kNotEnoughData, fmt::format("{} has sent no {}{} in that time", source.server.name,
                                                 spec.resource == nullptr ? "samples" : spec.resource->name,
                                                 spec.instance.empty() ? "" : " of " + spec.instance)};
}

void sort_by_time(RulePreview& preview) {
  std::stable_sort(
      preview.incidents.begin(), preview.incidents.end(),
      [](const PreviewedIncident& a, const PreviewedIncident& b) { return a.episode.fired_at < b.episode.fired_at; });
}

Result<RulePreview> preview_rule(const Query& query, const Forecasts& forecasts, const Server& server,
                                 const RuleSpec& spec, Timestamp now, Duration span) {
  PreviewSource source{query, forecasts, server, spec, range_of(query, server, now, span)};
  if (spec.rule.kind == alert::Kind::kPrediction) {
    source.range.to = std::min(source.range.to, now + Duration(1));  // there are no looks from the future
    return preview_predictions(source);
  }
  if (spec.rule.kind == alert::Kind::kAnomaly) return preview_anomalies(source);
  const bool silence = spec.rule.kind == alert::Kind::kNoData;
  RulePreview preview{source.range, 0, {}, {}};
  MPS_TRY(const alert::Rule rule, rule_on(query, server, spec));
  for (const Channel& channel : query.channels(server.id)) {
    // Of silence any resource tells: an agent sends all of them at once.
    if (silence ? preview.readings > 0 : channel.resource != spec.resource) continue;
    if (!spec.instance.empty() && channel.instance != spec.instance) continue;
    MPS_TRY(const auto readings, query.readings(server.id, channel, preview.range));
    preview.readings += readings.size();
    const auto found =
        silence ? alert::silences(rule, readings, std::min(now, preview.range.to)) : alert::episodes(rule, readings);
    for (const alert::Episode& episode : found) preview.incidents.push_back({silence ? "" : channel.instance, episode});
    if (silence) continue;
    const auto suggested = alert::suggested_threshold(rule, readings, once_a_week(span));
    if (suggested) preview.suggested = alert::worse(rule, preview.suggested.value_or(*suggested), *suggested);
  }
  if (preview.readings == 0) return nothing_sent(source);
  if (spec.per_core && preview.suggested) *preview.suggested *= spec.rule.threshold / rule.threshold;
  sort_by_time(preview);
  return preview;
}

}  // namespace mps::service
