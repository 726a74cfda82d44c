#include <gmock/gmock.h>

#include "base/time_zone.h"

namespace mps {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TimeZoneMatching, TakesNamesAsPeopleWriteThem) {
  EXPECT_THAT(TimeZone::matching("Europe/Berlin"), ElementsAre("Europe/Berlin"));
  EXPECT_THAT(TimeZone::matching("europe/moscow"), ElementsAre("Europe/Moscow"));
  EXPECT_THAT(TimeZone::matching(" new  york "), ElementsAre("America/New_York"));
  EXPECT_THAT(TimeZone::matching("Yekaterinburg"), ElementsAre("Asia/Yekaterinburg"));
}

TEST(TimeZoneMatching, TakesWholeHoursFromUtc) {
  EXPECT_THAT(TimeZone::matching("utc"), ElementsAre("UTC"));
  EXPECT_THAT(TimeZone::matching("UTC+3"), ElementsAre("Etc/GMT-3"));
  EXPECT_THAT(TimeZone::matching("-5"), ElementsAre("Etc/GMT+5"));
  EXPECT_THAT(TimeZone::matching("UTC+0"), ElementsAre("UTC"));
  EXPECT_EQ(TimeZone::find(TimeZone::matching("+3").at(0))->offset_at(Timestamp{}), std::chrono::hours(3));
  EXPECT_THAT(TimeZone::matching("UTC+25"), IsEmpty());
}

TEST(TimeZoneMatching, OffersAllThatAPartFits) {
  EXPECT_THAT(TimeZone::matching("sant"), Contains("America/Santiago"));
  EXPECT_GT(TimeZone::matching("sant").size(), 1u);
}

TEST(TimeZoneMatching, KnowsWhatIsNoZone) {
  EXPECT_THAT(TimeZone::matching(""), IsEmpty());
  EXPECT_THAT(TimeZone::matching("  "), IsEmpty());
  EXPECT_THAT(TimeZone::matching("Olympus Mons"), IsEmpty());
  EXPECT_THAT(TimeZone::matching("Москва"), IsEmpty());
  EXPECT_THAT(TimeZone::matching(std::string(10'000, 'x')), IsEmpty());
}

}  // namespace
}  // namespace mps
