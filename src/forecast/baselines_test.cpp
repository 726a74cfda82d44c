#include "forecast/baselines.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "forecast/evaluate.h"
#include "forecast/made_history.h"

namespace mps::forecast {
namespace {

const Layout kHourLayout = layout_for(kHour).value();
const Layout kDayLayout = layout_for(kDay).value();

std::vector<double> forecast(const Baseline& b, const std::vector<double>& known, const Layout& layout) {
  std::vector<double> out(layout.steps);
  b.forecast(known, out);
  return out;
}

const Baseline& named(const std::vector<std::unique_ptr<Baseline>>& all, std::string_view name) {
  for (const auto& b : all) {
    if (b->name() == name) return *b;
  }
  throw std::out_of_range("no such baseline");
}

std::vector<double> sine(const Layout& layout, size_t days) {
  std::vector<double> out;
  for (size_t i = 0; i < days * layout.day; ++i) {
    out.push_back(50 + 20 * std::sin(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(layout.day)));
  }
  return out;
}

TEST(Baselines, TheSimpleOnesSayWhatTheirNamesSay) {
  std::vector<double> known;
  for (size_t i = 0; i < 8 * 288; ++i) known.push_back(static_cast<double>(i));
  const auto all = simple_baselines(kHourLayout);
  const double last = known.back();
  EXPECT_EQ(forecast(named(all, "naive"), known, kHourLayout)[11], last);
  EXPECT_EQ(forecast(named(all, "mean of the last hour"), known, kHourLayout)[0], last - 5.5);
  EXPECT_EQ(forecast(named(all, "seasonal naive (day)"), known, kHourLayout)[2], last + 3 - 288);
  EXPECT_EQ(forecast(named(all, "seasonal naive (week)"), known, kHourLayout)[2], last + 3 - 2016);
  EXPECT_EQ(forecast(named(all, "mean of 7 days"), known, kHourLayout)[2], last + 3 - 4 * 288);
}

TEST(Baselines, StepOverGapsAndSaySoWhereTheyKnowNothing) {
  std::vector<double> known(3 * 288, 5.0);
  known.back() = kMissing;
  known[2 * 288 + 1] = kMissing;  // a day before the second step
  const auto all = simple_baselines(kHourLayout);
  EXPECT_EQ(forecast(named(all, "naive"), known, kHourLayout)[0], 5);
  EXPECT_EQ(forecast(named(all, "seasonal naive (day)"), known, kHourLayout)[1], 5) << "two days ago stands in";
  EXPECT_TRUE(std::isnan(forecast(named(all, "seasonal naive (week)"), known, kHourLayout)[0]));
}

TEST(Baselines, SayAtManyOriginsWhatTheySayAtEach) {
  auto values = daily_rhythm("cpu", 12, 4).values;
  for (size_t i = 7 * 288; i < 7 * 288 + 30; ++i) values[i] = kMissing;
  const auto all = make_baselines(kHourLayout, fit_baselines(kHourLayout, std::span(values).first(6 * 288)));
  std::vector<size_t> origins;
  for (size_t i = 6 * 288 + 11; i < values.size(); i += 12) origins.push_back(i);
  for (const auto& b : all) {
    std::vector<std::vector<double>> said(origins.size(), std::vector<double>(kHourLayout.steps));
    b->forecast_at(values, origins, said);
    for (size_t i = 0; i < origins.size(); ++i) {
      const std::vector<double> known(values.begin(), values.begin() + static_cast<ptrdiff_t>(origins[i]) + 1);
      const auto expected = forecast(*b, known, kHourLayout);
      for (size_t s = 0; s < expected.size(); ++s) {
        if (std::isfinite(expected[s])) {
          ASSERT_NEAR(said[i][s], expected[s], 1e-9) << b->name() << ", origin " << origins[i] << ", step " << s;
        }
      }
    }
  }
}

TEST(Baselines, RidgeAndEtsFollowAPureRhythm) {
  for (const auto& layout : {kHourLayout, kDayLayout}) {
    const auto series = sine(layout, 14);
    const std::vector<double> known(series.begin(), series.end() - 2 * static_cast<ptrdiff_t>(layout.day));
    const auto ridge = make_ridge(layout, fit_ridge(layout, known));
    const auto ets = make_ets(layout, fit_ets(layout, known));
    for (size_t s = 0; s < layout.steps; ++s) {
      const double actual = series[known.size() + s];
      EXPECT_NEAR(forecast(*ridge, known, layout)[s], actual, 0.5);
      EXPECT_NEAR(forecast(*ets, known, layout)[s], actual, 1.0);
    }
  }
}

TEST(Baselines, RidgeDoesNotCareAboutUnits) {
  const auto column = daily_rhythm("cpu", 8, 3);
  auto large = column.values;
  for (auto& v : large) v *= 1e9;
  const auto a = forecast(*make_ridge(kHourLayout, fit_ridge(kHourLayout, column.values)), column.values, kHourLayout);
  const auto b = forecast(*make_ridge(kHourLayout, fit_ridge(kHourLayout, large)), large, kHourLayout);
  for (size_t s = 0; s < a.size(); ++s) EXPECT_NEAR(a[s], b[s] / 1e9, 1e-3);
}

TEST(Baselines, ARidgeThatLearnsInPartsIsThatFittedOnAll) {
  const auto column = daily_rhythm("cpu", 8, 3);
  for (const Layout& layout : {kHourLayout, kDayLayout}) {
    const std::span known(column.values);
    RidgeFit fit(layout);
    for (const size_t size : {size_t{0}, known.size() / 2, known.size() / 2 + 5, known.size()})
      fit.learn(known.first(size));
    const auto parts = fit.coefficients(), whole = fit_ridge(layout, known);
    ASSERT_EQ(parts.values.size(), whole.values.size());
    for (size_t i = 0; i < whole.values.size(); ++i) EXPECT_NEAR(parts.values[i], whole.values[i], 1e-8) << i;
  }
}

TEST(Baselines, ARidgeFittedOnTooLittleHasNothingToSay) {
  const std::vector<double> known(300, 1.0);
  const auto ridge = make_ridge(kHourLayout, fit_ridge(kHourLayout, known));
  EXPECT_EQ(ridge->name(), "ridge");
  EXPECT_TRUE(std::isnan(forecast(*ridge, known, kHourLayout)[0]));
}

}  // namespace
}  // namespace mps::forecast
