#include "wire/telegraf_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace mps::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Timestamp kTelegrafJsonTick{std::chrono::seconds(1'795'334'410)};
constexpr const char* kGood = R"({"fields":{"used":1},"name":"mem","tags":{"host":"good"},"timestamp":1795334410})";

std::string batch_of(std::initializer_list<std::string> metrics) {
  std::string body = R"({"metrics":[)";
  for (const std::string& metric : metrics) body += (body.ends_with('[') ? "" : ",") + metric;
  return body + "]}\n";
}

std::variant<Value, std::string_view> value_of(const std::string& number) {
  const std::string body = R"({"name":"m","fields":{"v":)" + number + "}}";
  const ParseResult r = parse_telegraf_json(body);
  EXPECT_EQ(r.error_count, 0u) << number;
  return r.batch.all_fields.at(0).value;
}

std::optional<Timestamp> time_of(const std::string& stamp) {
  const std::string body = R"({"name":"m","fields":{"v":1},"timestamp":)" + stamp + "}";
  const ParseResult r = parse_telegraf_json(body);
  EXPECT_EQ(r.error_count, 0u) << stamp;
  return r.batch.points.at(0).time;
}

TEST(TelegrafJson, ReadsABatch) {
  const std::string body = batch_of(
      {R"({"fields":{"usage_idle":89.35742971827466,"usage_irq":0},"name":"cpu","tags":{"cpu":"cpu0","host":"web-01"},"timestamp":1795334410})",
       kGood});
  const ParseResult r = parse_telegraf_json(body);
  ASSERT_EQ(r.error_count, 0u);
  ASSERT_EQ(r.batch.points.size(), 2u);
  EXPECT_EQ(r.batch.points[0].measurement, "cpu");
  EXPECT_EQ(r.batch.points[0].time, kTelegrafJsonTick);
  EXPECT_THAT(r.batch.all_tags, ElementsAre(Tag{"cpu", "cpu0"}, Tag{"host", "web-01"}, Tag{"host", "good"}));
  EXPECT_THAT(r.batch.all_fields,
              ElementsAre(Field{"usage_idle", Value::of_float(89.35742971827466)},
                          Field{"usage_irq", Value::of_integer(0)}, Field{"used", Value::of_integer(1)}));
}

TEST(TelegrafJson, ReadsASingleMetricAndAnArrayToo) {
  EXPECT_EQ(parse_telegraf_json(kGood).batch.points.size(), 1u);
  const std::string array = std::string("[") + kGood + "," + kGood + "]";
  EXPECT_EQ(parse_telegraf_json(array).batch.points.size(), 2u);
  EXPECT_EQ(parse_telegraf_json("[]").error_count, 0u);
  EXPECT_EQ(parse_telegraf_json(R"({"metrics":[]})").error_count, 0u);
}

TEST(TelegrafJson, KeepsTypesAndEdgesOfNumbers) {
  EXPECT_EQ(std::get<Value>(value_of("-7")), Value::of_integer(-7));
  EXPECT_EQ(std::get<Value>(value_of("18446744073709551615")), Value::of_unsigned(UINT64_MAX));
  EXPECT_EQ(std::get<Value>(value_of("150000000000000000000")), Value::of_float(1.5e20));
  EXPECT_EQ(std::get<Value>(value_of("1e-9")), Value::of_float(1e-9));
  EXPECT_EQ(std::get<Value>(value_of("0.30000000000000004")), Value::of_float(0.1 + 0.2));
  EXPECT_EQ(std::get<Value>(value_of("42.545734431437225")), Value::of_float(42.545734431437225));
  EXPECT_EQ(std::get<Value>(value_of("1e-400")), Value::of_float(0));
  EXPECT_EQ(std::get<Value>(value_of("true")), Value::of_boolean(true));
}

