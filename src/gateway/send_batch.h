#pragma once

#include <memory>
#include <span>
#include <string_view>

// Inside the server alone.
namespace mps::gateway {

// Sends to many sockets by one call of the kernel (io_uring): a commit of the store answers dozens of agents at once,
// and the way into the kernel and out again costs about as much as a short answer. For one thread alone, which
// makes it and ends it too: when a ring goes, the kernel interrupts what its maker waits for (EINTR).
class SendBatch {
 public:
  struct Message {
    int socket;
    std::string_view bytes;
    size_t sent = 0;  // of them, by send()
  };

  explicit SendBatch(bool allowed = true);
  ~SendBatch();

  // False where the kernel has no io_uring, or forbids it, as many containers do: send() sends nothing then.
  bool available() const { return ring_ != nullptr; }

  // What each socket takes without waiting, which may be nothing; the sender must see to the rest, and learns there
  // what is wrong with a socket.
  void send(std::span<Message> messages);

 private:
  struct Ring;
  bool send_some(std::span<Message> messages);

  std::unique_ptr<Ring> ring_;
};

}  // namespace mps::gateway
