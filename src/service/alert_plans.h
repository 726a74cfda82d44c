#pragma once

#include <string>
#include <vector>

#include "alert/no_data.h"
#include "service/alerts.h"

// What `Alerts` remembers of each server between rounds. For alerts.cpp and alert_plans.cpp alone.
namespace mps::service {

// One rule on one channel.
struct Alerts::Watch {
  alert::Rule rule;
  alert::RuleState state = {};
  int64_t incident = 0;  // id of the open one
  int muted_by = -1;     // the watch of the same channel whose firing mutes this one
  // An incident that ended before its silent server was back: told in the summary.
  std::optional<alert::Episode> ended_in_silence = {};
};

struct Alerts::SilenceWatch {
  alert::Rule rule;
  alert::SilenceState state = {};
  int64_t incident = 0;
};

struct Alerts::ChannelPlan {
  const Resource* resource = nullptr;
  std::string instance;
  std::vector<store::SeriesRef> refs;
  std::vector<Watch> watches;
  std::optional<Timestamp> seen;                       // the newest reading that was evaluated
  uint32_t late = 0;                                   // the store's count of late samples then
  std::span<const store::NewestSamples> samples = {};  // of this round
};

struct Alerts::Plan {
  Server server;
  size_t series = 0;  // that the server had when the channels were looked up
  uint64_t rules_version = 0;
  bool has_agent = false;                   // it has more than history from a file
  std::optional<store::ServerPulse> pulse;  // of this round
  bool looked_at = false;
  bool heard_ever = false;  // since the hub's start
  std::optional<Timestamp> last_seen;
  // How far a late clock of the server is behind ours: the lag of its newest samples, where it has not moved for a
  // while. What an agent sends that had kept it lags less and less.
  Duration behind{};
  Duration lag_min{}, lag_max{};
  std::optional<Timestamp> lag_since;
  // The last two pauses between arrivals, by our clock: the shorter one is what is usual for the server.
  std::optional<Timestamp> heard_at;
  Duration pause{}, pause_before{};
  std::vector<ChannelPlan> channels;
  std::vector<SilenceWatch> silences;
  size_t first_ref = 0;  // of its channels in Alerts::refs_

  bool silent() const {
    for (const SilenceWatch& each : silences) {
      if (each.state.silent) return true;
    }
    return false;
  }
};

// What a watch wants to tell, and how to take it back when it could not be written.
struct Alerts::Change {
  IncidentEvent event;
  int64_t* incident = nullptr;
  alert::RuleState* state = nullptr;
  alert::SilenceState* silence = nullptr;
  bool was_firing = false, was_flapping = false;
  std::optional<Timestamp> was_notified_at = {};
};

struct Alerts::Round {
  Timestamp now;
  std::vector<Change> changes = {};
  std::vector<QuietEnd> ended_quietly = {};
};

}  // namespace mps::service
