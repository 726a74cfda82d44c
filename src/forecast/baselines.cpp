#include "forecast/baselines.h"

#include <algorithm>
#include <cmath>

namespace mps::forecast {
namespace {

double newest(std::span<const double> known) {
  for (size_t i = known.size(); i > 0; --i) {
    if (std::isfinite(known[i - 1])) return known[i - 1];
  }
  return kUnknown;
}

class Naive final : public Baseline {
 public:
  std::string_view name() const override { return "naive"; }
  void forecast(std::span<const double> known, std::span<double> out) const override {
    std::fill(out.begin(), out.end(), newest(known));
  }
};

class RecentMean final : public Baseline {
 public:
  RecentMean(std::string_view name, size_t cells) : name_(name), cells_(cells) {}
  std::string_view name() const override { return name_; }
  void forecast(std::span<const double> known, std::span<double> out) const override {
    double sum = 0, count = 0;
    for (const double v : known.last(std::min(cells_, known.size()))) {
      if (std::isfinite(v)) sum += v, ++count;
    }
    std::fill(out.begin(), out.end(), count > 0 ? sum / count : newest(known));
  }

 private:
  std::string_view name_;
  size_t cells_;
};

// The mean of the same time `times` periods back; one period is the seasonal naive.
class SameTime final : public Baseline {
 public:
  SameTime(std::string_view name, size_t period, size_t times) : name_(name), period_(period), times_(times) {}
  std::string_view name() const override { return name_; }
  void forecast(std::span<const double> known, std::span<double> out) const override {
    for (size_t s = 0; s < out.size(); ++s) {
      const size_t target = known.size() + s;
      double sum = 0, count = 0;
      for (size_t k = 1; k <= times_ && target >= k * period_; ++k) {
        const size_t i = target - k * period_;
        if (i < known.size() && std::isfinite(known[i])) sum += known[i], ++count;
      }
      // A hole at that time: the newest earlier period that has one, so that every method answers for every origin.
      for (size_t k = times_ + 1; count == 0 && target >= k * period_; ++k) {
        if (std::isfinite(known[target - k * period_])) sum = known[target - k * period_], count = 1;
      }
      out[s] = count > 0 ? sum / count : kUnknown;
    }
  }

 private:
  std::string_view name_;
  size_t period_, times_;
};

}  // namespace

std::vector<std::unique_ptr<Baseline>> simple_baselines(const Layout& l) {
  std::vector<std::unique_ptr<Baseline>> all;
  all.push_back(std::make_unique<Naive>());
  const auto hour = static_cast<size_t>(kHour / l.step);
  all.push_back(std::make_unique<RecentMean>("mean of the last hour", hour));
  all.push_back(std::make_unique<SameTime>(kSeasonalNaive, l.day, 1));
  all.push_back(std::make_unique<SameTime>("seasonal naive (week)", l.week, 1));
  all.push_back(std::make_unique<SameTime>("mean of 7 days", l.day, 7));
  return all;
}

}  // namespace mps::forecast
