#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "gateway/http_message.h"

namespace mps::gateway {

struct ServerOptions {
  std::string address = "127.0.0.1";  // of IPv4 or IPv6, or "localhost"
  uint16_t port = 0;                  // 0: the system chooses
  int threads = 1;                    // each serves its own connections
  bool batch_answers = true;          // those that are ready at once go out together, where the kernel can (io_uring)
  // Beyond, those that have shown no good token and wait for a request or its header are closed, the oldest first, once
  // they have waited for `spare_after`; where there are none, who comes gets 503.
  size_t connections_max = 4096;
  Duration spare_after = std::chrono::seconds(1);

  std::string tls_certificate{}, tls_key{};  // PEM files; "": plain HTTP

  size_t header_bytes_max = 16 << 10;    // beyond: 431
  size_t header_count_max = 100;         // beyond: 431
  size_t body_bytes_max = 32 << 20;      // as sent; beyond: 413
  size_t unpacked_bytes_max = 64 << 20;  // after unpacking; beyond: 413
  size_t bodies_bytes_max = 256 << 20;   // held by all connections together; beyond: 503
  // Bodies that are larger once they are unpacked are unpacked and handled by a thread for them, one after another, so
  // that the connections of a loop need not wait for each other's.
  size_t large_body_bytes = 256 << 10;
  size_t large_bodies_waiting_max = 64;  // beyond: 503

  Duration idle_timeout = std::chrono::seconds(75);     // between requests
  Duration header_timeout = std::chrono::seconds(10);   // from the first byte of a request to the end of its header
  Duration silence_timeout = std::chrono::seconds(20);  // within a body
  Duration body_timeout = std::chrono::minutes(5);      // from the end of the header to the end of the body
  Duration write_timeout = std::chrono::seconds(60);    // of a whole response
  Duration linger_timeout = std::chrono::seconds(2);    // to let a client that is still sending read why it was refused
  Duration stop_timeout = std::chrono::seconds(5);      // for requests under way when stop() is called
};

struct ServerStats {
  uint64_t connections_open = 0;
  uint64_t connections_accepted = 0;     // since start, as are all below
  uint64_t connections_refused = 0;      // over connections_max
  uint64_t connections_spared = 0;       // closed to make room for others
  uint64_t requests = 0;                 // answered by the handler
  uint64_t requests_refused = 0;         // answered by the server itself: not HTTP, too large, too slow
  uint64_t bodies_too_large = 0;         // of them: over body_bytes_max
  uint64_t bodies_unpack_too_large = 0;  // of them: over unpacked_bytes_max
  uint64_t large_bodies = 0;             // handled by the thread for them
  uint64_t large_bodies_refused = 0;     // of requests_refused: because too many waited for it
  uint64_t timeouts = 0;                 // connections closed for slowness within a request
  uint64_t bytes_received = 0;
  uint64_t bytes_sent = 0;
};

// An HTTP/1.1 server: keep-alive, pipelining, chunked bodies, gzip, 100-continue, HEAD (the handler answers as for GET,
// the body is left out). Whoever is refused is refused as early as can be: by `admit` before a body is read. With
// TLS 1.2 and 1.3 where there is a certificate, which is read anew when its file changes; else for the loopback
// interface, or behind a proxy.
class HttpServer {
 public:
  // Listens, and serves until stopped. `clock` gives the Date header. Fails with kUnavailable when the address can't be
  // listened on, kInvalidArgument when it is none, or a PEM file is not good.
  static Result<std::unique_ptr<HttpServer>> start(const ServerOptions& options, Clock& clock, Handler handler,
                                                   Admit admit = {});
  ~HttpServer();  // stop()
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const;
  ServerStats stats() const;  // thread-safe

  // Takes no more connections, lets requests under way end (at most stop_timeout), closes the rest. Returns when all
  // threads have ended: the handler is not called any more. A Reply called later goes nowhere. Not from a handler.
  void stop();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mps::gateway
