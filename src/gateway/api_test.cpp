// What the REST API does, route by route.
#include "testing/api_rig.h"

namespace mps::gateway {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using service::Role;

class ApiTest : public ApiRig {
 protected:
  json::value post(std::string_view target, std::string_view body, int status = 201) {
    const auto answer = ask("POST", target, body);
    EXPECT_EQ(answer.status, status) << target << ": " << answer.body;
    return json::parse(answer.body);
  }
};

TEST_F(ApiTest, AServerIsAddedRenamedTaggedRotatedAndRemoved) {
  const auto added = post("/api/v1/servers", R"({"name":"db-01","tags":["db","eu"]})");
  const std::string token(added.at("token").as_string());
  EXPECT_EQ(ask_as(token, "POST", "/api/v2/write", "mem used_percent=1").status, 204);
  EXPECT_EQ(ask("POST", "/api/v1/servers", R"({"name":"db-01"})").status, 409);
  const auto changed = ask("PATCH", "/api/v1/servers/db-01", R"({"name":"db-02","tags":["us"]})");
  EXPECT_EQ(json::parse(changed.body).at("name"), "db-02") << changed.body;
  EXPECT_EQ(json::parse(changed.body).at("tags"), json::array{"us"});
  const auto rotated = ask("POST", "/api/v1/servers/db-02/token");
  EXPECT_EQ(rotated.status, 201) << rotated.body;
  EXPECT_EQ(ask_as(token, "POST", "/api/v2/write", "mem used_percent=1").status, 401);
  EXPECT_EQ(get("/api/v1/servers/db-02").at("state"), "up");
  EXPECT_EQ(ask("DELETE", "/api/v1/servers/db-02").status, 204);
  EXPECT_EQ(ask("GET", "/api/v1/servers/db-02").status, 404);
}

TEST_F(ApiTest, AFleetTokenIsListedRemovedAndReplaced) {
  const auto write_as = [this](const json::value& made, std::string_view host) {
    return ask_as(std::string(made.at("token").as_string()), "POST", "/api/v2/write",
                  fmt::format("mem,host={} used_percent=1", host))
        .status;
  };
  const auto rack = post("/api/v1/fleet-tokens", R"({"name":"rack 1"})");
  EXPECT_EQ(write_as(rack, "box-1"), 204);
  EXPECT_EQ(write_as(rack, "box-2"), 204);
  const auto other = post("/api/v1/fleet-tokens", R"({"name":"rack 2"})");
  EXPECT_EQ(write_as(other, "box-1"), 400) << "it is of rack 1";
  const auto listed = get("/api/v1/fleet-tokens").at("tokens").as_array();
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].at("name"), "rack 1");
  EXPECT_EQ(listed[0].at("servers"), 2);
  EXPECT_EQ(listed[1].at("servers"), 0);
  const std::string one = fmt::format("/api/v1/fleet-tokens/{}", rack.at("id").as_int64());
  EXPECT_EQ(ask("DELETE", one).status, 204);
  EXPECT_EQ(ask("DELETE", one).status, 404);
  EXPECT_EQ(write_as(rack, "box-1"), 401);
  EXPECT_EQ(get("/api/v1/servers/box-1").at("name"), "box-1") << "its servers stay";
  EXPECT_EQ(write_as(other, "box-1"), 204) << "and another token takes them over";
  EXPECT_EQ(get("/api/v1/fleet-tokens").at("tokens").at(0).at("servers"), 1);
  EXPECT_EQ(ask_as(token(Role::kOperator), "GET", "/api/v1/fleet-tokens").status, 403);
}

