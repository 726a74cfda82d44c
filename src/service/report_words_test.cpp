#include "service/report_words.h"

#include <cmath>
#include <gtest/gtest.h>

namespace mps::service {
namespace {

TEST(ReportWordsTest, ADifferenceHasASignUnlessItIsShownAsZero) {
  const ReportWords& words = *report_words("en").value();
  EXPECT_EQ(words.difference(-27.2, Unit::kPercent), "-27 points");
  EXPECT_EQ(words.difference(3.84, Unit::kPercent), "+3.8 points");
  EXPECT_EQ(words.difference(-0.04, Unit::kPercent), "0.0 points");
  EXPECT_EQ(words.difference(0, Unit::kBytesPerSecond), "0 B/s");
  EXPECT_EQ(words.difference(-0.001, Unit::kLoad), "0.00");
  EXPECT_EQ(words.difference(std::nan(""), Unit::kPercent), "-");
}

TEST(ReportWordsTest, ADurationIsWholeSeconds) {
  const ReportWords& words = *report_words("en").value();
  EXPECT_EQ(words.duration(std::chrono::milliseconds(999)), "0s");
  EXPECT_EQ(words.duration(std::chrono::milliseconds(13'400)), "13s");
  EXPECT_EQ(words.duration(std::chrono::minutes(64)), "1h 4m");
}

}  // namespace
}  // namespace mps::service
