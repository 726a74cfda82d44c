#include "service/outlook.h"

#include <algorithm>

#include "alert/growth.h"

namespace mps::service {
namespace {

using alert::Crossing;
using namespace std::chrono_literals;

constexpr Duration kLookMin = 1min, kLookMax = 15min;  // an hour ahead wants quicker ones
constexpr int kLooksWithin = 96;                       // looks in the time that a rule asks about
constexpr Duration kRenewEvery = 3h, kAskAgainAfter = 10min;
constexpr double kCoverageMin = 0.6;  // of the 80 % band, lately

std::optional<Timestamp> sooner(std::optional<Timestamp> a, std::optional<Timestamp> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

Duration look_interval(const alert::Rule& rule) {
  return std::clamp(rule.within / kLooksWithin, kLookMin, kLookMax);
}

Crossing crossing_of(const alert::Rule& rule, const forecast::Prediction& prediction) {
  const bool above = rule.direction == alert::Direction::kAbove;
  Crossing crossing;
  for (size_t i = 0; i < prediction.steps.size(); ++i) {
    const forecast::Quantiles& q = prediction.steps[i];
    const Timestamp time = prediction.origin + prediction.step * static_cast<int64_t>(i);
    if (!crossing.earliest && alert::beyond(rule, above ? q.p90 : q.p10)) crossing.earliest = time;
    if (!crossing.expected && alert::beyond(rule, q.p50)) crossing.expected = time;
    if (!crossing.latest && alert::beyond(rule, above ? q.p10 : q.p90)) crossing.latest = time;
  }
  return crossing;
}

Timestamp due_of(const alert::Rule& rule, const Crossing& crossing, Timestamp made_at) {
  const Timestamp due = std::max(made_at + rule.within, crossing.latest.value_or(made_at));
  return std::min(due, made_at + 2 * rule.within);  // a band without an end is no excuse
}

alert::Outlook growth_outlook(double threshold, std::span<const Reading> hourly, std::span<const Reading> fine) {
  alert::Outlook outlook;
  outlook.present = fine.back().value;
  if (!hourly.empty()) outlook.history = fine.back().time - hourly.front().time;
  // Neither of the two is asked how wrong it was lately: both answer only where all of their band grows.
  const Crossing trend = alert::slow_growth(threshold, hourly);
  const Crossing fast = alert::fast_growth(threshold, fine);
  outlook.crossing = {sooner(trend.earliest, fast.earliest), sooner(trend.expected, fast.expected),
                      sooner(trend.latest, fast.latest)};
  return outlook;
}

std::optional<alert::Band> BandWatch::band_at(Timestamp time) const {
  if (!forecast || time < forecast->origin) return std::nullopt;
  const auto step = static_cast<size_t>((time - forecast->origin) / forecast->step);
  if (step >= forecast->steps.size()) return std::nullopt;
  const forecast::Quantiles& q = forecast->steps[step];
  return alert::band99(q.p10, q.p50, q.p90);
}

bool BandWatch::wants_forecast(Timestamp now) const {
  if (!band_at(now)) return now - asked_at >= kAskAgainAfter;
  return !state.breached_at && now - asked_at >= kRenewEvery;
}

void BandWatch::take(std::optional<forecast::Prediction> made, Timestamp now) {
  asked_at = now;
  forecast = std::move(made);
  if (forecast && (forecast->score.count == 0 || forecast->score.coverage80 < kCoverageMin)) forecast.reset();
}

alert::Evaluation judge_by_band(const alert::Rule& rule, const alert::Band& band, const Reading& reading,
                                const alert::RuleState& state, Timestamp now, alert::Voice voice) {
  alert::Rule distance = rule;
  distance.threshold = distance.clear = 0;
  distance.direction = alert::Direction::kAbove;
  const Reading outside{reading.time, alert::outside(band, reading.value)};
  return alert::evaluate(distance, {&outside, 1}, state, now, voice);
}

}  // namespace mps::service