TEST_F(ApiTest, TheAuditLogIsReadByCursorWhateverComesInMeanwhile) {
  for (int i = 0; i < 5; ++i) hub_->audit().note("me", service::Change::kRuleSet, std::to_string(i));
  std::vector<std::string> details;
  std::string cursor;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = get("/api/v1/audit?limit=2" + cursor);
    for (const auto& entry : page.at("entries").as_array()) details.emplace_back(entry.at("detail").as_string());
    hub_->audit().note("me", service::Change::kRuleSet, "newer");
    if (page.at("next").is_null()) break;
    cursor = "&cursor=" + std::string(page.at("next").as_string());
  }
  EXPECT_EQ(details, (std::vector<std::string>{"4", "3", "2", "1", "0"}));
  EXPECT_EQ(ask("GET", "/api/v1/audit?cursor=zz").status, 400);
}

TEST_F(ApiTest, ServersComeInPages) {
  for (int i = 0; i < 7; ++i) hub_->servers().add(fmt::format("s, {}", i), {i % 2 == 0 ? "even" : "odd"}).value();
  std::vector<std::string> names;
  std::string cursor;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = get("/api/v1/servers?limit=3" + cursor);
    for (const auto& server : page.at("servers").as_array()) names.emplace_back(server.at("name").as_string());
    if (page.at("next").is_null()) break;
    cursor = "&cursor=" + std::string(page.at("next").as_string());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"s, 0", "s, 1", "s, 2", "s, 3", "s, 4", "s, 5", "s, 6", "web-01"}));
  EXPECT_EQ(get("/api/v1/servers?tag=odd").at("servers").as_array().size(), 3u);
  for (const char* wrong :
       {"limit=0", "limit=x", "limit=1e3000", "limit=1.5", "cursor=zz", "cursor=abc", "limit=99999"})
    EXPECT_EQ(ask("GET", fmt::format("/api/v1/servers?{}", wrong)).status, 400) << wrong;
}

