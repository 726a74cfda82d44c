#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/gzip.h"
#include "store/influxdb/forwarder.h"
#include "store/influxdb/influx_history.h"
#include "store/influxdb/line_sender.h"
#include "testing/batches.h"
#include "testing/scripted_http_server.h"

// What differs between InfluxDB 1.x, 2.x and 3, as pairs of requests and answers; docs/influxdb.md names the sources.
namespace mps::store {
namespace {

using namespace std::chrono_literals;
using mps::testing::kAlways;
using mps::testing::kServer;
using mps::testing::ScriptedAnswer;
using mps::testing::ScriptedHttpServer;
using mps::testing::SeenRequest;

InfluxTarget target_of(const ScriptedHttpServer& server, const std::string& rest) {
  return parse_influx_url("influxdb" + server.url().substr(4) + "/" + rest).value();
}
InfluxTarget with_login(InfluxTarget target, const std::string& user, const std::string& password) {
  target.user = user;
  target.password = password;
  return target;
}

TEST(InfluxUrl, HasPartsAndDefaults) {
  const auto full =
      parse_influx_url("influxdbs://a%40b:p%3Aw@db.example:9999/my%20db?org=o&rp=two%20weeks&token=t%3D1");
  ASSERT_TRUE(full) << full.error().message;
  EXPECT_EQ(full->server, "https://db.example:9999");
  EXPECT_EQ(full->database, "my db");
  EXPECT_EQ(full->user, "a@b");
  EXPECT_EQ(full->password, "p:w");
  EXPECT_EQ(full->org, "o");
  EXPECT_EQ(full->retention_policy, "two weeks");
  EXPECT_EQ(full->token, "t=1");
  EXPECT_EQ(full->shown(), "influxdbs://db.example:9999/my db");
  EXPECT_EQ(parse_influx_url("influxdb://[::1]/d")->server, "http://[::1]:8086");
  for (const char* bad : {"influxdb://", "influxdb://host", "influxdb://host/", "influxdb://host/a/b", "http://host/db",
                          "influxdb://host/db?tokn=1", "influxdb://host:99999999/db", "influxdb://:secret@/db"}) {
    const auto parsed = parse_influx_url(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(parsed.error().message.find("secret"), std::string::npos);
  }
}

TEST(InfluxDialects, OneWritesToADatabaseWithUserAndPassword) {
  const ScriptedHttpServer server([](const SeenRequest&) { return ScriptedAnswer{204, {}}; });
  InfluxClient client(with_login(target_of(server, "d%201?rp=two%20weeks"), "me", "p:w"));
  EXPECT_EQ(client.write("m v=1 1\n").kind, WriteAnswer::Kind::kTaken);
  const auto seen = server.requests().at(0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/write?precision=ns&db=d%201&rp=two%20weeks");
  EXPECT_NE(seen.head.find("Authorization: Basic bWU6cDp3"), std::string::npos) << seen.head;
  EXPECT_NE(seen.head.find("Content-Encoding: gzip"), std::string::npos);
  EXPECT_EQ(gunzip(seen.body, 1000).value(), "m v=1 1\n");
}

TEST(InfluxDialects, TwoAndThreeWriteToABucketWithAToken) {
  const ScriptedHttpServer server([](const SeenRequest&) { return ScriptedAnswer{204, {}}; });
  InfluxClient client(target_of(server, "d?token=abc&org=my%20org&rp=r"));
  EXPECT_EQ(client.write("m v=1 1\n").kind, WriteAnswer::Kind::kTaken);
  const auto seen = server.requests().at(0);
  EXPECT_EQ(seen.target, "/api/v2/write?precision=ns&bucket=d%2Fr&org=my%20org");
  EXPECT_NE(seen.head.find("Authorization: Token abc"), std::string::npos);
}

TEST(InfluxDialects, EveryAnswerToAWriteIsUnderstood) {
  using Kind = WriteAnswer::Kind;
  const std::vector<std::tuple<int, std::string, Kind, std::string>> cases = {
      // 1.x
      {400,
       R"({"error":"partial write: field type conflict: input field \"v\" on measurement \"m\" is type float, )"
       R"(already exists as type integer dropped=1"})",
       Kind::kConflict, "already exists as type integer"},
      {400, R"({"error":"partial write: points beyond retention policy dropped=3"})", Kind::kRefused,
       "beyond retention"},
      {404, R"({"error":"database not found: \"d\""})", Kind::kLater, "database not found"},
      // 2.x
      {400, R"({"code":"invalid","message":"unable to parse 'm v=': missing field value"})", Kind::kRefused,
       "unable to parse"},
      {422,
       R"({"code":"unprocessable entity","message":"failure writing points to database: partial write: field )"
       R"(type conflict: input field \"v\" on measurement \"m\" is type integer, already exists as type float )"
       R"(dropped=1"})",
       Kind::kConflict, "already exists as type float"},
      {422,
       R"({"code":"unprocessable entity","message":"failure writing points to database: partial write: dropped 4 )"
       R"(points outside retention policy of duration 24h0m0s"})",
       Kind::kRefused, "outside retention policy"},
      {404, R"({"code":"not found","message":"bucket \"d\" not found"})", Kind::kLater, "bucket \"d\" not found"},
      // 3
      {400,
       R"({"error":"partial write of line protocol occurred","data":[{"original_line":"m v=1","line_number":2,)"
       R"("error_message":"invalid column type for column 'v', expected iox::column_type::field::integer, got )"
       R"(iox::column_type::field::float"}]})",
       Kind::kConflict, "occurred: invalid column type for column 'v'"},
      {400,
       R"({"data":[{"error_message":"No fields were provided","line_number":2}],"error":"partial write of line )"
       R"(protocol occurred"})",
       Kind::kRefused, "occurred: No fields were provided"},
      {400,
       R"({"error":"parsing failed for write_lp endpoint","data":{"error_message":"invalid column type for column )"
       R"('v', expected iox::column_type::field::float, got iox::column_type::field::string"}})",
       Kind::kConflict, "endpoint: invalid column type"},
      {400, R"({"error":"partial write of line protocol occurred","data":null})", Kind::kRefused, "occurred"},
      // any
      {401, R"({"code":"unauthorized","message":"unauthorized access"})", Kind::kLater, "unauthorized access"},
      {413, "Request Entity Too Large", Kind::kTooLarge, "413"},
      {429, "", Kind::kLater, "429"},
      {500, R"({"error":"timeout"})", Kind::kLater, "timeout"},
      {503, "<html>", Kind::kLater, "503"}};
  for (const auto& [status, body, kind, words] : cases) {
    const ScriptedHttpServer server([status = status, body = body](const SeenRequest&) {
      return ScriptedAnswer{status, body, {{"Retry-After", "7"}}};
    });
    InfluxClient client(target_of(server, "d"));
    const WriteAnswer answer = client.write("m v=1 1\n");
    EXPECT_EQ(answer.kind, kind) << status << body;
    EXPECT_NE(answer.reason.find(words), std::string::npos) << answer.reason;
    EXPECT_EQ(answer.retry_after, (kind == Kind::kLater ? std::optional<Duration>(7s) : std::nullopt));
  }
}

