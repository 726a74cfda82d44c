#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

// Times, durations and sizes as people and programs read them.
namespace mps {

// "2026-11-22T09:56:58Z"; fractions of a second only where there are any.
std::string format_rfc3339(Timestamp time);
// RFC 3339 with Z or an offset, "2026-11-22 09:56:58" and "2026-11-22" (both UTC), or seconds since 1970
// ("1795341418.5").
Result<Timestamp> parse_time(std::string_view text);

// "10s", "5m", "1h30m", "7d", "250ms"; at least 1 ns. Fails with kInvalidArgument on anything else.
Result<Duration> parse_duration(std::string_view text);
// The two largest units that are not zero: "1h 30m", "3d", "12s", "250ms".
std::string format_duration(Duration duration);

// "1.5 GB" (powers of 1000), "0 B".
std::string format_bytes(double bytes);
// "1.43 MiB" (powers of 1024); "12 Mbit" (powers of 1000).
std::string format_binary_bytes(double bytes);
std::string format_bits(double bits);

// Shortest decimal text that reads back as the same double, without an exponent; "" for NaN.
std::string format_number(double value);

// The whole of `text` as a number: fails on empty text, rest, NaN and infinity.
Result<double> parse_number(std::string_view text);

// `text` as it may stand in JSON, without the quotes. Invalid UTF-8 becomes U+FFFD.
std::string valid_utf8(std::string_view text);

// `text` as it may stand in HTML: & < > " escaped, invalid UTF-8 replaced.
std::string escape_html(std::string_view text);

}  // namespace mps