TEST(TelegrafJson, ReadsEscapesAndUtf8) {
  const ParseResult r = parse_telegraf_json(
      R"({"name":"my metric,x=1","tags":{"win":"C:\\Temp","host":"сервер-1"},"fields":{"html":"\u003cb\u003e","s":"two\nlines","имя":"диск 💾","e":""}})");
  ASSERT_EQ(r.error_count, 0u);
  EXPECT_EQ(r.batch.points[0].measurement, "my metric,x=1");
  EXPECT_THAT(r.batch.all_tags, ElementsAre(Tag{"host", "сервер-1"}, Tag{"win", "C:\\Temp"}));
  EXPECT_THAT(r.batch.all_fields,
              ElementsAre(Field{"html", std::string_view("<b>")}, Field{"s", std::string_view("two\nlines")},
                          Field{"имя", std::string_view("диск 💾")}, Field{"e", std::string_view("")}));
}

TEST(TelegrafJson, ViewsTheBodyWhereNothingIsEscaped) {
  const std::string body = kGood;
  const ParseResult r = parse_telegraf_json(body);
  EXPECT_EQ(static_cast<const void*>(r.batch.points[0].measurement.data()), body.data() + body.find("mem"));
  EXPECT_EQ(static_cast<const void*>(r.batch.all_fields[0].name.data()), body.data() + body.find("used"));
}

TEST(TelegrafJson, LeavesOutWhatTelegrafEmptied) {
  const std::string body =
      batch_of({R"({"fields":{},"name":"emptied_by_nan","tags":{"host":"a"},"timestamp":1})",
                R"({"fields":{"v":null},"name":"nulls","tags":{"host":"a"},"timestamp":1})",
                R"({"fields":{"v":1,"w":null},"name":"half","tags":{"host":"a","empty":""},"timestamp":null})", kGood});
  const ParseResult r = parse_telegraf_json(body);
  EXPECT_EQ(r.error_count, 0u);
  ASSERT_EQ(r.batch.points.size(), 2u);
  EXPECT_EQ(r.batch.points[0].measurement, "half");
  EXPECT_EQ(r.batch.points[0].time, std::nullopt);
  EXPECT_EQ(r.batch.fields(r.batch.points[0]).size(), 1u);
  EXPECT_EQ(r.batch.tags(r.batch.points[0]).size(), 1u);
}

TEST(TelegrafJson, TellsTheUnitOfAStampFromItsSize) {
  EXPECT_EQ(time_of("1795334410"), kTelegrafJsonTick);
  EXPECT_EQ(time_of("1795334410000"), kTelegrafJsonTick);
  EXPECT_EQ(time_of("1795334410000000"), kTelegrafJsonTick);
  EXPECT_EQ(time_of("1795334410000000000"), kTelegrafJsonTick);
  EXPECT_EQ(time_of("1795334410.5"), kTelegrafJsonTick + std::chrono::milliseconds(500));
  EXPECT_EQ(time_of("-10"), Timestamp(std::chrono::seconds(-10)));
  EXPECT_EQ(time_of("0"), Timestamp());
}

TEST(TelegrafJson, OneBadMetricDoesNotLoseTheOthers) {
  const std::vector<std::pair<std::string, std::string>> bad = {
      {R"({"fields":{"v":1}})", "has no name"},
      {R"({"fields":{"v":[1]},"name":"m"})", "field 'v' is an array"},
      {R"({"fields":{"v":{"deep":{"er":1}}},"name":"m"})", "field 'v' is an object"},
      {R"({"fields":[1],"name":"m"})", "\"fields\" is an array"},
      {R"({"fields":{"v":1},"name":7})", "\"name\" is a number"},
      {R"({"fields":{"v":1},"name":"m","tags":{"a":1}})", "tag 'a' is a number"},
      {R"({"fields":{"v":1},"name":"m","tags":{"a":"1","a":"2"}})", "tag 'a' is given twice"},
      {R"({"fields":{"v":1},"name":"m","timestamp":"now"})", "\"timestamp\" is a text"},
      {R"({"fields":{"v":1},"name":"m","timestamp":18446744073709551615})", "beyond the years"},
      {R"({"fields":{"":1},"name":"m"})", "a field has no name"},
      {R"({"fields":{"v":1e999},"name":"m"})", "too large"},
      {"7", "stands where a metric should"},
      {"[]", "stands where a metric should"},
      {"null", "stands where a metric should"}};
  for (const auto& [metric, reason] : bad) {
    const std::string body = batch_of({kGood, metric, kGood});
    const ParseResult r = parse_telegraf_json(body);
    EXPECT_EQ(r.batch.points.size(), 2u) << metric;
    EXPECT_EQ(r.batch.all_fields.size(), 2u) << metric;
    ASSERT_EQ(r.error_count, 1u) << metric;
    EXPECT_EQ(r.errors[0].line, 2u) << metric;
    EXPECT_THAT(r.errors[0].reason, HasSubstr(reason)) << metric;
  }
}

