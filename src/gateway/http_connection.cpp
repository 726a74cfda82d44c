#include "gateway/http_connection.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <limits>

#include "base/log.h"
#include "gateway/http_ticket.h"
#include "gateway/problem.h"

namespace mps::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr size_t kReadSmall = 4 << 10;   // what an idle connection keeps
constexpr size_t kReadLarge = 64 << 10;  // while a large body comes in
constexpr size_t kBodyKept = 64 << 10;   // memory of bodies that a connection keeps for the next request
constexpr size_t kCopied = 16 << 10;     // bodies up to this are sent in one buffer with their header
constexpr size_t kLingerBytesMax = 1 << 20;

RequestReader::Limits limits_of(const ServerOptions& o) {
  return {o.header_bytes_max, o.header_count_max, o.body_bytes_max};
}

std::string_view body_of(const Response& r) {
  return r.static_body.empty() ? std::string_view(r.body) : r.static_body;
}

bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

}  // namespace

// The suspended coroutine, while another thread makes the answer.
struct HttpConnection::Waiter {
  virtual ~Waiter() = default;
  virtual void resume() = 0;  // here and now
  virtual void resume_later() = 0;
};

// The loop knows the connection for exactly as long as its coroutine runs.
class HttpConnection::Registration {
 public:
  explicit Registration(HttpConnection& c) : connection_(c) { c.loop_.add(c); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  ~Registration() {
    connection_.release_account();  // a thread may still read the body: its memory goes with the connection
    connection_.close();
    connection_.loop_.remove(connection_);
  }

 private:
  HttpConnection& connection_;
};

HttpConnection::HttpConnection(HttpLoop& loop, asio::ip::tcp::socket socket, std::string remote, TlsFiles::Context tls)
    : loop_(loop),
      shared_(loop.shared()),
      socket_(std::move(socket)),
      tls_context_(std::move(tls)),
      remote_(std::move(remote)),
      reader_(limits_of(shared_.options)) {
  if (tls_context_) tls_ = std::make_unique<asio::ssl::stream<asio::ip::tcp::socket&>>(socket_, *tls_context_);
}

HttpConnection::~HttpConnection() = default;

void HttpConnection::serve() {
  asio::co_spawn(socket_.get_executor(), run(shared_from_this()), asio::detached);
}
void HttpConnection::refuse() {
  asio::co_spawn(socket_.get_executor(), run_refusal(shared_from_this()), asio::detached);
}

void HttpConnection::set_phase(Phase phase, Duration allowed) {
  phase_ = phase;
  since_ = steady_now();
  deadline_ = since_ + allowed;
}

void HttpConnection::expire() {
  timed_out_ = true;
  deadline_ = SteadyTime::max();
  if (phase_ != Phase::kIdle && phase_ != Phase::kLingering) ServerShared::count(shared_.timeouts);
  if (phase_ == Phase::kHeader || phase_ == Phase::kBody) {
    error_code ignored;
    socket_.cancel(ignored);  // wakes the reader, which says why
  } else {
    close();
  }
}

void HttpConnection::close() {
  closed_ = true;
  error_code ignored;
  socket_.close(ignored);
  if (waiter_) std::exchange(waiter_, nullptr)->resume_later();
}

HttpConnection::Awaitable<void> HttpConnection::run(std::shared_ptr<HttpConnection>) {
  const Registration registration(*this);
  if (tls_ && !co_await shake_hands()) co_return;
  while (!closed_ && co_await serve_one()) {
  }
}

HttpConnection::Awaitable<bool> HttpConnection::shake_hands() {
  set_phase(Phase::kHandshake, shared_.options.header_timeout);
  error_code failure;
  co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, failure));
  if (failure) ServerShared::count(shared_.requests_refused);
  co_return !failure;
}

template <class Buffers>
HttpConnection::Awaitable<size_t> HttpConnection::write_all(Buffers buffers, error_code& failure) {
  if (tls_) co_return co_await asio::async_write(*tls_, buffers, asio::redirect_error(asio::use_awaitable, failure));
  co_return co_await asio::async_write(socket_, buffers, asio::redirect_error(asio::use_awaitable, failure));
}

