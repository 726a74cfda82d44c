#include "service/pictures.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "base/text.h"
#include "chart/chart.h"
#include "service/graphs.h"
#include "service/scene_units.h"

namespace mps::service {
namespace {

constexpr size_t kPointsMax = 8640;  // 24 h of 10 s: the chart keeps every peak of them
constexpr size_t kLinesMax = 8;
constexpr Duration kIncidentSpanMin = std::chrono::hours(3), kIncidentSpanMax = std::chrono::hours(24);
constexpr Duration kPredictionSpanMin = std::chrono::hours(12), kPredictionSpanMax = std::chrono::days(7);

Duration step_for(Duration span) {
  return std::max<Duration>(std::chrono::seconds(10), span / static_cast<int64_t>(kPointsMax));
}

chart::ForecastOverlay overlay_of(const forecast::Prediction& prediction) {
  chart::ForecastOverlay overlay;
  overlay.grid = {prediction.origin, prediction.step, prediction.steps.size()};
  for (const forecast::Quantiles& step : prediction.steps) {
    overlay.median.push_back(step.p50);
    overlay.band80.low.push_back(step.p10);
    overlay.band80.high.push_back(step.p90);
  }
  return overlay;
}

// Of a prediction about something that grows: straight on to the threshold, which is reached at the earliest, expected
// and latest time.
std::optional<chart::ForecastOverlay> growth_of(const catalog::Incident& incident, Unit unit, Timestamp now) {
  if (!incident.expected_at || *incident.expected_at <= now) return std::nullopt;
  constexpr size_t kSteps = 60;
  const Duration ahead = *incident.expected_at - now;
  const Duration shown = std::clamp(incident.expected_to.value_or(now + 2 * ahead) - now, ahead, 2 * ahead);
  chart::ForecastOverlay overlay;
  overlay.grid = {now, std::max<Duration>(shown / static_cast<int64_t>(kSteps), std::chrono::seconds(1)), kSteps + 1};
  const double top = unit == Unit::kPercent ? 100 : std::numeric_limits<double>::infinity();
  const auto towards = [&](Timestamp reached, size_t step) {
    const Duration whole = std::max<Duration>(reached - now, std::chrono::minutes(1));
    const double part =
        static_cast<double>((overlay.grid.time_at(step) - now).count()) / static_cast<double>(whole.count());
    return std::min(top, incident.value + part * (incident.threshold - incident.value));
  };
  for (size_t i = 0; i < overlay.grid.size; ++i) {
    overlay.median.push_back(towards(*incident.expected_at, i));
    overlay.band80.high.push_back(towards(incident.expected_from.value_or(*incident.expected_at), i));
    overlay.band80.low.push_back(towards(incident.expected_to.value_or(now + 4 * ahead), i));
  }
  return overlay;
}

// The last hours of it; of a prediction as much as lies ahead, twice.
Duration incident_span(const catalog::Incident& incident, Timestamp now) {
  if (incident.kind == "prediction" && incident.expected_at)
    return std::clamp<Duration>(2 * (*incident.expected_at - now), kPredictionSpanMin, kPredictionSpanMax);
  return std::clamp<Duration>(now - incident.breached_at + std::chrono::hours(1), kIncidentSpanMin, kIncidentSpanMax);
}

}  // namespace

std::optional<chart::ForecastOverlay> Pictures::expected_before(ServerId server, const Resource& resource,
                                                                const catalog::Incident& incident,
                                                                Timestamp now) const {
  const Duration length = now - incident.breached_at + forecast::kHour;
  if (length > kIncidentSpanMax) return std::nullopt;
  const auto made = forecasts_.replay(server, resource, forecast::kDay, length, forecast::kCoarseStep);
  if (!made) return std::nullopt;
  const auto later = std::find_if(made->begin(), made->end(),
                                  [&](const forecast::Prediction& each) { return each.origin > incident.breached_at; });
  if (later == made->begin()) return std::nullopt;
  forecast::Prediction before = *(later - 1);
  const auto shown = static_cast<size_t>((now + forecast::kHour - before.origin) / before.step);
  before.steps.resize(std::min(before.steps.size(), shown));
  return overlay_of(before);
}

// What was expected, or is.
std::optional<chart::ForecastOverlay> Pictures::ahead_of(ServerId server, const Resource& resource,
                                                         const catalog::Incident& incident, Timestamp now) const {
  if (incident.kind == "anomaly") return expected_before(server, resource, incident, now);
  if (incident.resolved_at) return std::nullopt;
  const bool is_prediction = incident.kind == "prediction";
  // A model knows one series of the resource: the forecast of another mount point would mislead.
  if (resource.instances == Instances::kEach)
    return is_prediction ? growth_of(incident, resource.unit, now) : std::nullopt;
  const auto view =
      forecasts_.forecast(server, resource, is_prediction ? Duration(forecast::kDay) : Duration(forecast::kHour));
  if (!view) return std::nullopt;
  return overlay_of(view->prediction);
}

Result<std::string> Pictures::incident(const catalog::Server& server, const Resource& resource,
                                       const catalog::Incident& incident, const Reader& reader) const {
  const Timestamp now = clock_.now();
  const Duration span = incident_span(incident, now);
  MPS_TRY(Frame frame, query_.frame(server.id, resource, {now - span, now}, step_for(span)));
  if (resource.instances == Instances::kEach && !incident.instance.empty())
    std::erase_if(frame.columns, [&](const Column& column) { return column.name != incident.instance; });
  if (frame.columns.empty())
    return Error{ErrorCode::kNotFound, fmt::format("{} has not sent {} yet", server.name, resource.title)};
  begin_with_first_figure({&frame, 1});
  chart::TimeSeriesScene scene;
  const ReportWords& words = reader.figures;
  scene.title = fmt::format("{}: {}", server.name, words.title_of(resource, incident.instance));
  scene.subtitle = fmt::format("{} - {}, {}", words.moment(frame.grid.start, reader.zone),
                               words.moment(now, reader.zone), reader.zone.name());
  scene.words = words.chart;
  scene.grid = frame.grid;
  for (const Column& column : frame.columns) {
    if (scene.lines.size() < kLinesMax) scene.lines.push_back({column.name, column.values});
  }
  scene.unit = resource.unit;
  if (incident.kind != "anomaly") scene.threshold = incident.threshold;
  if (incident.kind != "prediction") scene.shaded = {{incident.breached_at, incident.resolved_at.value_or(now)}};
  scene.zone = reader.zone;
  scene.forecast = ahead_of(server.id, resource, incident, now);
  if (scene.forecast || incident.kind == "anomaly") scene.now = now;
  show_in(scene, words.units);
  return chart::to_png(scene);
}

}  // namespace mps::service
