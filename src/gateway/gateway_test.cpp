#include "gateway/gateway.h"

#include <boost/json.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/gzip.h"
#include "base/text.h"
#include "service/transfer.h"
#include "testing/fake_clock.h"
#include "testing/raw_http_client.h"

namespace mps::gateway {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::RawHttpClient;
using testing::RawResponse;

// The real hub over a folder of its own, behind its real door.
class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest() {
    std::string name = ::testing::TempDir() + "/gateway-XXXXXX";
    folder = mkdtemp(name.data());
    hub = service::Hub::open({.data = folder, .store_url = "", .catalog_url = "", .zone = {}}, clock).value();
    token = hub->servers().add("web-01").value().token;
    open();
  }
  ~GatewayTest() override {
    gateway.reset();
    hub.reset();
    std::filesystem::remove_all(folder);
  }

  void open(const GatewayOptions& options = {.version = "0.1.0"}) {
    gateway.reset();
    (void)hub->store().last_seen(ServerId{});  // waits until it is ready
    gateway = Gateway::start(options, *hub).value();
  }

  RawResponse ask(std::string_view method, std::string_view target, std::string_view headers = "",
                  std::string_view body = "") {
    RawHttpClient client(gateway->port());
    return client.ask(fmt::format("{} {} HTTP/1.1\r\nHost: localhost:{}\r\nContent-Length: {}\r\n{}\r\n{}", method,
                                  target, gateway->port(), body.size(), headers, body),
                      method == "HEAD");
  }
  RawResponse get(std::string_view target, std::string_view headers = "") { return ask("GET", target, headers); }
  RawResponse write(std::string_view target, std::string_view body, std::string headers = "") {
    return ask("POST", target, headers.empty() ? "Authorization: Token " + token + "\r\n" : headers, body);
  }

