#pragma once

#include <atomic>
#include <memory>

#include "base/log.h"
#include "gateway/http_connection.h"

// Inside the server alone: includes Asio.
namespace mps::gateway {

// What a Reply holds: keeps the connection and its loop, and sees to it that there is an answer.
class HttpConnection::Ticket {
 public:
  Ticket(std::shared_ptr<HttpLoop> loop, std::shared_ptr<HttpConnection> connection)
      : loop_(std::move(loop)), connection_(std::move(connection)) {}
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  ~Ticket() {
    if (!used_) connection_->answer(to_response({500, "internal error", "the request was dropped unanswered"}));
  }

  void answer(Response response) {
    if (used_.exchange(true)) return log::error("gateway: a request was answered twice; the second answer is dropped");
    connection_->answer(std::move(response));
  }

 private:
  std::shared_ptr<HttpLoop> loop_;  // outlives the socket of the connection
  std::shared_ptr<HttpConnection> connection_;
  std::atomic<bool> used_{false};
};

}  // namespace mps::gateway
