#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time_zone.h"
#include "metric/resource.h"
#include "metric/sample.h"

// What people type, read the way they mean it: "90%", "90", "1,5h", "10 min", "90м", "3 дня". Every reader takes what
// it understands from the front of `text`, and leaves `text` as it is where it understands nothing. In English and in
// Russian, whatever the language of the chat.
namespace mps::telegram {

// Latin and Cyrillic letters in lower case; everything else as it is.
std::string lower_letters(std::string_view text);

// The first word of `text`, which loses it and the spaces around it.
std::string next_word(std::string& text);
// Takes the first word where it is one of these (in lower case). True where it was.
bool take_any(std::string& text, std::initializer_list<std::string_view> words);

// "90", "90%", "90 %", "1,5", "50 MB/s", "1.5гб": bytes in powers of 1000. Not negative.
std::optional<double> take_number(std::string& text);
// "10m", "1h30m", "1,5h", "10 min", "3 дня", "2 недели"; at least a second, at most ten years.
std::optional<Duration> take_duration(std::string& text);
// "22:00" as time since midnight.
std::optional<std::chrono::minutes> take_clock(std::string& text);
// A resource by its name, its title, or what people call it ("memory", "озу").
const Resource* take_resource(std::string& text);

// A stretch of time: the last `last`, or a range that stands still.
struct Span {
  Duration last = std::chrono::hours(24);
  std::optional<TimeRange> fixed = {};
  TimeRange range(Timestamp now) const { return fixed ? *fixed : TimeRange{now - last, now}; }
  friend bool operator==(const Span&, const Span&) = default;
};
inline constexpr Duration kSpanMin = std::chrono::minutes(1);
inline constexpr Duration kSpanMax = std::chrono::hours(24) * 366 * 5;

// All of `text`: "24h", "7 дней", "today", "вчера", "2026-11-20", "20.11", "2026-11-20 2026-11-25" (both days whole),
// "20.11 08:00 - 20.11 12:30", "08:00 12:00" (of today). Nothing else, and nothing that begins after `now`.
std::optional<Span> read_span(std::string_view text, Timestamp now, const TimeZone& zone);

}  // namespace mps::telegram
