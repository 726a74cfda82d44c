#include "agent/hub_connection.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <fmt/format.h>
#include <optional>

namespace mps::agent {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

constexpr size_t kReplyBytesMax = 1 << 20;
constexpr auto kLastSeconds = std::chrono::seconds(2);

}  // namespace

class HubConnection::Impl {
 public:
  Impl(HubUrl url, std::string token) : url_(std::move(url)), token_(std::move(token)) {}

  Result<Reply> post(const std::string& gzipped, Duration timeout, const std::stop_token& stop);

 private:
  using Request = http::request<http::span_body<char>>;
  using Response = http::response<http::string_body>;

  Request request_for(const std::string& gzipped) const;
  Result<void> connect();
  Result<void> start_tls();
  Result<Reply> exchange(const Request& request);
  bool is_open() const { return plain_ || tls_; }
  void close();
  // Runs what `start` starts until it is done or the deadline has passed.
  template <class Start>
  error_code run(Start start);
  // `with(stream)` for the stream that is open.
  template <class With>
  void on_stream(With with) {
    if (tls_) {
      with(*tls_);
    } else {
      with(*plain_);
    }
  }
  Error failure(std::string_view doing, const error_code& ec) const;

  const HubUrl url_;
  const std::string token_;
  asio::io_context io_{1};
  std::optional<ssl::context> tls_context_;  // made at the first use: OpenSSL is not small
  std::optional<tcp::socket> plain_;
  std::optional<beast::ssl_stream<tcp::socket>> tls_;
  beast::flat_buffer buffer_;
  std::chrono::steady_clock::time_point deadline_;
  std::stop_token stop_;
};

template <class Start>
error_code HubConnection::Impl::run(Start start) {
  std::optional<error_code> done;
  start([&done](error_code ec, auto&&...) { done = ec; });
  bool hurried = false;
  bool expired = false;
  while (!done) {
    io_.restart();
    io_.run_one_for(std::chrono::milliseconds(100));
    if (!hurried && stop_.stop_requested()) {
      deadline_ = std::min(deadline_, steady_now() + kLastSeconds);
      hurried = true;
    }
    if (!expired && steady_now() >= deadline_) {
      expired = true;
      error_code ignored;
      on_stream([&](auto& stream) { beast::get_lowest_layer(stream).close(ignored); });  // ends the operation
    }
  }
  return expired ? error_code(beast::error::timeout) : *done;
}

Error HubConnection::Impl::failure(std::string_view doing, const error_code& ec) const {
  if (ec == beast::error::timeout)
    return {ErrorCode::kTimeout, fmt::format("the hub at {} did not answer in time", url_.authority())};
  return {ErrorCode::kUnavailable, fmt::format("cannot {} {}: {}", doing, url_.authority(), ec.message())};
}

void HubConnection::Impl::close() {
  tls_.reset();
  plain_.reset();
  buffer_.clear();
}

Result<void> HubConnection::Impl::connect() {
  close();
  error_code ec;
  // The blocking lookup: the asynchronous one would keep a thread for it.
  const auto addresses = tcp::resolver(io_).resolve(url_.host, url_.port, ec);
  if (ec) return failure("find", ec);
  plain_.emplace(io_);
  ec = run([&](auto done) { asio::async_connect(*plain_, addresses, done); });
  if (ec) return failure("connect to", ec);
  plain_->set_option(tcp::no_delay(true), ec);
  return url_.tls ? start_tls() : Result<void>();
}

Result<void> HubConnection::Impl::start_tls() {
  error_code ec;
  if (!tls_context_) {
    tls_context_.emplace(ssl::context::tls_client);
    tls_context_->set_default_verify_paths(ec);
    tls_context_->set_verify_mode(ssl::verify_peer);
  }
  tls_.emplace(std::move(*plain_), *tls_context_);
  plain_.reset();
  tls_->set_verify_callback(ssl::host_name_verification(url_.host));
  SSL_set_tlsext_host_name(tls_->native_handle(), url_.host.c_str());
  ec = run([&](auto done) { tls_->async_handshake(ssl::stream_base::client, done); });
  if (ec) return failure("agree on TLS with", ec);
  return {};
}

HubConnection::Impl::Request HubConnection::Impl::request_for(const std::string& gzipped) const {
  Request request{http::verb::post, url_.path, 11};
  request.set(http::field::host, url_.authority());
  request.set(http::field::user_agent, "mps-agent");
  request.set(http::field::authorization, "Token " + token_);
  request.set(http::field::content_type, "text/plain; charset=utf-8");
  request.set(http::field::content_encoding, "gzip");
  // A request body is only read; the library asks for a span that could be written.
  request.body() = {const_cast<char*>(gzipped.data()), gzipped.size()};
  request.prepare_payload();
  return request;
}

Result<Reply> HubConnection::Impl::exchange(const Request& request) {
  error_code ec = run([&](auto done) { on_stream([&](auto& stream) { http::async_write(stream, request, done); }); });
  if (ec) return failure("send to", ec);
  http::response_parser<http::string_body> parser;
  parser.body_limit(kReplyBytesMax);
  ec = run([&](auto done) { on_stream([&](auto& stream) { http::async_read(stream, buffer_, parser, done); }); });
  if (ec) return failure("read the answer of", ec);
  Response& response = parser.get();
  Reply reply;
  reply.status = response.result_int();
  reply.retry_after =
      parse_retry_after({response[http::field::retry_after].data(), response[http::field::retry_after].size()});
  reply.location = std::string(response[http::field::location]);
  reply.body = std::move(response.body());
  if (!response.keep_alive()) close();
  return reply;
}

Result<Reply> HubConnection::Impl::post(const std::string& gzipped, Duration timeout, const std::stop_token& stop) {
  deadline_ = steady_now() + timeout;
  stop_ = stop;
  const Request request = request_for(gzipped);
  if (is_open()) {
    // The hub may have closed a connection that lay idle: that says nothing about the hub's health.
    if (auto reply = exchange(request); reply || reply.error().code == ErrorCode::kTimeout) {
      if (!reply) close();
      return reply;
    }
  }
  if (auto connected = connect(); !connected) {
    close();
    return connected.error();
  }
  auto reply = exchange(request);
  if (!reply) close();
  return reply;
}

HubConnection::HubConnection(HubUrl url, std::string token)
    : impl_(std::make_unique<Impl>(std::move(url), std::move(token))) {}

HubConnection::~HubConnection() = default;

Result<Reply> HubConnection::post(const std::string& gzipped, Duration timeout, const std::stop_token& stop) {
  return impl_->post(gzipped, timeout, stop);
}

}  // namespace mps::agent
