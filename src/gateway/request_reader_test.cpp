#include "gateway/request_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>

#include "testing/raw_http_client.h"

namespace mps::gateway {
namespace {

using Progress = RequestReader::Progress;

constexpr RequestReader::Limits kSmall{.header_bytes_max = 1024, .header_count_max = 10, .body_bytes_max = 5000};

Progress feed_all(RequestReader& reader, std::string_view bytes, size_t piece) {
  ByteBuffer in;
  Progress progress = Progress::kNeedsMore;
  while (!bytes.empty() && progress == Progress::kNeedsMore) {
    in.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    progress = reader.feed(in);
  }
  return progress;
}

int status_of(std::string_view bytes) {
  RequestReader reader(kSmall);
  return feed_all(reader, bytes, bytes.size()) == Progress::kFailed ? reader.failure().status : 0;
}

TEST(RequestReader, GivesTheSameRequestHoweverTheBytesArrive) {
  const std::string body(3000, 'b');
  const std::string bytes =
      "POST /write?db=x%20y HTTP/1.1\r\nHost: a\r\nX-Thing:  some value \r\nTransfer-Encoding: chunked\r\n\r\n" +
      testing::chunked(body, 700);
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, size_t{100}, bytes.size()}) {
    RequestReader reader(kSmall);
    ASSERT_EQ(feed_all(reader, bytes, piece), Progress::kDone) << piece << ": " << reader.failure().message;
    const Request& r = reader.request();
    EXPECT_EQ(r.method, "POST");
    EXPECT_EQ(r.path, "/write");
    EXPECT_EQ(r.query, "db=x%20y");
    EXPECT_EQ(r.header("x-thing"), "some value");
    EXPECT_EQ(r.header("absent"), "");
    EXPECT_EQ(r.body, body);
    EXPECT_TRUE(reader.keep_alive());
  }
}

TEST(RequestReader, TakesAnEmptyChunkedBodyInAnyPieces) {
  const std::string bytes = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    RequestReader reader(kSmall);
    ASSERT_EQ(feed_all(reader, bytes, piece), Progress::kDone) << piece;
    EXPECT_EQ(reader.request().body, "");
  }
}

TEST(RequestReader, LeavesTheNextRequestWhereItIs) {
  RequestReader reader(kSmall);
  ByteBuffer in;
  in.append("\r\nPOST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxyGET /b HTTP/1.0\r\n\r\n");
  ASSERT_EQ(reader.feed(in), Progress::kDone);
  EXPECT_EQ(reader.request().body, "xy");
  reader.begin();
  ASSERT_EQ(reader.feed(in), Progress::kDone);
  EXPECT_EQ(reader.request().path, "/b");
  EXPECT_EQ(reader.request().body, "");
  EXPECT_FALSE(reader.keep_alive()) << "HTTP/1.0 closes unless asked to stay";
  EXPECT_EQ(in.size(), 0u);
}

TEST(RequestReader, TakesThePathOutOfAnAbsoluteTarget) {
  RequestReader reader(kSmall);
  ASSERT_EQ(feed_all(reader, "GET http://hub:8080/ping?x=1 HTTP/1.1\r\nHost: hub\r\n\r\n", 10), Progress::kDone);
  EXPECT_EQ(reader.request().path, "/ping");
  EXPECT_EQ(reader.request().query, "x=1");
}

TEST(RequestReader, NamesWhatIsWrong) {
  EXPECT_EQ(status_of("hello\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5001\r\n\r\n"), 413);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), 501);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnothex\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n"), 417);
}

TEST(RequestReader, RefusesRequestsThatTwoServersCouldReadDifferently) {
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
            400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
            400);
}

TEST(RequestReader, StopsAtEveryLimitEvenWhenBytesTrickleIn) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
  const std::string long_header = start + "X: " + std::string(2000, 'x') + "\r\n\r\n";
  std::string many;
  for (int i = 0; i < 12; ++i) many += fmt::format("X-{}: 1\r\n", i);
  std::string wide;
  for (int i = 0; i < 9; ++i) wide += "X: " + std::string(200, 'x') + "\r\n";
  const std::string chunks = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string trailers;
  for (int i = 0; i < 40; ++i) trailers += "T: " + std::string(100, 't') + "\r\n";
  for (const size_t piece : {size_t{1}, size_t{50}, size_t{100000}}) {
    for (const auto& [bytes, status] : std::initializer_list<std::pair<std::string, int>>{
             {long_header, 431},
             {start + many + "\r\n", 431},
             {start + wide + "\r\n", 431},
             {chunks + testing::chunked(std::string(5001, 'b'), 1000), 413},
             {chunks + "0\r\n" + trailers + "\r\n", 431}}) {
      RequestReader reader(kSmall);
      ASSERT_EQ(feed_all(reader, bytes, piece), Progress::kFailed) << piece << ' ' << status;
      EXPECT_EQ(reader.failure().status, status) << piece;
    }
  }
}

TEST(RequestReader, SurvivesRandomDamage) {
  const std::string good =
      "POST /write?db=x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n" +
      testing::chunked("cpu usage=1 2\ncpu usage=2 3\n", 10);
  constexpr unsigned kSeed = 20261122;
  std::mt19937 random(kSeed);
  int done = 0, failed = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = good;
    for (int hit = 0; hit < 3; ++hit) bytes[random() % bytes.size()] = static_cast<char>(random());
    RequestReader reader(kSmall);
    const Progress progress = feed_all(reader, bytes, 1 + random() % 40);
    done += progress == Progress::kDone;
    failed += progress == Progress::kFailed;
    EXPECT_EQ(reader.failure().status >= 400 && !reader.failure().message.empty(), progress == Progress::kFailed)
        << "seed " << kSeed << " step " << i;
  }
  EXPECT_GT(done, 100);
  EXPECT_GT(failed, 100);
}

}  // namespace
}  // namespace mps::gateway
