#include "forecast/features.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

#include "forecast/evaluate.h"
#include "forecast/made_history.h"

namespace mps::forecast {
namespace {

SeriesFeatures features_of(const Column& column, Duration horizon) {
  const auto layout = layout_for(horizon).value();
  const auto frame = empty_frame(column.values.size() / 288);
  auto cells = regrid(frame.grid, column.values, layout.step);
  return make_features(layout, cells.grid, std::move(cells.values), column.name);
}

// Every method, at every kind of origin: what comes after the origin is changed to nonsense, nothing may move.
TEST(Causality, ChangingWhatComesAfterTheOriginChangesNoForecast) {
  const auto column = daily_rhythm("cpu", 18, 9);
  for (const Duration horizon : {kHour, kDay}) {
    const auto before = features_of(column, horizon);
    const auto& layout = before.layout;
    std::mt19937_64 random(2);
    const auto network = make_network({kInputs, 8, layout.steps, kBases}, random);
    const auto baselines =
        make_baselines(layout, fit_baselines(layout, std::span(before.values).first(8 * layout.day)));
    for (const size_t origin : {2 * layout.day, 9 * layout.day + 5, 16 * layout.day + layout.day / 2}) {
      auto values = before.values;
      for (size_t i = origin + 1; i < values.size(); ++i) values[i] = i % 3 == 0 ? kMissing : 1e6;
      const auto after = make_features(layout, before.grid, values, "cpu");
      const std::vector<size_t> origins = {origin};
      const auto a = forecasts_at(before, origins, baselines, &network);
      const auto b = forecasts_at(after, origins, baselines, &network);
      for (size_t m = 0; m < a[0].medians.size(); ++m) {
        for (size_t s = 0; s < layout.steps; ++s) {
          const double was = a[0].medians[m][s], is = b[0].medians[m][s];
          ASSERT_TRUE(was == is || (std::isnan(was) && std::isnan(is)))
              << "method " << m << ", step " << s << " of " << layout.steps << ", origin " << origin;
        }
      }
    }
  }
}

TEST(Features, AnUnknownCellIsMarkedAndNotTakenForZero) {
  auto column = daily_rhythm("cpu", 4, 1);
  column.values[500] = kMissing;
  const auto f = features_of(column, kHour);
  EXPECT_EQ(f.last[500], column.values[499]);
  EXPECT_EQ(f.x[500 * kPlainInputs + 10], 1);
  EXPECT_EQ(f.x[499 * kPlainInputs + 10], 0);
  EXPECT_TRUE(std::isnan(f.day[788]));
}

TEST(Features, TheScaleFollowsALevelShiftWithinDays) {
  auto column = daily_rhythm("net_rx", 20, 1, 100);
  for (size_t i = 10 * 288; i < column.values.size(); ++i) column.values[i] *= 1000;
  const auto f = features_of(column, kHour);
  EXPECT_GT(f.scale[18 * 288] / f.scale[9 * 288], 300);
}

TEST(Features, EveryResourceOfTheCatalogueThatIsForecastHasItsOwnIdentity) {
  EXPECT_NE(identity_of("cpu"), identity_of("ram"));
  EXPECT_NE(identity_of("net_rx"), identity_of("net_tx"));
  EXPECT_EQ(identity_of("disk"), identity_of("disk:/home"));
  EXPECT_EQ(identity_of("cpu"), identity_of("cpu_percent"));
  EXPECT_EQ(identity_of("something else"), kIdentities - 1);
}

TEST(Regrid, MeansKnownCellsAndLeavesOutAnIncompleteLastOne) {
  Grid grid{Timestamp(std::chrono::minutes(25)), kFineStep, 15};
  std::vector<double> values(15);
  std::iota(values.begin(), values.end(), 0);
  values[3] = kMissing;
  const auto out = regrid(grid, values, kCoarseStep);
  ASSERT_EQ(out.grid.size, 3u);
  EXPECT_EQ(out.grid.start, Timestamp(std::chrono::minutes(0)));
  EXPECT_EQ(out.values[0], 0);
  EXPECT_EQ(out.values[1], (1 + 2 + 4 + 5 + 6) / 5.0);
  EXPECT_EQ(out.values[2], (7 + 8 + 9 + 10 + 11 + 12) / 6.0);
}

TEST(Bounds, ComeFromTheCataloguesUnit) {
  EXPECT_EQ(bounds_of("cpu").high, 100);
  EXPECT_EQ(bounds_of("disk:/home").high, 100);
  EXPECT_EQ(bounds_of("net_tx").low, 0);
  EXPECT_TRUE(std::isinf(bounds_of("net_tx").high));
  EXPECT_TRUE(std::isinf(bounds_of("m00").low));
}

}  // namespace
}  // namespace mps::forecast