TEST(InfluxDialects, AnAnswerThatIsNoneIsAFailureAndNoCrash) {
  for (const char* body : {"", "[", "null", "{}", R"({"results":[]})", R"({"results":[{}]})", R"({"results":7})",
                           R"({"results":[{"series":[{"values":[[1]]}]}]})", "{\"results\":[{\"series\":[[[[",
                           R"({"results":[{"series":[{"name":"m","columns":["time","v"],"values":[[1]]}]}]})",
                           R"({"results":[{"series":[{"name":"m","columns":["time"],"values":[["x"]]}]}]})"}) {
    const ScriptedHttpServer server([body](const SeenRequest&) { return ScriptedAnswer{200, body}; });
    FieldTypes types;
    types.name_for("m", "v", ValueType::kFloat);
    const InfluxHistory history(target_of(server, "d"), types);
    const auto samples = history.read(kServer, {"m", {}, "v"}, kAlways);
    EXPECT_TRUE(!samples || samples->empty()) << body;
    EXPECT_NO_FATAL_FAILURE((void)history.servers());
    EXPECT_NO_FATAL_FAILURE((void)history.list_series(kServer));
  }
}

// A measurement's fields, and three rows of one series beside one that looks like it.
ScriptedAnswer telling(const SeenRequest& request) {
  if (request.target.find("SHOW%20FIELD%20KEYS") != std::string::npos) {
    return {200, R"({"results":[{"statement_id":0,"series":[{"name":"m","columns":["fieldKey","fieldType"],)"
                 R"("values":[["v","integer"],["v:f","float"]]}]}]})"};
  }
  return {
      200,
      R"({"results":[{"statement_id":0,"series":[)"
      R"({"name":"m","tags":{"mps_server":"h.1","t":""},"columns":["time","v","v:f"],)"
      R"("values":[[10,1,null],[20,9007199254740993,null],[30,3,0.5]]},)"
      R"({"name":"m","tags":{"mps_server":"h.1","t":"x"},"columns":["time","v","v:f"],"values":[[10,7,null]]}]}]})"};
}