  // Seconds since 1970 `ago` before now.
  int64_t at(Duration ago = 0s) {
    return std::chrono::floor<std::chrono::seconds>(clock.now() - ago).time_since_epoch().count();
  }
  std::string cpu_line(double idle, Duration ago = 0s, std::string_view host = "web-01") {
    return fmt::format("cpu,cpu=cpu-total,host={} usage_idle={} {}\n", host, idle, at(ago) * 1'000'000'000);
  }
  // The newest cpu value of a server, or -1.
  double cpu_of(std::string_view server) {
    const auto status = json::parse(get(fmt::format("/api/v1/servers/{}/status", server)).body);
    for (const auto& v : status.at("values").as_array())
      if (v.at("resource") == "cpu") return v.at("value").to_number<double>();
    return -1;
  }

  mps::testing::FakeClock clock;
  std::filesystem::path folder;
  std::unique_ptr<service::Hub> hub;
  std::string token;
  std::unique_ptr<Gateway> gateway;
};

TEST_F(GatewayTest, TakesLineProtocolAsInfluxDb2AndShowsItAtOnce) {
  EXPECT_EQ(write("/api/v2/write?bucket=b&org=o", cpu_line(75)).status, 204);
  EXPECT_DOUBLE_EQ(cpu_of("web-01"), 25);
}

TEST_F(GatewayTest, TakesEveryPrecision) {
  for (const auto& [precision, factor] : std::initializer_list<std::pair<const char*, int64_t>>{
           {"s", 1}, {"ms", 1000}, {"us", 1000000}, {"ns", 1000000000}}) {
    const auto line = fmt::format("cpu,cpu=cpu-total usage_idle=40 {}", at() * factor);
    ASSERT_EQ(write(fmt::format("/api/v2/write?precision={}", precision), line).status, 204) << precision;
    ASSERT_EQ(write(fmt::format("/write?db=x&precision={}", precision), line).status, 204) << precision;
  }
  EXPECT_EQ(hub->store().last_seen(hub->servers().find("web-01").value().id), Timestamp(std::chrono::seconds(at())));
  EXPECT_EQ(write("/api/v2/write?precision=fortnight", cpu_line(1)).status, 400);
}

TEST_F(GatewayTest, TakesChunkedGzipAsTelegrafSendsIt) {
  RawHttpClient client(gateway->port());
  const auto r = client.ask(
      "POST /api/v2/write?bucket=telegraf&org=home HTTP/1.1\r\nHost: 127.0.0.1:18086\r\n"
      "User-Agent: Telegraf/1.40.0 Go/1.26.0\r\nTransfer-Encoding: chunked\r\n"
      "Authorization: Token " +
      token +
      "\r\nContent-Encoding: gzip\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nAccept-Encoding: gzip\r\n\r\n" +
      testing::chunked(gzip(cpu_line(60)), 20));
  EXPECT_EQ(r.status, 204);
  EXPECT_DOUBLE_EQ(cpu_of("web-01"), 40);
}

TEST_F(GatewayTest, KeepsTheGoodLinesAndNamesTheBadOne) {
  const std::string body =
      cpu_line(90, 20s) + "cpu,cpu=cpu-total usage_idle=oops " + std::to_string(at()) + "\n" + cpu_line(70);
  for (const char* path : {"/api/v2/write", "/telegraf"}) {
    const auto r = write(path, body);
    EXPECT_EQ(r.status, 400);
    const auto error = json::parse(r.body);
    EXPECT_EQ(error.at("code"), "invalid");
    EXPECT_EQ(error.at("line"), 2);
    EXPECT_NE(error.at("message").as_string().find("partial write"), json::string::npos) << r.body;
    EXPECT_NE(error.at("message").as_string().find("line 2, column"), json::string::npos) << r.body;
  }
  const auto v1 = write("/write?db=x", body);
  EXPECT_EQ(v1.status, 400);
  EXPECT_NE(json::parse(v1.body).at("error").as_string().find("partial write"), json::string::npos);
  EXPECT_DOUBLE_EQ(cpu_of("web-01"), 30);
}

TEST_F(GatewayTest, TakesTheTokenInEveryFormThatAgentsSend) {
  for (const std::string& header :
       {"Authorization: Token " + token, "Authorization: Bearer " + token, "token: " + token}) {
    EXPECT_EQ(write("/api/v2/write", cpu_line(50), header + "\r\n").status, 204) << header;
    EXPECT_EQ(write("/telegraf", cpu_line(50), header + "\r\n").status, 204) << header;
    EXPECT_EQ(write("/write", cpu_line(50), header + "\r\n").status, 204) << header;
  }
  EXPECT_EQ(write("/write?db=x&u=telegraf&p=" + token, cpu_line(50), "X: y\r\n").status, 204);
  const std::string basic = "Authorization: Basic ";
  EXPECT_EQ(write("/write", cpu_line(50), basic + "dGVsZWdyYWY6c2VjcmV0\r\n").status, 401) << "telegraf:secret";
}

TEST_F(GatewayTest, ATokenThatIsReplacedStopsWorkingOnAConnectionThatUsesIt) {
  RawHttpClient client(gateway->port());
  const auto status_of_write = [&](std::string_view with) {
    const std::string body = cpu_line(75);
    return client
        .ask(fmt::format("POST /api/v2/write HTTP/1.1\r\nHost: h\r\nAuthorization: Token {}\r\nContent-Length: "
                         "{}\r\n\r\n{}",
                         with, body.size(), body))
        .status;
  };
  EXPECT_EQ(status_of_write(token), 204);
  EXPECT_EQ(status_of_write(token), 204);
  const std::string fresh = hub->servers().rotate_token(hub->servers().find("web-01").value().id).value();
  EXPECT_EQ(status_of_write(token), 401);
  EXPECT_EQ(status_of_write(fresh), 204);
  EXPECT_EQ(status_of_write(fresh.substr(0, fresh.size() - 1)), 401);
  EXPECT_EQ(status_of_write(fresh), 204);
}

TEST_F(GatewayTest, RefusesWhatHasNoTokenSoThatItIsKept) {
  for (const std::string header : {"Authorization: Token wrong\r\n", "X: y\r\n", "Authorization: Token \r\n"}) {
    const auto v2 = write("/api/v2/write", cpu_line(1), header);
    EXPECT_EQ(v2.status, 401);
    EXPECT_EQ(json::parse(v2.body).at("code"), "unauthorized");
    EXPECT_EQ(write("/telegraf", cpu_line(1), header).status, 401);
    const auto v1 = write("/write", cpu_line(1), header);
    EXPECT_EQ(v1.status, 401);
    EXPECT_EQ(v1.header("Content-Type"), "text/plain; charset=utf-8");
  }
  EXPECT_EQ(hub->store().stats().samples_appended, 0u);
}

TEST_F(GatewayTest, TakesTelegrafJson) {
  const std::string body = fmt::format(
      R"({{"metrics":[{{"fields":{{"usage_idle":80}},"name":"cpu","tags":{{"cpu":"cpu-total","host":"x"}},"timestamp":{}}}]}})",
      at());
  EXPECT_EQ(write("/telegraf", body).status, 204) << "told by the first byte";
  EXPECT_DOUBLE_EQ(cpu_of("web-01"), 20);
  const auto broken = write("/telegraf", "{\"metrics\":[{\"na");
  EXPECT_EQ(broken.status, 400);
}

TEST_F(GatewayTest, LetsAFleetTokenNameServersByHost) {
  const std::string fleet = hub->servers().add_fleet_token("fleet").value().token;
  const std::string header = "Authorization: Token " + fleet + "\r\n";
  EXPECT_EQ(write("/api/v2/write", cpu_line(90, 0s, "db-1") + cpu_line(80, 0s, "db-2"), header).status, 204);
  EXPECT_DOUBLE_EQ(cpu_of("db-1"), 10);
  EXPECT_DOUBLE_EQ(cpu_of("db-2"), 20);
}

TEST_F(GatewayTest, AnswersWhatTelegrafAsksBeforeItWrites) {
  const auto r =
      ask("POST", "/query", "Content-Type: application/x-www-form-urlencoded\r\n", "q=CREATE+DATABASE+%22telegraf%22");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(json::parse(r.body), json::parse(R"({"results":[{"statement_id":0}]})"));
  EXPECT_EQ(get("/query?q=DROP%20DATABASE%20x").status, 400);
  const auto ping = get("/ping");
  EXPECT_EQ(ping.status, 204);
  EXPECT_EQ(ping.header("X-Influxdb-Version"), "mps-0.1.0");
  EXPECT_EQ(ask("HEAD", "/ping").status, 204);
}

TEST_F(GatewayTest, ListsServersWithTheirState) {
  (void)hub->servers().add("db-01");
  write("/api/v2/write", cpu_line(50));
  const auto state_of = [&](size_t i) {
    return std::string(json::parse(get("/api/v1/servers").body).at("servers").at(i).at("state").as_string());
  };
  EXPECT_EQ(state_of(0), "new");
  EXPECT_EQ(state_of(1), "up");
  clock.advance(3min);
  EXPECT_EQ(state_of(1), "silent");
}

TEST_F(GatewayTest, ShowsAResourceOverTime) {
  std::string body;
  for (int i = 0; i < 60; ++i) body += cpu_line(100 - i, i * 1min);
  ASSERT_EQ(write("/api/v2/write", body).status, 204);
  const auto r = get("/api/v1/servers/web-01/metrics?resource=cpu&from=-1h&step=5m");
  ASSERT_EQ(r.status, 200) << r.body;
  const auto frame = json::parse(r.body);
  EXPECT_EQ(frame.at("unit"), "percent");
  EXPECT_EQ(frame.at("step_seconds"), 300);
  ASSERT_EQ(frame.at("columns").as_array().size(), 1u);
  EXPECT_EQ(frame.at("columns").at(0).at("values").as_array().size(), 12u);
  EXPECT_DOUBLE_EQ(frame.at("columns").at(0).at("values").at(11).to_number<double>(), 3) << "mean of 1 to 5";
  const auto day = json::parse(get("/api/v1/servers/web-01/metrics?resource=cpu").body);
  EXPECT_EQ(day.at("columns").at(0).at("values").as_array().size(), 288u);
  EXPECT_TRUE(day.at("columns").at(0).at("values").at(0).is_null());
}

TEST_F(GatewayTest, NamesWhatIsWrongWithAQuery) {
  for (const char* query : {"resource=colour", "", "resource=cpu&from=yesterday", "resource=cpu&from=-1h&to=-2h",
                            "resource=cpu&step=1ms", "resource=cpu&from=-30d&step=1s", "resource=cpu&step=-5m"}) {
    const auto r = get(fmt::format("/api/v1/servers/web-01/metrics?{}", query));
    EXPECT_EQ(r.status, 400) << query;
    EXPECT_EQ(r.header("Content-Type"), "application/problem+json");
    EXPECT_NE(json::parse(r.body).at("detail").as_string(), "");
  }
  EXPECT_EQ(get("/api/v1/servers/nobody/status").status, 404);
  EXPECT_EQ(get("/api/v1/nothing").status, 404);
  EXPECT_EQ(get("/api/v1/servers/%zz/status").status, 404);
  const auto method = ask("DELETE", "/ping");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.header("Allow"), "GET");
}

