#pragma once

#include <functional>
#include <shared_mutex>
#include <string>
#include <string_view>

namespace mps::service {

enum class UpdateTaken { kYes, kForbidden, kUnreadable, kNotNow, kClosed };

// Takes what a messenger delivers by HTTP. Implemented by telegram/.
class UpdateReceiver {
 public:
  using Done = std::function<void(UpdateTaken)>;

  virtual ~UpdateReceiver() = default;
  // Calls `done` once the update is written down, from any thread; or with why it was not taken. Never waits.
  virtual void receive(std::string_view secret, std::string_view body, Done done) = 0;
};

// Where gateway/, which serves the path, finds the receiver, should there be one. Thread-safe.
class UpdateDoor {
 public:
  // `receiver` must outlive its time here.
  void open(UpdateReceiver& receiver) {
    const std::unique_lock lock(mutex_);
    receiver_ = &receiver;
  }
  // Afterwards nobody is within receive().
  void close() {
    const std::unique_lock lock(mutex_);
    receiver_ = nullptr;
  }
  void pass(std::string_view secret, std::string_view body, UpdateReceiver::Done done) {
    const std::shared_lock lock(mutex_);
    if (receiver_ == nullptr) return done(UpdateTaken::kClosed);
    receiver_->receive(secret, body, std::move(done));
  }

 private:
  std::shared_mutex mutex_;
  UpdateReceiver* receiver_ = nullptr;
};

// The path of the gateway that leads here.
inline constexpr std::string_view kUpdatePath = "/telegram/webhook";

}  // namespace mps::service