TEST(InfluxDialects, SamplesAreReadByInfluxQlWithTheirTypes) {
  const ScriptedHttpServer server(telling);
  FieldTypes types;
  InfluxTarget target = target_of(server, "d?token=abc&rp=r");
  target.hub = "h";
  const InfluxHistory history(target, types);
  const auto samples = history.read(kServer, {"m", {}, "v"}, {Timestamp(10ns), Timestamp(40ns)});
  ASSERT_TRUE(samples) << samples.error().message;
  EXPECT_EQ(*samples, (std::vector<Sample>{{Timestamp(10ns), Value::of_integer(1)},
                                           {Timestamp(20ns), Value::of_integer(9007199254740993)},
                                           {Timestamp(30ns), Value::of_float(0.5)}}));
  const auto seen = server.requests();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[1].target, "/query?epoch=ns&db=d&q=" +
                                percent_encoded(R"(SELECT "v", "v:f" FROM "r"."m" WHERE "mps_server" = 'h.1' AND )"
                                                "time >= 10 AND time < 40 GROUP BY * LIMIT 50000") +
                                "&rp=r");
  EXPECT_NE(seen[1].head.find("Authorization: Token abc"), std::string::npos);
}

TEST(InfluxDialects, CellsAreReckonedByInfluxQl) {
  const auto asked = [](Aggregate how, ValueType type, const std::string& answer, CellsThere& cells) {
    const ScriptedHttpServer server([&](const SeenRequest& request) {
      const bool keys = request.target.find("SHOW%20FIELD%20KEYS") != std::string::npos;
      return ScriptedAnswer{200, keys ? R"({"results":[{"statement_id":0}]})" : answer};
    });
    FieldTypes types;
    types.name_for("m", "v", type);
    InfluxTarget target = target_of(server, "d?token=abc");
    target.hub = "h";
    const InfluxHistory history(target, types);
    const Grid grid{Timestamp(7min + 3s), 5min, 4};
    const auto found = history.aggregate(kServer, {"m", {{"t", "x"}}, "v"}, grid, how);
    EXPECT_TRUE(found) << found.error().message;
    if (found) cells = *found;
    return server.requests().back().target;
  };
  const auto row_of = [](const std::string& columns, const std::string& values) {
    return R"({"results":[{"statement_id":0,"series":[{"name":"m","tags":{"mps_server":"h.1","t":"x"},"columns":[)" +
           columns + R"(],"values":[)" + values + "]}]}]}";
  };
  const auto query_of = [](const std::string& statement) {
    return "/query?epoch=ns&db=d&q=" + percent_encoded(statement);
  };
  CellsThere cells(0);
  EXPECT_EQ(asked(Aggregate::kMean, ValueType::kFloat,
                  row_of(R"("time","mean","count")", "[423000000000,1.5,2],[1023000000000,-1,1]"), cells),
            query_of(R"(SELECT mean("v"), count("v") FROM "m" WHERE "mps_server" = 'h.1' AND "t" = 'x' AND )"
                     "time >= 423000000000 AND time < 1623000000000 "
                     "GROUP BY time(300000000000ns, 123000000000ns), * fill(none)"));
  EXPECT_EQ(cells.values[0], 1.5);
  EXPECT_TRUE(std::isnan(cells.values[1]));
  EXPECT_EQ(cells.values[2], -1);
  EXPECT_EQ(cells.left, std::vector<bool>(4));

  // Integers whose sum would wrap are left to the samples.
  asked(Aggregate::kSum, ValueType::kInteger,
        row_of(R"("time","sum","min","max","count")",
               "[423000000000,6,1,3,3],[723000000000,-5,9000000000000000000,9000000000000000000,2]"),
        cells);
  EXPECT_EQ(cells.values[0], 6);
  EXPECT_EQ(cells.left, (std::vector<bool>{false, true, false, false}));
}

