#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

class ForecastScreenTest : public Conversation {
 protected:
  ForecastScreenTest() {
    pair();
    clock_.set(Timestamp(std::chrono::ceil<std::chrono::days>(clock_.now())));  // midnight
    server_ = add_server("web");
    past(10 * 24h);
  }
  // A day's rhythm of the processor, and a disk that grows by two percent a day.
  void past(Duration length) {
    mps::testing::BatchBuilder batch;
    for (Timestamp time = clock_.now() - length; time < clock_.now(); time += 5min) {
      const double hours = std::chrono::duration<double, std::ratio<3600>>(time.time_since_epoch()).count();
      batch.add(server_, time, "cpu", {{"cpu", "cpu-total"}},
                {{"usage_idle", Value::of_float(50 + 20 * std::sin(hours * M_PI / 12))}});
      const double days = std::chrono::duration<double, std::ratio<86400>>(time - begin_).count();
      batch.add(server_, time, "disk", {{"path", "/data"}}, {{"used_percent", Value::of_float(70 + 2 * days)}});
      batch.add(server_, time, "disk", {{"path", "/"}}, {{"used_percent", Value::of_float(30)}});
    }
    ASSERT_TRUE(hub_->store().append_and_wait(batch.batch()));
  }
  void pass(Duration time) {
    clock_.advance(time);
    past(time);
  }
  Replies press_and_show(const std::string& data) {
    const auto pressed = press(data);
    return pressed.screen == nullptr ? Replies() : dialogue_->show(pressed);
  }
  ServerId server_;
  Timestamp begin_ = Timestamp(std::chrono::ceil<std::chrono::days>(clock_.now())) - 10 * 24h;
};

TEST_F(ForecastScreenTest, GrowthSaysWhenADiskIsFullAndWhichDoesNotGrow) {
  const Replies replies = say("/forecast web disk 7d");
  ASSERT_TRUE(replies.at(0).content.photo.has_value()) << text_of(replies);
  EXPECT_THAT(text_of(replies), HasSubstr("growth in the next 7 days"));
  EXPECT_THAT(text_of(replies), HasSubstr("/data: 90 %, full at <b>"));
  EXPECT_THAT(text_of(replies), HasSubstr("full at <b>Fri 27 Nov"));
  EXPECT_THAT(text_of(replies), HasSubstr("\n/: 30 %, does not grow"));
}

TEST_F(ForecastScreenTest, OnlyWhatFillsUpIsLookedAWeekAhead) {
  EXPECT_THAT(ask("/forecast web cpu 7d"), HasSubstr("no forecast for <b>7d</b> ahead"));
  for (const auto& each : buttons(say("/forecast web cpu"))) EXPECT_THAT(each.text, Not(HasSubstr("growth")));
}

TEST_F(ForecastScreenTest, YesterdaysForecastStandsBesideWhatCame) {
  EXPECT_THAT(ask("/forecast web cpu check"), HasSubstr("no forecast of that time was put aside"));
  ASSERT_TRUE(hub_->day_forecasts().keep_all());
  pass(26h);
  const Replies replies = say("/forecast web cpu check");
  ASSERT_TRUE(replies.at(0).content.photo.has_value()) << text_of(replies);
  EXPECT_THAT(text_of(replies), HasSubstr("forecast against what came (days: 1)"));
  EXPECT_THAT(text_of(replies), HasSubstr("Inside the 80 % band: <b>"));
  EXPECT_THAT(text_of(replies), Not(HasSubstr("not known yet")));
}

TEST_F(ForecastScreenTest, AWeekOfForecastsIsOnePicture) {
  for (int day = 0; day < 7; ++day) {
    if (day != 3) {
      ASSERT_TRUE(hub_->day_forecasts().keep_all());
    }
    pass(24h);
  }
  clock_.advance(1h);
  const Replies replies = say("/forecast web cpu check 7");
  ASSERT_TRUE(replies.at(0).content.photo.has_value()) << text_of(replies);
  EXPECT_THAT(text_of(replies), HasSubstr("(days: 6)"));
  EXPECT_THAT(ask("/forecast web cpu check 99"), HasSubstr("from 1 to 14"));
}

TEST_F(ForecastScreenTest, WhetherItWasRightIsKeptOncePerPerson) {
  ASSERT_TRUE(hub_->day_forecasts().keep_all());
  pass(26h);
  const auto all = buttons(say("/forecast web cpu check"));
  ASSERT_EQ(all.at(0).text, "👍 It was right");
  for (const auto& each : all) EXPECT_LE(each.callback_data.size(), 55u) << each.callback_data;
  EXPECT_EQ(dialogue_->act(press(all[0].callback_data)), "Thank you. So far: right 1, wrong 0");
  EXPECT_EQ(dialogue_->act(press(all[1].callback_data)), "Thank you. So far: right 0, wrong 1");
  restart();
  EXPECT_EQ(hub_->day_forecasts().opinions(server_, *find_resource("cpu"))->wrong, 1u);
  EXPECT_THAT(dialogue_->act(press("judge 99 cpu y 5")), HasSubstr("did not work"));
  EXPECT_THAT(dialogue_->act(press("judge x")), HasSubstr("did not work"));
  ASSERT_TRUE(hub_->servers().remove(server_));
  EXPECT_EQ(hub_->day_forecasts().opinions(server_, *find_resource("cpu"))->wrong, 0u);
}

}  // namespace
}  // namespace mps::telegram
