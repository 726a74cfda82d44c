#include "forecast/backtest.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <set>

#include "forecast/baselines.h"
#include "forecast/made_history.h"

namespace mps::forecast {
namespace {

BacktestOptions quick(std::vector<Duration> horizons) {
  BacktestOptions o;
  o.horizons = std::move(horizons);
  o.effort = 0.05;
  o.keep_forecasts = true;
  return o;
}

const MethodScore& method(const SeriesScore& s, std::string_view name) {
  return *std::find_if(s.methods.begin(), s.methods.end(), [&](const auto& m) { return m.method == name; });
}

TEST(Backtest, TestsTheLastQuarterFromOriginsOnTheHour) {
  const BacktestServer server{"made", daily_frame(12, 3)};
  const auto result = backtest({server}, quick({kHour, kDay})).value();
  ASSERT_EQ(result.series.size(), 4u);
  const auto test_start = server.history.grid.time_at(9 * 288).time_since_epoch() / std::chrono::seconds(1);
  std::set<int64_t> hours, days;
  for (const auto& row : result.dump) {
    const bool hour = result.series[row.series].horizon_s == 3600;
    EXPECT_GE(row.origin, test_start);
    EXPECT_EQ(row.origin % (hour ? 3600 : 10800), 0);
    EXPECT_GE(row.step, 1);
    EXPECT_LE(row.step, hour ? 12 : 48);
    (hour ? hours : days).insert(row.origin);
  }
  EXPECT_EQ(hours.size(), 3u * 24);
  EXPECT_EQ(days.size(), 3u * 8);
}

TEST(Backtest, ScoresTheSeasonalNaiveAsAHandCountDoes) {
  auto frame = empty_frame(12);
  frame.columns = {daily_rhythm("cpu", 12, 8)};
  auto& v = frame.columns[0].values;
  for (size_t i = 1; i < v.size(); i += 17) v[i] = kMissing;
  const auto result = backtest({{"made", frame}}, quick({kHour})).value();
  double sum = 0, count = 0;
  for (size_t i = 9 * 288; i < v.size(); ++i) {
    // Every cell of the test is some step of exactly one hourly origin.
    double before = kMissing;
    for (size_t k = 1; std::isnan(before) && k * 288 <= i; ++k) before = v[i - k * 288];
    if (std::isfinite(v[i])) sum += std::abs(v[i] - before), ++count;
  }
  const auto& naive = method(result.series[0], kSeasonalNaive);
  EXPECT_EQ(naive.count, static_cast<uint64_t>(count));
  EXPECT_NEAR(naive.mae, sum / count, 1e-9);
}

TEST(Backtest, SummarisesAsGeometricMeans) {
  const auto series = [](double lstm, double naive) {
    const auto scored = [](const char* name, double mae) { return MethodScore{name, mae, mae, 0, 0.8, 1, 1, 10}; };
    return SeriesScore{
        "f", "c", 3600, "lstm", {scored("shown", lstm), scored("naive", naive), scored("seasonal naive (day)", 4)}};
  };
  const auto summary = summarise({series(1, 2), series(4, 8)});
  const auto shown = std::find_if(summary.begin(), summary.end(), [](const auto& m) { return m.method == kShown; });
  EXPECT_NEAR(shown->relative_to_seasonal_naive, std::sqrt(0.25 * 1.0), 1e-12);
  EXPECT_NEAR(shown->relative_to_best_simple, std::sqrt(0.5 * 1.0), 1e-12);
  EXPECT_EQ(shown->series, 2u);
}

TEST(Backtest, WritesTheDumpWithTheAgreedHeader) {
  const auto result = backtest({{"made", daily_frame(8, 3)}}, quick({kHour})).value();
  const auto csv = dump_csv(result);
  EXPECT_EQ(csv.substr(0, csv.find('\n')), "file,column,horizon,origin,step,p10,p50,p90,actual,method");
  EXPECT_EQ(static_cast<size_t>(std::count(csv.begin(), csv.end(), '\n')), result.dump.size() + 1);
  EXPECT_NE(csv.find("\nmade,cpu,1h,"), std::string::npos);
}

// What the test holds must not move the forecasts made before it: not by training, not by the choice of method.
TEST(Backtest, WhatComesAfterAnOriginChangesNoForecastMadeThere) {
  auto frame = daily_frame(8, 3);
  const auto before = backtest({{"made", frame}}, quick({kHour})).value();
  const size_t changed = 7 * 288;
  for (auto& c : frame.columns) std::fill(c.values.begin() + changed, c.values.end(), 77.0);
  const auto after = backtest({{"made", frame}}, quick({kHour})).value();
  const auto limit = frame.grid.time_at(changed).time_since_epoch() / std::chrono::seconds(1);
  size_t compared = 0;
  for (size_t i = 0; i < before.dump.size(); ++i) {
    if (before.dump[i].origin > limit) continue;
    EXPECT_EQ(before.dump[i].p50, after.dump[i].p50);
    EXPECT_EQ(before.dump[i].p90, after.dump[i].p90);
    ++compared;
  }
  EXPECT_GT(compared, 500u);
}

TEST(Backtest, SaysSoWhenThereIsTooLittle) {
  EXPECT_EQ(backtest({{"made", daily_frame(2, 3)}}, quick({kHour})).error().code, ErrorCode::kNotEnoughData);
  EXPECT_EQ(backtest({}, quick({kHour})).error().code, ErrorCode::kNotEnoughData);
}

}  // namespace
}  // namespace mps::forecast