HttpConnection::Awaitable<void> HttpConnection::run_refusal(std::shared_ptr<HttpConnection>) {
  const Registration registration(*this);
  prepare_refusal(
      {503, "unavailable",
       fmt::format("the server already has {} connections: try again soon", shared_.options.connections_max)});
  co_await send_refusal();
}

HttpConnection::Awaitable<bool> HttpConnection::serve_one() {
  reader_.begin();
  admission_asked_ = memory_.counted = false;
  body_bytes_max_ = std::numeric_limits<size_t>::max();
  if (!co_await read_request()) co_return false;
  handle();
  if (!answered_ && !co_await wait_for_answer()) co_return false;
  const bool keep_alive = stays_open();
  release_body();
  const bool written = co_await write(response_, keep_alive, with_body());
  response_ = {};
  if (written && !keep_alive) co_await linger();
  co_return written&& keep_alive;
}

HttpConnection::Awaitable<bool> HttpConnection::read_request() {
  const ServerOptions& options = shared_.options;
  set_phase(Phase::kIdle, options.idle_timeout);
  bool continued = false;
  size_t read_size = kReadSmall;
  for (;;) {
    const auto progress = reader_.feed(in_);
    if (progress == RequestReader::Progress::kDone && !over_body_limit()) co_return true;
    std::optional<HttpFailure> failure;
    if (progress == RequestReader::Progress::kFailed)
      failure = reader_.failure();
    else if (in_.size() >= kReadLarge + options.header_bytes_max)
      failure = HttpFailure{431, "request too large", "the header is too large"};
    else if (const auto over = over_body_limit())
      failure = over;
    else if (!account_body())
      failure = HttpFailure{503, "unavailable", "the server is busy with large bodies: try again soon"};
    if (failure) {
      if (failure->status == 413) ServerShared::count(shared_.bodies_too_large);
      prepare_refusal(*failure);
      co_await send_refusal();
      co_return false;
    }
    if (reader_.header_done()) {
      if (!admission_asked_) {
        if (!admitted()) {
          co_await send_refusal();
          co_return false;
        }
        continue;  // with what is known of its limits now
      }
      if (phase_ != Phase::kBody) body_deadline_ = steady_now() + options.body_timeout;
      set_phase(Phase::kBody, options.silence_timeout);
      deadline_ = std::min(deadline_, body_deadline_);
      if (reader_.expects_continue() && !continued && in_.size() == 0) co_await send_continue();
      continued = true;
    } else if (reader_.started() && phase_ == Phase::kIdle) {
      set_phase(Phase::kHeader, options.header_timeout);
    }
    if (phase_ == Phase::kIdle && loop_.stopping()) co_return false;
    error_code ec;
    const auto into = asio::buffer(in_.prepare(read_size), read_size);
    const size_t got = tls_ ? co_await tls_->async_read_some(into, asio::redirect_error(asio::use_awaitable, ec))
                            : co_await socket_.async_read_some(into, asio::redirect_error(asio::use_awaitable, ec));
    if (ec) {
      if (timed_out_ && !closed_ && phase_ != Phase::kIdle) {
        prepare_refusal({408, "timeout", "the request did not come in time"});
        co_await send_refusal();
      }
      co_return false;
    }
    in_.commit(got);
    ServerShared::count(shared_.bytes_received, got);
    if (got == read_size) read_size = kReadLarge;
  }
}

HttpConnection::Awaitable<void> HttpConnection::send_continue() {
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code ignored;  // a client that is gone shows when it is read from
  const asio::const_buffer whole = asio::buffer(kContinue.data(), kContinue.size());
  co_await write_all(whole, ignored);
}

void HttpConnection::answer(Response response) {
  response_ = std::move(response);
  if (loop_.on_own_thread() && handling_) {
    answered_ = true;
    return;
  }
  loop_.deliver(shared_from_this());
}

std::optional<SendBatch::Message> HttpConnection::prepare_answer() {
  if (!waiter_ || closed_ || tls_ || body_of(response_).size() > kCopied) return std::nullopt;
  write_header(response_, stays_open(), with_body());
  out_written_ = true;
  return SendBatch::Message{socket_.native_handle(), out_};
}

void HttpConnection::go_on() {
  answered_ = true;
  if (waiter_) std::exchange(waiter_, nullptr)->resume();
}

