#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "gateway/http_server.h"
#include "gateway/send_batch.h"
#include "gateway/tls_files.h"
#include "gateway/worker_pool.h"

// Inside the server alone: includes Asio.
namespace mps::gateway {

using SteadyTime = std::chrono::steady_clock::time_point;

// What all threads of a server share. Counters are for reading from outside; relaxed.
struct ServerShared {
  ServerShared(ServerOptions o, Clock& c, Handler h, Admit a)
      : options(std::move(o)), clock(c), handler(std::move(h)), admit(std::move(a)) {}

  const ServerOptions options;
  Clock& clock;
  const Handler handler;
  const Admit admit;
  WorkerPool* workers = nullptr;  // for large bodies; as long as a loop runs
  std::unique_ptr<TlsFiles> tls;  // null for plain HTTP
  std::atomic<uint64_t> connections_open{0}, connections_accepted{0}, connections_refused{0}, connections_spared{0};
  std::atomic<uint64_t> requests{0}, requests_refused{0}, timeouts{0}, bytes_received{0}, bytes_sent{0};
  std::atomic<uint64_t> bodies_too_large{0}, bodies_unpack_too_large{0};
  std::atomic<uint64_t> large_bodies{0}, large_bodies_refused{0};
  std::atomic<uint64_t> bodies_bytes{0};

  static void count(std::atomic<uint64_t>& counter, uint64_t by = 1) {
    counter.fetch_add(by, std::memory_order_relaxed);
  }
};

class HttpConnection;

// One thread and the connections that it serves. Apart from start(), stop(), join(), adopt() and deliver(), everything
// runs on that thread. Deadlines are checked by a sweep over all connections, which costs a request nothing.
class HttpLoop : public std::enable_shared_from_this<HttpLoop> {
 public:
  explicit HttpLoop(std::shared_ptr<ServerShared> shared);
  ~HttpLoop();

  void start();
  void stop();  // thread-safe; returns at once
  void join();

  // Serves a socket of this loop's io(). With `refuse`, by telling it that the server is full.
  void adopt(boost::asio::ip::tcp::socket socket, std::string remote, bool refuse);

  // Has the connection go on with an answer that another thread has made for it. Many answers in a row, as one commit
  // of the store gives them, wake the loop once.
  void deliver(std::shared_ptr<HttpConnection> connection);

  boost::asio::io_context& io() { return io_; }
  ServerShared& shared() { return *shared_; }
  bool stopping() const { return stopping_; }
  bool on_own_thread() const { return std::this_thread::get_id() == own_thread_; }
  std::string_view date_header() const { return date_header_; }  // "Date: ...\r\n"

  // The server is full: closes some of the connections that it can best do without. False where there are none.
  bool make_room();

  void add(HttpConnection& connection);
  void remove(HttpConnection& connection);

 private:
  void take_delivered();
  // Sends at once what can go at once; what is left goes as each connection goes on.
  void send_ahead(std::span<const std::shared_ptr<HttpConnection>> answered);
  void sweep();
  void schedule_sweep();
  void begin_stop();
  void end_if_idle();
  void refresh_date();

  std::shared_ptr<ServerShared> shared_;
  boost::asio::io_context io_{1};
  boost::asio::steady_timer sweep_timer_{io_};
  Duration sweep_interval_;
  std::vector<HttpConnection*> connections_;
  std::string date_header_;
  SteadyTime date_until_, force_at_, room_looked_at_;
  bool stopping_ = false, forced_ = false;
  std::mutex delivered_mutex_;
  std::vector<std::shared_ptr<HttpConnection>> delivered_;  // under the mutex
  SendBatch* send_batch_ = nullptr;                         // of the loop's thread
  std::vector<SendBatch::Message> messages_;                // of send_ahead, whose memory is used again
  std::vector<HttpConnection*> senders_;
  std::thread::id own_thread_;  // set by the thread itself, before it serves anybody
  std::thread thread_;
};

}  // namespace mps::gateway
