#pragma once

#include <span>
#include <vector>

#include "forecast/evaluate.h"

// The methods of make_baselines() for one series whose features are moved on cell by cell.
namespace mps::forecast {

class SimpleStream {
 public:
  // known: all cells up to now. At most `cells` can be added.
  SimpleStream(const Layout& layout, const FittedBaselines& fitted, std::span<const double> known, size_t cells);

  // The next cell has closed.
  void add(double value) { ets_.add(value), ++added_; }
  // What each method says after cell t of the features, the newest: (methods, layout.steps), in their order.
  void forecast(const FittedBaselines& fitted, const SeriesFeatures& features, size_t t,
                std::span<double> medians) const;
  size_t bytes() const { return sizeof(*this) + ets_.bytes() + sizeof(float) * values_.capacity(); }

 private:
  // What other days say of the cells after the start.
  enum Row : size_t { kDay, kWeek, kMean7, kTwoDays, kTwoWeeks, kRows };
  double at(Row row, size_t step) const { return static_cast<double>(values_[row * cells_ + added_ + step]); }
  RidgeOrigin ridge_origin(const SeriesFeatures& features, size_t t) const;

  size_t cells_ = 0, added_ = 0;
  std::vector<float> values_;  // (kRows, cells_)
  EtsSmoother ets_;
};

}  // namespace mps::forecast
