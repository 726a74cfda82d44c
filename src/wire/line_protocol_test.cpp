#include "wire/line_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>

namespace mps::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Timestamp kLineProtocolTick{std::chrono::seconds(1'795'334'410)};

ParseResult parse(std::string_view body) {
  return parse_line_protocol(body, Precision::kNanoseconds);
}

// The fields of a point by name; the last one wins, as in the store.
std::map<std::string, std::variant<Value, std::string_view>> fields_of(const ParseResult& r, size_t point) {
  std::map<std::string, std::variant<Value, std::string_view>> fields;
  for (const Field& f : r.batch.fields(r.batch.points.at(point))) fields[std::string(f.name)] = f.value;
  return fields;
}

std::vector<Tag> tags_of(const ParseResult& r, size_t point) {
  const auto tags = r.batch.tags(r.batch.points.at(point));
  return {tags.begin(), tags.end()};
}

std::variant<Value, std::string_view> value_of(const ParseResult& r) {
  EXPECT_EQ(r.error_count, 0u) << (r.errors.empty() ? "" : r.errors[0].reason);
  return r.batch.all_fields.at(0).value;
}

// The one error of a body of one bad line.
LineError error_of(std::string_view line) {
  const ParseResult r = parse(line);
  EXPECT_EQ(r.error_count, 1u) << line;
  EXPECT_TRUE(r.batch.points.empty()) << line;
  EXPECT_TRUE(r.batch.all_tags.empty()) << line;
  EXPECT_TRUE(r.batch.all_fields.empty()) << line;
  return r.errors.empty() ? LineError{} : r.errors[0];
}

TEST(LineProtocol, ReadsALineOfTelegraf) {
  const ParseResult r =
      parse("cpu,cpu=cpu-total,host=web-01 usage_idle=87.41854636685898,usage_irq=0 1795334410000000000\n");
  ASSERT_EQ(r.error_count, 0u);
  ASSERT_EQ(r.batch.points.size(), 1u);
  EXPECT_EQ(r.batch.points[0].measurement, "cpu");
  EXPECT_EQ(r.batch.points[0].time, kLineProtocolTick);
  EXPECT_THAT(tags_of(r, 0), ElementsAre(Tag{"cpu", "cpu-total"}, Tag{"host", "web-01"}));
  EXPECT_THAT(r.batch.all_fields, ElementsAre(Field{"usage_idle", Value::of_float(87.41854636685898)},
                                              Field{"usage_irq", Value::of_float(0)}));
}

TEST(LineProtocol, ViewsTheBodyInsteadOfCopying) {
  const std::string body = "mem,host=a text=\"as it is\",used=1i\n";
  const ParseResult r = parse(body);
  const auto inside = [&](std::string_view v) {
    return v.data() >= body.data() && v.data() < body.data() + body.size();
  };
  EXPECT_TRUE(inside(r.batch.points.at(0).measurement));
  EXPECT_TRUE(inside(r.batch.all_tags.at(0).value));
  EXPECT_TRUE(inside(std::get<std::string_view>(r.batch.all_fields.at(0).value)));
}

TEST(LineProtocol, KeepsEveryTypeAsItWasSent) {
  const ParseResult r = parse("m f=-1.5e3,i=-9223372036854775808i,u=18446744073709551615u,b=T,t=\"x\"");
  ASSERT_EQ(r.error_count, 0u);
  EXPECT_THAT(r.batch.all_fields,
              ElementsAre(Field{"f", Value::of_float(-1500)}, Field{"i", Value::of_integer(INT64_MIN)},
                          Field{"u", Value::of_unsigned(UINT64_MAX)}, Field{"b", Value::of_boolean(true)},
                          Field{"t", std::string_view("x")}));
}

TEST(LineProtocol, ReadsEveryWordForABoolean) {
  for (const char* word : {"t", "T", "true", "True", "TRUE"}) {
    const std::string line = std::string("m v=") + word;
    EXPECT_EQ(std::get<Value>(value_of(parse(line))), Value::of_boolean(true)) << word;
  }
  for (const char* word : {"f", "F", "false", "False", "FALSE"}) {
    const std::string line = std::string("m v=") + word + " 1";
    EXPECT_EQ(std::get<Value>(value_of(parse(line))), Value::of_boolean(false)) << word;
  }
  for (const char* word : {"tr", "tRUE", "yes", "truee", "falsey", "\"", "'t'"}) {
    EXPECT_EQ(parse(std::string("m v=") + word).error_count, 1u) << word;
  }
}

TEST(LineProtocol, UnescapesNamesAsTelegrafEscapesThem) {
  const ParseResult r = parse(
      R"(my\ metric\,x=1,host=host\ with\ space,path=/mnt/a\,b\=c\ d,win=C:\Temp a\ b\,c\=d=1i,html="<b>&</b>",e="")");
  ASSERT_EQ(r.error_count, 0u);
  EXPECT_EQ(r.batch.points[0].measurement, "my metric,x=1");
  EXPECT_THAT(tags_of(r, 0),
              ElementsAre(Tag{"host", "host with space"}, Tag{"path", "/mnt/a,b=c d"}, Tag{"win", "C:\\Temp"}));
  EXPECT_EQ(r.batch.all_fields[0].name, "a b,c=d");
  EXPECT_EQ(std::get<std::string_view>(r.batch.all_fields[2].value), "");
  const std::string line = R"(a\=b\c v=1)";
  EXPECT_EQ(parse(line).batch.points[0].measurement, R"(a=b\c)");
}

TEST(LineProtocol, ABackslashInATextEscapesQuoteAndBackslashAlone) {
  EXPECT_EQ(std::get<std::string_view>(value_of(parse(R"(m s="quote \" back\\slash \n \,")"))),
            "quote \" back\\slash \\n \\,");
  EXPECT_EQ(std::get<std::string_view>(value_of(parse(R"(m s="ends with one \\" 5)"))), "ends with one \\");
}

TEST(LineProtocol, ATextMayHoldNewlinesSpacesCommasAndEquals) {
  const ParseResult r = parse("exec,host=a msg=\"two\nlines, and a space = ok\",v=100 1\nmem v=nan\n");
  ASSERT_EQ(r.batch.points.size(), 1u);
  EXPECT_EQ(std::get<std::string_view>(r.batch.all_fields[0].value), "two\nlines, and a space = ok");
  ASSERT_EQ(r.errors.size(), 1u);
  EXPECT_EQ(r.errors[0].line, 3u);  // counted as an editor counts
}

TEST(LineProtocol, ReadsUtf8Names) {
  const ParseResult r = parse("utf8,host=сервер-1 имя=\"диск 💾\",v=0.30000000000000004 1795334410000000000\n");
  ASSERT_EQ(r.error_count, 0u);
  EXPECT_EQ(tags_of(r, 0)[0].value, "сервер-1");
  EXPECT_EQ(fields_of(r, 0).at("v"), (std::variant<Value, std::string_view>(Value::of_float(0.1 + 0.2))));
}

TEST(LineProtocol, SkipsCommentsBlankLinesAndCarriageReturns) {
  const ParseResult r =
      parse("# comment\n\nmem,host=a used=1i 1\r\n \t\n\r\n  # again, it's \"one\nmem,host=a free=2i 2");
  EXPECT_EQ(r.error_count, 0u);
  ASSERT_EQ(r.batch.points.size(), 2u);
  EXPECT_EQ(r.batch.points[0].time, Timestamp(Duration(1)));
  EXPECT_EQ(r.batch.points[1].time, Timestamp(Duration(2)));
}

TEST(LineProtocol, TakesACarriageReturnBehindAValue) {
  EXPECT_EQ(std::get<Value>(value_of(parse("m v=1.5\r\n"))), Value::of_float(1.5));
  EXPECT_EQ(std::get<std::string_view>(value_of(parse("m v=\"x\"\r\n"))), "x");
  EXPECT_EQ(std::get<Value>(value_of(parse("m v=t\r"))), Value::of_boolean(true));
}

TEST(LineProtocol, AnEmptyBodyIsNothing) {
  for (const char* body : {"", "\n", "\r\n\r\n", "# only a comment", "   "}) {
    const ParseResult r = parse(body);
    EXPECT_EQ(r.error_count, 0u) << body;
    EXPECT_TRUE(r.batch.points.empty()) << body;
  }
}

TEST(LineProtocol, AMissingTimeIsTheTimeOfArrival) {
  const ParseResult r = parse("mem,host=web-01 used=1i\nmem,host=web-01 used=2i   \n");
  ASSERT_EQ(r.batch.points.size(), 2u);
  EXPECT_EQ(r.batch.points[0].time, std::nullopt);
  EXPECT_EQ(r.batch.points[1].time, std::nullopt);
}

TEST(LineProtocol, TimesHaveThePrecisionOfTheRequest) {
  const std::map<std::string, int64_t> units = {{"", 1},           {"ns", 1},          {"n", 1},
                                                {"us", 1'000},     {"u", 1'000},       {"ms", 1'000'000},
                                                {"s", 1000000000}, {"m", 60000000000}, {"h", 3600000000000}};
  for (const auto& [name, unit_ns] : units) {
    const ParseResult r = parse_line_protocol("m v=1 -7", parse_precision(name).value());
    ASSERT_EQ(r.batch.points.size(), 1u) << name;
    EXPECT_EQ(r.batch.points[0].time, Timestamp(Duration(-7 * unit_ns))) << name;
  }
  EXPECT_THAT(parse_precision("fortnight").error().message, HasSubstr("write ns, us, ms, s, m or h"));
}

TEST(LineProtocol, ATimeThatDoesNotFitNamesThePrecision) {
  const ParseResult r = parse_line_protocol("m v=1 1795334410000000000", Precision::kSeconds);
  ASSERT_EQ(r.errors.size(), 1u);
  EXPECT_THAT(r.errors[0].reason, HasSubstr("check the precision"));
  EXPECT_THAT(error_of("m v=1 99999999999999999999").reason, HasSubstr("check the precision"));
}

TEST(LineProtocol, TheOutermostTimesAreInfluxdbs) {
  for (const std::string last : {"9223372036854775806", "-9223372036854775806"}) {
    EXPECT_EQ(parse("m v=1 " + last).batch.points.at(0).time->time_since_epoch().count(), std::stoll(last));
  }
  for (const std::string beyond : {"9223372036854775807", "-9223372036854775807", "-9223372036854775808"}) {
    EXPECT_THAT(error_of("m v=1 " + beyond).reason, HasSubstr("beyond the years"));
  }
}

TEST(LineProtocol, SortsTagsByName) {
  const ParseResult r = parse("m,z=1,a=2,m\\ n=3,m=4 v=1");
  EXPECT_THAT(tags_of(r, 0), ElementsAre(Tag{"a", "2"}, Tag{"m", "4"}, Tag{"m n", "3"}, Tag{"z", "1"}));
}

TEST(LineProtocol, NumbersAreRoundedCorrectly) {
  const std::map<std::string, double> numbers = {{"0.1", 0.1},
                                                 {"-0", -0.0},
                                                 {"1.", 1},
                                                 {".5", 0.5},
                                                 {"000123", 123},
                                                 {"1e-400", 0},
                                                 {"150000000000000000000", 1.5e20},
                                                 {"0.000000001", 1e-9},
                                                 {"9007199254740993", 9007199254740992.0},
                                                 {"123456789012345678", 123456789012345680.0},
                                                 {"2.2250738585072011e-308", 2.2250738585072011e-308},
                                                 {"1.7976931348623157e308", 1.7976931348623157e308}};
  for (const auto& [text, number] : numbers) {
    const std::string line = "m v=" + text + " 1";
    EXPECT_EQ(std::get<Value>(value_of(parse(line))), Value::of_float(number)) << text;
  }
}

TEST(LineProtocol, IntegersUpToTheirLimitsAreExact) {
  const std::map<std::string, int64_t> numbers = {{"9007199254740993i", 9007199254740993},
                                                  {"-0i", 0},
                                                  {"0000000000000000000000000000001i", 1},
                                                  {"9223372036854775807i", INT64_MAX},
                                                  {"-9223372036854775808i", INT64_MIN}};
  for (const auto& [text, number] : numbers) {
    EXPECT_EQ(std::get<Value>(value_of(parse("m v=" + text))), Value::of_integer(number)) << text;
  }
  EXPECT_THAT(error_of("m v=9223372036854775808i").reason, HasSubstr("does not fit in 64 bits"));
  EXPECT_THAT(error_of("m v=-9223372036854775809i").reason, HasSubstr("does not fit in 64 bits"));
  EXPECT_THAT(error_of("m v=18446744073709551616u").reason, HasSubstr("18446744073709551615"));
  EXPECT_THAT(error_of("m v=-1u").reason, HasSubstr("is not within 0"));
  EXPECT_THAT(error_of("m v=1e400").reason, HasSubstr("too large for a float"));
}

TEST(LineProtocol, RefusesWhatIsNoValue) {
  for (const char* value :
       {"nan",  "NaN", "inf",  "-inf", "Infinity", "-",  "-i",  "i",      "1i2",   "1.0i", "1e5i", "1ui", "+1",
        "0x10", "1,5", "1..2", "1e",   "--1",      "e5", "1\"", "\"a\"b", "1_000", ".",    "-.",   "u"}) {
    const ParseResult r = parse(std::string("m v=") + value + "\nmem used=1i");
    EXPECT_EQ(r.error_count, 1u) << value;
    EXPECT_EQ(r.batch.points.size(), 1u) << value;
  }
}

TEST(LineProtocol, SaysWhereAndHowToMendIt) {
  const auto expect = [](std::string_view line, size_t column, const char* reason) {
    const LineError error = error_of(line);
    EXPECT_EQ(error.line, 1u) << line;
    EXPECT_EQ(error.column, column) << line << ": " << error.reason;
    EXPECT_THAT(error.reason, HasSubstr(reason)) << line;
  };
  expect("cpu,host=a usage_idle=", 23, "field 'usage_idle' has no value");
  expect("cpu,host=a v=,w=1", 14, "field 'v' has no value");
  expect("cpu,host=a", 11, "the line has no fields");
  expect("cpu,host=a ", 12, "the line has no fields");
  expect("cpu,host= usage=1", 10, "tag 'host' has an empty value: leave the tag out");
  expect("cpu,host usage=1", 9, "tag 'host' has no value: write tag=value");
  expect("cpu,=a usage=1", 5, "a tag has no name");
  expect("cpu, usage=1", 5, "a tag has no name");
  expect("cpu,a=b=c usage=1", 8, "write \\=");
  expect(",host=a v=1", 1, "the measurement is missing");
  expect("cpu,host=a v=1 notatime", 16, "'notatime' is not a time");
  expect("cpu,host=a v=1 1.5", 16, "'1.5' is not a time");
  expect("cpu,host=a v=1 1 2", 18, "'2' is left over behind the time");
  expect("cpu,host=a v=1i2", 14, "'1i2' is not a value");
  expect("cpu,host=a v=nan", 14, "leave NaN and infinity out");
  expect("cpu,host=a,host=b v=1", 18, "tag 'host' is given twice");
  expect("cpu,host=a =1", 12, "a field has no name");
  expect("cpu,host=a v=1,", 16, "a field has no name");
  expect("cpu,host=a v", 13, "field 'v' has no value");
  expect("cpu,host=a v=\"open 1", 14, "never closed");
}

TEST(LineProtocol, PointsIntoTheLineOfAText) {
  const LineError error = error_of("m a=\"one\ntwo\",b=x");
  EXPECT_EQ(error.line, 2u);
  EXPECT_EQ(error.column, 8u);
}

TEST(LineProtocol, ABadLineNeverTakesItsNeighboursDown) {
  std::string body;
  const std::vector<std::string> bad = {
      "cpu,host=a usage_idle=", "cpu,host=a",        "cpu,host= usage=1",    ",host=a v=1",
      "cpu,host=a v=1 no",      "cpu,host=a v=1i2",  "cpu,host=a v=nan",     "cpu,host=a v=9223372036854775808i",
      "cpu,host=a,host=b v=1",  "cpu,host=a =1",     "cpu,host=\"a b v=1\\", "\\",
      "cpu,host=a\\",           "cpu v=\"text\" no", "cpu v=1i2,t=\"a\nb\""};
  size_t lines = 0;
  std::vector<size_t> expected_lines;
  for (const std::string& line : bad) {
    expected_lines.push_back(++lines);
    lines += 1 + static_cast<size_t>(std::count(line.begin(), line.end(), '\n'));
    body += line + "\nmem,host=good used=1i 1795334410000000000\n";
  }
  const ParseResult r = parse(body);
  EXPECT_EQ(r.batch.points.size(), bad.size());
  EXPECT_EQ(r.batch.all_tags.size(), bad.size());
  std::vector<size_t> error_lines;
  for (const LineError& error : r.errors) error_lines.push_back(error.line);
  EXPECT_EQ(error_lines, expected_lines);
}

TEST(LineProtocol, AnUnclosedTextSwallowsTheRestAsInInfluxdb) {
  const ParseResult r =
      parse("mem,host=a used=1i\ncpu,host=a v=\"unterminated 1\nmem,host=b used=1i\ncpu =\nmem,host=c used=1i\n");
  EXPECT_EQ(r.batch.points.size(), 1u);
  ASSERT_EQ(r.error_count, 1u);
  EXPECT_EQ(r.errors[0].line, 2u);
  EXPECT_EQ(r.errors[0].column, 14u);
}

TEST(LineProtocol, CountsAllErrorsAndKeepsTheFirst) {
  std::string body;
  for (int i = 0; i < 100; ++i) body += "bad\n";
  const ParseResult r = parse(body);
  EXPECT_EQ(r.error_count, 100u);
  ASSERT_EQ(r.errors.size(), ParseResult::kErrorsKept);
  EXPECT_EQ(r.errors.back().line, 20u);
}

TEST(LineProtocol, HoldsEachLineToTheLimits) {
  const Limits limits{.line_bytes = 60, .tags = 2, .fields = 2, .name_bytes = 8};
  const auto reason = [&](std::string_view line) {
    const std::string body = std::string(line) + "\nm v=1\n";
    const ParseResult r = parse_line_protocol(body, Precision::kNanoseconds, limits);
    EXPECT_EQ(r.batch.points.size(), r.errors.empty() ? 2u : 1u) << line;
    const LimitCounts& over = r.over_limit;
    EXPECT_EQ(over.line_bytes + over.tags + over.fields + over.name_bytes, r.error_count) << line;
    return r.errors.empty() ? std::string() : r.errors[0].reason;
  };
  EXPECT_EQ(reason("12345678,a=1,b=12345678 f=1,g=2"), "");
  EXPECT_THAT(reason("123456789 f=1"), HasSubstr("at most 8"));
  EXPECT_THAT(reason("m,a=123456789 f=1"), HasSubstr("at most 8"));
  EXPECT_THAT(reason("m,a=1,b=2,c=3 f=1"), HasSubstr("more than 2 tags"));
  EXPECT_THAT(reason("m a=1,b=2,c=3"), HasSubstr("more than 2 fields"));
  EXPECT_THAT(reason("m a=\"" + std::string(70, 'x') + "\""), HasSubstr("at most 60"));
}

TEST(LineProtocol, ShortensTheSendersTextInSentences) {
  const LineError error = error_of("m v=" + std::string(1000, 'x') + "\xff");
  EXPECT_LT(error.reason.size(), 200u);
}

TEST(LineProtocol, AResultCanBeUsedAgain) {
  ParseResult result;
  parse_line_protocol("m a=1\nbad", Precision::kNanoseconds, {}, result);
  parse_line_protocol("n b=2", Precision::kNanoseconds, {}, result);
  EXPECT_EQ(result.error_count, 0u);
  EXPECT_THAT(result.errors, IsEmpty());
  ASSERT_EQ(result.batch.points.size(), 1u);
  EXPECT_EQ(result.batch.points[0].measurement, "n");
}

}  // namespace
}  // namespace mps::wire