TEST_F(ApiTest, FiguresOfSeveralServersComeOnOneGrid) {
  const std::string db = hub_->servers().add("db-01").value().token;
  for (int i = 0; i < 6; ++i) {
    ASSERT_EQ(write(fmt::format("mem used_percent={} {}", i, at(5min - i * 50s))), 204);
    ask_as(db, "POST", "/api/v2/write?precision=s",
           fmt::format("cpu,cpu=cpu-total usage_idle={} {}", i, at(5min - i * 50s)));
  }
  const auto both = get("/api/v1/metrics?resource=ram&resource=cpu&from=-1h&step=1h&aggregate=max");
  ASSERT_EQ(both.at("series").as_array().size(), 2u);
  const auto newest = [](const json::value& series) {
    const auto& values = series.at("values").as_array();
    return values.back().is_null() ? values[values.size() - 2].to_number<double>() : values.back().to_number<double>();
  };
  EXPECT_EQ(both.at("series").at(0).at("server"), "db-01");
  EXPECT_EQ(newest(both.at("series").at(0)), 100) << "the most CPU is the least idle";
  EXPECT_EQ(newest(both.at("series").at(1)), 5);
  const auto low = get("/api/v1/metrics?server=web-01&resource=ram&from=-1h&step=1h&aggregate=min");
  EXPECT_EQ(newest(low.at("series").at(0)), 0);
  EXPECT_EQ(ask("GET", "/api/v1/metrics?resource=ram&server=nobody").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/metrics").status, 400);
  EXPECT_EQ(ask("GET", "/api/v1/metrics?resource=ram&aggregate=median").status, 400);
}

TEST_F(ApiTest, RulesAreSetShownTriedAndRemoved) {
  const std::string wish = R"({"server":"web-01","resource":"ram","threshold":80,"clear":75,"hold":"10m"})";
  const auto set = ask("PUT", "/api/v1/rules", wish);
  ASSERT_EQ(set.status, 200) << set.body;
  EXPECT_EQ(json::parse(set.body).at("text"), "RAM above 80 % for 10m");
  EXPECT_EQ(get("/api/v1/rules").at("set").as_array().size(), 1u);
  EXPECT_GT(get("/api/v1/rules").at("defaults").as_array().size(), 3u);
  bool found = false;
  const json::value effective = get("/api/v1/servers/web-01/rules");
  for (const auto& rule : effective.at("rules").as_array())
    found = found || (rule.at("resource") == "ram" && rule.at("origin") == "server");
  EXPECT_TRUE(found);
  EXPECT_EQ(ask("POST", "/api/v1/rules/preview", wish).status, 409) << "nothing was sent yet";
  for (int i = 0; i < 60; ++i) ASSERT_EQ(write(fmt::format("mem used_percent=90 {}", at(60min - i * 1min))), 204);
  const auto tried = post("/api/v1/rules/preview", wish, 200);
  EXPECT_EQ(tried.at("incidents").as_array().size(), 1u) << json::serialize(tried);
  EXPECT_EQ(ask("DELETE", "/api/v1/rules?server=web-01&resource=ram").status, 204);
  EXPECT_EQ(ask("DELETE", "/api/v1/rules?server=web-01&resource=ram").status, 404);
  for (const char* wrong :
       {R"({"resource":"ram"})", R"({"resource":"ram","threshold":101})", R"({"resource":"tea","threshold":1})",
        R"({"server":"web-01","tag":"x","resource":"ram","threshold":1})", R"({"kind":"no_data","resource":"ram"})",
        R"({"resource":"ram","threshold":50,"hold":"0s"})", R"({"resource":"ram","threshold":"50"})",
        R"({"resource":"ram","threshold":50,"kind":"prediction","within":"5000d"})"})
    EXPECT_EQ(ask("PUT", "/api/v1/rules", wrong).status, 400) << wrong;
}

TEST_F(ApiTest, AnIncidentIsSeenAcknowledgedAndSnoozed) {
  for (int i = 0; i < 10; ++i) ASSERT_EQ(write(fmt::format("mem used_percent=99 {}", at(10min - i * 1min))), 204);
  hub_->alerts().evaluate_if_due().value();
  clock_.advance(10s);
  hub_->alerts().evaluate_if_due().value();
  const auto open = get("/api/v1/incidents?open=true").at("incidents").as_array();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].at("state"), "firing");
  const std::string one = "/api/v1/incidents/" + std::to_string(open[0].at("id").to_number<int64_t>());
  EXPECT_EQ(post(one + "/snooze", R"({"lasts":"2h"})", 200).at("state"), "snoozed");
  EXPECT_EQ(post(one + "/acknowledge", "", 200).at("acknowledged_by"), "API token owner");
  EXPECT_EQ(get(one).at("steps").as_array().back().at("what"), "acknowledged");
  EXPECT_EQ(ask("POST", "/api/v1/incidents/999/acknowledge").status, 404);
  EXPECT_EQ(ask("POST", "/api/v1/incidents/x/acknowledge").status, 400);
  EXPECT_EQ(ask("POST", one + "/snooze", R"({"until":"2020-01-01T00:00:00Z"})").status, 400);
}

TEST_F(ApiTest, SilencesMaintenanceAndQuietHours) {
  const auto silence = post("/api/v1/silences", R"({"server":"web-01","resource":"cpu","lasts":"2h","why":"noise"})");
  EXPECT_EQ(silence.at("server"), "web-01");
  EXPECT_EQ(silence.at("who"), "API token owner");
  post("/api/v1/maintenance", R"({"tag":"web","begins_at":"2026-12-01T00:00:00Z","ends_at":"2026-12-01T02:00:00Z"})");
  EXPECT_EQ(get("/api/v1/silences").at("silences").as_array().size(), 1u);
  EXPECT_EQ(get("/api/v1/maintenance").at("silences").as_array().size(), 1u);
  EXPECT_EQ(ask("DELETE", "/api/v1/silences/1").status, 204);
  EXPECT_EQ(ask("DELETE", "/api/v1/silences/1").status, 404);
  EXPECT_EQ(ask("POST", "/api/v1/silences", R"({"ends_at":"2020-01-01T00:00:00Z"})").status, 400);
  EXPECT_EQ(ask("POST", "/api/v1/silences", R"({"begins_at":"2190-01-01T00:00:00Z","lasts":"36500d"})").status, 400);
  const std::string quiet = R"({"begins":"22:00","ends":"08:00","zone":"Europe/Berlin"})";
  EXPECT_EQ(ask("PUT", "/api/v1/quiet-hours/5", quiet).status, 404);
  post("/api/v1/chats", R"({"id":5,"name":"ops"})");
  EXPECT_EQ(ask("PUT", "/api/v1/quiet-hours/5", quiet).status, 200);
  EXPECT_EQ(get("/api/v1/quiet-hours").at("quiet_hours").at(0).at("begins"), "22:00");
  EXPECT_EQ(ask("DELETE", "/api/v1/quiet-hours/5").status, 204);
}