TEST_F(GatewayTest, SaysPlainlyThatHistoryIsTooShortForAForecast) {
  const auto r = get("/api/v1/servers/web-01/forecast");
  EXPECT_EQ(r.status, 409) << r.body;
  EXPECT_EQ(get("/api/v1/servers/web-01/forecast?horizon=3h").status, 400);
  EXPECT_EQ(get("/api/v1/servers/web-01/forecast?horizon=soon").status, 400);
}

TEST_F(GatewayTest, ForecastsFromTwoDaysOfHistory) {
  std::string body;
  for (Duration ago = 48h; ago > 0s; ago -= 5min) body += cpu_line(50 + static_cast<double>(ago / 5min % 10), ago);
  ASSERT_EQ(write("/api/v2/write", body).status, 204);
  const auto r = get("/api/v1/servers/web-01/forecast?horizon=24h");
  ASSERT_EQ(r.status, 200) << r.body;
  const auto forecast = json::parse(r.body).at("forecasts").at(0);
  EXPECT_EQ(forecast.at("resource"), "cpu");
  EXPECT_EQ(forecast.at("p50").as_array().size(), 48u);
  EXPECT_FALSE(forecast.at("method").as_string().empty());
}

TEST_F(GatewayTest, IsHealthyAndSaysSo) {
  const auto r = get("/health");
  EXPECT_EQ(r.status, 200);
  const auto health = json::parse(r.body);
  EXPECT_EQ(health.at("status"), "pass");
  EXPECT_EQ(health.at("version"), "0.1.0");
  EXPECT_EQ(health.at("store").at("ready"), true);
}

