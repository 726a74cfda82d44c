#include "app/forecast_output.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "metric/resource.h"

namespace mps::app {
namespace {

namespace json = boost::json;

Unit unit_of(const forecast::Prediction& prediction) {
  const Resource* resource = find_resource(prediction.resource);
  return resource ? resource->unit : Unit::kLoad;
}

// A method that could not be scored has no errors, rather than errors of zero.
json::object score_json(const forecast::Score& score) {
  if (score.count == 0) return {{"mae", nullptr}, {"rmse", nullptr}};
  return {{"mae", score.mae},
          {"rmse", score.rmse},
          {"mase", score.mase},
          {"coverage80", score.coverage80},
          {"scored", score.count}};
}

json::object prediction_json(const forecast::Prediction& prediction) {
  json::object out = {{"resource", prediction.resource},
                      {"unit", unit_name(unit_of(prediction))},
                      {"origin", format_rfc3339(prediction.origin)},
                      {"step_s", prediction.step / std::chrono::seconds(1)},
                      {"method", prediction.method}};
  for (auto& [name, value] : score_json(prediction.score)) out[name] = value;
  out["seasonal_naive"] = score_json(prediction.seasonal_naive);
  json::array& methods = out["methods"].emplace_array();
  for (const forecast::Scored& scored : prediction.all) {
    json::object method = score_json(scored.score);
    method["method"] = scored.method;
    methods.push_back(std::move(method));
  }
  if (!prediction.note.empty()) out["note"] = prediction.note;
  json::array& steps = out["steps"].emplace_array();
  for (size_t i = 0; i < prediction.steps.size(); ++i) {
    const auto& q = prediction.steps[i];
    steps.push_back({{"time", format_rfc3339(prediction.origin + prediction.step * static_cast<int64_t>(i))},
                     {"p10", q.p10},
                     {"p50", q.p50},
                     {"p90", q.p90}});
  }
  return out;
}

std::string errors_text(const forecast::Score& score, Unit unit) {
  return score.count == 0
             ? "not scored yet"
             : fmt::format("MAE {}, RMSE {}", format_value(score.mae, unit), format_value(score.rmse, unit));
}

}  // namespace

std::string forecast_text(const std::vector<service::ForecastView>& views) {
  std::string out;
  for (const auto& view : views) {
    const forecast::Prediction& prediction = view.prediction;
    const Unit unit = unit_of(prediction);
    out += fmt::format("{}  by {} ({}); seasonal naive: {}\n", prediction.resource, prediction.method,
                       errors_text(prediction.score, unit), errors_text(prediction.seasonal_naive, unit));
    if (!prediction.note.empty()) out += prediction.note + "\n";
    for (size_t i = 0; i < prediction.steps.size(); ++i) {
      const auto& q = prediction.steps[i];
      out += fmt::format("  {}  {:>12}   80 %: {} to {}\n",
                         format_rfc3339(prediction.origin + prediction.step * static_cast<int64_t>(i)),
                         format_value(q.p50, unit), format_value(q.p10, unit), format_value(q.p90, unit));
    }
  }
  return out;
}

std::string forecast_json(const std::string& server, const std::vector<service::ForecastView>& views) {
  json::object out = {{"server", server}};
  json::array& forecasts = out["forecasts"].emplace_array();
  for (const auto& view : views) forecasts.push_back(prediction_json(view.prediction));
  return json::serialize(out) + "\n";
}

}  // namespace mps::app
