#include "wire/line_protocol.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <utility>

#include "wire/field_value.h"
#include "wire/quote.h"

namespace mps::wire {
namespace {

// The first and the last time that InfluxDB takes: it keeps the outermost ones for itself.
constexpr int64_t kTimeMin = std::numeric_limits<int64_t>::min() + 2;
constexpr int64_t kTimeMax = std::numeric_limits<int64_t>::max() - 1;

enum Stop : uint8_t { kMeasurementStop = 1, kNameStop = 2 };

// What ends a measurement (',', ' ', newline), and what ends any other name ('=' too).
constexpr std::array<uint8_t, 256> kStops = [] {
  std::array<uint8_t, 256> table{};
  for (const unsigned char c : {',', ' ', '\n'}) table[c] = kMeasurementStop | kNameStop;
  table[static_cast<unsigned char>('=')] = kNameStop;
  return table;
}();

bool stops(char c, Stop kind) {
  return (kStops[static_cast<unsigned char>(c)] & kind) != 0;
}

int64_t nanoseconds_per(Precision precision) {
  switch (precision) {
    case Precision::kNanoseconds:
      return 1;
    case Precision::kMicroseconds:
      return 1'000;
    case Precision::kMilliseconds:
      return 1'000'000;
    case Precision::kSeconds:
      return 1'000'000'000;
    case Precision::kMinutes:
      return 60'000'000'000;
    case Precision::kHours:
      return 3'600'000'000'000;
  }
  return 1;
}

// Takes the backslash away in front of what it escapes: ',', ' ' and '=', in a measurement too.
std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && stops(text[i + 1], kNameStop)) ++i;
    out += text[i];
  }
  return out;
}

std::string unescape_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
    out += text[i];
  }
  return out;
}

class LineParser {
 public:
  LineParser(std::string_view body, Precision precision, const Limits& limits, ParseResult& out)
      : p_(body.data()),
        end_(body.data() + body.size()),
        unit_ns_(nanoseconds_per(precision)),
        limits_(limits),
        out_(out) {}

  void run();

 private:
  bool parse_line(Point& point);
  bool parse_tags(Point& point);
  bool parse_fields(Point& point);
  bool parse_field(Field& field);
  bool parse_text(Field& field);
  bool parse_time(Point& point);
  bool take_name(Stop kind, std::string_view& name);
  bool sort_tags(uint32_t begin);
  // Always false. `at` is where the reader should look.
  bool fail(const char* at, std::string reason);
  bool fail_value(const char* at, ValueFault fault);
  bool fail_limit(const char* at, size_t LimitCounts::*limit, std::string reason) {
    ++(out_.over_limit.*limit);
    return fail(at, std::move(reason));
  }
  // Records the failure of the line that began at `start` and moves behind it.
  void refuse(const char* start);
  const char* line_end(const char* start) const;

  bool at_line_end() const { return p_ == end_ || *p_ == '\n' || (*p_ == '\r' && (p_ + 1 == end_ || p_[1] == '\n')); }
  bool at(char c) const { return p_ != end_ && *p_ == c; }
  void skip_blanks() {
    while (p_ != end_ && (*p_ == ' ' || *p_ == '\t')) ++p_;
  }
  // From `from` to the next blank, comma or end of line: what a sentence about it should show.
  std::string_view word(const char* from) const;

  const char* p_;
  const char* const end_;
  const int64_t unit_ns_;
  const Limits& limits_;
  ParseResult& out_;
  size_t line_ = 1;      // of the line that is being parsed
  size_t newlines_ = 0;  // in its texts
  const char* failed_at_ = nullptr;
  std::string failure_;
};

bool LineParser::fail(const char* at, std::string reason) {
  failed_at_ = at;
  failure_ = std::move(reason);
  return false;
}

std::string_view LineParser::word(const char* from) const {
  const char* to = from;
  while (to != end_ && *to != ' ' && *to != ',' && *to != '\n' && *to != '\r') ++to;
  return {from, static_cast<size_t>(to - from)};
}

bool LineParser::take_name(Stop kind, std::string_view& name) {
  const char* const start = p_;
  bool escaped = false;
  const char* p = p_;
  for (;; ++p) {
    while (p != end_ && !stops(*p, kind)) ++p;
    if (p == end_ || *p == '\n' || p == start || p[-1] != '\\') break;
    escaped = true;
  }
  if (p != start && p[-1] == '\r' && (p == end_ || *p == '\n')) --p;
  p_ = p;
  name = std::string_view(start, static_cast<size_t>(p - start));
  if (name.size() > limits_.name_bytes) {
    return fail_limit(start, &LimitCounts::name_bytes,
                      fmt::format("the name {} is {} bytes long: at most {} are taken", quote(name), name.size(),
                                  limits_.name_bytes));
  }
  if (kind == kMeasurementStop) escaped = name.find('\\') != std::string_view::npos;  // a '=' needs no escape here
  if (escaped) name = out_.batch.keep(unescape(name));
  return true;
}

