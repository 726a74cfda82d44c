#pragma once

#include <filesystem>
#include <list>
#include <memory>
#include <stop_token>
#include <thread>

#include "base/error.h"
#include "service/hub.h"

namespace mps::app {

// Lets `mps` commands of other shells run inside this hub, through hub.sock in the data folder (mode 0600: the owner
// alone).
class ControlServer {
 public:
  // Fails with kIo, kInvalidArgument (a path too long for a socket).
  static Result<std::unique_ptr<ControlServer>> start(const std::filesystem::path& path, service::Hub& hub);
  ~ControlServer();  // stops the commands under way, and waits for them; their shells are cut off

 private:
  ControlServer(std::filesystem::path path, int listener, service::Hub& hub);
  void accept_loop(std::stop_token stop);
  void reap_finished();

  struct Connection {
    int fd;
    std::atomic<bool> finished{false};
    std::stop_source stop;
    std::jthread thread;
  };
  std::filesystem::path path_;
  int listener_;
  service::Hub& hub_;
  std::list<Connection> connections_;  // of the accepting thread, and of the destructor after it
  std::jthread accepting_;
};

// Runs a command in the hub that owns `path`. Nothing when no hub listens there; else the exit code.
std::optional<int> run_in_hub(const std::filesystem::path& path, const std::vector<std::string>& arguments);

}  // namespace mps::app
