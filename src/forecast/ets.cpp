#include <algorithm>
#include <cmath>
#include <limits>

#include "forecast/baselines.h"

namespace mps::forecast {
namespace {

// Level and daily season, moved on cell by cell; an unknown cell moves nothing.
class Smoother {
 public:
  Smoother(const Layout& layout, EtsConstants c) : constants_(c), season_(layout.day, std::nan("")) {}

  void add(double value) {
    double& season = season_[cell_++ % season_.size()];
    if (!std::isfinite(value)) return;
    if (!started_) level_ = value, started_ = true;
    if (!std::isfinite(season)) {
      season = value - level_;
      level_ += constants_.level * 0.1 * season;
      return;
    }
    const double error = value - level_ - season;
    level_ += constants_.level * error;
    season += constants_.season * error;
  }

  double ahead(size_t step) const {
    const double season = season_[(cell_ + step) % season_.size()];
    return level_ + (std::isfinite(season) ? season : 0);
  }

 private:
  EtsConstants constants_;
  std::vector<double> season_;
  size_t cell_ = 0;
  double level_ = 0;
  bool started_ = false;
};

constexpr size_t kWeeksOfMemory = 5;

class Ets final : public Baseline {
 public:
  Ets(const Layout& layout, EtsConstants c) : layout_(layout), constants_(c) {}
  std::string_view name() const override { return "ets"; }
  void forecast(std::span<const double> known, std::span<double> out) const override {
    Smoother smoother(layout_, constants_);
    for (const double v : known.last(std::min(known.size(), kWeeksOfMemory * layout_.week))) smoother.add(v);
    for (size_t s = 0; s < out.size(); ++s) out[s] = smoother.ahead(s);
  }

 private:
  Layout layout_;
  EtsConstants constants_;
};

// Mean absolute error over all steps ahead, at the hold-out origins' pace, after a first two days to settle.
double error_of(const Layout& layout, std::span<const double> past, EtsConstants c) {
  Smoother smoother(layout, c);
  double sum = 0, count = 0;
  for (size_t t = 0; t < past.size(); ++t) {
    smoother.add(past[t]);
    if (t < 2 * layout.day || t % layout.origin_every != 0) continue;
    for (size_t s = 0; s < layout.steps && t + 1 + s < past.size(); s += 3) {
      const double e = std::abs(past[t + 1 + s] - smoother.ahead(s));
      if (std::isfinite(e)) sum += e, ++count;
    }
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::infinity();
}

}  // namespace

EtsConstants fit_ets(const Layout& layout, std::span<const double> past) {
  past = past.last(std::min(past.size(), kWeeksOfMemory * layout.week));
  EtsConstants best;
  double least = std::numeric_limits<double>::infinity();
  for (const double level : {0.01, 0.03, 0.1, 0.3, 0.6, 0.9}) {
    for (const double season : {0.0, 0.03, 0.1, 0.3}) {
      const EtsConstants c{level, season * (1 - level)};
      if (const double e = error_of(layout, past, c); e < least) least = e, best = c;
    }
  }
  return best;
}

std::unique_ptr<Baseline> make_ets(const Layout& layout, EtsConstants constants) {
  return std::make_unique<Ets>(layout, constants);
}

}  // namespace mps::forecast