TEST(TelegrafJson, IgnoresKeysItDoesNotKnow) {
  const std::string body =
      R"({"agent":{"name":"x","fields":{"v":9}},"metrics":[{"name":"m","fields":{"v":1},"extra":{"fields":[{"name":"y"}]}}],"after":[1]})";
  const ParseResult r = parse_telegraf_json(body);
  EXPECT_EQ(r.error_count, 0u);
  ASSERT_EQ(r.batch.points.size(), 1u);
  EXPECT_EQ(r.batch.fields(r.batch.points[0])[0].value, (std::variant<Value, std::string_view>(Value::of_integer(1))));
}

TEST(TelegrafJson, BrokenJsonKeepsTheMetricsBeforeIt) {
  const std::string whole = batch_of({kGood, kGood, kGood});
  const std::string cut = whole.substr(0, whole.size() - 40);
  const ParseResult r = parse_telegraf_json(cut);
  EXPECT_EQ(r.batch.points.size(), 2u);
  ASSERT_EQ(r.error_count, 1u);
  EXPECT_EQ(r.errors[0].line, 3u);
  EXPECT_THAT(r.errors[0].reason, HasSubstr("the JSON breaks at byte"));
  EXPECT_EQ(r.batch.all_fields.size(), 2u);
}

TEST(TelegrafJson, HoldsEachMetricToTheLimits) {
  const Limits limits{.tags = 2, .fields = 2, .name_bytes = 8};
  const auto read = [&](const std::string& metric) {
    const std::string body = batch_of({kGood, metric, kGood});
    ParseResult r = parse_telegraf_json(body, limits);
    EXPECT_EQ(r.batch.points.size(), r.errors.empty() ? 3u : 2u) << metric;
    return r;
  };
  EXPECT_EQ(read(R"({"name":"12345678","tags":{"a":"1","b":"12345678"},"fields":{"f":1,"g":2}})").error_count, 0u);
  const ParseResult tags = read(R"({"name":"m","tags":{"a":"1","b":"2","c":"3"},"fields":{"f":1}})");
  EXPECT_EQ(tags.over_limit.tags, 1u);
  EXPECT_THAT(tags.errors.at(0).reason, HasSubstr("more than 2 tags"));
  const ParseResult fields = read(R"({"name":"m","fields":{"f":1,"g":2,"h":3}})");
  EXPECT_EQ(fields.over_limit.fields, 1u);
  EXPECT_THAT(fields.errors.at(0).reason, HasSubstr("more than 2 fields"));
  for (const char* metric : {R"({"name":"123456789","fields":{"f":1}})", R"({"name":"m","fields":{"123456789":1}})",
                             R"({"name":"m","tags":{"a":"123456789"},"fields":{"f":1}})"}) {
    const ParseResult names = read(metric);
    EXPECT_EQ(names.over_limit.name_bytes, 1u) << metric;
    EXPECT_THAT(names.errors.at(0).reason, HasSubstr("at most 8")) << metric;
  }
}

TEST(TelegrafJson, RefusesWhatIsNoMetricAtAll) {
  for (const char* body : {"", " ", "7", "\"text\"", "null", "{", "[", "{}", "cpu v=1 1", R"({"metrics":7})", "[1]",
                           R"({"name":"m","fields":{"v":1}} trailing)"}) {
    EXPECT_EQ(parse_telegraf_json(body).error_count, 1u) << body;
  }
}

TEST(TelegrafJson, DeepNestingIsRefusedNotFollowed) {
  const std::string body = R"({"name":"m","x":)" + std::string(100'000, '[');
  const ParseResult r = parse_telegraf_json(body);
  EXPECT_EQ(r.error_count, 1u);
  EXPECT_TRUE(r.batch.points.empty());
}

}  // namespace
}  // namespace mps::wire
