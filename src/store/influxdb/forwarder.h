#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "base/clock.h"
#include "store/influxdb/backlog.h"
#include "store/influxdb/forward_state.h"
#include "store/influxdb/influx_client.h"
#include "store/influxdb/journal_reader.h"
#include "store/influxdb/line_sender.h"
#include "store/sample_store.h"

namespace mps::store {

struct ForwarderOptions {
  Duration linger = std::chrono::seconds(1);  // how long samples wait for company
  Duration retry_first = std::chrono::seconds(1), retry_max = std::chrono::minutes(1);
};

// The wait before attempt `failures` + 1: doubles from retry_first to retry_max, of which a random half is taken off.
// What InfluxDB asks for is obeyed. `random` is of [0, 1).
Duration retry_delay(const ForwarderOptions& options, int failures, std::optional<Duration> asked, double random);

// Sends the journal of an embedded store to an InfluxDB, in its order and at least once, and removes there the servers
// that were removed here; on a thread of its own. What was sent is remembered after InfluxDB has confirmed it, so that
// nothing is lost whoever dies. Thread-safe.
class Forwarder {
 public:
  Forwarder(const ForwarderOptions& options, InfluxTarget target, ForwardState& state, FieldTypes& types, Clock& clock);
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  // `reader` is of the store whose journal is sent, from `position` on; what was acknowledged until `as_of` is in
  // InfluxDB.
  void start(JournalReader reader, int64_t position, Timestamp as_of);
  void stop();
  // There is something to send.
  void wake();

  // Records up to and with this one are in InfluxDB: the journal may forget them.
  int64_t position() const { return position_; }
  ForwardingStats stats() const;

  // Waits until everything that was there when it was called is in InfluxDB; false where the forwarder was stopped.
  bool wait_until_sent();

 private:
  enum class Round { kIdle, kAgain, kFailed };
  void run(std::stop_token stop);
  Round round();
  Round send_removals();
  Round fail(const std::string& reason, std::optional<Duration> retry_after = {});
  SendOutcome send(const JournalPiece& piece);
  void count_waiting();
  Result<void> note_position(const JournalPiece& piece, Timestamp read_at);
  void note_sent(const JournalPiece& piece, const SendOutcome& outcome);

  const ForwarderOptions options_;
  ForwardState& state_;
  Clock& clock_;
  std::atomic<bool> stopping_ = false;
  InfluxClient client_;
  LineSender sender_;
  std::optional<JournalReader> reader_;
  std::atomic<int64_t> position_ = 0;

  // The thread's own.
  std::minstd_rand random_;
  Backlog backlog_;
  int failures_ = 0;
  std::optional<Duration> asked_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  uint64_t wakes_ = 0, sent_wakes_ = 0;  // everything that came before wake number sent_wakes_ is sent
  ForwardingStats stats_;

  std::jthread thread_;
};

}  // namespace mps::store
