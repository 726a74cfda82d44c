// A load of HTTP requests on a port of this machine, and how long their answers took: one thread, keep-alive
// connections.
//
//   http_load PORT [--path /health] [--connections 4] [--rate 0] [--seconds 10] [--header 'NAME: VALUE']...
//             [--body FILE | --bodies FILE]
//
// With a rate, requests are due at even intervals, whether or not earlier ones were answered, and times count from
// then: a server that stops for a second shows as many late answers as were due in it. Without one each connection asks
// as soon as it is answered. --body is posted as it is; --bodies holds several, between NUL bytes, posted in turn.
// Prints one line of JSON; exits with 1 when nothing was answered.
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sstream>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;
using Time = SteadyClock::time_point;

struct Options {
  uint16_t port = 0;
  std::string path = "/health";
  size_t connections = 4;
  double rate = 0, seconds = 10;
  std::string headers;
  std::vector<std::string> bodies;
};

struct Tally {
  std::vector<float> ms;
  std::map<int, uint64_t> statuses;
  uint64_t failed = 0;  // connections that ended before an answer
};

struct Connection {
  int fd = -1;
  bool busy = false, writing = false;
  const std::string* out = nullptr;
  std::string in;
  size_t sent = 0;
  Time due;
};

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "http_load: %s\n", why.c_str());
  std::exit(2);
}

std::string read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) fail("cannot read " + name);
  std::ostringstream all;
  all << file.rdbuf();
  return std::move(all).str();
}

Options parse(int argc, char** argv) {
  Options options;
  if (argc < 2) fail("say a port");
  options.port = static_cast<uint16_t>(std::atoi(argv[1]));
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--path")
      options.path = value;
    else if (name == "--connections")
      options.connections = static_cast<size_t>(std::atoi(value.c_str()));
    else if (name == "--rate")
      options.rate = std::atof(value.c_str());
    else if (name == "--seconds")
      options.seconds = std::atof(value.c_str());
    else if (name == "--header")
      options.headers += value + "\r\n";
    else if (name == "--body")
      options.bodies.push_back(read_file(value));
    else if (name == "--bodies") {
      std::istringstream all(read_file(value));
      for (std::string body; std::getline(all, body, '\0');)
        if (!body.empty()) options.bodies.push_back(body);
    } else
      fail("what is " + name + "?");
  }
  return options;
}