bool LineParser::sort_tags(uint32_t begin) {
  const auto by_name = [](const Tag& a, const Tag& b) { return a.name < b.name; };
  const auto tags = out_.batch.all_tags.begin() + begin;
  const auto tags_end = out_.batch.all_tags.end();
  std::sort(tags, tags_end, by_name);
  const auto same = std::adjacent_find(tags, tags_end, [](const Tag& a, const Tag& b) { return a.name == b.name; });
  return same == tags_end || fail(p_, fmt::format("tag {} is given twice: keep one of them", quote(same->name)));
}

bool LineParser::parse_tags(Point& point) {
  auto& tags = out_.batch.all_tags;
  point.tags_begin = static_cast<uint32_t>(tags.size());
  bool sorted = true;
  while (at(',')) {
    const char* const start = ++p_;
    Tag tag;
    if (!take_name(kNameStop, tag.name)) return false;
    if (tag.name.empty()) return fail(start, "a tag has no name: write tag=value behind the comma");
    if (!at('=')) return fail(p_, fmt::format("tag {} has no value: write tag=value", quote(tag.name)));
    ++p_;
    if (!take_name(kNameStop, tag.value)) return false;
    if (tag.value.empty()) {
      return fail(p_, fmt::format("tag {} has an empty value: leave the tag out instead", quote(tag.name)));
    }
    if (at('=')) return fail(p_, fmt::format("the value of tag {} holds a '=': write \\=", quote(tag.name)));
    if (tags.size() > point.tags_begin && tags.back().name >= tag.name) sorted = false;
    tags.push_back(tag);
    if (tags.size() - point.tags_begin > limits_.tags)
      return fail_limit(start, &LimitCounts::tags, fmt::format("the line has more than {} tags", limits_.tags));
  }
  if (!sorted && !sort_tags(point.tags_begin)) return false;
  point.tags_end = static_cast<uint32_t>(tags.size());
  return true;
}

bool LineParser::parse_text(Field& field) {
  const char* const open = p_++;
  bool escaped = false;
  for (; p_ != end_ && *p_ != '"'; ++p_) {
    if (*p_ == '\n') ++newlines_;
    if (*p_ == '\\' && p_ + 1 != end_ && (p_[1] == '"' || p_[1] == '\\')) {
      escaped = true;
      ++p_;
    }
  }
  if (p_ == end_) return fail(open, "the text is never closed: end it with a '\"'; nothing behind it was read");
  const std::string_view text(open + 1, static_cast<size_t>(p_ - open - 1));
  field.value = escaped ? out_.batch.keep(unescape_text(text)) : text;
  ++p_;
  return true;
}

bool LineParser::fail_value(const char* at, ValueFault fault) {
  const std::string shown = quote(word(at));
  switch (fault) {
    case ValueFault::kIntegerRange:
      return fail(at, shown + " does not fit in 64 bits: leave the 'i' out to send a float");
    case ValueFault::kUnsignedRange:
      return fail(at, shown + " is not within 0 and 18446744073709551615: write a signed integer with 'i'");
    case ValueFault::kFloatRange:
      return fail(at, shown + " is too large for a float");
    case ValueFault::kNotANumberOrBoolean:
    case ValueFault::kNone:
      break;
  }
  return fail(at, shown + " is not a value: write 1.5, 1i, 1u, true, false or \"text\"; leave NaN and infinity out");
}

bool LineParser::parse_field(Field& field) {
  const char* const start = p_;
  if (!take_name(kNameStop, field.name)) return false;
  if (field.name.empty()) return fail(start, "a field has no name: write field=value");
  if (!at('=')) return fail(p_, fmt::format("field {} has no value: write field=value", quote(field.name)));
  ++p_;
  if (at_line_end() || *p_ == ',' || *p_ == ' ') {
    return fail(
        p_, fmt::format("field {} has no value: write one behind the '=', or leave the field out", quote(field.name)));
  }
  if (*p_ == '"') return parse_text(field);
  const ParsedValue parsed = parse_field_value(p_, end_);
  if (parsed.fault != ValueFault::kNone) return fail_value(p_, parsed.fault);
  const char* const value = std::exchange(p_, parsed.end);
  const bool whole = p_ == end_ || *p_ == ',' || *p_ == ' ' || *p_ == '\t' || at_line_end();
  if (!whole) return fail_value(value, ValueFault::kNotANumberOrBoolean);
  field.value = parsed.value;
  return true;
}

bool LineParser::parse_fields(Point& point) {
  auto& fields = out_.batch.all_fields;
  point.fields_begin = static_cast<uint32_t>(fields.size());
  for (;;) {
    if (fields.size() - point.fields_begin == limits_.fields)
      return fail_limit(p_, &LimitCounts::fields, fmt::format("the line has more than {} fields", limits_.fields));
    if (!parse_field(fields.emplace_back())) return false;
    if (!at(',')) break;
    ++p_;
  }
  point.fields_end = static_cast<uint32_t>(fields.size());
  return true;
}

