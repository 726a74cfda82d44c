#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>

#include "forecast/baselines.h"

namespace mps::forecast {
namespace {

using Inputs = std::array<double, kRidgeInputs>;

double or_else(double value, double otherwise) {
  return std::isfinite(value) ? value : otherwise;
}

// Same-time values fall back on their neighbours in meaning.
void fill_ridge_inputs(const RidgeOrigin& o, const RidgeTarget& target, Inputs& x) {
  const double mean7 = or_else(target.mean7, o.last);
  const auto back = [&](double value) { return or_else(value, mean7) - o.last; };
  x[0] = 1;
  for (size_t j = 0; j < kRidgeLags.size(); ++j) x[1 + j] = o.lags[j] - o.last;
  x[9] = o.recent - o.last, x[10] = o.day_mean - o.last;
  x[11] = back(target.day), x[12] = back(target.two_days), x[13] = back(target.week), x[14] = mean7 - o.last;
  x[15] = or_else(o.day_ago, o.last) - o.last, x[16] = or_else(o.week_ago, o.last) - o.last;
  x[17] = back(target.two_weeks);
}

class Reader {
 public:
  Reader(const Layout& layout, std::span<const double> known) : layout_(layout), known_(known) {}

  // False where nothing is known of the last day.
  bool origin(size_t t, RidgeOrigin& o) const {
    o.last = cell(t);
    for (size_t k = 1; !std::isfinite(o.last) && k <= layout_.day && k <= t; ++k) o.last = cell(t - k);
    if (!std::isfinite(o.last)) return false;
    double previous = o.last;
    for (size_t j = 0; j < kRidgeLags.size(); ++j) o.lags[j] = previous = or_else(back(t, kRidgeLags[j]), previous);
    o.recent = mean(t, layout_.recent, o.last), o.day_mean = mean(t, layout_.day, o.last);
    o.day_ago = back(t, layout_.day), o.week_ago = back(t, layout_.week);
    return true;
  }

  RidgeTarget target(size_t i) const {
    const size_t day = layout_.day;
    double sum = 0, count = 0;
    for (size_t k = 1; k <= 7; ++k) {
      if (const double v = back(i, k * day); std::isfinite(v)) sum += v, ++count;
    }
    return {back(i, day), back(i, 2 * day), back(i, layout_.week), back(i, 2 * layout_.week),
            count > 0 ? sum / count : std::nan("")};
  }

 private:
  double cell(size_t i) const { return i < known_.size() ? known_[i] : std::nan(""); }
  double back(size_t i, size_t cells) const { return i >= cells ? cell(i - cells) : std::nan(""); }

  double mean(size_t t, size_t cells, double otherwise) const {
    double sum = 0, count = 0;
    for (size_t k = 0; k < cells && k <= t; ++k) {
      if (const double v = cell(t - k); std::isfinite(v)) sum += v, ++count;
    }
    return count > 0 ? sum / count : otherwise;
  }

  const Layout& layout_;
  std::span<const double> known_;
};

class Ridge final : public Baseline {
 public:
  Ridge(const Layout& layout, RidgeCoefficients c) : layout_(layout), coefficients_(std::move(c)) {}
  std::string_view name() const override { return "ridge"; }
  void forecast(std::span<const double> known, std::span<double> out) const override {
    const Reader reader(layout_, known);
    RidgeOrigin o;
    std::fill(out.begin(), out.end(), std::nan(""));
    if (coefficients_.values.empty() || known.empty() || !reader.origin(known.size() - 1, o)) return;
    for (size_t s = 0; s < out.size(); ++s)
      out[s] = ridge_forecast(coefficients_, s, o, reader.target(known.size() + s));
  }

