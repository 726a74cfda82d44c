#include "gateway/json_text.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <limits>

namespace mps::gateway {
namespace {

namespace json = boost::json;

TEST(JsonText, WritesNumbersAsPeopleDo) {
  EXPECT_EQ(to_json_text(json::array{300.0, 12.5, 0.1, -1, 18446744073709551615u, 1e300}),
            "[300,12.5,0.1,-1,18446744073709551615,1e+300]");
  EXPECT_EQ(
      to_json_text(json::array{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}),
      "[null,null]");
}

TEST(JsonText, IsReadBackAsItWas) {
  const json::value value = json::parse(
      R"({"a\"b\\":"line\nbreak \u0001 \u20ac","empty":[{},[],""],"flags":[true,false,null],"n":[1,-2.5,1e-7]})");
  EXPECT_EQ(json::parse(to_json_text(value)), value);
}

}  // namespace
}  // namespace mps::gateway
