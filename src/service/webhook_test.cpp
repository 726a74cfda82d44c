#include "service/webhook.h"

#include <gtest/gtest.h>

#include "base/crypto.h"
#include "testing/scripted_http_server.h"

namespace mps::service {
namespace {

using mps::testing::ScriptedAnswer;
using mps::testing::ScriptedHttpServer;
using mps::testing::SeenRequest;
using Kind = DeliveryFailure::Kind;

TEST(Webhook, PostsJsonThatTheReceiverCanCheck) {
  ScriptedHttpServer server([](const SeenRequest&) { return ScriptedAnswer{204, ""}; });
  WebhookNotifier webhook({server.url() + "/hook", "It's a Secret to Everybody"});
  ASSERT_TRUE(webhook.deliver({17, 0, "Hello, World!", std::nullopt}));
  const SeenRequest request = server.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/hook");
  EXPECT_EQ(request.body, "Hello, World!");
  EXPECT_NE(request.head.find("X-MPS-Delivery: 17"), std::string::npos) << request.head;
  EXPECT_NE(request.head.find("Content-Type: application/json"), std::string::npos);
  // The example in GitHub's documentation of its webhooks, which sign in the same way.
  EXPECT_NE(
      request.head.find("X-MPS-Signature: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
      std::string::npos)
      << request.head;
}

DeliveryFailure failure_after(const ScriptedAnswer& answer) {
  ScriptedHttpServer server([answer](const SeenRequest&) { return answer; });
  WebhookNotifier webhook({server.url(), ""});
  const auto outcome = webhook.deliver({1, 0, "{}", std::nullopt});
  EXPECT_EQ(server.requests().at(0).head.find("X-MPS-Signature"), std::string::npos) << "there is no secret";
  return outcome.error();
}

TEST(Webhook, TriesAgainWhereThatMayHelpAndNotWhereItWillNot) {
  EXPECT_EQ(failure_after({503, "", {{"Retry-After", "30"}}}).retry_after, std::chrono::seconds(30));
  EXPECT_EQ(failure_after({503, ""}).kind, Kind::kRetry);
  EXPECT_EQ(failure_after({429, ""}).kind, Kind::kRetry);
  EXPECT_EQ(failure_after({0, "", {}, ScriptedAnswer::Fault::kDropConnection}).kind, Kind::kRetry);
  EXPECT_EQ(failure_after({404, ""}).kind, Kind::kRejected);
}

}  // namespace
}  // namespace mps::service
