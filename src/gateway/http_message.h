#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a request is and how it is answered, free of any HTTP library.
namespace mps::gateway {

struct Header {
  std::string_view name, value;
};

// What a connection remembers from one request to the next, for its handler: an agent sends the same token every time,
// and hashing it costs more than comparing.
struct ConnectionMemory {
  std::string token, token_hash;
  bool token_was_good = false;  // it has opened something on this connection
  bool counted = false;         // the request under way is counted against its token's rate already
};

// One request, read to its end: chunks put together, gzip and deflate unpacked. All texts are views into the
// connection: they live until the Reply that came with the request is called.
struct Request {
  std::string_view method;          // "GET"; upper case as sent
  std::string_view target;          // as sent: "/api/v1/servers?limit=5"
  std::string_view path;            // before the '?', still percent-encoded
  std::string_view query;           // after it, "" without one
  std::span<const Header> headers;  // in the order they came
  std::string_view body;
  std::string_view remote;             // "127.0.0.1"
  ConnectionMemory* memory = nullptr;  // the connection's; for the handler's own thread, during its call

  // The value of the first header of that name (case does not matter), "" where there is none.
  std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type{};  // "" where there is no body
  std::string body{};
  std::string_view static_body{};  // instead of `body`: text that outlives the server (pages built into the program)
  std::vector<std::pair<std::string, std::string>> headers{};
};

// What is said of a request whose header has come and whose body has not, or is packed still.
struct Admission {
  std::optional<Response> refusal{};  // the answer: no more is read of the body, and the handler is not called
  size_t body_bytes_max = std::numeric_limits<size_t>::max();  // as sent and unpacked; beyond: 413
};
// On a thread of the server, as the handler. What comes in one piece with its header is not asked about: the handler
// decides the same again.
using Admit = std::function<Admission(const Request&)>;

// Answers one request. May be called from any thread; the first call counts. When the last copy goes without a call,
// the client gets a 500.
using Reply = std::function<void(Response)>;

// Called on a thread of the server, which serves other connections as well: do not block in it. Large bodies come on
// one that serves them alone.
using Handler = std::function<void(const Request&, Reply)>;

// "Not Found"; "" for a status that HTTP does not know.
std::string_view reason_phrase(int status);

// Letters compared without case, ASCII alone.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace mps::gateway
