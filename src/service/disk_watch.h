#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "catalog/settings.h"
#include "service/notifier.h"
#include "service/outbox.h"
#include "service/people.h"
#include "store/sample_store.h"

namespace mps::service {

// Tells people once when samples can't be written, since the disk is full or failing, and once when they can again.
//
// The outbox lies on the same disk, as a rule: where it can't be written, the message goes out directly, and is tried
// again until it is taken. That people know is kept in the settings, as soon as these can be written (a small row often
// can where samples can't), so that a hub which is restarted meanwhile does not say it again. Not thread-safe.
class DiskWatch {
 public:
  // Samples must have been written for so long before it is over: a disk that is nearly full comes and goes.
  static constexpr Duration kSettled = std::chrono::minutes(1);

  DiskWatch(const store::SampleStore& store, People& people, Outbox& outbox, catalog::Settings& settings,
            const Clock& clock)
      : store_(store), people_(people), outbox_(outbox), settings_(settings), clock_(clock) {}

  // One look at the store; then sends what is still to be told. To be called every few seconds, from the thread that
  // delivers.
  void look(Notifier& notifier);

 private:
  struct Waiting {
    int64_t chat_id = 0;
    std::string html;
    Timestamp not_before{};
  };
  void recall();
  void look_at_store();
  void remember();
  void tell(const std::function<std::string(const Reader&)>& text);
  bool pass_on(Waiting& message, Notifier& notifier);  // true: done with it

  const store::SampleStore& store_;
  People& people_;
  Outbox& outbox_;
  catalog::Settings& settings_;
  const Clock& clock_;
  bool recalled_ = false;
  bool unproven_ = false;               // told so by an earlier run; this one has neither failed nor written yet
  std::optional<Timestamp> kept_;       // since_ as the settings have it
  std::optional<Timestamp> since_;      // read-only, and told so
  std::optional<Timestamp> well_from_;  // written again, and not yet told so
  std::deque<Waiting> waiting_;         // in order
};

}  // namespace mps::service
