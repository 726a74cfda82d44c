#pragma once

#include <mutex>

#include "service/outlook.h"
#include "service/outlook_watches.h"

namespace mps::service {

// Rules about what is unlike the server: its value stays outside the 99 % band of its own forecast (BandWatch) for
// longer than the rule's hold time. Thread-safe.
class Anomalies {
 public:
  explicit Anomalies(const OutlookParts& parts) : parts_(parts) {}
  // Reads the open incidents. Call once.
  Result<void> load();
  // To be called every minute. Returns how many messages it put into the outbox.
  Result<size_t> look(const std::stop_token& stop = {});

 private:
  Result<size_t> look_at(const Server& server, const EffectiveRule& rule, const CurrentValue& value, Timestamp now);

  OutlookParts parts_;
  std::mutex mutex_;
  OutlookWatches<BandWatch> watches_;
};

}  // namespace mps::service
