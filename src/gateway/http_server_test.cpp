#include "gateway/http_server.h"

#include <atomic>
#include <condition_variable>
#include <fmt/format.h>
#include <functional>
#include <future>
#include <gtest/gtest.h>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

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

class HttpServerTest : public testing::HttpServerFixture {};

TEST_F(HttpServerTest, AnswersManyRequestsOnOneConnection) {
  serve();
  RawHttpClient client(port());
  for (int i = 0; i < 50; ++i) {
    const auto r = client.ask(post("/x", fmt::format("body {}", i)));
    ASSERT_EQ(r.status, 200);
    EXPECT_EQ(r.body, fmt::format("POST /x body {}", i));
  }
  const auto stats = server->stats();
  EXPECT_EQ(stats.connections_accepted, 1u);
  EXPECT_EQ(stats.requests, 50u);
  EXPECT_GT(stats.bytes_received, 2500u);
  EXPECT_GT(stats.bytes_sent, 2500u);
}

TEST_F(HttpServerTest, SaysTheDateOfItsClock) {
  serve();
  RawHttpClient client(port());
  EXPECT_EQ(client.ask(kGet).header("Date"), "Sun, 22 Nov 2026 08:00:00 GMT");
}

TEST_F(HttpServerTest, TakesBodiesAsTelegrafSendsThem) {
  serve();
  const std::string text = "cpu,host=web-01 usage_idle=89.3 1795334410000000000\n";
  RawHttpClient client(port());
  EXPECT_EQ(client.ask(kChunkedPost + "\r\n" + testing::chunked(text, 16)).body, "POST /w " + text);
  EXPECT_EQ(client.ask(kChunkedPost + "Content-Encoding: gzip\r\n\r\n" + testing::chunked(gzip(text), 10)).body,
            "POST /w " + text);
  EXPECT_EQ(client.ask(post("/w", gzip(text), "Content-Encoding: gzip\r\n")).body, "POST /w " + text);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  serve();
  RawHttpClient client(port());
  std::string all;
  for (int i = 0; i < 200; ++i) all += post("/p", std::to_string(i));
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 200; ++i) ASSERT_EQ(client.receive().body, fmt::format("POST /p {}", i));
}

TEST_F(HttpServerTest, ClosesWhenTheClientWantsTo) {
  serve();
  RawHttpClient old(port());
  const auto r = old.ask("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.header("Connection"), "close");
  EXPECT_TRUE(old.at_end());
  RawHttpClient modern(port());
  EXPECT_EQ(modern.ask("GET /new HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").body, "GET /new ");
  EXPECT_TRUE(modern.at_end());
}

TEST_F(HttpServerTest, LeavesTheBodyOutForHead) {
  serve();
  RawHttpClient client(port());
  const auto head = client.ask("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n", true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), std::to_string(std::string("HEAD /h ").size()));
  EXPECT_EQ(client.ask(kGet).body, "GET / ");
}

TEST_F(HttpServerTest, SendsNoBodyAndNoLengthWithNoContent) {
  serve({}, [](const Request&, Reply reply) { reply({.status = 204}); });
  RawHttpClient client(port());
  const auto r = client.ask(kGet);
  EXPECT_EQ(r.status, 204);
  EXPECT_EQ(r.header("Content-Length"), "");
  EXPECT_EQ(client.ask(kGet).status, 204);
}

TEST_F(HttpServerTest, InvitesABodyThatWaitsToBeInvited) {
  serve();
  RawHttpClient client(port());
  EXPECT_EQ(client.ask("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n").status, 100);
  EXPECT_EQ(client.ask("hello").body, "POST /e hello");
}