HttpConnection::Awaitable<bool> HttpConnection::wait_for_answer() {
  co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
      [this](auto handler) {
        struct Holder final : Waiter {
          explicit Holder(decltype(handler) h) : held(std::move(h)) {}
          void resume() override { asio::dispatch(std::move(held)); }
          void resume_later() override { asio::post(std::move(held)); }
          decltype(handler) held;
        };
        waiter_ = std::make_unique<Holder>(std::move(handler));
      },
      asio::use_awaitable);
  co_return answered_;
}

void HttpConnection::write_header(const Response& r, bool keep_alive, bool with_body) {
  const std::string_view body = body_of(r);
  const auto add = [this](const auto&... parts) { (out_.append(parts), ...); };
  out_.clear();
  add("HTTP/1.1 ", fmt::format_int(r.status).c_str(), " ", reason_phrase(r.status), "\r\n", loop_.date_header());
  if (!r.content_type.empty()) add("Content-Type: ", r.content_type, "\r\n");
  for (const auto& [name, value] : r.headers) add(name, ": ", value, "\r\n");
  if (may_have_body(r.status)) add("Content-Length: ", fmt::format_int(body.size()).c_str(), "\r\n");
  out_ += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
  if (with_body && may_have_body(r.status) && body.size() <= kCopied) out_ += body;
}

HttpConnection::Awaitable<bool> HttpConnection::write(const Response& r, bool keep_alive, bool with_body) {
  set_phase(Phase::kWriting, shared_.options.write_timeout);
  if (!std::exchange(out_written_, false)) write_header(r, keep_alive, with_body);
  const std::string_view body = body_of(r);
  error_code ec;
  size_t sent = std::exchange(sent_ahead_, 0);
  if (with_body && may_have_body(r.status) && body.size() > kCopied) {
    const std::array<asio::const_buffer, 2> parts{asio::buffer(out_), asio::buffer(body.data(), body.size())};
    sent = co_await write_all(parts, ec);
  } else {
    const asio::const_buffer rest = asio::buffer(out_) + sent;
    if (rest.size() > 0) sent += co_await write_all(rest, ec);
  }
  ServerShared::count(shared_.bytes_sent, sent);
  co_return !ec;
}

// Apart from sending it: GCC 12 destroys a braced temporary in a co_await expression twice.
void HttpConnection::prepare_refusal(const HttpFailure& failure) {
  response_ = refusal_of(failure);
  release_body();
}

HttpConnection::Awaitable<void> HttpConnection::send_refusal() {
  const bool head = reader_.header_done() && reader_.request().method == "HEAD";
  if (co_await write(response_, false, !head)) co_await linger();
}

// A socket that is closed while the client still sends is reset, and the reset may overtake the answer (RFC 9112, 9.6):
// first close our side, then read what still comes, for a while.
HttpConnection::Awaitable<void> HttpConnection::linger() {
  if (closed_) co_return;
  set_phase(Phase::kLingering, shared_.options.linger_timeout);
  error_code ec;
  if (tls_) co_await tls_->async_shutdown(asio::redirect_error(asio::use_awaitable, ec));
  if (closed_) co_return;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  in_.clear();
  for (size_t total = 0; !ec && total < kLingerBytesMax;) {
    total += co_await socket_.async_read_some(asio::buffer(in_.prepare(kReadLarge), kReadLarge),
                                              asio::redirect_error(asio::use_awaitable, ec));
  }
}

// Counts what this connection holds of large bodies. False when all connections together hold too much.
bool HttpConnection::hold(uint64_t bytes) {
  accounted_ += bytes;
  return shared_.bodies_bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes <= shared_.options.bodies_bytes_max;
}

bool HttpConnection::account_body() {
  const uint64_t held = reader_.body_size();
  return held <= kBodyKept || held <= accounted_ || hold(held - accounted_);
}

void HttpConnection::release_account() {
  if (accounted_ > 0) shared_.bodies_bytes.fetch_sub(accounted_.exchange(0), std::memory_order_relaxed);
}

void HttpConnection::release_body() {
  reader_.shrink(kBodyKept);
  unpacked_.clear();
  unpacked_.shrink(kBodyKept);
  in_.shrink(kReadSmall + shared_.options.header_bytes_max);
  release_account();
}

}  // namespace mps::gateway
