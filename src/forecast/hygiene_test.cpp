#include "forecast/hygiene.h"

#include <cmath>
#include <gtest/gtest.h>

#include "forecast/made_history.h"

namespace mps::forecast {
namespace {

TEST(Hygiene, AFrozenSensorIsUnknownFromItsSecondCell) {
  auto values = daily_rhythm("cpu", 6, 1).values;
  for (size_t i = 301; i < 300 + 100; ++i) values[i] = values[300];
  const auto out = without_frozen(values, kFineStep);
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(std::isnan(out[i]), i > 300 && i < 400) << i;
  }
}

TEST(Hygiene, AShortRepetitionIsLeftAlone) {
  auto values = daily_rhythm("cpu", 6, 1).values;
  for (size_t i = 301; i < 330; ++i) values[i] = values[300];
  EXPECT_EQ(without_frozen(values, kFineStep), values);
}

TEST(Hygiene, ASeriesThatStandsStillByNatureIsLeftAlone) {
  std::vector<double> disk;
  for (size_t i = 0; i < 3000; ++i) disk.push_back(40 + static_cast<double>(i / 100));
  EXPECT_EQ(without_frozen(disk, kFineStep), disk);
  const std::vector<double> constant(3000, 1.0);
  EXPECT_EQ(without_frozen(constant, kFineStep), constant);
}

}  // namespace
}  // namespace mps::forecast
