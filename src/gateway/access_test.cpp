// Who may ask the REST API for what, and how often.
#include "testing/api_rig.h"

namespace mps::gateway {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using service::Role;

class AccessTest : public ApiRig {
 protected:
  int status(const std::string& token, std::string_view method = "GET", std::string_view target = "/api/v1/servers",
             std::string_view body = "") {
    return ask_as(token, method, target, body).status;
  }
};

TEST_F(AccessTest, EachRoleMayDoWhatThoseBelowItMay) {
  const auto may = [&](Role role, std::string_view method, std::string_view target, std::string_view body = "") {
    return status(token(role), method, target, body);
  };
  for (const Role role : {Role::kViewer, Role::kOperator, Role::kAdmin, Role::kOwner})
    EXPECT_EQ(may(role, "GET", "/api/v1/servers"), 200);
  EXPECT_EQ(may(Role::kViewer, "POST", "/api/v1/silences", "{}"), 403);
  EXPECT_EQ(may(Role::kOperator, "POST", "/api/v1/silences", "{}"), 201);
  EXPECT_EQ(may(Role::kOperator, "POST", "/api/v1/servers", R"({"name":"a"})"), 403);
  EXPECT_EQ(may(Role::kAdmin, "POST", "/api/v1/servers", R"({"name":"a"})"), 201);
  EXPECT_EQ(may(Role::kAdmin, "GET", "/api/v1/api-tokens"), 403);
  EXPECT_EQ(may(Role::kOwner, "GET", "/api/v1/api-tokens"), 200);
  const auto refusal = ask_as(token(Role::kViewer), "POST", "/api/v1/silences", "{}");
  EXPECT_NE(refusal.body.find("needs the role operator; API token viewer is viewer"), std::string::npos)
      << refusal.body;
  EXPECT_EQ(refusal.header("Content-Type"), "application/problem+json");
}

TEST_F(AccessTest, WithoutATokenThisMachineMayLookAndNobodyMayChange) {
  EXPECT_EQ(status(""), 200);
  EXPECT_EQ(status("", "POST", "/api/v1/servers", R"({"name":"a"})"), 401);
  EXPECT_EQ(status("", "GET", "/api/v1/audit"), 401);
  const auto elsewhere = ask_as("", "GET", "/api/v1/servers", "", "X-Forwarded-For: 203.0.113.7\r\n");
  EXPECT_EQ(elsewhere.status, 401);
  EXPECT_EQ(elsewhere.header("WWW-Authenticate"), "Bearer");
}

TEST_F(AccessTest, TheReadTokenLooksAndNoMore) {
  serve({.access = {.read_token = "read-me"}, .version = "0.1.0"});
  EXPECT_EQ(status("read-me"), 200);
  EXPECT_EQ(status("read-me", "POST", "/api/v1/silences", "{}"), 403);
  EXPECT_EQ(status(""), 401);
  EXPECT_EQ(status(token(Role::kOperator), "POST", "/api/v1/silences", "{}"), 201) << "API tokens go on working";
}

TEST_F(AccessTest, AnIngestTokenCanOnlyWrite) {
  EXPECT_EQ(write("mem used_percent=1"), 204);
  EXPECT_EQ(status(ingest_token_), 403);
  EXPECT_EQ(status(hub_->servers().add_fleet_token("rack").value().token), 403);
  EXPECT_EQ(ask_as(token(Role::kOwner), "POST", "/api/v2/write", "mem used_percent=1").status, 401)
      << "and an API token writes no samples";
}

TEST_F(AccessTest, ATokenStopsWhenItExpiresOrIsRemoved) {
  const auto made = hub_->api_tokens().add("ci", Role::kViewer, 1h, "the test").value();
  EXPECT_EQ(status(made.token), 200);
  clock_.advance(1h);
  const auto late = ask_as(made.token, "GET", "/api/v1/servers");
  EXPECT_EQ(late.status, 401);
  EXPECT_NE(late.body.find("has expired"), std::string::npos);
  EXPECT_EQ(ask("DELETE", "/api/v1/api-tokens/viewer").status, 204);
  EXPECT_EQ(status(token(Role::kViewer)), 401);
}

TEST_F(AccessTest, GuessesAreSlowedPerAddressAndTimeForgives) {
  for (int i = 0; i < 10; ++i) ASSERT_EQ(status("guess" + std::to_string(i)), 401) << i;
  const auto slow = ask_as("another guess", "GET", "/api/v1/servers");
  EXPECT_EQ(slow.status, 429);
  EXPECT_EQ(slow.header("Retry-After"), "11");
  EXPECT_EQ(status(token(Role::kOwner)), 429) << "a right guess is not told either";
  EXPECT_EQ(status(""), 200) << "whoever shows no token guesses nothing";
  clock_.advance(11s);
  EXPECT_EQ(status(token(Role::kOwner)), 200);
}

TEST_F(AccessTest, AConnectionThatHasShownItsTokenIsNotSlowed) {
  testing::RawHttpClient good(gateway_->port());
  const std::string asking = request("GET", "/api/v1/servers", token(Role::kViewer), "", "");
  EXPECT_EQ(good.ask(asking).status, 200);
  for (int i = 0; i < 20; ++i) status("guess");
  EXPECT_EQ(good.ask(asking).status, 200);
  EXPECT_EQ(good.ask(request("GET", "/api/v1/servers", "guess", "", "")).status, 429) << "guessing on it is slowed";
}

TEST_F(AccessTest, AnAddressBehindATrustedProxyIsSlowedAlone) {
  serve({.access = {.proxies = TrustedProxies::parse({"127.0.0.1"}).value()}, .version = "0.1.0"});
  const auto from = [&](const std::string& token, std::string_view client) {
    return ask_as(token, "GET", "/api/v1/servers", "", fmt::format("X-Forwarded-For: {}\r\n", client)).status;
  };
  for (int i = 0; i < 11; ++i) from("guess", "203.0.113.7");
  EXPECT_EQ(from(token(Role::kViewer), "203.0.113.7"), 429);
  EXPECT_EQ(from(token(Role::kViewer), "203.0.113.8"), 200);
  EXPECT_EQ(from("", "203.0.113.8"), 401) << "who comes through a proxy is not this machine";
}

TEST_F(AccessTest, ATokenAsksOnlySoOftenAndOthersDoNotNotice) {
  serve({.access = {.requests = {.per_second = 5, .burst = 10}}, .version = "0.1.0"});
  for (int i = 0; i < 10; ++i) ASSERT_EQ(status(token(Role::kViewer)), 200);
  const auto refused = ask_as(token(Role::kViewer), "GET", "/api/v1/servers");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(status(token(Role::kOperator)), 200);
  EXPECT_EQ(write("mem used_percent=1"), 204);
  clock_.advance(1s);
  for (int i = 0; i < 5; ++i) ASSERT_EQ(status(token(Role::kViewer)), 200);
  EXPECT_EQ(status(token(Role::kViewer)), 429);
}

TEST_F(AccessTest, WhoChangedWhatIsInTheAuditLog) {
  ask("POST", "/api/v1/api-tokens", R"({"name":"ci","role":"admin","lasts":"90d"})");
  ask("DELETE", "/api/v1/api-tokens/ci");
  const auto entries = get("/api/v1/audit").at("entries").as_array();
  ASSERT_GE(entries.size(), 2u);
  EXPECT_EQ(entries[0].at("what"), "token_removed");
  EXPECT_EQ(entries[1].at("what"), "token_made");
  EXPECT_EQ(entries[1].at("who"), "API token owner");
  EXPECT_EQ(entries[1].at("detail"), "API token ci: admin");
}

}  // namespace
}  // namespace mps::gateway
