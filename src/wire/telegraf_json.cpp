#include "wire/telegraf_json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "wire/field_value.h"
#include "wire/quote.h"

namespace mps::wire {
namespace {

namespace json = boost::json;
using json::error_code;
using JsonText = json::string_view;

constexpr size_t kDepthMax = 8;

int64_t nanoseconds_per_unit(double stamp) {
  const double size = std::abs(stamp);
  if (size < 1e11) return 1'000'000'000;
  if (size < 1e14) return 1'000'000;
  return size < 1e17 ? 1'000 : 1;
}

std::optional<Timestamp> time_of(int64_t stamp) {
  int64_t ns = 0;
  if (__builtin_mul_overflow(stamp, nanoseconds_per_unit(static_cast<double>(stamp)), &ns)) return std::nullopt;
  return Timestamp(Duration(ns));
}

std::optional<Timestamp> time_of(double stamp) {
  const double whole = std::floor(stamp);
  if (std::abs(whole) >= 9.2e18) return std::nullopt;
  const auto time = time_of(static_cast<int64_t>(whole));
  const double rest_ns = (stamp - whole) * static_cast<double>(nanoseconds_per_unit(whole));
  if (!time || time->time_since_epoch().count() > std::numeric_limits<int64_t>::max() - 1'000'000'000) return time;
  return *time + Duration(std::llround(rest_ns));
}

// Where in the shape of a body the parser is.
enum class Place : uint8_t { kMetrics, kMetric, kTags, kFields, kIgnored };

// What the parser calls while it reads: builds points as it goes, without a document tree.
class Handler {
 public:
  static constexpr size_t max_object_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_array_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_key_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_string_size = std::numeric_limits<size_t>::max();

  Handler(std::string_view body, const Limits& limits, ParseResult& out) : body_(body), limits_(limits), out_(out) {}

  // The metric that is being read, from 1.
  size_t metric_number() const { return metrics_ + 1; }
  // Forgets a metric that was begun and never ended.
  void abandon() { rollback(); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&);
  bool on_object_end(size_t, error_code&);
  bool on_array_begin(error_code&);
  bool on_array_end(size_t, error_code&);
  bool on_key_part(JsonText part, size_t, error_code&) { return add_part(part); }
  bool on_key(JsonText rest, size_t, error_code&);
  bool on_string_part(JsonText part, size_t, error_code&) { return add_part(part); }
  bool on_string(JsonText rest, size_t, error_code&);
  bool on_number_part(JsonText part, error_code&) { return add_part(part); }
  bool on_int64(int64_t number, JsonText, error_code&) {
    return on_integer(Value::of_integer(number), time_of(number));
  }
  bool on_uint64(uint64_t number, JsonText, error_code&) {
    return on_integer(Value::of_unsigned(number), std::nullopt);
  }
  bool on_double(double, JsonText rest, error_code&);
  bool on_bool(bool value, error_code&);
  bool on_null(error_code&);
  bool on_comment_part(JsonText, error_code&) { return true; }
  bool on_comment(JsonText, error_code&) { return true; }

 private:
  bool in(Place place) const { return !places_.empty() && places_.back() == place; }
  bool add_part(JsonText part) {
    parts_.append(part.data(), part.size());
    return true;
  }
  std::string_view take_text(JsonText rest);
  bool on_integer(Value value, std::optional<Timestamp> time);
  void add_field(std::variant<Value, std::string_view> value);
  void set_time(std::optional<Timestamp> time);
  void on_misplaced(std::string_view what);
  void begin_metric();
  void end_metric();
  std::string complaint();   // about the metric as a whole, empty where there is none
  std::string over_limit();  // the same, where it is too large; counts it
  void rollback();
  void fail(std::string reason) {
    if (failure_.empty()) failure_ = std::move(reason);
  }

  const std::string_view body_;
  const Limits& limits_;
  ParseResult& out_;
  std::vector<Place> places_;
  bool enveloped_ = false;  // the outermost object is {"metrics": ...}, no metric
  std::string_view key_;
  std::string parts_;  // of a text or number that comes in pieces
  Point point_;
  std::string failure_;
  size_t metrics_ = 0;
};

std::string_view Handler::take_text(JsonText rest) {
  if (parts_.empty()) {
    const bool in_body = !std::less<>()(rest.data(), body_.data()) &&
                         !std::less<>()(body_.data() + body_.size(), rest.data() + rest.size());
    if (in_body) return {rest.data(), rest.size()};
  }
  add_part(rest);
  return out_.batch.keep(std::exchange(parts_, {}));
}

void Handler::begin_metric() {
  point_ = Point();
  point_.tags_begin = static_cast<uint32_t>(out_.batch.all_tags.size());
  point_.fields_begin = static_cast<uint32_t>(out_.batch.all_fields.size());
  failure_.clear();
}

void Handler::rollback() {
  out_.batch.all_tags.resize(std::min<size_t>(out_.batch.all_tags.size(), point_.tags_begin));
  out_.batch.all_fields.resize(std::min<size_t>(out_.batch.all_fields.size(), point_.fields_begin));
}

std::string Handler::complaint() {
  if (!failure_.empty()) return std::move(failure_);
  if (std::string reason = over_limit(); !reason.empty()) return reason;
  if (point_.measurement.empty()) return "the metric has no name: give it \"name\": \"cpu\"";
  const auto tags = out_.batch.all_tags.begin() + point_.tags_begin;
  std::sort(tags, out_.batch.all_tags.end(), [](const Tag& a, const Tag& b) { return a.name < b.name; });
  const auto same =
      std::adjacent_find(tags, out_.batch.all_tags.end(), [](const Tag& a, const Tag& b) { return a.name == b.name; });
  if (same != out_.batch.all_tags.end())
    return fmt::format("tag {} is given twice: keep one of them", quote(same->name));
  return {};
}

std::string Handler::over_limit() {
  const auto tags = std::span(out_.batch.all_tags).subspan(point_.tags_begin);
  const auto fields = std::span(out_.batch.all_fields).subspan(point_.fields_begin);
  if (tags.size() > limits_.tags) {
    ++out_.over_limit.tags;
    return fmt::format("the metric has more than {} tags", limits_.tags);
  }
  if (fields.size() > limits_.fields) {
    ++out_.over_limit.fields;
    return fmt::format("the metric has more than {} fields", limits_.fields);
  }
  std::string_view longest = point_.measurement;
  const auto measure = [&](std::string_view name) {
    if (name.size() > longest.size()) longest = name;
  };
  for (const Tag& tag : tags) measure(tag.name), measure(tag.value);
  for (const Field& field : fields) measure(field.name);
  if (longest.size() <= limits_.name_bytes) return {};
  ++out_.over_limit.name_bytes;
  return fmt::format("the name {} is {} bytes long: at most {} are taken", quote(longest), longest.size(),
                     limits_.name_bytes);
}

void Handler::end_metric() {
  ++metrics_;
  std::string reason = complaint();
  point_.tags_end = static_cast<uint32_t>(out_.batch.all_tags.size());
  point_.fields_end = static_cast<uint32_t>(out_.batch.all_fields.size());
  if (!reason.empty()) {
    out_.add_error({metrics_, 1, std::move(reason)});
    rollback();
  } else if (point_.fields_begin == point_.fields_end) {
    rollback();
  } else {
    point_.line = static_cast<uint32_t>(metrics_);
    out_.batch.points.push_back(point_);
  }
  begin_metric();
}

void Handler::on_misplaced(std::string_view what) {
  if (places_.empty() || in(Place::kMetrics)) {
    ++metrics_;
    out_.add_error(
        {metrics_, 1, fmt::format("{} stands where a metric should: write {{\"name\": ..., \"fields\": ...}}", what)});
  } else if (in(Place::kFields)) {
    fail(fmt::format("field {} is {}: write a number, text or boolean", quote(key_), what));
  } else if (in(Place::kTags)) {
    fail(fmt::format("tag {} is {}: write a text", quote(key_), what));
  } else if (in(Place::kMetric) && (key_ == "name" || key_ == "tags" || key_ == "fields" || key_ == "timestamp")) {
    fail(fmt::format("\"{}\" is {}, which it can't be: see Telegraf's JSON output format", key_, what));
  }
}

bool Handler::on_object_begin(error_code&) {
  if (places_.empty() || in(Place::kMetrics)) {
    begin_metric();
    places_.push_back(Place::kMetric);
  } else if (in(Place::kMetric) && (key_ == "tags" || key_ == "fields")) {
    places_.push_back(key_ == "tags" ? Place::kTags : Place::kFields);
  } else {
    on_misplaced("an object");
    places_.push_back(Place::kIgnored);
  }
  return true;
}

bool Handler::on_object_end(size_t, error_code&) {
  const Place place = places_.back();
  places_.pop_back();
  const bool envelope = places_.empty() && enveloped_;
  if (place == Place::kMetric && !envelope) end_metric();
  return true;
}

bool Handler::on_array_begin(error_code&) {
  if (places_.empty()) {
    places_.push_back(Place::kMetrics);
  } else if (places_.size() == 1 && in(Place::kMetric) && key_ == "metrics") {
    rollback();  // the outermost object is no metric, whatever it held so far
    enveloped_ = true;
    places_.push_back(Place::kMetrics);
  } else {
    on_misplaced("an array");
    places_.push_back(Place::kIgnored);
  }
  return true;
}

bool Handler::on_array_end(size_t, error_code&) {
  places_.pop_back();
  return true;
}

bool Handler::on_key(JsonText rest, size_t, error_code&) {
  key_ = take_text(rest);
  return true;
}

void Handler::add_field(std::variant<Value, std::string_view> value) {
  if (key_.empty()) return fail("a field has no name");
  out_.batch.all_fields.push_back({key_, value});
}

void Handler::set_time(std::optional<Timestamp> time) {
  if (!time) return fail("the timestamp is beyond the years 1677 to 2262");
  point_.time = time;
}

bool Handler::on_string(JsonText rest, size_t, error_code&) {
  const std::string_view text = take_text(rest);
  if (in(Place::kFields)) {
    add_field(text);
  } else if (in(Place::kTags)) {
    if (key_.empty()) fail("a tag has no name");
    if (!text.empty()) out_.batch.all_tags.push_back({key_, text});
  } else if (in(Place::kMetric) && key_ == "name") {
    point_.measurement = text;
  } else {
    on_misplaced("a text");
  }
  return true;
}

bool Handler::on_integer(Value value, std::optional<Timestamp> time) {
  parts_.clear();
  if (in(Place::kFields)) {
    add_field(value);
  } else if (in(Place::kMetric) && key_ == "timestamp") {
    set_time(time);
  } else {
    on_misplaced("a number");
  }
  return true;
}

bool Handler::on_double(double, JsonText rest, error_code&) {
  // The parser's own double may be off in its last bit; its text is not.
  add_part(rest);
  const std::optional<double> number = parse_float(std::exchange(parts_, {}));
  if (in(Place::kFields)) {
    if (!number) fail(fmt::format("field {} is too large for a float", quote(key_)));
    if (number) add_field(Value::of_float(*number));
  } else if (in(Place::kMetric) && key_ == "timestamp") {
    set_time(number ? time_of(*number) : std::nullopt);
  } else {
    on_misplaced("a number");
  }
  return true;
}

bool Handler::on_bool(bool value, error_code&) {
  if (in(Place::kFields)) {
    add_field(Value::of_boolean(value));
  } else {
    on_misplaced("a boolean");
  }
  return true;
}

bool Handler::on_null(error_code&) {
  const bool absent = in(Place::kFields) || in(Place::kTags) || in(Place::kIgnored) || in(Place::kMetric);
  if (!absent) on_misplaced("null");
  return true;
}

}  // namespace

ParseResult parse_telegraf_json(std::string_view body, const Limits& limits) {
  ParseResult result;
  json::parse_options options;
  options.max_depth = kDepthMax;
  json::basic_parser<Handler> parser(options, body, limits, result);
  error_code ec;
  const size_t read = parser.write_some(false, body.data(), body.size(), ec);
  if (!ec && read < body.size()) ec = json::error::extra_data;
  if (ec) {
    parser.handler().abandon();
    result.add_error({parser.handler().metric_number(), read + 1,
                      fmt::format("the JSON breaks at byte {}: {}", read + 1, ec.message())});
  }
  return result;
}

}  // namespace mps::wire