// The requests are made once: what is measured is the server.
std::vector<std::string> requests_of(const Options& options) {
  const std::string rest = " " + options.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + options.headers;
  if (options.bodies.empty()) return {"GET" + rest + "\r\n"};
  std::vector<std::string> requests;
  for (const std::string& body : options.bodies)
    requests.push_back("POST" + rest + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  return requests;
}

class Load {
 public:
  explicit Load(const Options& options) : options_(options), requests_(requests_of(options)), epoll_(epoll_create1(0)) {
    for (size_t i = 0; i < options.connections; ++i) {
      connections_.push_back(std::make_unique<Connection>());
      free_.push_back(connections_.back().get());
    }
  }

  void run() {
    begin_ = SteadyClock::now();
    const Time end =
        begin_ + std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(options_.seconds));
    for (Time now = begin_; now < end; now = SteadyClock::now()) {
      begin_requests(now);
      wait(end);
    }
    took_ = std::chrono::duration<double>(SteadyClock::now() - begin_).count();
    // What was due and has no answer is late by what is known of it.
    if (options_.rate > 0) {
      for (; due_of(begun_) < end; ++begun_) tally_.ms.push_back(ms_since(due_of(begun_), end));
      for (const auto& c : connections_)
        if (c->busy) tally_.ms.push_back(ms_since(c->due, end));
    }
  }

  bool print() {
    std::sort(tally_.ms.begin(), tally_.ms.end());
    uint64_t answered = 0;
    std::string statuses;
    for (const auto& [status, count] : tally_.statuses) {
      answered += count;
      statuses += (statuses.empty() ? "\"" : ", \"") + std::to_string(status) + "\": " + std::to_string(count);
    }
    std::printf(
        "{\"answered\": %llu, \"per_second\": %.0f, \"failed\": %llu, \"statuses\": {%s}, \"p50_ms\": %.2f, "
        "\"p90_ms\": %.2f, "
        "\"p99_ms\": %.2f, \"p999_ms\": %.2f, \"max_ms\": %.2f}\n",
        static_cast<unsigned long long>(answered), static_cast<double>(answered) / took_,
        static_cast<unsigned long long>(tally_.failed), statuses.c_str(), at(0.5), at(0.9), at(0.99), at(0.999), at(1));
    return answered > 0;
  }

 private:
  static float ms_since(Time then, Time now) { return std::chrono::duration<float, std::milli>(now - then).count(); }
  Time due_of(uint64_t index) const {
    const std::chrono::duration<double> after(static_cast<double>(index) / options_.rate);
    return begin_ + std::chrono::duration_cast<SteadyClock::duration>(after);
  }
  double at(double share) const {
    if (tally_.ms.empty()) return 0;
    return tally_
        .ms[std::min(tally_.ms.size() - 1, static_cast<size_t>(share * static_cast<double>(tally_.ms.size())))];
  }

  void begin_requests(Time now) {
    size_t tries = free_.size();
    while (tries-- > 0 && !free_.empty() && (options_.rate <= 0 || due_of(begun_) <= now)) {
      Connection& c = *free_.front();
      free_.pop_front();
      if (c.fd < 0 && !open(c)) {
        ++tally_.failed;
        free_.push_back(&c);
        continue;
      }
      c.due = options_.rate > 0 ? due_of(begun_) : now;
      c.out = &requests_[begun_++ % requests_.size()];
      c.sent = 0;
      c.in.clear();
      c.busy = true;
      write(c);
    }
  }

  bool open(Connection& c) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (c.fd < 0) return false;
    const int on = 1;
    setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(c.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS) {
      drop(c);
      return false;
    }
    c.writing = false;
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &c}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, c.fd, &event);
    return true;
  }

  void drop(Connection& c) {
    if (c.fd >= 0) close(c.fd);
    c.fd = -1;
  }

  void watch_writing(Connection& c, bool writing) {
    if (c.writing == writing) return;
    c.writing = writing;
    epoll_event event{.events = writing ? EPOLLIN | EPOLLOUT : uint32_t{EPOLLIN}, .data = {.ptr = &c}};
    epoll_ctl(epoll_, EPOLL_CTL_MOD, c.fd, &event);
  }

  void write(Connection& c) {
    while (c.sent < c.out->size()) {
      const ssize_t n = send(c.fd, c.out->data() + c.sent, c.out->size() - c.sent, MSG_NOSIGNAL);
      if (n <= 0) break;  // what is wrong shows when it is read from
      c.sent += static_cast<size_t>(n);
    }
    watch_writing(c, c.sent < c.out->size());
  }

  void wait(Time end) {
    int timeout_ms = 5;
    const Time now = SteadyClock::now();
    if (options_.rate > 0 && !free_.empty()) {
      const Time next = std::min(due_of(begun_), end);
      if (next <= now)
        timeout_ms = 0;
      else if (next - now < std::chrono::milliseconds(2))
        timeout_ms = 1;
    }
    epoll_event events[256];
    const int count = epoll_wait(epoll_, events, 256, timeout_ms);
    for (int i = 0; i < count; ++i) {
      Connection& c = *static_cast<Connection*>(events[i].data.ptr);
      if (c.fd >= 0 && (events[i].events & EPOLLOUT) != 0) write(c);
      if (c.fd >= 0 && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(c);
    }
  }

  void read(Connection& c) {
    char buffer[65536];
    const ssize_t n = recv(c.fd, buffer, sizeof buffer, 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n <= 0) {
      drop(c);
      if (c.busy) ++tally_.failed;
      return release(c);
    }
    c.in.append(buffer, static_cast<size_t>(n));
    const size_t head = c.in.find("\r\n\r\n");
    if (!c.busy || head == std::string::npos || c.in.size() < head + 4 + body_size(c.in, head)) return;
    const int status = std::atoi(c.in.c_str() + 9);
    ++tally_.statuses[status];
    tally_.ms.push_back(ms_since(c.due, SteadyClock::now()));
    if (c.in.find("Connection: close") < head) drop(c);
    release(c);
  }

  static size_t body_size(const std::string& in, size_t head) {
    constexpr std::string_view kLength = "Content-Length: ";
    const size_t at = in.find(kLength);
    size_t size = 0;
    if (at < head) std::from_chars(in.data() + at + kLength.size(), in.data() + head, size);
    return size;
  }

  void release(Connection& c) {
    if (!c.busy) return;
    c.busy = false;
    if (c.fd >= 0) watch_writing(c, false);
    free_.push_back(&c);
  }

  const Options options_;
  const std::vector<std::string> requests_;
  const int epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::deque<Connection*> free_;
  uint64_t begun_ = 0;
  Time begin_;
  double took_ = 0;
  Tally tally_;
};

}  // namespace

int main(int argc, char** argv) {
  Load load(parse(argc, argv));
  load.run();
  return load.print() ? 0 : 1;
}