TEST_F(GatewayTest, CountsWhatItDoes) {
  write("/api/v2/write", cpu_line(50));
  write("/api/v2/write", "broken\n");
  write("/write", cpu_line(50), "X: y\r\n");
  const std::string text = get("/metrics").body;
  for (const char* line : {"mps_http_requests_total{method=\"POST\",route=\"/api/v2/write\",status=\"204\"} 1\n",
                           "mps_http_requests_total{method=\"POST\",route=\"/api/v2/write\",status=\"400\"} 1\n",
                           "mps_http_requests_total{method=\"POST\",route=\"/write\",status=\"401\"} 1\n",
                           "mps_ingest_points_rejected_total{reason=\"malformed\"} 1\n", "mps_ingest_values_total 1\n",
                           "mps_servers 1\n", "mps_store_ready 1\n", "mps_build_info{version=\"0.1.0\"} 1\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << " not in\n" << text;
}

TEST_F(GatewayTest, CountsEveryRefusalBecauseOfALimit) {
  const std::string name(2000, 'n');
  std::string tags = "m", fields = "m ", series;
  for (int i = 0; i < 65; ++i) tags += fmt::format(",t{}=1", i);
  for (int i = 0; i < 1025; ++i) fields += fmt::format("{}f{}=1", i > 0 ? "," : "", i);
  for (int i = 0; i < 10'001; ++i) series += fmt::format("m,t={} v=1\n", i);
  const auto r = write("/api/v2/write", name + " v=1\n" + tags + " v=1\n" + fields + "\nm s=\"" +
                                            std::string(70'000, 's') + "\"\n" + cpu_line(50));
  EXPECT_EQ(r.status, 400);
  EXPECT_NE(r.body.find("line 2, column"), std::string::npos) << r.body;
  EXPECT_EQ(cpu_of("web-01"), 50) << "the good line is stored";
  const auto full = write("/api/v2/write", series);
  EXPECT_EQ(full.status, 422) << full.body;
  EXPECT_NE(full.body.find("series_per_server_max"), std::string::npos) << full.body;
  const std::string bomb = gzip(std::string(65 << 20, ' '), 1);
  EXPECT_EQ(write("/api/v2/write", bomb, "Content-Encoding: gzip\r\nAuthorization: Token " + token + "\r\n").status,
            413);
  const std::string text = get("/metrics").body;
  for (const char* limit :
       {"unpacked_bytes", "line_bytes", "tags_per_line", "fields_per_line", "name_bytes", "series_per_server"}) {
    const std::string line = fmt::format("mps_limit_refusals_total{{limit=\"{}\"}} 1\n", limit);
    EXPECT_NE(text.find(line), std::string::npos) << line << " not in\n" << text;
  }
  EXPECT_NE(text.find("mps_limit_refusals_total{limit=\"servers_per_fleet_token\"} 0\n"), std::string::npos);
  EXPECT_NE(text.find("mps_limit_refusals_total{limit=\"body_bytes\"} 0\n"), std::string::npos);
}

TEST_F(GatewayTest, ShowsFiguresOnlyToThoseWhoMaySeeThem) {
  const auto as = [&](std::string_view headers, std::string_view host = "localhost") {
    return RawHttpClient(gateway->port())
        .ask(fmt::format("GET /api/v1/servers HTTP/1.1\r\nHost: {}\r\n{}\r\n", host, headers))
        .status;
  };
  EXPECT_EQ(as(""), 200);
  EXPECT_EQ(as("", "127.0.0.1:8080"), 200);
  EXPECT_EQ(as("", "[::1]:8080"), 200);
  EXPECT_EQ(as("", "evil.example"), 403) << "a page elsewhere, by a name that points here";
  EXPECT_EQ(as("", "127.0.0.1.evil.example"), 403);
  EXPECT_EQ(as("X-Forwarded-For: 203.0.113.7\r\n"), 403) << "a proxy that speaks for somebody else";
  open({.access = {.read_token = "read-me"}, .version = "0.1.0"});
  EXPECT_EQ(as(""), 401);
  EXPECT_EQ(as("Authorization: Bearer wrong\r\n"), 401);
  EXPECT_EQ(as("Authorization: Bearer read-me\r\n", "hub.example"), 200);
  EXPECT_EQ(write("/api/v2/write", cpu_line(50)).status, 204) << "writing needs its own token alone";
}

TEST_F(GatewayTest, GivesChartsAndReportsAsFiles) {
  ASSERT_EQ(write("/api/v2/write?precision=s", fmt::format("mem used_percent=40 {}\n", at(1h))).status, 204);
  const std::string server = "/api/v1/servers/web-01";
  for (const char* png : {"/chart.png?resource=ram", "/forecast.png?resource=ram&horizon=1h"})
    EXPECT_EQ(get(server + png).body.substr(0, 4), "\x89PNG") << png;
  EXPECT_EQ(get(server + "/report.pdf?zone=Europe/Moscow&language=ru&paper=letter").body.substr(0, 4), "%PDF");
  EXPECT_EQ(get("/api/v1/report.pdf").body.substr(0, 4), "%PDF");
  EXPECT_EQ(get(server + "/chart.png?resource=swap").status, 404);
  for (const char* wrong : {"date=today", "date=2999-01-01", "zone=Mars/Olympus", "language=xx", "paper=a3"})
    EXPECT_EQ(get(server + "/report.pdf?" + wrong).status, 400) << wrong;
}

TEST_F(GatewayTest, DocumentsEveryRouteFromItsDeclaration) {
  const auto document = json::parse(get("/openapi.json").body);
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  const auto& paths = document.at("paths").as_object();
  for (const char* path :
       {"/api/v2/write", "/write", "/telegraf", "/query", "/ping", "/health", "/metrics", "/openapi.json",
        "/api/v1/servers", "/api/v1/servers/{name}/status", "/api/v1/servers/{name}/metrics",
        "/api/v1/servers/{name}/forecast", "/api/v1/servers/{name}/chart.png", "/api/v1/servers/{name}/report.pdf",
        "/api/v1/report.pdf"})
    EXPECT_TRUE(paths.contains(path)) << path;
  const auto& schemas = document.at("components").at("schemas").as_object();
  EXPECT_EQ(schemas.at("Metrics").at("properties").at("from").at("format"), "date-time");
  EXPECT_EQ(schemas.at("Column").at("properties").at("values").at("items").at("type"),
            json::parse(R"(["number","null"])"));
}

TEST_F(GatewayTest, IntegersComeBackExactAndTextsBecomeAttributesOfTheServer) {
  const auto server = hub->servers().find("web-01").value();
  ASSERT_EQ(write("/api/v2/write?precision=s",
                  fmt::format("m a=9007199254740993i,b=18446744073709551615u,c=-9223372036854775808i {0}\n"
                              "system uptime_format=\"14 days, 11:07\",load1=0.5 {0}\n"
                              "system uptime_format=\"13 days\" {1}\n",
                              at(), at(1min)))
                .status,
            204);
  const auto json_body = fmt::format(
      R"({{"fields":{{"n":9007199254740995,"kernel":"6.1"}},"name":"k","tags":{{}},"timestamp":{}}})", at());
  ASSERT_EQ(
      write("/telegraf", json_body, "Authorization: Bearer " + token + "\r\nContent-Type: application/json\r\n").status,
      204);
  std::string lines;
  service::export_server(hub->store(), server, {Timestamp::min(), Timestamp::max()},
                         service::ExportFormat::kLineProtocol, [&](std::string_view piece) { lines += piece; })
      .value();
  const int64_t ns = at() * 1'000'000'000;
  EXPECT_EQ(lines, fmt::format("k,host=web-01 n=9007199254740995i {0}\n"
                               "m,host=web-01 a=9007199254740993i,b=18446744073709551615u,c=-9223372036854775808i {0}\n"
                               "system,host=web-01 load1=0.5 {0}\n",
                               ns));
  const Timestamp then{std::chrono::seconds(at())};
  const store::Attributes texts = {{"k kernel", {then, "6.1"}}, {"system uptime_format", {then, "14 days, 11:07"}}};
  EXPECT_EQ(hub->store().attributes(server.id), texts);
}

TEST_F(GatewayTest, LosesNothingThatItAcknowledgedWhenItStops) {
  for (int i = 0; i < 20; ++i) ASSERT_EQ(write("/api/v2/write", cpu_line(i, i * 10s)).status, 204);
  gateway.reset();
  hub.reset();
  hub = service::Hub::open({.data = folder, .store_url = "", .catalog_url = "", .zone = {}}, clock).value();
  open();
  EXPECT_DOUBLE_EQ(cpu_of("web-01"), 100);
  EXPECT_EQ(write("/api/v2/write", cpu_line(1)).status, 204) << "tokens are remembered";
}

}  // namespace
}  // namespace mps::gateway
