#include "gateway/http_loop.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <ctime>

#include "gateway/http_connection.h"

namespace mps::gateway {
namespace {

using namespace std::chrono_literals;

constexpr size_t kSparedAtOnce = 64;     // so that who opens many makes us look through all of them seldom
constexpr auto kLookAgainAfter = 100ms;  // where nobody could be spared

Duration sweep_interval_of(const ServerOptions& o) {
  const Duration shortest = std::min({o.idle_timeout, o.header_timeout, o.silence_timeout, o.body_timeout,
                                      o.write_timeout, o.linger_timeout, o.stop_timeout});
  return std::clamp<Duration>(shortest / 4, 5ms, 1s);
}

}  // namespace

HttpLoop::HttpLoop(std::shared_ptr<ServerShared> shared)
    : shared_(std::move(shared)), sweep_interval_(sweep_interval_of(shared_->options)) {}

HttpLoop::~HttpLoop() = default;

void HttpLoop::start() {
  refresh_date();
  schedule_sweep();
  thread_ = std::thread([this] {
    own_thread_ = std::this_thread::get_id();
    SendBatch send_batch(shared_->options.batch_answers);
    send_batch_ = &send_batch;
    io_.run();
  });
}

void HttpLoop::stop() {
  boost::asio::post(io_, [this] { begin_stop(); });
}

void HttpLoop::join() {
  if (thread_.joinable()) thread_.join();
}

void HttpLoop::adopt(boost::asio::ip::tcp::socket socket, std::string remote, bool refuse) {
  auto tls = shared_->tls ? shared_->tls->current() : nullptr;
  auto connection = std::make_shared<HttpConnection>(*this, std::move(socket), std::move(remote), std::move(tls));
  boost::asio::post(io_, [connection = std::move(connection), refuse] {
    if (refuse)
      connection->refuse();
    else
      connection->serve();
  });
}

void HttpLoop::deliver(std::shared_ptr<HttpConnection> connection) {
  bool first = false;
  {
    const std::lock_guard lock(delivered_mutex_);
    first = delivered_.empty();
    delivered_.push_back(std::move(connection));
  }
  if (first) boost::asio::post(io_, [this] { take_delivered(); });
}

void HttpLoop::take_delivered() {
  std::vector<std::shared_ptr<HttpConnection>> delivered;
  {
    const std::lock_guard lock(delivered_mutex_);
    delivered.swap(delivered_);
  }
  if (send_batch_->available()) send_ahead(delivered);
  for (const auto& connection : delivered) connection->go_on();
}

void HttpLoop::send_ahead(std::span<const std::shared_ptr<HttpConnection>> answered) {
  messages_.clear();
  senders_.clear();
  for (const auto& connection : answered) {
    const auto message = connection->prepare_answer();
    if (!message) continue;
    messages_.push_back(*message);
    senders_.push_back(connection.get());
  }
  send_batch_->send(messages_);
  for (size_t i = 0; i < senders_.size(); ++i) senders_[i]->sent_ahead(messages_[i].sent);
}

void HttpLoop::add(HttpConnection& connection) {
  connection.slot = connections_.size();
  connections_.push_back(&connection);
}

void HttpLoop::remove(HttpConnection& connection) {
  connections_[connection.slot] = connections_.back();
  connections_[connection.slot]->slot = connection.slot;
  connections_.pop_back();
  shared_->connections_open.fetch_sub(1, std::memory_order_relaxed);
  end_if_idle();
}

bool HttpLoop::make_room() {
  const SteadyTime now = steady_now();
  if (now < room_looked_at_ + kLookAgainAfter) return false;
  std::vector<HttpConnection*> spare;
  for (HttpConnection* connection : connections_)
    if (connection->can_be_spared() && connection->since() + shared_->options.spare_after <= now)
      spare.push_back(connection);
  if (spare.empty()) room_looked_at_ = now;
  const size_t count = std::min(spare.size(), std::min(kSparedAtOnce, shared_->options.connections_max / 8 + 1));
  std::partial_sort(spare.begin(), spare.begin() + static_cast<ptrdiff_t>(count), spare.end(),
                    [](const HttpConnection* a, const HttpConnection* b) { return a->since() < b->since(); });
  for (size_t i = 0; i < count; ++i) spare[i]->close();
  ServerShared::count(shared_->connections_spared, count);
  return count > 0;
}

void HttpLoop::schedule_sweep() {
  sweep_timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(sweep_interval_));
  sweep_timer_.async_wait([this](boost::system::error_code ec) {
    if (ec) return;
    sweep();
    if (!stopping_ || !connections_.empty()) schedule_sweep();
  });
}

void HttpLoop::sweep() {
  const SteadyTime now = steady_now();
  if (now >= date_until_) refresh_date();
  const bool force = stopping_ && now >= force_at_;
  // Closing one may end another's coroutine, but never within this loop: coroutines go on through the io_context.
  for (HttpConnection* connection : connections_) {
    if (force)
      connection->close();
    else if (now >= connection->deadline())
      connection->expire();
  }
}

void HttpLoop::begin_stop() {
  stopping_ = true;
  force_at_ = steady_now() + shared_->options.stop_timeout;
  for (HttpConnection* connection : connections_)
    if (connection->idle()) connection->close();
  end_if_idle();
}

// Without connections and sweep there is no work left, and the thread ends.
void HttpLoop::end_if_idle() {
  if (stopping_ && connections_.empty()) sweep_timer_.cancel();
}

void HttpLoop::refresh_date() {
  date_until_ = steady_now() + 500ms;
  const std::time_t now = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(shared_->clock.now()));
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[64];
  const size_t size = std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
  date_header_.assign(text, size);
}

}  // namespace mps::gateway
