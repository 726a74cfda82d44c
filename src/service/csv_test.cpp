#include "service/csv.h"

#include <cmath>
#include <gtest/gtest.h>

#include "base/gzip.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

TEST(Csv, ReadsTimesNumbersAndHoles) {
  const std::string text =
      "timestamp,cpu,\"a \"\"b\"\", c\"\r\n1372629804,2.5,\r\n\n2013-06-30T22:10:04Z,x,7\nnonsense,1,2\n1,2\n";
  const TimeTable table = read_csv(text).value();
  EXPECT_EQ(table.columns, (std::vector<std::string>{"cpu", "a \"b\", c"}));
  ASSERT_EQ(table.times.size(), 2u);
  EXPECT_EQ(table.times[1] - table.times[0], 1372630204s - 1372629804s);
  EXPECT_EQ(table.values[0][0], 2.5);
  EXPECT_TRUE(std::isnan(table.values[1][0]));
  EXPECT_TRUE(std::isnan(table.values[0][1]));
  EXPECT_EQ(table.values[1][1], 7);
  EXPECT_EQ(table.cells_unreadable, 1u);
  EXPECT_EQ(table.rows_unreadable, 2u);
}

TEST(Csv, SortsRowsAndKeepsTheLastOfEqualStamps) {
  const TimeTable table = read_csv(gzip("time;v\n30;3\n10;1\n30;4\n20;2")).value();
  ASSERT_EQ(table.times.size(), 3u);
  EXPECT_EQ(table.values[0], (std::vector<double>{1, 2, 4}));
}

TEST(Csv, SaysWhatIsMissing) {
  EXPECT_NE(read_csv("a,b\n1,2\n").error().message.find("timestamp"), std::string::npos);
  EXPECT_FALSE(read_csv(""));
  EXPECT_FALSE(read_csv("timestamp,v\n"));
}

TEST(Csv, CellsAreQuotedWhereTheyMustBe) {
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
}

}  // namespace
}  // namespace mps::service
