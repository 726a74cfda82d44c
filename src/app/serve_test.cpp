#include "app/serve.h"

#include <gtest/gtest.h>

namespace mps::app {
namespace {

using namespace std::chrono_literals;

TEST(ServeOptions, RetentionIsThirtyDaysAYearAndFiveYearsUnlessSaidOtherwise) {
  const auto usual = parse_retention({});
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->raw, 30 * 24h);
  EXPECT_EQ(usual->five_minutes, 365 * 24h);
  EXPECT_EQ(usual->hour, 5 * 365 * 24h);
  ServeOptions options;
  options.retain_raw = "2d";
  options.retain_5m = "48h";
  options.retain_1h = "36500d";
  const auto said = parse_retention(options);
  ASSERT_TRUE(said) << said.error().message;
  EXPECT_EQ(said->raw, 48h);
  EXPECT_EQ(said->five_minutes, 48h);
}

TEST(ServeOptions, ARetentionThatMakesNoSenseIsRefusedByItsName) {
  for (const char* wrong : {"", "30", "23h", "0d", "-5d", "40000d", "month"}) {
    ServeOptions options;
    options.retain_5m = wrong;
    const auto refused = parse_retention(options);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_NE(refused.error().message.find("--retain-5m"), std::string::npos) << refused.error().message;
  }
  ServeOptions options;
  options.retain_raw = "400d";
  const auto refused = parse_retention(options);
  ASSERT_FALSE(refused) << "5-minute figures would go before the samples";
  EXPECT_NE(refused.error().message.find("at least as long"), std::string::npos);
}

TEST(ServeOptions, TheWebhookOfTelegramGetsTheGatewaysPathWhereItHasNone) {
  const auto parsed = [](const char* url) {
    ServeOptions options;
    options.telegram_webhook_url = url;
    return parse_telegram_webhook(options);
  };
  EXPECT_EQ(parsed("").value(), "");
  EXPECT_EQ(parsed("https://mps.example.org").value(), "https://mps.example.org/telegram/webhook");
  EXPECT_EQ(parsed("https://mps.example.org:8443/").value(), "https://mps.example.org:8443/telegram/webhook");
  EXPECT_EQ(parsed("https://example.org/mps/hook").value(), "https://example.org/mps/hook");
  for (const char* wrong : {"mps.example.org", "ftp://mps.example.org", "https://"})
    EXPECT_FALSE(parsed(wrong)) << wrong;
}

TEST(ServeOptions, TheFutureHasALimit) {
  EXPECT_EQ(parse_future_max("10m").value(), 10min);
  EXPECT_EQ(parse_future_max("1s").value(), 1s);
  for (const char* wrong : {"", "0s", "10", "500ms", "367d"}) EXPECT_FALSE(parse_future_max(wrong)) << wrong;
}

TEST(ServeOptions, TheTimeOfTrainingAndTheAddressAreRead) {
  EXPECT_EQ(parse_time_of_day("03:30").value(), 210min);
  for (const char* wrong : {"", "24:00", "3", "03:60", "03:30x"}) EXPECT_FALSE(parse_time_of_day(wrong)) << wrong;
  EXPECT_EQ(parse_listen("[::1]:8080").value().address, "::1");
  for (const char* wrong : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:65536"})
    EXPECT_FALSE(parse_listen(wrong)) << wrong;
}

}  // namespace
}  // namespace mps::app
