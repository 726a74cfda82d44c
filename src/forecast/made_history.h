#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>
#include <string>

#include "forecast/layout.h"

// Histories for tests: made from a seed, with nothing of the real world in them.
namespace mps::forecast {

inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

inline double next_uniform(std::mt19937_64& random) {  // -1..1
  return static_cast<double>(random() >> 11) * 0x1p-53 * 2 - 1;
}

inline Frame empty_frame(size_t days) {
  return {{Timestamp(std::chrono::seconds(1'767'225'600)), kFineStep, days * 288}, {}};
}

// A working day's hump whose height wanders from day to day, and noise: the day before is a poor guide, the level of
// this morning a good one.
inline Column daily_rhythm(const std::string& name, size_t days, uint64_t seed, double height = 30) {
  std::mt19937_64 random(seed);
  Column c{name, {}};
  double level = 1, noise = 0;
  for (size_t i = 0; i < days * 288; ++i) {
    if (i % 288 == 0) level = 1 + 0.5 * next_uniform(random);
    noise = 0.9 * noise + next_uniform(random);
    const double turn = 2 * std::numbers::pi * static_cast<double>(i % 288) / 288;
    c.values.push_back(10 + height * level * std::pow((1 - std::cos(turn)) / 2, 2) + 0.5 * noise);
  }
  return c;
}

inline Frame daily_frame(size_t days, uint64_t seed) {
  auto frame = empty_frame(days);
  frame.columns = {daily_rhythm("cpu", days, seed), daily_rhythm("net_rx", days, seed + 1, 3e5)};
  return frame;
}

}  // namespace mps::forecast
