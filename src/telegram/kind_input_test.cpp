#include "telegram/kind_input.h"

#include <gtest/gtest.h>

namespace mps::telegram {
namespace {

using namespace std::chrono_literals;

std::optional<double> number(std::string text) {
  const auto value = take_number(text);
  return text.empty() ? value : std::nullopt;
}
std::optional<Duration> duration(std::string text) {
  const auto value = take_duration(text);
  return text.empty() ? value : std::nullopt;
}

TEST(KindInputTest, NumbersComeWithPercentCommasAndSizes) {
  EXPECT_EQ(number("90"), 90);
  EXPECT_EQ(number("90%"), 90);
  EXPECT_EQ(number("90 %"), 90);
  EXPECT_EQ(number("1,5"), 1.5);
  EXPECT_EQ(number("50 MB/s"), 50e6);
  EXPECT_EQ(number("1.5гб"), 1.5e9);
  EXPECT_EQ(number("100к"), 100e3);
  for (const char* wrong : {"", "x", "-5", "9x", "1,2,3", "1e999", "99999999999999999999"})
    EXPECT_EQ(number(wrong), std::nullopt) << wrong;
}

TEST(KindInputTest, ANumberLeavesWhatFollows) {
  std::string text = "85 for 10m";
  EXPECT_EQ(take_number(text), 85);
  EXPECT_EQ(text, "for 10m");
  text = "85 10 мин";
  EXPECT_EQ(take_number(text), 85);
  EXPECT_EQ(text, "10 мин");
}

TEST(KindInputTest, DurationsInBothLanguages) {
  EXPECT_EQ(duration("10m"), 10min);
  EXPECT_EQ(duration("1,5h"), 90min);
  EXPECT_EQ(duration("1h30m"), 90min);
  EXPECT_EQ(duration("1 h 30 min"), 90min);
  EXPECT_EQ(duration("5м"), 5min);
  EXPECT_EQ(duration("90 мин"), 90min);
  EXPECT_EQ(duration("3 ДНЯ"), 72h);
  EXPECT_EQ(duration("2 недели"), 14 * 24h);
  EXPECT_EQ(duration("1 час"), 1h);
  EXPECT_EQ(duration("30s"), 30s);
  for (const char* wrong : {"", "5", "h", "5x", "-5m", "0m", "5m!", "9999999999d"})
    EXPECT_EQ(duration(wrong), std::nullopt) << wrong;
}

TEST(KindInputTest, ResourcesByWhatPeopleCallThem) {
  std::string text = "память 90";
  EXPECT_EQ(take_resource(text)->name, "ram");
  EXPECT_EQ(text, "90");
  text = "Network in 5MB";
  EXPECT_EQ(take_resource(text)->name, "net_rx");
  EXPECT_EQ(text, "5MB");
  text = "disk reads 5MB";
  EXPECT_EQ(take_resource(text)->name, "disk_read");
  text = "CPU";
  EXPECT_EQ(take_resource(text)->name, "cpu");
  text = "cpux 5";
  EXPECT_EQ(take_resource(text), nullptr);
  EXPECT_EQ(text, "cpux 5");
}

class SpanTest : public ::testing::Test {
 protected:
  std::optional<Span> span(const char* text) const { return read_span(text, now_, zone_); }
  std::string range(const char* text) const {
    const auto read = span(text);
    if (!read) return "";
    const TimeRange range = read->range(now_);
    return zone_.format(range.from, "%F %H:%M") + " " + zone_.format(range.to, "%F %H:%M");
  }
  TimeZone zone_ = *TimeZone::find("Europe/Berlin");
  Timestamp now_ = Timestamp(std::chrono::seconds(1'795'694'400));  // 2026-11-26 13:00 in Berlin
};

TEST_F(SpanTest, TheLastHoursOrDays) {
  EXPECT_EQ(span("3h"), (Span{3h, {}}));
  EXPECT_EQ(span(" 7 дней "), (Span{7 * 24h, {}}));
  EXPECT_EQ(span("30s"), std::nullopt);
  EXPECT_EQ(span("7d and more"), std::nullopt);
}

TEST_F(SpanTest, DatesAreWholeDaysOfTheZone) {
  ASSERT_EQ(zone_.format(now_, "%F %H:%M"), "2026-11-26 13:00");
  EXPECT_EQ(range("2026-11-20 2026-11-22"), "2026-11-20 00:00 2026-11-23 00:00");
  EXPECT_EQ(range("20.11 - 22.11"), "2026-11-20 00:00 2026-11-23 00:00");
  EXPECT_EQ(range("20.11..22.11"), "2026-11-20 00:00 2026-11-23 00:00");
  EXPECT_EQ(range("20.11.2026"), "2026-11-20 00:00 2026-11-21 00:00");
  EXPECT_EQ(range("вчера"), "2026-11-25 00:00 2026-11-26 00:00");
  EXPECT_EQ(range("Today"), "2026-11-26 00:00 2026-11-26 13:00");
  EXPECT_EQ(range("24.12"), "2025-12-24 00:00 2025-12-25 00:00");
  EXPECT_EQ(range("25.10.2026"), "2026-10-25 00:00 2026-10-26 00:00");  // 25 hours long
  EXPECT_EQ(span("25.10.2026")->last, 25h);
}

TEST_F(SpanTest, TimesOfDayNarrowIt) {
  EXPECT_EQ(range("20.11 08:00 - 20.11 12:30"), "2026-11-20 08:00 2026-11-20 12:30");
  EXPECT_EQ(range("2026-11-20 08:00 12:30"), "2026-11-20 08:00 2026-11-20 12:30");
  EXPECT_EQ(range("08:00 12:00"), "2026-11-26 08:00 2026-11-26 12:00");
}

TEST_F(SpanTest, WhatCannotBeMeantIsRefused) {
  for (const char* wrong : {"", "31.02.2026", "2026-13-01", "22.11 20.11", "28.11.2026", "2026-11-20 x", "08:00",
                            "20.11 21.11 22.11", "..", "1.2.3.4", "12:99 13:00"})
    EXPECT_EQ(span(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace mps::telegram