TEST_F(HttpServerTest, RefusesALargeBodyBeforeItIsSent) {
  serve({.body_bytes_max = 1000});
  RawHttpClient client(port());
  const auto r = client.ask("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(r.status, 413);
  EXPECT_NE(r.body.find("over 1000 bytes"), std::string::npos) << r.body;
  EXPECT_EQ(server->stats().bodies_too_large, 1u);
}

TEST_F(HttpServerTest, TellsAClientThatIsStillSendingWhyItWasRefused) {
  serve({.body_bytes_max = 100'000});
  RawHttpClient client(port());
  const auto r = client.ask(kChunkedPost + "\r\n" + testing::chunked(std::string(700'000, 'x'), 50'000));
  EXPECT_EQ(r.status, 413);
  EXPECT_EQ(r.header("Connection"), "close");
  EXPECT_EQ(server->stats().requests_refused, 1u);
  EXPECT_EQ(server->stats().requests, 0u);
}

TEST_F(HttpServerTest, StopsGzipBombsUnknownEncodingsAndDamage) {
  serve({.unpacked_bytes_max = 100'000});
  const auto ask = [&](const std::string& encoding, const std::string& body) {
    return RawHttpClient(port()).ask(post("/w", body, "Content-Encoding: " + encoding + "\r\n")).status;
  };
  EXPECT_EQ(ask("gzip", gzip(std::string(10'000'000, 'x'))), 413);
  EXPECT_EQ(ask("br", "x"), 415);
  EXPECT_EQ(ask("gzip", "not gzip"), 400);
  EXPECT_EQ(ask("gzip", gzip(std::string(99'000, 'x'))), 200);
  EXPECT_EQ(server->stats().bodies_unpack_too_large, 1u);
  EXPECT_EQ(server->stats().bodies_too_large, 0u);
}

TEST_F(HttpServerTest, AnswersGarbageAndOversizedHeadersAndCloses) {
  serve();
  RawHttpClient garbage(port());
  EXPECT_EQ(garbage.ask("\x16\x03\x01 this is TLS, or so\r\n\r\n").status, 400);
  RawHttpClient large(port());
  EXPECT_EQ(large.ask("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n").status, 431);
  RawHttpClient endless(port());
  EXPECT_EQ(endless.ask("GET /" + std::string(20'000, 'x')).status, 431);
  EXPECT_EQ(server->stats().requests_refused, 3u);
}

TEST_F(HttpServerTest, ForgetsClientsThatLeaveInTheMiddle) {
  serve();
  for (const std::string_view part :
       {"", "POST /x HT", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhal"}) {
    RawHttpClient client(port());
    client.send(part);
    client.end_sending();
    EXPECT_TRUE(client.at_end()) << part;
  }
  EXPECT_EQ(RawHttpClient(port()).ask(kGet).status, 200);
  EXPECT_EQ(server->stats().requests, 1u);
}

TEST_F(HttpServerTest, GivesUpOnSlowClientsAndSaysSo) {
  serve({.idle_timeout = 100ms, .header_timeout = 100ms, .silence_timeout = 100ms});
  RawHttpClient slow_header(port()), slow_body(port()), idle(port());
  slow_header.send("GET / HTTP/1.1\r\nHos");
  slow_body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhal");
  EXPECT_EQ(slow_header.receive().status, 408);
  EXPECT_EQ(slow_body.receive().status, 408);
  EXPECT_TRUE(idle.at_end()) << "an idle connection is closed without a word";
  EXPECT_EQ(server->stats().timeouts, 2u);
}

TEST_F(HttpServerTest, GivesUpOnABodyThatTricklesForEver) {
  serve({.silence_timeout = 10s, .body_timeout = 100ms});
  RawHttpClient client(port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  EXPECT_EQ(client.receive().status, 413);
  RawHttpClient trickle(port());
  trickle.send(kChunkedPost + "\r\n");
  EXPECT_EQ(trickle.receive().status, 408);
}

TEST_F(HttpServerTest, TurnsConnectionsAwayWhenFull) {
  serve({.connections_max = 3, .spare_after = 1h});
  std::vector<std::unique_ptr<RawHttpClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<RawHttpClient>(port()));
    ASSERT_EQ(clients.back()->ask(kGet).status, 200);
  }
  RawHttpClient fourth(port());
  const auto r = fourth.ask(kGet);
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(r.header("Retry-After"), "1");
  EXPECT_EQ(server->stats().connections_refused, 1u);
  EXPECT_EQ(clients[0]->ask(kGet).status, 200) << "those that are in are served on";
}

TEST_F(HttpServerTest, RefusesBodiesThatTogetherWouldFillTheMemory) {
  serve({.bodies_bytes_max = 3 << 20});
  RawHttpClient first(port()), second(port());
  const std::string half(2 << 20, 'x');
  first.send(fmt::format("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", half.size() + 1, half));
  while (server->stats().bytes_received < half.size()) std::this_thread::yield();
  EXPECT_EQ(second.ask(post("/", half)).status, 503);
  EXPECT_EQ(first.ask("x").status, 200);
  EXPECT_EQ(RawHttpClient(port()).ask(post("/", half)).status, 200) << "the memory is free again";
}

TEST_F(HttpServerTest, ServesHundredsOfConnectionsAtOnce) {
  serve({.threads = 2});
  std::vector<std::unique_ptr<RawHttpClient>> clients;
  for (int i = 0; i < 300; ++i) clients.push_back(std::make_unique<RawHttpClient>(port()));
  for (auto& c : clients) ASSERT_TRUE(c->send(kGet));
  for (auto& c : clients) ASSERT_EQ(c->receive().status, 200);
  EXPECT_EQ(server->stats().connections_open, 300u);
  clients.clear();
  while (server->stats().connections_open > 0) std::this_thread::yield();
}

TEST_F(HttpServerTest, TakesTheAnswerFromAnyThread) {
  std::vector<std::jthread> workers;
  serve({}, [&](const Request& r, Reply reply) {
    workers.emplace_back([body = r.body, reply] { reply({.body = std::string(body)}); });
  });
  RawHttpClient client(port());
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.ask(post("/", std::to_string(i))).body, std::to_string(i));
  server->stop();
}

// Sixteen clients ask, and all are answered at once from another thread, as a commit of the store does it. What each
// reads only afterwards is more than its connection holds.
class HttpServerBatchTest : public HttpServerTest, public ::testing::WithParamInterface<bool> {};

TEST_P(HttpServerBatchTest, AnswersManyClientsAtOnceAndWhole) {
  constexpr size_t kClients = 16, kRequests = 700;
  std::mutex mutex;
  std::vector<std::function<void()>> waiting;
  std::condition_variable_any changed;
  serve({.batch_answers = GetParam()}, [&](const Request& r, Reply reply) {
    const std::lock_guard lock(mutex);
    waiting.push_back([reply = std::move(reply), body = std::string(r.body)] {
      reply({.body = body + std::string(body.starts_with("0 ") ? 12'000 : 10, body.back())});
    });
    changed.notify_one();
  });
  std::jthread answerer([&](const std::stop_token& stop) {
    for (std::unique_lock lock(mutex); changed.wait(lock, stop, [&] { return !waiting.empty(); });) {
      const auto answers = std::exchange(waiting, {});
      lock.unlock();
      for (const auto& answer : answers) answer();
      lock.lock();
    }
  });
  std::vector<std::unique_ptr<RawHttpClient>> clients;
  for (size_t i = 0; i < kClients; ++i) clients.push_back(std::make_unique<RawHttpClient>(port()));
  const auto text = [](size_t client, size_t request) { return fmt::format("{} {}", client, request); };
  for (size_t i = 0; i < kClients; ++i) {
    std::string all;
    for (size_t k = 0; k < kRequests; ++k) all += post("/", text(i, k));
    ASSERT_TRUE(clients[i]->send(all));
  }
  for (size_t i = kClients; i-- > 0;) {
    for (size_t k = 0; k < kRequests; ++k) {
      const std::string sent = text(i, k);
      ASSERT_EQ(clients[i]->receive().body, sent + std::string(i == 0 ? 12'000 : 10, sent.back()));
    }
  }
  EXPECT_EQ(server->stats().requests, kClients * kRequests);
  EXPECT_GT(server->stats().bytes_sent, 12'000 * kRequests);
  server->stop();
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutBatches, HttpServerBatchTest, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "Batched" : "EachByItself"; });

TEST_F(HttpServerTest, AnswersForAHandlerThatDoesNot) {
  std::atomic<int> calls = 0;
  serve({}, [&](const Request&, Reply reply) {
    if (++calls == 1) return;
    if (calls == 2) throw std::runtime_error("broken");
    reply({.body = "first"});
    reply({.body = "second"});
  });
  RawHttpClient client(port());
  EXPECT_EQ(client.ask(kGet).status, 500);
  EXPECT_EQ(client.ask(kGet).status, 500);
  EXPECT_EQ(client.ask(kGet).body, "first");
  EXPECT_EQ(client.ask(kGet).body, "first");
}

TEST_F(HttpServerTest, SendsLargeAndStaticBodiesWhole) {
  static const std::string text(5 << 20, 'y');
  serve({}, [](const Request& r, Reply reply) {
    reply(r.path == "/static" ? Response{.static_body = text} : Response{.body = text});
  });
  RawHttpClient client(port());
  EXPECT_EQ(client.ask(kGet).body, text);
  EXPECT_EQ(client.ask("GET /static HTTP/1.1\r\nHost: a\r\n\r\n").body, text);
  EXPECT_EQ(client.ask("HEAD /static HTTP/1.1\r\nHost: a\r\n\r\n", true).header("Content-Length"),
            std::to_string(text.size()));
  EXPECT_EQ(client.ask(kGet).body, text);
}

TEST_F(HttpServerTest, LetsRequestsUnderWayEndWhenItStops) {
  std::promise<Reply> handed_over;
  serve({}, [&](const Request&, Reply reply) { handed_over.set_value(std::move(reply)); });
  RawHttpClient busy(port()), idle(port());
  busy.send(kGet);
  Reply reply = handed_over.get_future().get();
  std::jthread stopper([&] { server->stop(); });
  EXPECT_TRUE(idle.at_end());
  reply({.body = "last words"});
  const auto r = busy.receive();
  EXPECT_EQ(r.body, "last words");
  EXPECT_EQ(r.header("Connection"), "close");
  busy.close();
  stopper.join();
  EXPECT_FALSE(RawHttpClient(port()).connected());
}

TEST_F(HttpServerTest, StopsEvenWhenAnAnswerNeverComes) {
  std::promise<Reply> handed_over;
  serve({.stop_timeout = 50ms}, [&](const Request&, Reply reply) { handed_over.set_value(std::move(reply)); });
  RawHttpClient client(port());
  client.send(kGet);
  Reply reply = handed_over.get_future().get();
  server->stop();
  EXPECT_TRUE(client.at_end());
  server.reset();
  reply({.body = "too late"});  // goes nowhere, and harms nobody
}

TEST_F(HttpServerTest, StopsInTheMiddleOfTraffic) {
  for (int round = 0; round < 5; ++round) {
    serve({.threads = 2, .stop_timeout = 500ms});
    std::latch all_started(4);
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&, p = port()] {
        RawHttpClient client(p);
        client.ask(kGet);
        all_started.count_down();
        while (client.ask(post("/", "x")).status == 200) {
        }
      });
    }
    all_started.wait();
    server->stop();
    clients.clear();
    EXPECT_EQ(server->stats().connections_open, 0u);
  }
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  serve();
  const auto taken = HttpServer::start({.port = port()}, clock, {});
  ASSERT_TRUE(taken.has_error());
  EXPECT_EQ(taken.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(taken.error().message.find("in use"), std::string::npos) << taken.error().message;
  EXPECT_EQ(HttpServer::start({.address = "no address"}, clock, {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(HttpServer::start({.address = "::1"}, clock, {}).value()->port(), 0);
}

}  // namespace
}  // namespace mps::gateway
