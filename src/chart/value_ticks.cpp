#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "chart/ticks.h"

namespace mps::chart {
namespace {

constexpr double kHuge = 1e300;  // beyond it differences overflow

bool is_rate(Unit unit) {
  return unit != Unit::kPercent && unit != Unit::kLoad;
}

// The smallest of 1, 2, 5 times a power of ten that is not below `wanted`, give or take rounding. `wanted` > 0.
double round_up_step(double wanted) {
  const double power = std::pow(10.0, std::floor(std::log10(wanted)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= wanted * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

double percent_top(double max) {
  for (const double top : {10.0, 20.0, 50.0, 100.0}) {
    if (max <= top * 0.95) return top;
  }
  return max <= 100.5 ? 100.0 : max * 1.05;
}

double thousand_of(Unit unit) {
  return unit == Unit::kBinaryBytesPerSecond ? 1024.0 : 1000.0;
}

using Prefixed = std::array<const char*, 7>;

const Prefixed& names_of_unit(Unit unit) {
  static constexpr Prefixed kPlain = {"", "K", "M", "G", "T", "P", "E"};
  static constexpr Prefixed kBytes = {"B/s", "KB/s", "MB/s", "GB/s", "TB/s", "PB/s", "EB/s"};
  static constexpr Prefixed kBinary = {"B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s", "PiB/s", "EiB/s"};
  static constexpr Prefixed kBits = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s", "Ebit/s"};
  if (!is_rate(unit)) return kPlain;
  return unit == Unit::kBitsPerSecond ? kBits : unit == Unit::kBinaryBytesPerSecond ? kBinary : kBytes;
}

double top_of(double max, Unit unit) {
  switch (unit) {
    case Unit::kPercent:
      return percent_top(max);
    case Unit::kBytesPerSecond:
    case Unit::kNetBytesPerSecond:
    case Unit::kBitsPerSecond:
    case Unit::kBinaryBytesPerSecond:
      return std::max(max * 1.05, thousand_of(unit));
    case Unit::kLoad:
      break;
  }
  return std::max(max * 1.05, 1.0);
}

void choose_unit(ValueAxis& axis, double low, double high, Unit unit) {
  if (unit == Unit::kPercent) {
    axis.unit = "%";
    return;
  }
  const Prefixed& names = names_of_unit(unit);
  const double largest = std::max(std::abs(low), std::abs(high)), thousand = thousand_of(unit);
  axis.unit = names[0];
  const double first_step = is_rate(unit) ? thousand : 1e5;  // 20000 is a number that people read; 20000 B/s is not
  if (largest >= 1e21) return;                               // beyond the prefixes that people know
  size_t power = 0;
  if (largest >= first_step)
    power = static_cast<size_t>(std::min(6.0, std::floor(std::log(largest) / std::log(thousand) + 1e-9)));
  axis.divisor = std::pow(thousand, static_cast<double>(power));
  axis.unit = names[power];
}

}  // namespace

std::vector<double> ValueAxis::ticks() const {
  std::vector<double> all;
  const double first = std::round(low / step), count = std::round((high - low) / step);
  for (double i = 0; i <= count; ++i) all.push_back((first + i) * step);
  return all;
}

bool shows_threshold(const Extremes& data, double threshold) {
  return std::isfinite(threshold) && (data.empty() || (data.max >= threshold / 2 && data.min <= threshold * 2));
}

ValueAxis value_axis(const Extremes& data, Unit unit, int intervals) {
  const double min = data.empty() ? 0 : std::clamp(data.min, -kHuge, kHuge);
  const double max = data.empty() ? 0 : std::clamp(data.max, -kHuge, kHuge);
  ValueAxis axis;
  const double high = max <= 0 && min < 0 ? 0 : top_of(max, unit);
  const double low = min < 0 ? min * 1.05 : 0;
  // Ticks are round in the unit that stands at them: 0.5 MiB/s, not 500000 B/s.
  if (unit == Unit::kBinaryBytesPerSecond) choose_unit(axis, low, high, unit);
  axis.step = round_up_step((high - low) / intervals / axis.divisor) * axis.divisor;
  axis.high = std::ceil(high / axis.step - 1e-9) * axis.step;
  axis.low = std::floor(low / axis.step + 1e-9) * axis.step;
  if (unit != Unit::kBinaryBytesPerSecond) choose_unit(axis, axis.low, axis.high, unit);
  return axis;
}

std::string tick_label(const ValueAxis& axis, double value) {
  if (value == 0 && axis.unit != "%") return "0";
  const double shown = value / axis.divisor, step = axis.step / axis.divisor;
  const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 9);
  const bool plain = std::abs(shown) < 1e6;
  std::string label = plain ? fmt::format("{:.{}f}", shown + 0.0, decimals) : fmt::format("{:.3g}", shown);
  if (!axis.unit.empty()) label += " " + axis.unit;
  return label;
}

std::string short_value(double value, Unit unit) {
  if (!std::isfinite(value) || std::abs(value) < 1e6) return format_value(value, unit);
  if (is_rate(unit) && std::abs(value) < 1e18) return format_value(value, unit);
  const std::string after = unit == Unit::kPercent ? "%" : names_of_unit(unit)[0];
  return fmt::format("{:.3g}{}{}", value, after.empty() ? "" : " ", after);
}

std::string in_words(std::string text, const Words& words) {
  for (const auto& [from, to] : words.units) {
    if (text.ends_with(from)) return text.replace(text.size() - from.size(), from.size(), to);
  }
  return text;
}

}  // namespace mps::chart
