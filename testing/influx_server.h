#pragma once

#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "testing/temporary_folder.h"

namespace mps::testing {

// A real InfluxDB 1.x (Debian's package influxdb) with a configuration and a folder of its own, on loopback; its port
// is the system's choice at the first start and stays the same. It dies with the test. Throws where it does not start.
class InfluxServer {
 public:
  InfluxServer() { start(); }
  ~InfluxServer() { kill(); }
  InfluxServer(const InfluxServer&) = delete;
  InfluxServer& operator=(const InfluxServer&) = delete;

  std::string url(const std::string& database) const {
    return fmt::format("influxdb://127.0.0.1:{}/{}", port_, database);
  }
  int port() const { return port_; }

  void kill() {  // SIGKILL, and it is gone
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
    drain_.join();
    ::close(log_);
  }
  void stop() {  // SIGTERM, and it has put everything away
    if (process_ <= 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
    drain_.join();
    ::close(log_);
  }

  // Returns when it listens.
  void start() {
    const std::string configuration = write_configuration();
    int pipe_ends[2];
    if (::pipe2(pipe_ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(127);
      ::dup2(pipe_ends[1], 1);
      ::dup2(pipe_ends[1], 2);
      ::execlp("influxd", "influxd", "-config", configuration.c_str(), static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::close(pipe_ends[1]);
    log_ = pipe_ends[0];
    wait_for_port();
    drain_ = std::thread([fd = log_] {  // or the pipe fills up
      char chunk[65536];
      while (::read(fd, chunk, sizeof chunk) > 0) {
      }
    });
  }

 private:
  std::string write_configuration() const {
    const std::string folder = folder_.path().string(), file = folder + "/influxdb.conf";
    std::ofstream(file) << "reporting-disabled = true\nbind-address = \"127.0.0.1:0\"\n"
                        << "[meta]\n  dir = \"" << folder << "/meta\"\n  logging-enabled = false\n"
                        << "[data]\n  dir = \"" << folder << "/data\"\n  wal-dir = \"" << folder << "/wal\"\n"
                        << "  query-log-enabled = false\n[monitor]\n  store-enabled = false\n"
                        << "[continuous_queries]\n  enabled = false\n[ifql]\n  enabled = false\n"
                        << "[http]\n  bind-address = \"127.0.0.1:" << port_ << "\"\n  log-enabled = false\n";
    return file;
  }

  void wait_for_port() {
    std::string log;
    char chunk[4096];
    for (;;) {
      const ssize_t got = ::read(log_, chunk, sizeof chunk);
      if (got <= 0) throw std::runtime_error("influxd did not start; tools/install-deps --test installs it:\n" + log);
      log.append(chunk, static_cast<size_t>(got));
      const size_t listening = log.find("Listening on HTTP");
      const size_t address = listening == std::string::npos ? listening : log.find("127.0.0.1:", listening);
      if (address == std::string::npos || log.find('\n', address) == std::string::npos) continue;
      port_ = std::stoi(log.substr(address + 10));
      return;
    }
  }

  TemporaryFolder folder_;
  int port_ = 0;
  pid_t process_ = -1;
  int log_ = -1;
  std::thread drain_;
};

}  // namespace mps::testing
