#include "store/influxdb/query_result.h"

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace mps::store {
namespace {

namespace json = boost::json;
using json::error_code;
using JsonView = json::string_view;

enum class Spot : uint8_t {
  kTop,
  kResults,
  kResult,
  kSeriesList,
  kSeries,
  kTags,
  kColumns,
  kValues,
  kRow,
  kRejected,
  kRejectedLine,
  kOther
};

// What the parser calls while it reads.
class AnswerHandler {
 public:
  static constexpr size_t max_object_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_array_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_key_size = std::numeric_limits<size_t>::max();
  static constexpr size_t max_string_size = std::numeric_limits<size_t>::max();

  explicit AnswerHandler(InfluxAnswer& out) : out_(out) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& ec) {
    Spot next = Spot::kOther;
    if (spots_.empty()) next = Spot::kTop;
    if (at(Spot::kResults)) next = Spot::kResult;
    if (at(Spot::kSeriesList)) next = Spot::kSeries;
    if (at(Spot::kSeries) && key_ == "tags") next = Spot::kTags;
    if (at(Spot::kRejected) || (at(Spot::kTop) && key_ == "data")) next = Spot::kRejectedLine;
    if (next == Spot::kSeries) out_.series.emplace_back();
    return enter(next, ec);
  }
  bool on_object_end(size_t, error_code&) { return leave(); }
  bool on_array_begin(error_code& ec) {
    Spot next = Spot::kOther;
    if (at(Spot::kTop) && key_ == "results") next = Spot::kResults;
    if (at(Spot::kTop) && key_ == "data") next = Spot::kRejected;
    if (at(Spot::kResult) && key_ == "series") next = Spot::kSeriesList;
    if (at(Spot::kSeries) && key_ == "columns") next = Spot::kColumns;
    if (at(Spot::kSeries) && key_ == "values") next = Spot::kValues;
    if (at(Spot::kValues)) next = Spot::kRow;
    return enter(next, ec);
  }
  bool on_array_end(size_t, error_code& ec) {
    if (at(Spot::kRow)) {
      const InfluxSeries& series = out_.series.back();
      if (series.columns.empty() || series.cells.size() % series.columns.size() != 0)
        ec = json::error::size_mismatch;  // rows of another length than the header
      if (ec) return false;
    }
    return leave();
  }
  bool on_key_part(JsonView part, size_t, error_code&) {
    text_ += std::string_view(part.data(), part.size());
    return true;
  }
  bool on_key(JsonView part, size_t, error_code&) {
    text_ += std::string_view(part.data(), part.size());
    key_ = std::exchange(text_, {});
    return true;
  }
  bool on_string_part(JsonView part, size_t, error_code&) {
    text_ += std::string_view(part.data(), part.size());
    return true;
  }
  bool on_string(JsonView part, size_t, error_code&) {
    text_ += std::string_view(part.data(), part.size());
    take_text(std::exchange(text_, {}));
    return true;
  }
  bool on_number_part(JsonView part, error_code&) {
    text_ += std::string_view(part.data(), part.size());
    return true;
  }
  bool on_int64(int64_t, JsonView part, error_code&) { return number(part); }
  bool on_uint64(uint64_t, JsonView part, error_code&) { return number(part); }
  bool on_double(double, JsonView part, error_code&) { return number(part); }
  bool on_bool(bool value, error_code&) {
    if (at(Spot::kRow)) cell({InfluxCell::Kind::kBoolean, value ? "true" : "false"});
    if (at(Spot::kSeries) && key_ == "partial" && value) out_.partial = true;
    return true;
  }
  bool on_null(error_code&) {
    if (at(Spot::kRow)) cell({});
    return true;
  }
  bool on_comment_part(JsonView, error_code&) { return true; }
  bool on_comment(JsonView, error_code&) { return true; }

 private:
  bool at(Spot spot) const { return !spots_.empty() && spots_.back() == spot; }
  bool enter(Spot spot, error_code&) {
    spots_.push_back(spot);
    return true;
  }
  bool leave() {
    spots_.pop_back();
    return true;
  }
  void cell(InfluxCell cell) { out_.series.back().cells.push_back(cell); }
  bool number(JsonView part) {
    std::string_view letters(part.data(), part.size());
    if (!text_.empty()) {  // it came in pieces
      text_ += letters;
      letters = out_.unescaped.emplace_back(std::exchange(text_, {}));
    }
    if (at(Spot::kRow)) cell({InfluxCell::Kind::kNumber, letters});
    return true;
  }
  void take_text(std::string text) {
    if (at(Spot::kRow)) cell({InfluxCell::Kind::kText, out_.unescaped.emplace_back(std::move(text))});
    if (at(Spot::kColumns)) out_.series.back().columns.push_back(std::move(text));
    if (at(Spot::kTags)) out_.series.back().tags[key_] = std::move(text);
    if (at(Spot::kSeries) && key_ == "name") out_.series.back().name = std::move(text);
    if ((at(Spot::kTop) || at(Spot::kResult)) && key_ == "error") out_.error = std::move(text);
    if (at(Spot::kTop) && key_ == "message" && out_.error.empty()) out_.error = std::move(text);
    if (at(Spot::kRejectedLine) && key_ == "error_message" && out_.detail.empty()) out_.detail = std::move(text);
  }

  InfluxAnswer& out_;
  std::vector<Spot> spots_;
  std::string key_, text_;
};

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<int64_t> InfluxCell::integer() const {
  return kind == Kind::kNumber ? whole_number<int64_t>(text) : std::nullopt;
}

std::optional<Value> InfluxCell::value(ValueType type) const {
  if (type == ValueType::kBoolean)
    return kind == Kind::kBoolean ? std::optional(Value::of_boolean(text == "true")) : std::nullopt;
  if (kind != Kind::kNumber) return std::nullopt;
  if (type == ValueType::kFloat) {
    const auto number = whole_number<double>(text);
    return number ? std::optional(Value::of_float(*number)) : std::nullopt;
  }
  const auto number = integer();
  if (!number) return std::nullopt;
  return type == ValueType::kInteger ? Value::of_integer(*number) : Value::of_unsigned(static_cast<uint64_t>(*number));
}

Result<InfluxAnswer> parse_influx_answer(std::string body) {
  InfluxAnswer answer;
  answer.body = std::make_shared<const std::string>(std::move(body));
  json::parse_options options;
  options.max_depth = 16;
  json::basic_parser<AnswerHandler> parser(options, answer);
  error_code ec;
  parser.write_some(false, answer.body->data(), answer.body->size(), ec);
  if (ec) return Error{ErrorCode::kCorrupt, fmt::format("InfluxDB answered no JSON of its own: {}", ec.message())};
  return answer;
}

}  // namespace mps::store
