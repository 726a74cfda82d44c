#pragma once

#include <atomic>
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
  // Waits for a request or the rest of its header, and has not shown who it is.
  bool can_be_spared() const { return !closed_ && (idle() || phase_ == Phase::kHeader) && !memory_.token_was_good; }
  SteadyTime since() const { return since_; }  // when it began what it does
  SteadyTime deadline() const { return deadline_; }
  void expire();  // the deadline has passed
  void close();   // now, whatever is under way

  // The answer to the request that is being handled. Any thread.
  void answer(Response response);
  // An answer that another thread has made, written out for the loop to send ahead; nothing where that can't be.
  std::optional<SendBatch::Message> prepare_answer();
  void sent_ahead(size_t bytes) { sent_ahead_ = bytes; }  // of it
  void go_on();                                           // there is an answer, made by another thread

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

  void begin_handling();
  void call_handler(std::string_view body, const std::shared_ptr<Ticket>& ticket);
  // Whether the request may go on, as far as its header says; response_ where it may not.
  bool admitted();
  std::optional<HttpFailure> over_body_limit() const;
  // The request is complete: has it handled, here where it is small, by the worker where it is large.
  void handle();
  void hand_to_worker(const std::shared_ptr<Ticket>& ticket);
  void handle_large(const std::shared_ptr<Ticket>& ticket);
  Response refusal_of(const HttpFailure& failure);
  Response refusal_of_body(const HttpFailure& failure);  // that does not unpack

  bool hold(uint64_t bytes);
  bool account_body();
  void release_account();
  void release_body();
  void set_phase(Phase phase, Duration allowed);
  bool stays_open() const { return reader_.keep_alive() && !loop_.stopping(); }
  bool with_body() const { return request_.method != "HEAD"; }
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
  bool out_written_ = false;  // by prepare_answer
  size_t sent_ahead_ = 0;     // of out_
  Request request_;
  ConnectionMemory memory_;
  Response response_;
  Phase phase_ = Phase::kIdle;
  SteadyTime since_, deadline_, body_deadline_;
  size_t body_bytes_max_ = 0;  // of this request
  std::atomic<uint64_t> accounted_{0};
  bool admission_asked_ = false;
  bool timed_out_ = false, closed_ = false, handling_ = false, answered_ = false;
  std::unique_ptr<Waiter> waiter_;
};

}  // namespace mps::gateway