 private:
  Layout layout_;
  RidgeCoefficients coefficients_;
};

using Gram = Eigen::Matrix<double, kRidgeInputs, kRidgeInputs>;
using Vector = Eigen::Matrix<double, kRidgeInputs, 1>;

// The sums of the normal equations of one step. Rows are gathered first: a product of many costs a third of as many
// products of one.
class NormalEquations {
 public:
  void add(const Inputs& x, double y) {
    rows_.col(count_) = Eigen::Map<const Vector>(x.data());
    outcomes_[count_] = y;
    if (++count_ == kRows) flush();
  }
  void flush() {
    const auto rows = rows_.leftCols(count_);
    gram_.noalias() += rows * rows.transpose();
    moment_.noalias() += rows * outcomes_.head(count_);
    count_ = 0;
  }
  const Gram& gram() const { return gram_; }
  const Vector& moment() const { return moment_; }

 private:
  static constexpr Eigen::Index kRows = 64;
  Eigen::Matrix<double, kRidgeInputs, kRows> rows_;
  Eigen::Matrix<double, kRows, 1> outcomes_;
  Eigen::Index count_ = 0;
  Gram gram_ = Gram::Zero();
  Vector moment_ = Vector::Zero();
};

// The penalty is relative to the inputs' own size, so that units do not matter; the constant (input 0) has none.
Vector solve(const Gram& gram, const Vector& moment) {
  Gram a = gram;
  const double size = gram.trace() - gram(0, 0);
  for (size_t j = 1; j < kRidgeInputs; ++j) a(j, j) += 1e-2 * gram(j, j) + 1e-9 * size;
  return a.ldlt().solve(moment);
}

}  // namespace

double ridge_forecast(const RidgeCoefficients& c, size_t step, const RidgeOrigin& origin, const RidgeTarget& target) {
  if (c.values.empty() || !std::isfinite(origin.last)) return std::nan("");
  Inputs x;
  fill_ridge_inputs(origin, target, x);
  double value = origin.last;
  for (size_t j = 0; j < kRidgeInputs; ++j) value += c.values[step * kRidgeInputs + j] * x[j];
  return value;
}

struct RidgeFit::Sums {
  std::vector<NormalEquations> equations;  // of each step
};

RidgeFit::RidgeFit(const Layout& layout) : layout_(layout), sums_(std::make_unique<Sums>()) {
  sums_->equations.resize(layout.steps);
}

RidgeFit::~RidgeFit() = default;

void RidgeFit::learn(std::span<const double> known) {
  const Reader reader(layout_, known);
  RidgeOrigin o;
  Inputs x;
  const size_t every = layout_.steps > 20 ? 1 : 2;
  for (size_t t = layout_.day; t + 1 < known.size(); t += every) {
    if (t + layout_.steps < learnt_ || !std::isfinite(known[t]) || !reader.origin(t, o)) continue;
    if (t + 1 >= learnt_) ++origins_;
    const size_t first = learnt_ > t + 1 ? learnt_ - t - 1 : 0;
    for (size_t s = first; s < layout_.steps && t + 1 + s < known.size(); ++s) {
      const double actual = known[t + 1 + s];
      if (!std::isfinite(actual)) continue;
      fill_ridge_inputs(o, reader.target(t + 1 + s), x);
      sums_->equations[s].add(x, actual - o.last);
    }
  }
  for (NormalEquations& equations : sums_->equations) equations.flush();
  learnt_ = std::max(learnt_, known.size());
}

RidgeCoefficients RidgeFit::coefficients() const {
  if (origins_ < 4 * kRidgeInputs) return {};
  RidgeCoefficients c{layout_.steps, std::vector<double>(layout_.steps * kRidgeInputs)};
  for (size_t s = 0; s < layout_.steps; ++s) {
    const NormalEquations& equations = sums_->equations[s];
    Eigen::Map<Vector>(c.values.data() + s * kRidgeInputs) = solve(equations.gram(), equations.moment());
  }
  return c;
}

RidgeCoefficients fit_ridge(const Layout& layout, std::span<const double> past) {
  RidgeFit fit(layout);
  fit.learn(past);
  return fit.coefficients();
}

std::unique_ptr<Baseline> make_ridge(const Layout& layout, RidgeCoefficients c) {
  if (c.values.size() != layout.steps * kRidgeInputs) c = {};
  return std::make_unique<Ridge>(layout, std::move(c));
}

}  // namespace mps::forecast
