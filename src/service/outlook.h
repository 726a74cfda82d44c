#pragma once

#include <optional>
#include <span>

#include "alert/anomaly.h"
#include "alert/prediction.h"
#include "forecast/prediction.h"
#include "metric/sample.h"

// What one look into the future sees: the same for rules in force and for previews of them. Pure.
namespace mps::service {

inline constexpr Duration kTrendHistory = std::chrono::days(28), kFastHistory = std::chrono::days(7);
inline constexpr Duration kLastSampleMax = std::chrono::minutes(10);  // what is older is no present

// Between two looks: 1 to 15 minutes.
Duration look_interval(const alert::Rule& rule);

// The steps at which the nearer edge of the band, the median and the farther edge cross the threshold.
alert::Crossing crossing_of(const alert::Rule& rule, const forecast::Prediction& prediction);
// By when a prediction that was told at `made_at` is to have come true.
Timestamp due_of(const alert::Rule& rule, const alert::Crossing& crossing, Timestamp made_at);

// Of what grows, as a disk does: the sooner of what its trend and its present growth say. Both in order of time;
// `hourly`: means of the last kTrendHistory, stamped in the middle; `fine`: of the last kFastHistory, not empty.
alert::Outlook growth_outlook(double threshold, std::span<const Reading> hourly, std::span<const Reading> fine);

// A value beside the 99 % band of its own forecast, which was made a day ahead. The band is renewed every few hours,
// but not while the value is outside, so that it does not learn the anomaly.
struct BandWatch {
  alert::RuleState state;
  std::optional<forecast::Prediction> forecast;
  Timestamp asked_at{};

  // Is it time to ask for a new forecast? Then pass it on; nothing where there is none.
  bool wants_forecast(Timestamp now) const;
  // One that was never scored, or whose 80 % band held far less lately, is not taken.
  void take(std::optional<forecast::Prediction> made, Timestamp now);
  std::optional<alert::Band> band_at(Timestamp time) const;
};
// `state` moved on by a reading beside the band.
alert::Evaluation judge_by_band(const alert::Rule& rule, const alert::Band& band, const Reading& reading,
                                const alert::RuleState& state, Timestamp now, alert::Voice voice = alert::Voice::kOpen);

}  // namespace mps::service
