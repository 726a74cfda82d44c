#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "gateway/byte_buffer.h"
#include "gateway/http_failure.h"
#include "gateway/http_message.h"

namespace mps::gateway {

// Turns the bytes of one connection into requests, one after another (HTTP/1.0 and 1.1, RFC 9112). No I/O, so that
// tests and fuzzers can feed it. The grammar is Boost.Beast's basic_parser; limits and what HTTP asks beyond grammar
// are ours.
class RequestReader {
 public:
  struct Limits {
    size_t header_bytes_max = 16 << 10;  // request line, names and values together, trailers included
    size_t header_count_max = 100;
    size_t body_bytes_max = 32 << 20;  // as sent: after chunks are put together, before unpacking
  };
  enum class Progress { kNeedsMore, kDone, kFailed };

  explicit RequestReader(Limits limits);
  ~RequestReader();

  // Forgets the last request and waits for the next.
  void begin();

  // Takes what it can from the front of `bytes`; what is left after kDone belongs to the next request. A header must
  // fit in `bytes` as a whole. After kFailed the connection is past saving: answer failure() and close.
  Progress feed(ByteBuffer& bytes);

  bool started() const;           // a first byte of the request has come
  bool header_done() const;       // the header is complete, the body may not be
  bool expects_continue() const;  // the client waits for '100 Continue' before it sends the body
  bool keep_alive() const;        // the client will send more requests on this connection (true before header_done())

  const HttpFailure& failure() const;
  // Once the header is done, until begin(); its body after kDone, as sent (packed). `remote` is left empty.
  const Request& request() const;
  size_t body_size() const;  // so far
  // Gives back the memory of a large body. Only after the request is done with.
  void shrink(size_t body_capacity_kept);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mps::gateway