bool LineParser::parse_time(Point& point) {
  int64_t count = 0;
  const auto [stop, failure] = std::from_chars(p_, end_, count);
  const char* const start = std::exchange(p_, stop);
  const bool whole = failure != std::errc::invalid_argument && (at_line_end() || *p_ == ' ' || *p_ == '\t');
  if (!whole) {
    return fail(start, fmt::format("{} is not a time: write a whole number since 1970 in the precision of the request "
                                   "(nanoseconds unless it says otherwise), or nothing",
                                   quote(word(start))));
  }
  int64_t ns = 0;
  const bool fits = failure == std::errc() && !__builtin_mul_overflow(count, unit_ns_, &ns);
  if (!fits || ns < kTimeMin || ns > kTimeMax) {
    return fail(start, fmt::format("the time {} is beyond the years 1677 to 2262: check the precision of the request",
                                   quote(word(start))));
  }
  point.time = Timestamp(Duration(ns));
  return true;
}

bool LineParser::parse_line(Point& point) {
  const char* const start = p_;
  if (!take_name(kMeasurementStop, point.measurement)) return false;
  if (point.measurement.empty()) return fail(start, "the measurement is missing: a line begins with its name");
  if (!parse_tags(point)) return false;
  skip_blanks();
  if (at_line_end()) return fail(p_, "the line has no fields: write measurement,tag=value field=value time");
  if (!parse_fields(point)) return false;
  skip_blanks();
  if (!at_line_end()) {
    if (!parse_time(point)) return false;
    skip_blanks();
    if (!at_line_end()) return fail(p_, fmt::format("{} is left over behind the time", quote(word(p_))));
  }
  if (const auto bytes = static_cast<size_t>(p_ - start); bytes > limits_.line_bytes)
    return fail_limit(start, &LimitCounts::line_bytes,
                      fmt::format("the line is {} bytes long: at most {} are taken", bytes, limits_.line_bytes));
  return true;
}

// Where a bad line ends: at the first newline that is not inside a text, or at the end of the body.
const char* LineParser::line_end(const char* start) const {
  bool fields = false;
  bool in_text = false;
  bool value_begins = false;  // only directly behind the '=' of a field does a quote open a text
  for (const char* p = start; p != end_; ++p) {
    const bool opens = fields && value_begins && *p == '"';
    value_begins = false;
    if (*p == '\\' && p + 1 != end_ && p[1] != '\n') {
      ++p;
    } else if (in_text) {
      in_text = *p != '"';
    } else if (*p == '\n') {
      return p;
    } else {
      in_text = opens;
      fields = fields || *p == ' ';
      value_begins = *p == '=';
    }
  }
  return end_;
}

void LineParser::refuse(const char* start) {
  const size_t newlines = static_cast<size_t>(std::count(start, failed_at_, '\n'));
  const char* line_start = failed_at_;
  while (line_start != start && line_start[-1] != '\n') --line_start;
  out_.add_error({line_ + newlines, static_cast<size_t>(failed_at_ - line_start) + 1, std::move(failure_)});
  p_ = line_end(start);
  newlines_ = static_cast<size_t>(std::count(start, p_, '\n'));
}

void LineParser::run() {
  PointBatch& batch = out_.batch;
  while (p_ != end_) {
    const char* const line = p_;
    newlines_ = 0;
    skip_blanks();
    if (at('#')) {
      const void* const newline = std::memchr(p_, '\n', static_cast<size_t>(end_ - p_));
      p_ = newline ? static_cast<const char*>(newline) : end_;
    } else if (!at_line_end()) {
      const auto tags = batch.all_tags.size();
      const auto fields = batch.all_fields.size();
      if (Point point; parse_line(point)) {
        point.line = static_cast<uint32_t>(line_);
        batch.points.push_back(point);
      } else {
        batch.all_tags.resize(tags);
        batch.all_fields.resize(fields);
        refuse(line);
      }
    }
    if (at('\r')) ++p_;
    if (at('\n')) ++p_;
    line_ += newlines_ + 1;
  }
}

}  // namespace

Result<Precision> parse_precision(std::string_view text) {
  if (text.empty() || text == "ns" || text == "n") return Precision::kNanoseconds;
  if (text == "us" || text == "u") return Precision::kMicroseconds;
  if (text == "ms") return Precision::kMilliseconds;
  if (text == "s") return Precision::kSeconds;
  if (text == "m") return Precision::kMinutes;
  if (text == "h") return Precision::kHours;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("{} is not a precision: write ns, us, ms, s, m or h", quote(text))};
}

void parse_line_protocol(std::string_view body, Precision precision, const Limits& limits, ParseResult& out) {
  out.batch.clear();
  out.errors.clear();
  out.error_count = 0;
  out.over_limit = {};
  LineParser(body, precision, limits, out).run();
}

ParseResult parse_line_protocol(std::string_view body, Precision precision, const Limits& limits) {
  ParseResult result;
  // What Telegraf sends: 230 bytes a line, 24 a field.
  result.batch.points.reserve(body.size() / 230 + 1);
  result.batch.all_fields.reserve(body.size() / 24 + 1);
  parse_line_protocol(body, precision, limits, result);
  return result;
}

}  // namespace mps::wire
