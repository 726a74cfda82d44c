#include "agent/hub_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/test_hub.h"

namespace mps::agent {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

TEST(HubConnection, PostsGzippedLinesWithTheToken) {
  TestHub hub;
  HubConnection connection(hub.url(), "secret");
  const auto reply = connection.post(gzip("m v=1 1\n"), seconds(5), {});
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 204);
  const auto seen = hub.seen();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].target, "/api/v2/write");
  EXPECT_EQ(seen[0].authorization, "Token secret");
  EXPECT_EQ(seen[0].encoding, "gzip");
  EXPECT_EQ(seen[0].host, hub.url().authority());
  EXPECT_EQ(seen[0].lines, "m v=1 1\n");
}

TEST(HubConnection, StaysOpenBetweenRequests) {
  TestHub hub;
  HubConnection connection(hub.url(), "t");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(connection.post(gzip("m v=1 1\n"), seconds(5), {}));
  EXPECT_EQ(hub.seen().back().connection, 1);
}

TEST(HubConnection, OpensAgainWhatTheHubClosed) {
  TestHub hub({{.close_silently = true}});
  HubConnection connection(hub.url(), "t");
  ASSERT_TRUE(connection.post(gzip("m v=1 1\n"), seconds(5), {}));
  const auto reply = connection.post(gzip("m v=2 2\n"), seconds(5), {});
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(hub.seen().back().lines, "m v=2 2\n");
  EXPECT_EQ(hub.seen().back().connection, 2);
}

TEST(HubConnection, PassesOnStatusReasonAndRetryAfter) {
  TestHub hub({{.status = 503, .body = "starting", .retry_after = "7"}});
  HubConnection connection(hub.url(), "t");
  const auto reply = connection.post(gzip("m v=1 1\n"), seconds(5), {});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503);
  EXPECT_EQ(reply->retry_after, Duration(seconds(7)));
  EXPECT_EQ(reply->body, "starting");
}

TEST(HubConnection, AHubThatDoesNotAnswerIsATimeOut) {
  TestHub hub({{.hang = true}});
  HubConnection connection(hub.url(), "t");
  const auto reply = connection.post(gzip("m v=1 1\n"), std::chrono::milliseconds(50), {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(reply.error().message, HasSubstr("did not answer in time"));
  EXPECT_TRUE(connection.post(gzip("m v=1 1\n"), seconds(5), {}));
}

TEST(HubConnection, APortWhereNobodyListensIsUnavailable) {
  boost::asio::io_context io;
  using boost::asio::ip::tcp;
  tcp::acceptor taken(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0), false);
  const auto port = taken.local_endpoint().port();
  taken.close();
  HubConnection connection(HubUrl::parse("http://127.0.0.1:" + std::to_string(port)).value(), "t");
  const auto reply = connection.post("", seconds(5), {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(reply.error().message, HasSubstr("cannot connect to 127.0.0.1:"));
}

TEST(HubConnection, PlainHttpInPlaceOfTlsIsAnErrorWithAName) {
  TestHub hub;
  HubUrl url = hub.url();
  url.tls = true;
  HubConnection connection(url, "t");
  const auto reply = connection.post("", seconds(5), {});
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().message, HasSubstr("cannot agree on TLS"));
}

}  // namespace
}  // namespace mps::agent