TEST(InfluxDialects, WhatInfluxCantReckonIsLeftToTheSamples) {
  const ScriptedHttpServer server([](const SeenRequest& request) {
    const bool keys = request.target.find("SHOW%20FIELD%20KEYS") != std::string::npos;
    return keys ? ScriptedAnswer{200, R"({"results":[{"statement_id":0}]})"}
                : ScriptedAnswer{400, R"({"error":"error parsing query: undefined function mean"})"};
  });
  FieldTypes types;
  types.name_for("m", "v", ValueType::kFloat);
  const InfluxHistory history(target_of(server, "d?token=abc"), types);
  const Grid grid{Timestamp(1h), 5min, 3};
  EXPECT_EQ(history.aggregate(kServer, {"m", {}, "v"}, grid, Aggregate::kMean).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(history.aggregate(kServer, {"m", {}, "v"}, grid, Aggregate::kRate)->left, std::vector<bool>(3, true));
  const Grid before_1970{Timestamp(-1h), 5min, 3};
  EXPECT_EQ(history.aggregate(kServer, {"m", {}, "v"}, before_1970, Aggregate::kMean)->left,
            std::vector<bool>(3, true));
}

TEST(InfluxDialects, SeriesAreRemovedAsEachVersionCan) {
  const auto removal = [](const std::string& version, const std::string& rest) {
    const ScriptedHttpServer server([version](const SeenRequest& request) {
      if (request.target == "/ping") return ScriptedAnswer{204, "", {{"X-Influxdb-Version", version}}};
      return ScriptedAnswer{request.target.starts_with("/api/") ? 204 : 200, R"({"results":[{"statement_id":0}]})"};
    });
    InfluxClient client(target_of(server, rest));
    const auto done = client.remove_series("mps_server", "h.7");
    const auto seen = server.requests();
    return std::make_tuple(done.has_value(), seen.size() > 1 ? seen[1].method + " " + seen[1].target : "",
                           seen.size() > 1 ? seen[1].body : "");
  };
  EXPECT_EQ(
      removal("1.6.7~rc0", "d"),
      std::make_tuple(
          true, "POST /query?epoch=ns&db=d&q=" + percent_encoded("DROP SERIES WHERE \"mps_server\" = 'h.7'"), ""));
  EXPECT_EQ(removal("v2.7.1", "d?token=t&org=o"),
            std::make_tuple(true, "POST /api/v2/delete?bucket=d&org=o",
                            R"({"start":"1677-09-21T00:12:44Z","stop":"2262-04-11T23:47:16Z",)"
                            R"("predicate":"mps_server=\"h.7\""})"));
  EXPECT_EQ(removal("3.0.0", "d?token=t"), std::make_tuple(false, "", "")) << "3 can't, and is not asked";
}

TEST(InfluxDialects, OfARefusedRequestTheGoodLinesAreTaken) {
  std::vector<std::string> taken;
  const ScriptedHttpServer server([&](const SeenRequest& request) {
    if (!request.target.starts_with("/write")) return ScriptedAnswer{200, R"({"results":[{"statement_id":0}]})"};
    const std::string lines = gunzip(request.body, 1 << 20).value();
    if (lines.find(" v=13 ") != std::string::npos) return ScriptedAnswer{400, R"({"error":"points beyond retention"})"};
    if (lines.find(" v=21 ") != std::string::npos) return ScriptedAnswer{400, R"({"error":"field type conflict"})"};
    if (lines.find(" v=22 ") != std::string::npos)  // in the words of 3
      return ScriptedAnswer{400, R"({"error":"partial write","data":[{"error_message":"invalid column type"}]})"};
    taken.push_back(lines);
    return ScriptedAnswer{204, {}};
  });
  InfluxClient client(target_of(server, "d"));
  FieldTypes types;
  LineSender sender(client, types);
  const SeriesKey key{"m", {}, ""};
  const std::string field = "v";
  std::vector<InfluxLine> lines;
  for (int i = 0; i < 32; ++i) lines.push_back({kServer, &key, i, {{&field, Value::of_float(i)}}});
  const SendOutcome outcome = sender.send(lines);
  EXPECT_TRUE(outcome.taken) << outcome.reason;
  EXPECT_EQ(outcome.refused, 1u);
  std::string all;
  for (const std::string& some : taken) all += some;
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 31);
  EXPECT_NE(all.find("m,mps_server=1 v:f=21 21\n"), std::string::npos) << all;
  EXPECT_NE(all.find("m,mps_server=1 v:f=22 22\n"), std::string::npos) << all;
}

TEST(Forwarding, WaitsDoubleUpToAMinuteAndObeyInflux) {
  const ForwarderOptions options;
  EXPECT_EQ(retry_delay(options, 1, {}, 0), 1s);
  EXPECT_EQ(retry_delay(options, 2, {}, 0), 2s);
  EXPECT_EQ(retry_delay(options, 3, {}, 0.5), 3s);
  EXPECT_EQ(retry_delay(options, 7, {}, 0), 60s);
  EXPECT_EQ(retry_delay(options, 1'000'000, {}, 0.5), 45s);
  EXPECT_EQ(retry_delay(options, 1, 90s, 0.9), 90s);
}

}  // namespace
}  // namespace mps::store
