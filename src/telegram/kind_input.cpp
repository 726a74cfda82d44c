#include "telegram/kind_input.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace mps::telegram {
namespace {

using namespace std::chrono_literals;
constexpr std::string_view kSpaces = " \t\r\n";

struct Unit {
  std::string_view begin;  // what the word begins with, or is where `whole`
  double factor;
  bool whole;
};

constexpr double kMinute = 60, kHour = 3600, kDay = 86400, kWeek = 7 * kDay;
constexpr Unit kTimes[] = {
    {"s", 1, true},          {"sec", 1, false},     {"с", 1, true},          {"сек", 1, false},    {"m", kMinute, true},
    {"min", kMinute, false}, {"м", kMinute, true},  {"мин", kMinute, false}, {"h", kHour, true},   {"hr", kHour, false},
    {"hour", kHour, false},  {"ч", kHour, true},    {"час", kHour, false},   {"d", kDay, true},    {"day", kDay, false},
    {"д", kDay, true},       {"дн", kDay, false},   {"ден", kDay, false},    {"сут", kDay, false}, {"w", kWeek, true},
    {"week", kWeek, false},  {"нед", kWeek, false},
};
// Bits before bytes, whose names theirs begin with.
constexpr Unit kSizes[] = {
    {"kbit", 125, false},  {"mbit", 125e3, false},  {"gbit", 125e6, false},
    {"кбит", 125, false},  {"мбит", 125e3, false},  {"гбит", 125e6, false},
    {"kib", 1024, false},  {"mib", 1048576, false}, {"gib", 1073741824, false},
    {"%", 1, true},        {"b", 1, true},          {"b/s", 1, true},
    {"kb", 1e3, false},    {"k", 1e3, true},        {"кб", 1e3, false},
    {"к", 1e3, true},      {"mb", 1e6, false},      {"m", 1e6, true},
    {"мб", 1e6, false},    {"м", 1e6, true},        {"gb", 1e9, false},
    {"g", 1e9, true},      {"гб", 1e9, false},      {"г", 1e9, true},
    {"б", 1, true},        {"б/с", 1, true},        {"percent", 1, false},
    {"процент", 1, false},
};

struct Called {
  std::string_view word;
  std::string_view resource;
};
constexpr Called kCalled[] = {
    {"processor", "cpu"},    {"процессор", "cpu"},     {"цп", "cpu"},
    {"цпу", "cpu"},          {"memory", "ram"},        {"mem", "ram"},
    {"память", "ram"},       {"озу", "ram"},           {"диск", "disk"},
    {"fs", "disk"},          {"нагрузка", "load"},     {"load1", "load"},
    {"подкачка", "swap"},    {"своп", "swap"},         {"network", "net_rx"},
    {"net", "net_rx"},       {"сеть", "net_rx"},       {"rx", "net_rx"},
    {"tx", "net_tx"},        {"входящий", "net_rx"},   {"исходящий", "net_tx"},
    {"чтение", "disk_read"}, {"запись", "disk_write"},
};

void trim_front(std::string& text) {
  const size_t begin = text.find_first_not_of(kSpaces);
  text.erase(0, begin);
}

// A number at the front, with a comma or a point: how many bytes of it there are; 0 for none.
size_t number_at_front(std::string_view text, double& value) {
  std::string digits;
  bool point = false;
  size_t used = 0;
  for (; used < text.size(); ++used) {
    const char c = text[used];
    const bool next_is_digit = used + 1 < text.size() && text[used + 1] >= '0' && text[used + 1] <= '9';
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if ((c == '.' || c == ',') && !point && !digits.empty() && next_is_digit) {
      digits += '.';
      point = true;
    } else {
      break;
    }
  }
  if (digits.empty() || digits.size() > 18) return 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return failure == std::errc() ? used : 0;
}

// The letters (and % and /) at the front.
std::string_view unit_word(std::string_view text) {
  size_t size = 0;
  while (size < text.size()) {
    const auto c = static_cast<unsigned char>(text[size]);
    const bool letter = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%' || c == '/';
    if (!letter) break;
    ++size;
  }
  return text.substr(0, size);
}

template <size_t N>
const Unit* find_unit(std::string_view word, const Unit (&units)[N]) {
  const std::string lower = lower_letters(word);
  for (const Unit& unit : units) {
    if (unit.whole ? lower == unit.begin : lower.starts_with(unit.begin)) return &unit;
  }
  return nullptr;
}

bool ends_word(std::string_view rest) {
  return rest.empty() || kSpaces.find(rest.front()) != std::string_view::npos;
}

// "1h", "30 min": seconds. 0 where there is none.
double take_one_duration(std::string& text) {
  double number = 0;
  const size_t used = number_at_front(text, number);
  if (used == 0) return 0;
  std::string rest = text.substr(used);
  trim_front(rest);
  const auto word = unit_word(rest);
  const Unit* unit = find_unit(word, kTimes);
  if (unit == nullptr) return 0;
  text = rest.substr(word.size());
  return number * unit->factor;
}

using Days = std::chrono::sys_days;

std::optional<int> small_number(std::string_view text) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// "2026-11-20", "20.11.2026", "20.11", "today", "вчера". `today` is a local date.
std::optional<Days> read_date(std::string_view word, Days today) {
  if (word == "today" || word == "сегодня") return today;
  if (word == "yesterday" || word == "вчера") return today - std::chrono::days(1);
  const bool iso = word.find('-') != std::string_view::npos;
  const auto parts = split(word, iso ? '-' : '.');
  if (parts.size() != 3 && (iso || parts.size() != 2)) return std::nullopt;
  const std::chrono::year this_year = std::chrono::year_month_day(today).year();
  const auto day = small_number(iso ? parts[2] : parts[0]), month = small_number(parts[1]);
  std::optional<int> year = static_cast<int>(this_year);
  if (parts.size() == 3) year = small_number(iso ? parts[0] : parts[2]);
  if (!day || !month || !year || *day < 1 || *month < 1 || *year < 1971 || *year > 2200) return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                   std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  // "20.12" in January is the one that has been.
  if (parts.size() == 2 && Days(date) > today) date = {date.year() - std::chrono::years(1), date.month(), date.day()};
  if (!date.ok()) return std::nullopt;
  return Days(date);
}

Timestamp local_instant(Days date, std::chrono::minutes time, const TimeZone& zone) {
  const Timestamp as_utc = Timestamp(date) + time;
  return as_utc - zone.offset_at(as_utc - zone.offset_at(as_utc));
}

struct Moment {
  Days date;
  std::optional<std::chrono::minutes> time;
};

// "20.11 08:00", "20.11", "08:00" (of `known`).
std::optional<Moment> take_moment(std::string& text, Days today, Days known) {
  std::string rest = text;
  if (const auto time = take_clock(rest)) {
    text = rest;
    return Moment{known, time};
  }
  const auto date = read_date(next_word(rest), today);
  if (!date) return std::nullopt;
  Moment moment{*date, {}};
  moment.time = take_clock(rest);
  text = rest;
  return moment;
}

}  // namespace

