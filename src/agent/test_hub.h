#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <deque>
#include <initializer_list>
#include <mutex>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

#include "agent/hub_url.h"
#include "base/gzip.h"

namespace mps::agent {

struct Answer {
  unsigned status = 204;
  std::string body = {};
  std::string retry_after = {};
  bool close_silently = false;  // afterwards, without saying so
  bool hang = false;            // never answers
};

struct Seen {
  std::string target, authorization, encoding, host;
  std::string lines;
  int connection = 0;
};

// A hub on the loopback that answers by the book of the test, and 204 beyond it.
class TestHub {
 public:
  explicit TestHub(std::initializer_list<Answer> answers = {}) : answers_(answers), thread_([this] { serve(); }) {}
  ~TestHub() {
    stopping_ = true;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    {
      const std::lock_guard lock(mutex_);
      if (open_fd_ >= 0) ::shutdown(open_fd_, SHUT_RDWR);
    }
    thread_.join();
  }

  HubUrl url() const { return HubUrl::parse("http://127.0.0.1:" + std::to_string(port_)).value(); }
  std::vector<Seen> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  void serve() {
    while (!stopping_) {
      boost::system::error_code ec;
      boost::asio::ip::tcp::socket socket(io_);
      acceptor_.accept(socket, ec);
      if (ec) return;
      ++connections_;
      set_open(socket.native_handle());
      while (!stopping_ && exchange(socket)) {
      }
      set_open(-1);
    }
  }

  void set_open(int fd) {
    const std::lock_guard lock(mutex_);
    open_fd_ = fd;
  }

  Answer note(const boost::beast::http::request<boost::beast::http::string_body>& request) {
    const std::lock_guard lock(mutex_);
    const auto lines = gunzip(request.body(), 1 << 20);
    const auto header = [&](boost::beast::http::field field) { return std::string(request[field]); };
    seen_.push_back({std::string(request.target()), header(boost::beast::http::field::authorization),
                     header(boost::beast::http::field::content_encoding), header(boost::beast::http::field::host),
                     lines ? *lines : "not gzip", connections_});
    if (answers_.empty()) return {};
    Answer answer = answers_.front();
    answers_.pop_front();
    return answer;
  }

  bool exchange(boost::asio::ip::tcp::socket& socket) {
    boost::system::error_code ec;
    boost::beast::flat_buffer buffer;
    boost::beast::http::request<boost::beast::http::string_body> request;
    boost::beast::http::read(socket, buffer, request, ec);
    if (ec) return false;
    const Answer answer = note(request);
    if (answer.hang) {
      char byte = 0;
      socket.read_some(boost::asio::buffer(&byte, 1), ec);  // until the other side gives up
      return false;
    }
    boost::beast::http::response<boost::beast::http::string_body> response{
        boost::beast::http::int_to_status(answer.status), 11};
    if (!answer.retry_after.empty()) response.set(boost::beast::http::field::retry_after, answer.retry_after);
    response.body() = answer.body;
    response.prepare_payload();
    boost::beast::http::write(socket, response, ec);
    return !ec && !answer.close_silently;
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_,
                                           boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  const uint16_t port_ = acceptor_.local_endpoint().port();
  std::mutex mutex_;
  std::deque<Answer> answers_;
  std::vector<Seen> seen_;
  int connections_ = 0;
  int open_fd_ = -1;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace mps::agent
