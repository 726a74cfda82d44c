#include "gateway/url.h"

#include <gtest/gtest.h>

namespace mps::gateway {
namespace {

TEST(Url, DecodesPercentEscapes) {
  EXPECT_EQ(percent_decode("web%2001%2fx+y"), "web 01/x+y");
  EXPECT_EQ(percent_decode("%E2%82%AC"), "€");
  for (const char* broken : {"%", "a%2", "%zz", "%%20"}) EXPECT_EQ(percent_decode(broken), std::nullopt) << broken;
}

TEST(Url, FindsParametersOfQueriesAndForms) {
  const Parameters p("q=CREATE+DATABASE+%22telegraf%22&db=&flag&db=second&bad=%zz");
  EXPECT_EQ(p.get("q"), "CREATE DATABASE \"telegraf\"");
  EXPECT_EQ(p.find("db"), "");
  EXPECT_EQ(p.find("flag"), "");
  EXPECT_EQ(p.find("absent"), std::nullopt);
  EXPECT_EQ(p.get("bad"), "%zz");
  EXPECT_EQ(Parameters("").find(""), std::nullopt);
  EXPECT_EQ(Parameters("&&=&").find(""), "");
}

TEST(Url, DecodesBase64) {
  EXPECT_EQ(base64_decode("dGVsZWdyYWY6c2VjcmV0"), "telegraf:secret");
  EXPECT_EQ(base64_decode("YTpi"), "a:b");
  EXPECT_EQ(base64_decode("YTpiYw=="), "a:bc");
  EXPECT_EQ(base64_decode("YTpiYw"), "a:bc");
  EXPECT_EQ(base64_decode(""), "");
  EXPECT_EQ(base64_decode("a b"), std::nullopt);
}

}  // namespace
}  // namespace mps::gateway