std::string lower_letters(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else if (c == 0xD0 && next >= 0x90 && next <= 0x9F) {  // А-П
      out += {'\xD0', static_cast<char>(next + 0x20)};
      ++i;
    } else if (c == 0xD0 && next >= 0xA0 && next <= 0xAF) {  // Р-Я
      out += {'\xD1', static_cast<char>(next - 0x20)};
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string next_word(std::string& text) {
  trim_front(text);
  const size_t end = std::min(text.find_first_of(kSpaces), text.size());
  std::string word = lower_letters(std::string_view(text).substr(0, end));
  text.erase(0, end);
  trim_front(text);
  return word;
}

bool take_any(std::string& text, std::initializer_list<std::string_view> words) {
  std::string rest = text;
  const std::string word = next_word(rest);
  for (const auto known : words) {
    if (word != known) continue;
    text = rest;
    return true;
  }
  return false;
}

std::optional<double> take_number(std::string& text) {
  std::string rest = text;
  trim_front(rest);
  double number = 0;
  const size_t used = number_at_front(rest, number);
  if (used == 0) return std::nullopt;
  rest.erase(0, used);
  std::string after = rest;
  trim_front(after);
  const auto word = unit_word(after);
  const bool glued = !ends_word(rest);
  const Unit* unit = find_unit(word, kSizes);
  // Glued to the number it must be a unit; apart from it "m" may as well begin something else.
  if (glued && unit == nullptr) return std::nullopt;
  if (unit != nullptr && (glued || word == "%" || word.size() > 1)) {
    number *= unit->factor;
    rest = after.substr(word.size());
    if (!ends_word(rest)) return std::nullopt;
  }
  trim_front(rest);
  text = rest;
  return number;
}

std::optional<Duration> take_duration(std::string& text) {
  std::string rest = text;
  trim_front(rest);
  double seconds = 0;
  for (;;) {
    std::string after = rest;
    trim_front(after);
    const double more = take_one_duration(after);
    if (more <= 0) break;
    seconds += more;
    rest = after;
  }
  if (seconds < 1 || seconds > 10 * 366 * kDay || !ends_word(rest)) return std::nullopt;
  trim_front(rest);
  text = rest;
  return std::chrono::round<std::chrono::seconds>(std::chrono::duration<double>(seconds));
}

std::optional<std::chrono::minutes> take_clock(std::string& text) {
  std::string rest = text;
  const std::string word = next_word(rest);
  const auto parts = split(word, ':');
  if (parts.size() != 2 || parts[1].size() != 2) return std::nullopt;
  const auto hours = small_number(parts[0]), minutes = small_number(parts[1]);
  if (!hours || !minutes || *hours < 0 || *minutes < 0 || *minutes > 59 || *hours * 60 + *minutes > 24 * 60)
    return std::nullopt;
  text = rest;
  return std::chrono::minutes(*hours * 60 + *minutes);
}

const Resource* take_resource(std::string& text) {
  const std::string lower = lower_letters(text);
  const Resource* by_title = nullptr;  // the longest: "Disk reads" before "Disk"
  for (const Resource& resource : resources()) {
    const std::string title = lower_letters(resource.title);
    if (!lower.starts_with(title) || !ends_word(std::string_view(lower).substr(title.size()))) continue;
    if (by_title == nullptr || resource.title.size() > by_title->title.size()) by_title = &resource;
  }
  if (by_title != nullptr) {
    text.erase(0, by_title->title.size());
    trim_front(text);
    return by_title;
  }
  std::string rest = text;
  const std::string word = next_word(rest);
  const Resource* found = find_resource(word);
  for (const Called& called : kCalled) {
    if (called.word == word) found = find_resource(called.resource);
  }
  if (found != nullptr) text = rest;
  return found;
}

std::optional<Span> read_span(std::string_view text, Timestamp now, const TimeZone& zone) {
  std::string rest(text);
  trim_front(rest);
  if (const auto last = take_duration(rest)) {
    if (!rest.empty() || *last < kSpanMin || *last > kSpanMax) return std::nullopt;
    return Span{*last, {}};
  }
  const Days today = std::chrono::floor<std::chrono::days>(now + zone.offset_at(now));
  if (const size_t dots = rest.find(".."); dots != std::string::npos) rest.replace(dots, 2, " - ");
  const auto from = take_moment(rest, today, today);
  if (!from) return std::nullopt;
  take_any(rest, {"-", "–", "—", "to", "till", "until", "по", "до"});
  auto to = rest.empty() && !from->time ? from : take_moment(rest, today, from->date);
  if (!to || !rest.empty()) return std::nullopt;
  const Timestamp begin = local_instant(from->date, from->time.value_or(0min), zone);
  const Timestamp end =
      to->time ? local_instant(to->date, *to->time, zone) : local_instant(to->date + std::chrono::days(1), 0min, zone);
  if (begin >= now || end - begin < kSpanMin || end - begin > kSpanMax) return std::nullopt;
  return Span{end - begin, TimeRange{begin, std::min(end, now)}};
}

}  // namespace mps::telegram
