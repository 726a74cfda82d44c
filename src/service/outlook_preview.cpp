#include <algorithm>
#include <cmath>
#include <limits>

#include "service/outlook.h"
#include "service/preview_source.h"

// Previews of rules about what is to come.
namespace mps::service {
namespace {

using alert::Look;
using namespace std::chrono_literals;

constexpr Duration kFine = 5min, kCoarse = 30min, kQuarter = 15min;

std::vector<Reading> known_cells(const Grid& grid, const std::vector<double>& values) {
  std::vector<Reading> known;
  for (size_t i = 0; i < grid.size; ++i) {
    if (std::isfinite(values[i])) known.push_back({grid.time_at(i), values[i]});
  }
  return known;
}

// Means of an hour, stamped in the middle; of readings in order of time. The last hour may be under way.
std::vector<Reading> hourly_means(std::span<const Reading> fine) {
  std::vector<Reading> hourly;
  for (size_t i = 0; i < fine.size();) {
    const Timestamp hour = std::chrono::floor<std::chrono::hours>(fine[i].time);
    double sum = 0, count = 0;
    for (; i < fine.size() && fine[i].time < hour + 1h; ++i) sum += fine[i].value, ++count;
    hourly.push_back({hour + 30min, sum / count});
  }
  return hourly;
}

// The readings in [from, to).
std::span<const Reading> between(std::span<const Reading> all, Timestamp from, Timestamp to) {
  const auto before = [](const Reading& reading, Timestamp time) { return reading.time < time; };
  const auto first = std::lower_bound(all.begin(), all.end(), from, before);
  return {first, std::lower_bound(first, all.end(), to, before)};
}

// What a look at a disk would have seen, every so often. `fine`: five-minute means from kTrendHistory before
// range.from.
std::vector<Look> looks_at_growth(const alert::Rule& rule, std::span<const Reading> fine, TimeRange range) {
  std::vector<Look> looks;
  const std::vector<Reading> hours = hourly_means(fine);
  for (Timestamp t = range.from; t < range.to; t += look_interval(rule)) {
    const auto lately = between(fine, t - kFastHistory, t - kFine + Duration(1));  // cells that are complete
    if (lately.empty() || t - lately.back().time > kLastSampleMax + kFine) continue;
    const Timestamp hour = std::chrono::floor<std::chrono::hours>(t);
    const auto past = between(hours, t - kTrendHistory, hour);
    std::vector<Reading> trend(past.begin(), past.end());
    for (const Reading& under_way : hourly_means(between(lately, hour, t))) trend.push_back(under_way);
    looks.push_back({t, growth_outlook(rule.threshold, trend, lately)});
  }
  return looks;
}

// The same by forecasts that were made at their origins. Both in order of time.
std::vector<Look> looks_at_forecasts(const alert::Rule& rule, const std::vector<forecast::Prediction>& made,
                                     std::span<const Reading> fine, TimeRange range) {
  std::vector<Look> looks;
  size_t next = 0;
  for (Timestamp t = range.from; t < range.to; t += look_interval(rule)) {
    while (next < made.size() && made[next].origin <= t) ++next;
    const auto lately = between(fine, t - kLastSampleMax - kFine, t - kFine + Duration(1));
    if (next == 0 || lately.empty()) continue;
    const forecast::Prediction& newest = made[next - 1];
    const double error = newest.score.count > 0 ? newest.score.mae : std::numeric_limits<double>::quiet_NaN();
    looks.push_back({t, {crossing_of(rule, newest), lately.back().value, t - fine.front().time, std::nullopt, error}});
  }
  return looks;
}

// Did the value cross by the time that it had to? By single readings, as predictions in earnest are judged.
Result<std::optional<bool>> came_true(const PreviewSource& source, const Channel& channel,
                                      const alert::PredictedEpisode& predicted) {
  const Timestamp from = predicted.episode.fired_at, due = due_of(source.spec.rule, predicted.crossing, from);
  MPS_TRY(const auto readings,
          source.query.readings(source.server.id, channel, {from, std::min(due, source.range.to)}));
  const bool crossed = std::ranges::any_of(
      readings, [&](const Reading& reading) { return alert::beyond(source.spec.rule, reading.value); });
  if (crossed) return std::optional(true);
  return due <= source.range.to ? std::optional(false) : std::nullopt;
}

Result<std::vector<Look>> looks_at(const PreviewSource& source, std::span<const Reading> fine, bool grows) {
  const alert::Rule& rule = source.spec.rule;
  if (grows) return looks_at_growth(rule, fine, source.range);
  const bool hour = rule.within <= forecast::kHour;
  MPS_TRY(const auto made,
          source.forecasts.replay(source.server.id, *source.spec.resource, hour ? forecast::kHour : forecast::kDay,
                                  source.range.to - source.range.from, hour ? kQuarter : kCoarse));
  return looks_at_forecasts(rule, made, fine, source.range);
}

const char* note_of(const Forecasts& forecasts, ServerId server) {
  return forecasts.trained_at(server) ? "by today's model, which has learnt from these days"
                                      : "by simple methods: there is no model yet";
}

}  // namespace

Result<RulePreview> preview_predictions(const PreviewSource& source) {
  const Resource& resource = *source.spec.resource;
  const bool grows = resource.instances == Instances::kEach;
  RulePreview preview{source.range, 0, {}, {}};
  const TimeRange known{source.range.from - kTrendHistory, source.range.to};
  MPS_TRY(const Frame frame, source.query.frame(source.server.id, resource, known, kFine));
  for (const Channel& channel : source.query.channels(source.server.id)) {
    if (channel.resource != &resource) continue;
    if (!source.spec.instance.empty() && channel.instance != source.spec.instance) continue;
    const auto column = std::ranges::find(frame.columns, channel.instance, &Column::name);
    if (column == frame.columns.end()) continue;
    const auto fine = known_cells(frame.grid, column->values);
    preview.readings += fine.size();
    if (fine.empty()) continue;
    MPS_TRY(const auto looks, looks_at(source, fine, grows));
    for (const auto& predicted : alert::predicted_episodes(source.spec.rule, looks)) {
      MPS_TRY(const auto outcome, came_true(source, channel, predicted));
      preview.incidents.push_back({channel.instance, predicted.episode, predicted.crossing.expected, outcome});
    }
  }
  if (preview.readings == 0) return nothing_sent(source);
  if (!grows) preview.note = note_of(source.forecasts, source.server.id);
  sort_by_time(preview);
  return preview;
}

Result<RulePreview> preview_anomalies(const PreviewSource& source) {
  RulePreview preview{source.range, 0, {}, {}};
  // Of several mount points the first, which is the one that is forecast.
  const auto channels = source.query.channels(source.server.id);
  const auto channel = std::ranges::find(channels, source.spec.resource, &Channel::resource);
  if (channel == channels.end()) return nothing_sent(source);
  MPS_TRY(const auto readings, source.query.readings(source.server.id, *channel, source.range));
  if (readings.empty()) return nothing_sent(source);
  MPS_TRY(const auto made, source.forecasts.replay(source.server.id, *source.spec.resource, forecast::kDay,
                                                   source.range.to - source.range.from, kCoarse));
  preview.readings = readings.size();
  preview.note = note_of(source.forecasts, source.server.id);
  BandWatch watch;
  size_t next = 0;
  double farthest = 0;
  for (const Reading& reading : readings) {
    while (next < made.size() && made[next].origin <= reading.time) ++next;
    if (watch.wants_forecast(reading.time))
      watch.take(next > 0 ? std::optional(made[next - 1]) : std::nullopt, reading.time);
    const auto band = watch.band_at(reading.time);
    if (!band) continue;
    const bool was_firing = watch.state.firing;
    watch.state = judge_by_band(source.spec.rule, *band, reading, watch.state, reading.time).state;
    if (watch.state.firing && !was_firing) {
      const Timestamp since = watch.state.breached_at.value_or(reading.time);
      preview.incidents.push_back({channel->instance, {since, reading.time, std::nullopt, reading.value}});
      farthest = 0;
    }
    if (!watch.state.firing && !was_firing) continue;
    alert::Episode& episode = preview.incidents.back().episode;
    if (const double distance = alert::outside(*band, reading.value); distance > farthest || !was_firing)
      farthest = distance, episode.peak = reading.value;
    if (!watch.state.firing) episode.ended_at = reading.time;
  }
  return preview;
}

}  // namespace mps::service
