#include "base/text.h"

#include <gtest/gtest.h>
#include <limits>

#include "base/gzip.h"
#include "base/time_zone.h"

namespace mps {
namespace {

using namespace std::chrono_literals;

TEST(Text, TimesReadBackAsWritten) {
  const Timestamp time(1'795'341'418s);
  EXPECT_EQ(format_rfc3339(time), "2026-11-22T09:56:58Z");
  EXPECT_EQ(format_rfc3339(time + 500ms), "2026-11-22T09:56:58.5Z");
  for (const char* text : {"2026-11-22T09:56:58Z", "2026-11-22 09:56:58", "1795341418", "2026-11-22T12:56:58+03:00"}) {
    EXPECT_EQ(parse_time(text).value(), time) << text;
  }
  EXPECT_EQ(parse_time("2026-11-22").value(), Timestamp(1'795'305'600s));
  EXPECT_EQ(parse_time("2026-11-22T09:56:58.25Z").value() - parse_time("2026-11-22 09:56:58").value(), 250ms);
  EXPECT_EQ(parse_time("2026-11-22 11:26+0130").value(), parse_time("2026-11-22T09:56Z").value());
  EXPECT_EQ(format_rfc3339(parse_time("1678-01-01").value()), "1678-01-01T00:00:00Z");
  for (const char* text : {"", "yesterday", "2026-11-22T09:56:58Zx", "2026-13-01", "nan", "2026-02-29",
                           "2026-11-22T24:00:00Z", "2026-11-22T09:56:58.Z", "2026-11-22T09:56:58.1234567890Z",
                           "2026-11-22Tnonsense", "9999-01-01", "2026-11-22T09:56:58+25:00", "2026-11-22T9:56:58Z"})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Text, Durations) {
  EXPECT_EQ(parse_duration("1h30m").value(), 90min);
  EXPECT_EQ(parse_duration("250ms").value(), 250ms);
  EXPECT_EQ(parse_duration("1.5h").value(), 90min);
  for (const char* text : {"", "5", "m", "-5m", "5x", "0s", "99999999999d"}) EXPECT_FALSE(parse_duration(text)) << text;
  EXPECT_EQ(format_duration(90min), "1h 30m");
  EXPECT_EQ(format_duration(72h), "3d");
  EXPECT_EQ(format_duration(0s), "0ms");
}

TEST(Text, Sizes) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1'500'000'000), "1.5 GB");
  EXPECT_EQ(format_bytes(999'999), "1 MB");
}

TEST(Text, InvalidBytesBecomeReplacementCharacters) {
  EXPECT_EQ(valid_utf8("сервер💾"), "сервер💾");
  EXPECT_EQ(valid_utf8("a\xFF\xC0\xAFz"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
}

TEST(Gzip, ReadsBackAndRefusesBombsAndDamage) {
  const std::string text(100'000, 'x');
  EXPECT_EQ(gunzip(gzip(text), 100'000).value(), text);
  EXPECT_EQ(gunzip(gzip("a") + gzip("b"), 100).value(), "ab");
  EXPECT_EQ(gunzip(gzip(text), 99'999).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(gunzip(gzip(text).substr(0, 50), 200'000).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(gunzip("no gzip at all", 100));
  EXPECT_FALSE(gunzip("", 100));
}

TEST(TimeZone, AlarmsOfTheDayFollowTheLocalClock) {
  const TimeZone berlin = TimeZone::find("Europe/Berlin").value();
  const Timestamp before_change =
      parse_time("2026-10-24T12:00:00Z").value();  // clocks go back in the night of the 25th
  EXPECT_EQ(format_rfc3339(berlin.next_time_of_day(before_change, 3h + 30min)), "2026-10-25T02:30:00Z");
  EXPECT_EQ(berlin.offset_at(before_change), 2h);
  EXPECT_EQ(berlin.format(before_change, "%H:%M"), "14:00");
  EXPECT_FALSE(TimeZone::find("Mars/Olympus"));
}

}  // namespace
}  // namespace mps
