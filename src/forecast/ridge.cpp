#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>

#include "forecast/baselines.h"

namespace mps::forecast {
namespace {

using Inputs = std::array<double, kRidgeInputs>;
constexpr std::array<size_t, 8> kLags = {1, 2, 3, 4, 5, 6, 8, 11};

double or_else(double value, double otherwise) {
  return std::isfinite(value) ? value : otherwise;
}

// Inputs shared by all steps: differences of lags and means to the newest value. False where there is none.
struct Origin {
  double last = 0;
  std::array<double, kLags.size()> lags{};
  double recent = 0, day_mean = 0;
};

class Reader {
 public:
  Reader(const Layout& layout, std::span<const double> known) : layout_(layout), known_(known) {}

  double cell(size_t i) const { return i < known_.size() ? known_[i] : std::nan(""); }

  bool origin(size_t t, Origin& o) const {
    o.last = cell(t);
    for (size_t k = 1; !std::isfinite(o.last) && k <= layout_.day && k <= t; ++k) o.last = cell(t - k);
    if (!std::isfinite(o.last)) return false;
    double previous = o.last;
    for (size_t j = 0; j < kLags.size(); ++j) {
      previous = or_else(t >= kLags[j] ? cell(t - kLags[j]) : previous, previous);
      o.lags[j] = previous - o.last;
    }
    o.recent = mean(t, layout_.recent, o.last) - o.last;
    o.day_mean = mean(t, layout_.day, o.last) - o.last;
    return true;
  }

  // The target's inputs; same-time values fall back on their neighbours in meaning.
  void inputs(size_t t, size_t step, const Origin& o, Inputs& x) const {
    const size_t target = t + 1 + step, day = layout_.day;
    double sum = 0, count = 0;
    for (size_t k = 1; k <= 7 && target >= k * day; ++k) {
      const double v = cell(target - k * day);
      if (std::isfinite(v)) sum += v, ++count;
    }
    const double mean7 = count > 0 ? sum / count : o.last;
    const auto back = [&](size_t cells) {
      return or_else(target >= cells ? cell(target - cells) : std::nan(""), mean7);
    };
    const auto ago = [&](size_t cells) { return or_else(t >= cells ? cell(t - cells) : std::nan(""), o.last); };
    x = {1,
         0,
         0,
         0,
         0,
         0,
         0,
         0,
         0,
         o.recent,
         o.day_mean,
         back(day) - o.last,
         back(2 * day) - o.last,
         back(layout_.week) - o.last,
         mean7 - o.last,
         ago(day) - o.last,
         ago(layout_.week) - o.last,
         0};
    std::copy(o.lags.begin(), o.lags.end(), x.begin() + 1);
    x[17] = back(2 * layout_.week) - o.last;
  }

 private:
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
    Origin o;
    std::fill(out.begin(), out.end(), std::nan(""));
    if (coefficients_.values.empty() || known.empty() || !reader.origin(known.size() - 1, o)) return;
    Inputs x;
    for (size_t s = 0; s < out.size(); ++s) {
      reader.inputs(known.size() - 1, s, o, x);
      const double* w = coefficients_.values.data() + s * kRidgeInputs;
      out[s] = o.last;
      for (size_t j = 0; j < kRidgeInputs; ++j) out[s] += w[j] * x[j];
    }
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

RidgeCoefficients fit_ridge(const Layout& layout, std::span<const double> past) {
  const Reader reader(layout, past);
  std::vector<NormalEquations> equations(layout.steps);
  double count = 0;
  Origin o;
  Inputs x;
  const size_t every = layout.steps > 20 ? 1 : 2;
  for (size_t t = layout.day; t + 1 < past.size(); t += every) {
    if (!std::isfinite(past[t]) || !reader.origin(t, o)) continue;
    ++count;
    for (size_t s = 0; s < layout.steps && t + 1 + s < past.size(); ++s) {
      const double actual = past[t + 1 + s];
      if (!std::isfinite(actual)) continue;
      reader.inputs(t, s, o, x);
      equations[s].add(x, actual - o.last);
    }
  }
  if (count < 4 * kRidgeInputs) return {};
  RidgeCoefficients c{layout.steps, std::vector<double>(layout.steps * kRidgeInputs)};
  for (size_t s = 0; s < layout.steps; ++s) {
    equations[s].flush();
    Eigen::Map<Vector>(c.values.data() + s * kRidgeInputs) = solve(equations[s].gram(), equations[s].moment());
  }
  return c;
}

std::unique_ptr<Baseline> make_ridge(const Layout& layout, RidgeCoefficients c) {
  if (c.values.size() != layout.steps * kRidgeInputs) c = {};
  return std::make_unique<Ridge>(layout, std::move(c));
}

}  // namespace mps::forecast
