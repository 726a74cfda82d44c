#include <algorithm>
#include <cmath>
#include <limits>

#include "forecast/baselines.h"

namespace mps::forecast {
namespace {

constexpr size_t kDaysFitted = 35;

class Ets final : public Baseline {
 public:
  Ets(const Layout& layout, EtsConstants c) : layout_(layout), constants_(c) {}
  std::string_view name() const override { return "ets"; }
  void forecast(std::span<const double> known, std::span<double> out) const override {
    const EtsSmoother smoother(layout_.day, constants_, known);
    for (size_t s = 0; s < out.size(); ++s) out[s] = smoother.ahead(s);
  }
  // In one pass.
  void forecast_at(std::span<const double> values, std::span<const size_t> origins,
                   std::span<std::vector<double>> out) const override {
    if (origins.empty()) return;
    size_t next = origins.front() + 1;
    EtsSmoother smoother(layout_.day, constants_, values.first(next));
    for (size_t i = 0; i < origins.size(); ++i) {
      for (; next <= origins[i]; ++next) smoother.add(values[next]);
      for (size_t s = 0; s < out[i].size(); ++s) out[i][s] = smoother.ahead(s);
    }
  }

 private:
  Layout layout_;
  EtsConstants constants_;
};

// Mean absolute error over all steps ahead, at the hold-out origins' pace, after a first two days to settle.
double error_of(const Layout& layout, std::span<const double> past, EtsConstants c) {
  EtsSmoother smoother(layout.day, c, {});
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

EtsSmoother::EtsSmoother(size_t day, EtsConstants constants, std::span<const double> known)
    : constants_(constants), season_(day, std::nan("")) {
  for (const double v : known) add(v);
}

EtsSmoother EtsSmoother::excerpt(size_t cells) const {
  EtsSmoother e;
  e.constants_ = constants_, e.level_ = level_, e.started_ = started_;
  e.season_.reserve(cells);
  for (size_t i = 0; i < cells; ++i) e.season_.push_back(season_[(next_ + i) % season_.size()]);
  return e;
}

EtsConstants fit_ets(const Layout& layout, std::span<const double> past) {
  past = past.last(std::min(past.size(), kDaysFitted * layout.day));
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
