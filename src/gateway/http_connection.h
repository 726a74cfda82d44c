#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <string>

#include "gateway/http_loop.h"
#include "gateway/request_reader.h"

// Inside the server alone: includes Asio.
namespace mps::gateway {

// One client: reads a request, has it answered, writes the answer, and again. A coroutine on its loop's thread.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  // `tls`: null for plain HTTP.
  HttpConnection(HttpLoop& loop, boost::asio::ip::tcp::socket socket, std::string remote, TlsFiles::Context tls);
  ~HttpConnection();

  // Starts the coroutine, which keeps the connection alive.
  void serve();
  void refuse();

  bool idle() const { return phase_ == Phase::kIdle || phase_ == Phase::kHandshake; }
  SteadyTime deadline() const { return deadline_; }
  void expire();  // the deadline has passed
  void close();   // now, whatever is under way

  // The answer to the request that is being handled. Any thread.
  void answer(Response response);
  void go_on();  // there is an answer, made by another thread

  size_t slot = 0;  // in the loop's list

 private:
  enum class Phase { kHandshake, kIdle, kHeader, kBody, kHandling, kWriting, kLingering };
  struct Waiter;
  class Ticket;
  class Registration;
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  Awaitable<void> run(std::shared_ptr<HttpConnection> self);
  Awaitable<void> run_refusal(std::shared_ptr<HttpConnection> self);
  Awaitable<bool> shake_hands();
  template <class Buffers>
  Awaitable<size_t> write_all(Buffers buffers, boost::system::error_code& failure);
  // One request and its answer; false when the connection has ended.
  Awaitable<bool> serve_one();
  // True when a request is complete; false when the client is gone, or has been told why not.
  Awaitable<bool> read_request();
  Awaitable<void> send_continue();
  Awaitable<bool> wait_for_answer();
  Awaitable<bool> write(const Response& response, bool keep_alive, bool with_body);
  void prepare_refusal(const HttpFailure& failure);
  Awaitable<void> send_refusal();
  Awaitable<void> linger();

  void call_handler(std::string_view body);
  bool account_body();
  void release_body();
  void set_phase(Phase phase, Duration allowed);
  void write_header(const Response& response, bool keep_alive, bool with_body);

  HttpLoop& loop_;
  ServerShared& shared_;
  boost::asio::ip::tcp::socket socket_;
  const TlsFiles::Context tls_context_;
  std::unique_ptr<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;  // over socket_, where there is TLS
  const std::string remote_;
  RequestReader reader_;
  ByteBuffer in_, unpacked_;
  std::string out_;
  Request request_;
  ConnectionMemory memory_;
  Response response_;
  Phase phase_ = Phase::kIdle;
  SteadyTime deadline_, body_deadline_;
  uint64_t accounted_ = 0;
  bool timed_out_ = false, closed_ = false, handling_ = false, answered_ = false;
  std::unique_ptr<Waiter> waiter_;
};

}  // namespace mps::gateway
