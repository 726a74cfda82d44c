#include "telegram/nearest.h"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mps::telegram {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array<std::string_view, 4> kKnown = {"status", "servers", "graph", "help"};

TEST(NearestTest, CountsSlips) {
  EXPECT_EQ(edit_distance("status", "status"), 0u);
  EXPECT_EQ(edit_distance("statsu", "status"), 1u);
  EXPECT_EQ(edit_distance("stts", "status"), 2u);
  EXPECT_EQ(edit_distance("", "help"), 4u);
}

TEST(NearestTest, FindsWhatWasMeant) {
  EXPECT_THAT(nearest("statsu", kKnown), ElementsAre("status"));
  EXPECT_THAT(nearest("stat", kKnown), ElementsAre("status"));
  EXPECT_THAT(nearest("server", kKnown), ElementsAre("servers"));
  EXPECT_THAT(nearest("grpah", kKnown), ElementsAre("graph"));
}

TEST(NearestTest, FindsNothingInNonsense) {
  EXPECT_THAT(nearest("xyzzy", kKnown), IsEmpty());
  EXPECT_THAT(nearest("", kKnown), IsEmpty());
  EXPECT_THAT(nearest(std::string(100'000, 'a'), kKnown), IsEmpty());
}

}  // namespace
}  // namespace mps::telegram
