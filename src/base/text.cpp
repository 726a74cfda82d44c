#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <date/date.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <span>
#include <utility>

namespace mps {
namespace {

using std::chrono::nanoseconds;

constexpr std::array<std::pair<std::string_view, int64_t>, 7> kDurationUnits = {{{"d", 86'400'000'000'000},
                                                                                 {"h", 3'600'000'000'000},
                                                                                 {"ms", 1'000'000},
                                                                                 {"m", 60'000'000'000},
                                                                                 {"us", 1'000},
                                                                                 {"ns", 1},
                                                                                 {"s", 1'000'000'000}}};

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Each takes what it names from the front of `text`, or leaves it and returns false.
bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}
bool take_digits(std::string_view& text, size_t count, int& out) {
  if (text.size() < count || !std::all_of(text.begin(), text.begin() + static_cast<ptrdiff_t>(count), is_digit))
    return false;
  std::from_chars(text.data(), text.data() + count, out);
  text.remove_prefix(count);
  return true;
}
bool take_time_of_day(std::string_view& text, nanoseconds& out) {
  int hour = 0, minute = 0, second = 0, fraction = 0;
  if (!take_digits(text, 2, hour) || !take(text, ':') || !take_digits(text, 2, minute)) return false;
  if (take(text, ':') && !take_digits(text, 2, second)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  if (take(text, '.')) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto count = static_cast<size_t>(end - text.begin());
    if (count == 0 || count > 9 || !take_digits(text, count, fraction)) return false;
    for (size_t i = count; i < 9; ++i) fraction *= 10;
  }
  out = std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) + nanoseconds(fraction);
  return true;
}
// "Z", "+02:00", "-0330", or nothing, which is UTC.
bool take_zone(std::string_view& text, std::chrono::minutes& out) {
  if (text.empty() || take(text, 'Z')) return true;
  const bool west = text.front() == '-';
  int hours = 0, minutes = 0;
  if ((!take(text, '+') && !take(text, '-')) || !take_digits(text, 2, hours)) return false;
  take(text, ':');
  if (!take_digits(text, 2, minutes) || hours > 23 || minutes > 59) return false;
  out = std::chrono::minutes((west ? -1 : 1) * (60 * hours + minutes));
  return true;
}

// By hand: the date library's stream parser reads what it never set where a text does not fit its format.
bool parse_iso8601(std::string_view text, Timestamp& out) {
  int year = 0, month = 0, day = 0;
  if (!take_digits(text, 4, year) || !take(text, '-') || !take_digits(text, 2, month) || !take(text, '-') ||
      !take_digits(text, 2, day))
    return false;
  const date::year_month_day date(date::year(year), date::month(static_cast<unsigned>(month)),
                                  date::day(static_cast<unsigned>(day)));
  // Those are the whole years that nanoseconds in 64 bits can tell.
  if (!date.ok() || year < 1678 || year > 2261) return false;
  nanoseconds time_of_day{0};
  std::chrono::minutes offset{0};
  if (!text.empty() && ((!take(text, 'T') && !take(text, ' ')) || !take_time_of_day(text, time_of_day))) return false;
  if (!take_zone(text, offset) || !text.empty()) return false;
  out = Timestamp(date::sys_days(date).time_since_epoch() + time_of_day - offset);
  return true;
}

// The length of the UTF-8 sequence at the front of `text`, 0 where it is not valid.
size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate_or_beyond = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  return overlong || surrogate_or_beyond ? 0 : length;
}

// The largest unit in which there is at least one, three figures of it.
std::string format_scaled(double amount, double step, std::span<const char* const> units) {
  size_t unit = 0;
  while (std::abs(amount) >= step - 0.5 && unit + 1 < units.size()) {
    amount /= step;
    ++unit;
  }
  const int decimals = unit == 0 || std::abs(amount) >= 99.95 ? 0 : std::abs(amount) >= 9.995 ? 1 : 2;
  std::string number = fmt::format("{:.{}f}", amount, decimals);
  if (number.find('.') != std::string::npos) {
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
  }
  return number + " " + units[unit];
}

}  // namespace

std::string format_rfc3339(Timestamp time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto days = date::floor<date::days>(date::sys_seconds(seconds.time_since_epoch()));
  const date::year_month_day day(days);
  const auto rest = static_cast<unsigned>((seconds.time_since_epoch() - days.time_since_epoch()).count());
  std::string text = "0000-00-00T00:00:00";  // by hand: an answer of the API holds many times
  const auto put = [&text](size_t end, unsigned number) {
    for (; number > 0; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
  };
  put(4, static_cast<unsigned>(static_cast<int>(day.year())));  // 1677 to 2262: what a Timestamp holds
  put(7, static_cast<unsigned>(day.month()));
  put(10, static_cast<unsigned>(day.day()));
  put(13, rest / 3600);
  put(16, rest / 60 % 60);
  put(19, rest % 60);
  if (const auto fraction = (time - seconds).count(); fraction != 0) {
    std::string digits = fmt::format("{:09}", fraction);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += "." + digits;
  }
  return text + "Z";
}

Result<Timestamp> parse_time(std::string_view text) {
  if (const auto number = parse_number(text); number && std::abs(*number) < 9.2e9) {
    // Whole seconds stay exact; a double would lose the nanoseconds of large stamps.
    const double whole = std::floor(*number);
    return Timestamp(std::chrono::seconds(static_cast<int64_t>(whole)) +
                     nanoseconds(static_cast<int64_t>(std::llround((*number - whole) * 1e9))));
  }
  if (Timestamp time; parse_iso8601(text, time)) return time;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("'{}' is not a time; write 2026-11-22T09:56:58Z, 2026-11-22 or seconds since 1970", text)};
}

Result<Duration> parse_duration(std::string_view text) {
  const Error wrong{ErrorCode::kInvalidArgument,
                    fmt::format("'{}' is not a duration; write 10s, 5m, 1h30m or 7d", text)};
  double total_ns = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    double number = 0;
    const auto [end, failure] =
        std::from_chars(rest.data(), rest.data() + rest.size(), number, std::chars_format::fixed);
    if (failure != std::errc() || number < 0) return wrong;
    rest.remove_prefix(static_cast<size_t>(end - rest.data()));
    int64_t unit_ns = 0;
    for (const auto& [name, ns] : kDurationUnits) {
      if (rest.starts_with(name)) {
        unit_ns = ns;
        rest.remove_prefix(name.size());
        break;
      }
    }
    if (unit_ns == 0) return wrong;
    total_ns += number * static_cast<double>(unit_ns);
  }
  if (total_ns < 1 || total_ns > 9e18) return wrong;
  return Duration(static_cast<int64_t>(std::llround(total_ns)));
}

std::string format_duration(Duration duration) {
  if (duration < Duration::zero()) return "-" + format_duration(-duration);
  if (duration < std::chrono::seconds(1)) return fmt::format("{}ms", duration / std::chrono::milliseconds(1));
  const auto seconds = duration / std::chrono::seconds(1);
  const std::array<std::pair<int64_t, char>, 4> parts = {
      {{seconds / 86400, 'd'}, {seconds / 3600 % 24, 'h'}, {seconds / 60 % 60, 'm'}, {seconds % 60, 's'}}};
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].first == 0) continue;
    std::string text = fmt::format("{}{}", parts[i].first, parts[i].second);
    if (i + 1 < parts.size() && parts[i + 1].first != 0)
      text += fmt::format(" {}{}", parts[i + 1].first, parts[i + 1].second);
    return text;
  }
  return "0s";
}

std::string format_bytes(double bytes) {
  static constexpr std::array<const char*, 6> kUnits = {"B", "KB", "MB", "GB", "TB", "PB"};
  return format_scaled(bytes, 1000, kUnits);
}

std::string format_binary_bytes(double bytes) {
  static constexpr std::array<const char*, 6> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  return format_scaled(bytes, 1024, kUnits);
}

std::string format_bits(double bits) {
  static constexpr std::array<const char*, 6> kUnits = {"bit", "kbit", "Mbit", "Gbit", "Tbit", "Pbit"};
  return format_scaled(bits, 1000, kUnits);
}

std::string format_number(double value) {
  if (std::isnan(value)) return "";
  std::array<char, 512> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return std::string(buffer.data(), result.ptr);
}

Result<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is not a number", text)};
  }
  return value;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : valid_utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace mps
