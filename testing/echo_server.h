#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "gateway/http_server.h"
#include "testing/fake_clock.h"

namespace mps::testing {

// A server whose answer is the request, as far as a test wants to see it; or one with a handler of the test's own.
class HttpServerFixture : public ::testing::Test {
 protected:
  void serve(gateway::ServerOptions options = {}) {
    serve(options, [](const gateway::Request& r, gateway::Reply reply) {
      reply({.content_type = "text/plain", .body = fmt::format("{} {} {}", r.method, r.path, r.body)});
    });
  }
  void serve(const gateway::ServerOptions& options, gateway::Handler handler) {
    server = gateway::HttpServer::start(options, clock, std::move(handler)).value();
  }
  uint16_t port() const { return server->port(); }

  FakeClock clock;
  std::unique_ptr<gateway::HttpServer> server;
};

inline std::string post(std::string_view path, std::string_view body, std::string_view more = "") {
  return fmt::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n{}\r\n{}", path, body.size(), more, body);
}
inline constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
inline const std::string kChunkedPost = "POST /w HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";

}  // namespace mps::testing
