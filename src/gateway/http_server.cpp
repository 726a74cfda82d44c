#include "gateway/http_server.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <optional>

#include "base/log.h"
#include "gateway/http_loop.h"

namespace mps::gateway {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct HttpServer::Impl {
  explicit Impl(std::shared_ptr<ServerShared> s) : shared(std::move(s)) {}

  Result<void> listen();
  asio::awaitable<void> accept();
  void hand_over(tcp::socket socket, HttpLoop& loop);

  std::shared_ptr<ServerShared> shared;
  std::optional<WorkerPool> large_bodies;  // not of `shared`, which its own tasks may be the last to hold
  std::vector<std::shared_ptr<HttpLoop>> loops;
  std::optional<tcp::acceptor> acceptor;
  uint16_t port = 0;
  bool stopped = false;
};

Result<void> HttpServer::Impl::listen() {
  const ServerOptions& o = shared->options;
  error_code ec;
  const auto address = asio::ip::make_address(o.address == "localhost" ? "127.0.0.1" : o.address, ec);
  if (ec) return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is not an IP address to listen on", o.address)};
  const tcp::endpoint endpoint(address, o.port);
  acceptor.emplace(loops[0]->io());
  acceptor->open(endpoint.protocol(), ec);
  if (!ec) acceptor->set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor->bind(endpoint, ec);
  if (!ec) acceptor->listen(asio::socket_base::max_listen_connections, ec);
  if (ec)
    return Error{ErrorCode::kUnavailable, fmt::format("cannot listen on {}:{}: {}", o.address, o.port, ec.message())};
  port = acceptor->local_endpoint(ec).port();
  return {};
}

asio::awaitable<void> HttpServer::Impl::accept() {
  asio::steady_timer pause(loops[0]->io());
  for (size_t next = 0; acceptor->is_open(); next = (next + 1) % loops.size()) {
    error_code ec;
    tcp::socket socket(loops[next]->io());
    co_await acceptor->async_accept(socket, asio::redirect_error(asio::use_awaitable, ec));
    if (!ec) {
      hand_over(std::move(socket), *loops[next]);
    } else if (ec != asio::error::operation_aborted) {  // out of file descriptors, most likely: connections will end
      log::warn("gateway: cannot accept a connection: {}", ec.message());
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
  }
}

void HttpServer::Impl::hand_over(tcp::socket socket, HttpLoop& loop) {
  constexpr uint64_t kRefusalsMax = 128;  // told so politely at a time; more are just closed
  const uint64_t open = shared->connections_open.load(std::memory_order_relaxed);
  const uint64_t limit = shared->options.connections_max;
  const bool refuse = open >= limit && !loops[0]->make_room();
  ServerShared::count(refuse ? shared->connections_refused : shared->connections_accepted);
  if (open >= limit + kRefusalsMax || (refuse && shared->tls)) return;  // shaking hands would cost more than refusing
  ServerShared::count(shared->connections_open);
  error_code ec;
  socket.set_option(tcp::no_delay(true), ec);
  const auto remote = socket.remote_endpoint(ec);
  loop.adopt(std::move(socket), ec ? "unknown" : remote.address().to_string(), refuse);
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const ServerOptions& options, Clock& clock, Handler handler,
                                                      Admit admit) {
  auto impl =
      std::make_unique<Impl>(std::make_shared<ServerShared>(options, clock, std::move(handler), std::move(admit)));
  impl->shared->workers = &impl->large_bodies.emplace(1, options.large_bodies_waiting_max);
  for (int i = 0; i < std::max(1, options.threads); ++i)
    impl->loops.push_back(std::make_shared<HttpLoop>(impl->shared));
  if (!options.tls_certificate.empty()) {
    MPS_TRY(impl->shared->tls, TlsFiles::open(options.tls_certificate, options.tls_key));
  }
  MPS_TRY_VOID(impl->listen());
  asio::co_spawn(impl->loops[0]->io(), impl->accept(), asio::detached);
  for (const auto& loop : impl->loops) loop->start();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() {
  stop();
}

uint16_t HttpServer::port() const {
  return impl_->port;
}

ServerStats HttpServer::stats() const {
  const ServerShared& s = *impl_->shared;
  const auto get = [](const std::atomic<uint64_t>& counter) { return counter.load(std::memory_order_relaxed); };
  return {.connections_open = get(s.connections_open),
          .connections_accepted = get(s.connections_accepted),
          .connections_refused = get(s.connections_refused),
          .connections_spared = get(s.connections_spared),
          .requests = get(s.requests),
          .requests_refused = get(s.requests_refused),
          .bodies_too_large = get(s.bodies_too_large),
          .bodies_unpack_too_large = get(s.bodies_unpack_too_large),
          .large_bodies = get(s.large_bodies),
          .large_bodies_refused = get(s.large_bodies_refused),
          .timeouts = get(s.timeouts),
          .bytes_received = get(s.bytes_received),
          .bytes_sent = get(s.bytes_sent)};
}

void HttpServer::stop() {
  if (std::exchange(impl_->stopped, true)) return;
  asio::post(impl_->loops[0]->io(), [impl = impl_.get()] {
    error_code ignored;
    impl->acceptor->close(ignored);
  });
  for (const auto& loop : impl_->loops) loop->stop();
  for (const auto& loop : impl_->loops) loop->join();
  impl_->large_bodies.reset();
}

}  // namespace mps::gateway