TEST_F(ApiTest, PeopleChatsAndInvitations) {
  EXPECT_NE(post("/api/v1/invites", R"({"role":"operator"})").at("link").as_string(), "");
  EXPECT_EQ(get("/api/v1/invites").at("invites").as_array().size(), 1u);
  EXPECT_EQ(ask("DELETE", "/api/v1/invites").status, 204);
  EXPECT_EQ(ask("POST", "/api/v1/invites", R"({"role":"owner"})").status, 400);
  post("/api/v1/chats", R"({"id":-100,"person":7,"name":"Ann","level":1})");
  EXPECT_EQ(get("/api/v1/people").at("people").at(0).at("role"), "admin");
  EXPECT_EQ(json::parse(ask("PATCH", "/api/v1/people/7", R"({"role":"viewer"})").body).at("role"), "viewer");
  const auto chat = json::parse(
      ask("PATCH", "/api/v1/chats/-100", R"({"level":2,"language":"ru","zone":"Europe/Moscow","alerts":"tag web"})")
          .body);
  EXPECT_EQ(chat.at("level"), 2);
  EXPECT_EQ(chat.at("alerts"), "tag web");
  EXPECT_EQ(ask("PUT", "/api/v1/chats/-100/report", R"({"at":"08:00"})").status, 200);
  EXPECT_EQ(get("/api/v1/chats/-100/report").at("language"), "ru");
  EXPECT_EQ(ask("DELETE", "/api/v1/chats/-100/report").status, 204);
  EXPECT_EQ(ask("GET", "/api/v1/chats/-100/report").status, 404);
  EXPECT_EQ(ask("DELETE", "/api/v1/people/7").status, 204);
  EXPECT_EQ(ask("DELETE", "/api/v1/chats/-100").status, 204);
  EXPECT_EQ(ask("DELETE", "/api/v1/chats/-100").status, 404);
}

TEST_F(ApiTest, FilesAreFiles) {
  ASSERT_EQ(write(fmt::format("mem used_percent=40 {}", at(1h))), 204);
  EXPECT_EQ(ask("GET", "/api/v1/graph.png?server=web-01&resource=ram").body.substr(0, 4), "\x89PNG");
  const auto csv = ask("GET", "/api/v1/servers/web-01/export.csv").body;
  EXPECT_NE(csv.find("mem,,used_percent,40\n"), std::string::npos) << csv;
  EXPECT_EQ(ask("GET", "/api/v1/servers/web-01/backtest").status, 409) << "too little history";
  const auto text = ask("GET", "/api/v1/prometheus").body;
  EXPECT_NE(text.find("mps_server_up{server=\"web-01\"} 0\n"), std::string::npos) << text;
  ASSERT_EQ(write(fmt::format("mem used_percent=50 {}", at())), 204);
  EXPECT_NE(ask("GET", "/api/v1/prometheus").body.find("mps_server_ram_ratio{server=\"web-01\"} 0.5\n"),
            std::string::npos);
}

}  // namespace
}  // namespace mps::gateway
