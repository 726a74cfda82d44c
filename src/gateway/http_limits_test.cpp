// What the server does about those who ask too much of it, while it serves the others.
#include <atomic>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <latch>
#include <thread>

#include "base/gzip.h"
#include "testing/echo_server.h"
#include "testing/raw_http_client.h"

namespace mps::gateway {
namespace {

using namespace std::chrono_literals;
using testing::kChunkedPost;
using testing::kGet;
using testing::post;
using testing::RawHttpClient;

class HttpLimitsTest : public testing::HttpServerFixture {};

TEST_F(HttpLimitsTest, WhenFullClosesWhoHasIdledLongestAndShownNoToken) {
  serve({.connections_max = 3, .spare_after = 0s}, [](const Request& r, Reply reply) {
    if (r.path == "/known") r.memory->token_was_good = true;
    reply({.body = "hello"});
  });
  const auto open = [this](std::string_view path) {
    auto client = std::make_unique<RawHttpClient>(port());
    EXPECT_EQ(client->ask(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", path)).status, 200);
    return client;
  };
  const auto known = open("/known"), older = open("/"), newer = open("/");
  const auto fourth = open("/known");
  EXPECT_TRUE(older->at_end());
  EXPECT_EQ(newer->ask(kGet).status, 200);
  const auto fifth = open("/known");
  EXPECT_TRUE(newer->at_end());
  EXPECT_EQ(server->stats().connections_spared, 2u);
  EXPECT_EQ(RawHttpClient(port()).ask(kGet).status, 503) << "there is nobody left who could be spared";
  for (const auto* each : {&known, &fourth, &fifth}) EXPECT_EQ((*each)->ask(kGet).status, 200);
}

// Holds whatever the thread for large bodies handles until let go.
class LargeBodiesTest : public HttpLimitsTest {
 protected:
  void serve_held(ServerOptions options) {
    options.large_body_bytes = 1000;
    serve(options, [this, loop = std::thread::id()](const Request& r, Reply reply) mutable {
      if (r.path == "/loop") loop = std::this_thread::get_id();
      if (r.body.size() > 1000) {
        on_own_thread = std::this_thread::get_id() != loop;
        if (!reached.exchange(true)) held.count_down();
        let_go.wait();
      }
      reply({.body = fmt::format("{} bytes", r.body.size())});
    });
    EXPECT_EQ(RawHttpClient(port()).ask("GET /loop HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  }
  static std::string large(std::string_view more = "") { return post("/w", std::string(5000, 'x'), more); }

  std::atomic<bool> on_own_thread = false, reached = false;
  std::latch held{1};
  std::latch let_go{1};
};

TEST_F(LargeBodiesTest, OthersAreAnsweredWhileAThreadHandlesALargeBody) {
  serve_held({});
  RawHttpClient one(port()), packed(port()), other(port());
  ASSERT_TRUE(one.send(large()));
  held.wait();
  EXPECT_TRUE(on_own_thread);
  ASSERT_TRUE(packed.send(post("/w", gzip(std::string(2'000'000, 'x')), "Content-Encoding: gzip\r\n")));
  for (int i = 0; i < 50; ++i) ASSERT_EQ(other.ask(post("/w", std::string(900, 'x'))).body, "900 bytes");
  let_go.count_down();
  EXPECT_EQ(one.receive().body, "5000 bytes");
  EXPECT_EQ(packed.receive().body, "2000000 bytes");
  EXPECT_EQ(one.ask(kGet).body, "0 bytes") << "the connection goes on";
  EXPECT_EQ(server->stats().large_bodies, 2u);
}

TEST_F(LargeBodiesTest, TooManyThatWaitAreToldToComeAgain) {
  serve_held({.large_bodies_waiting_max = 1});
  RawHttpClient under_way(port()), waiting(port()), beyond(port());
  ASSERT_TRUE(under_way.send(large()));
  held.wait();
  ASSERT_TRUE(waiting.send(large()));
  // Whichever of the two comes first waits; the other one is refused.
  ASSERT_TRUE(beyond.send(large()));
  while (server->stats().large_bodies_refused == 0) std::this_thread::yield();
  let_go.count_down();
  const auto a = waiting.receive(), b = beyond.receive();
  EXPECT_EQ(std::min(a.status, b.status), 200);
  EXPECT_EQ(std::max(a.status, b.status), 503);
  EXPECT_EQ((a.status == 503 ? a : b).header("Retry-After"), "1");
  EXPECT_EQ(under_way.receive().status, 200);
  EXPECT_EQ(server->stats().large_bodies_refused, 1u);
}

TEST_F(LargeBodiesTest, AStopThatCannotWaitLeavesTheBodyToItsThread) {
  serve_held({.stop_timeout = 10ms});
  RawHttpClient client(port());
  ASSERT_TRUE(client.send(large()));
  held.wait();
  std::jthread stopper([this] { server->stop(); });
  EXPECT_TRUE(client.at_end()) << "is closed by force";
  let_go.count_down();
}

TEST_F(HttpLimitsTest, RefusesByTheHeaderBeforeABodyComes) {
  std::atomic<int> asked = 0;
  server = HttpServer::start(
               {}, clock, [](const Request& r, Reply reply) { reply({.body = std::string(r.body)}); },
               [&asked](const Request& r) -> Admission {
                 ++asked;
                 if (r.path == "/closed") return {.refusal = Response{.status = 401, .body = "who are you?"}};
                 return {.body_bytes_max = 10'000};
               })
               .value();
  const auto announce = [](std::string_view path, size_t size) {
    return fmt::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n", path, size);
  };
  const auto refused = RawHttpClient(port()).ask(announce("/closed?x=1", 20'000'000));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, "who are you?");
  EXPECT_EQ(refused.header("Connection"), "close");
  EXPECT_EQ(RawHttpClient(port()).ask(announce("/open", 10'001)).status, 413);
  RawHttpClient client(port());
  EXPECT_EQ(client.ask(announce("/open", 5)).status, 100);
  EXPECT_EQ(client.ask("hello").body, "hello");
  EXPECT_EQ(asked, 3);
  const std::string packed = gzip(std::string(9'000, 'x')), bomb = gzip(std::string(2'000'000, 'x'));
  EXPECT_EQ(client.ask(post("/open", packed, "Content-Encoding: gzip\r\n")).status, 200);
  EXPECT_EQ(client.ask(post("/open", bomb, "Content-Encoding: gzip\r\n")).status, 413);
  EXPECT_EQ(client.ask(post("/closed", bomb, "Content-Encoding: gzip\r\n")).status, 401) << "nothing is unpacked";
  EXPECT_EQ(RawHttpClient(port()).ask(kChunkedPost + "\r\n" + testing::chunked(std::string(20'000, 'x'), 5'000)).status,
            413);
  EXPECT_EQ(server->stats().bodies_too_large, 2u);
  EXPECT_EQ(server->stats().bodies_unpack_too_large, 1u);
}

}  // namespace
}  // namespace mps::gateway
