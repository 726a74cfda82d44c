// What all routes of the REST API have in common: problem details, idempotency, entity tags, limits of what comes in.
#include "testing/api_rig.h"

namespace mps::gateway {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class MannersTest : public ApiRig {
 protected:
  std::string where(std::string_view method, std::string_view target, std::string_view body = "") {
    const auto answer = ask(method, target, body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    const auto said = json::parse(answer.body);
    return said.at("where").is_string() ? std::string(said.at("where").as_string()) : "";
  }
};

TEST_F(MannersTest, AProblemSaysWhatWhereAndHowToMendIt) {
  EXPECT_EQ(where("GET", "/api/v1/servers?limit=0"), "query: limit");
  EXPECT_EQ(where("GET", "/api/v1/servers/web-01/metrics"), "query: resource");
  EXPECT_EQ(where("GET", "/api/v1/servers/web-01/metrics?resource=cpu&step=5"), "query: step");
  EXPECT_EQ(where("POST", "/api/v1/servers", "{}"), "body: /name");
  EXPECT_EQ(where("POST", "/api/v1/servers", R"({"name":"x","tags":["a",1]})"), "body: /tags/1");
  EXPECT_EQ(where("POST", "/api/v1/servers", R"({"name":"x","colour":"red"})"), "body: ");
  EXPECT_EQ(where("POST", "/api/v1/servers", "{"), "body");
  EXPECT_EQ(where("GET", "/api/v1/incidents/one"), "path: id");
  const auto answer = json::parse(ask("POST", "/api/v1/servers", R"({"name":""})").body);
  EXPECT_EQ(answer.at("type"), "about:blank");
  EXPECT_EQ(answer.at("title"), "Bad Request");
  EXPECT_EQ(answer.at("status"), 400);
  EXPECT_EQ(answer.at("detail"), "must have at least 1 characters");
}

TEST_F(MannersTest, WhatIsTooDeepTooLargeOrNoJsonIsRefused) {
  const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
  EXPECT_NE(ask("POST", "/api/v1/servers", deep).body.find("nested deeper"), std::string::npos);
  EXPECT_EQ(ask("POST", "/api/v1/servers", R"({"name":")" + std::string(70'000, 'x') + "\"}").status, 413);
  EXPECT_EQ(ask("POST", "/api/v1/servers", R"({"name":"x"})", "Content-Type: text/plain\r\n").status, 415);
  EXPECT_EQ(ask("POST", "/api/v1/servers", "{\"name\":\"\xFF\"}").status, 400);
  EXPECT_EQ(ask("POST", "/api/v1/servers", R"({"name":"a\u0000b"})").status, 400);
  EXPECT_EQ(ask("POST", "/api/v1/servers", R"({"name":"x"} {})").status, 400);
}

TEST_F(MannersTest, ARequestThatIsSentAgainIsDoneOnce) {
  const std::string_view key = "Idempotency-Key: 4711\r\n";
  const auto first = ask("POST", "/api/v1/servers", R"({"name":"db-01"})", key);
  EXPECT_EQ(first.status, 201) << first.body;
  const auto again = ask("POST", "/api/v1/servers", R"({"name":"db-01"})", key);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body) << "the same token, which is shown to who asked for it alone";
  EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
  EXPECT_EQ(ask("POST", "/api/v1/servers", R"({"name":"db-02"})", key).status, 422);
  EXPECT_EQ(ask_as(token(service::Role::kAdmin), "POST", "/api/v1/servers", R"({"name":"db-01"})", key).status, 409)
      << "another caller's key is another key: the name is taken";
  EXPECT_EQ(ask("POST", "/api/v1/servers", R"({"name":"x"})", "Idempotency-Key: a b\r\n").status, 400);
}

TEST_F(MannersTest, WhatHasNotChangedIsNotSentAgain) {
  for (const char* path : {"/api/v1/servers", "/api/v1/servers/web-01/status", "/api/v1/rules", "/api/v1/incidents"}) {
    const auto first = ask("GET", path);
    const std::string tag = first.header("ETag");
    ASSERT_NE(tag, "") << path;
    clock_.advance(1s);
    const auto again = ask("GET", path, "", fmt::format("If-None-Match: \"x\", {}\r\n", tag));
    EXPECT_EQ(again.status, 304) << path;
    EXPECT_EQ(again.body, "");
  }
  const std::string tag = ask("GET", "/api/v1/servers").header("ETag");
  hub_->servers().add("db-01").value();
  EXPECT_EQ(ask("GET", "/api/v1/servers", "", fmt::format("If-None-Match: {}\r\n", tag)).status, 200);
}

TEST_F(MannersTest, WhatIsNotThereIsAProblemToo) {
  EXPECT_EQ(ask("GET", "/api/v1/nothing").header("Content-Type"), "application/problem+json");
  const auto method = ask("POST", "/api/v1/audit");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.header("Allow"), "GET");
}

}  // namespace
}  // namespace mps::gateway
