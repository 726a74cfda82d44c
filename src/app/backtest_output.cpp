#include "app/backtest_output.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace mps::app {
namespace {

namespace json = boost::json;

json::object method_json(const forecast::MethodScore& score) {
  return {
      {"method", score.method},         {"mae", score.mae},         {"rmse", score.rmse},       {"mase", score.mase},
      {"coverage80", score.coverage80}, {"width80", score.width80}, {"pinball", score.pinball}, {"count", score.count}};
}

json::object series_json(const forecast::SeriesScore& series) {
  json::array methods;
  for (const auto& score : series.methods) methods.push_back(method_json(score));
  return {{"file", series.file},
          {"column", series.column},
          {"horizon_s", series.horizon_s},
          {"shown", series.shown},
          {"methods", std::move(methods)}};
}

json::object summary_json(const forecast::MethodSummary& summary) {
  return {{"method", summary.method},
          {"horizon_s", summary.horizon_s},
          {"relative_to_seasonal_naive", summary.relative_to_seasonal_naive},
          {"relative_to_best_simple", summary.relative_to_best_simple},
          {"coverage80", summary.coverage80},
          {"series", summary.series}};
}

}  // namespace

std::string backtest_text(const forecast::Backtest& result) {
  std::string out = fmt::format("{:<26}{:>8}{:>16}{:>16}{:>10}{:>8}\n", "method", "horizon", "MAE / seasonal",
                                "MAE / best", "in 80 %", "series");
  for (const auto& summary : result.summary) {
    out += fmt::format("{:<26}{:>7}h{:>16.3f}{:>16.3f}{:>9.1f}%{:>8}\n", summary.method, summary.horizon_s / 3600,
                       summary.relative_to_seasonal_naive, summary.relative_to_best_simple, summary.coverage80 * 100,
                       summary.series);
  }
  return out;
}

std::string backtest_json(const forecast::Backtest& result) {
  json::object out;
  json::array& series = out["series"].emplace_array();
  for (const auto& each : result.series) series.push_back(series_json(each));
  json::array& summary = out["summary"].emplace_array();
  for (const auto& each : result.summary) summary.push_back(summary_json(each));
  return json::serialize(out) + "\n";
}

}  // namespace mps::app
