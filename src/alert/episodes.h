#pragma once

#include <optional>
#include <span>
#include <vector>

#include "alert/evaluator.h"
#include "alert/prediction.h"

namespace mps::alert {

// One incident that a rule makes, or would have made.
struct Episode {
  Timestamp breached_at;
  Timestamp fired_at;
  std::optional<Timestamp> ended_at;  // empty: it lasts
  double peak = 0;
};

// What the rule makes of these readings, in order of time, had it been in force.
std::vector<Episode> episodes(const Rule& rule, std::span<const Reading> readings);

// The most watchful threshold that makes at most `episodes_max` incidents of these readings, found by halving and
// rounded to two digits on the quiet side; the gap to `clear` goes with it. Nothing where the readings are none, or all
// alike.
std::optional<double> suggested_threshold(const Rule& rule, std::span<const Reading> readings, size_t episodes_max);

// One look of a rule about what is to come, and what such looks make.
struct Look {
  Timestamp time;
  Outlook outlook;
};
struct PredictedEpisode {
  Episode episode;
  Crossing crossing;  // as people would have been told at its beginning
};
std::vector<PredictedEpisode> predicted_episodes(const Rule& rule, std::span<const Look> looks);

// The pauses of at least rule.hold between readings, as incidents of a no-data rule; the last one lasts if it is open
// at `now`.
std::vector<Episode> silences(const Rule& rule, std::span<const Reading> readings, Timestamp now);

}  // namespace mps::alert
