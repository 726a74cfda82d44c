#include "forecast/kernels.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "forecast/lstm_naive.h"

namespace mps::forecast {
namespace {

template <class T>
std::vector<T> random_numbers(size_t count, std::mt19937_64& random, double reach = 1) {
  std::vector<T> out(count);
  for (auto& v : out) v = static_cast<T>(reach * (static_cast<double>(random() >> 11) * 0x1p-53 * 2 - 1));
  return out;
}

template <class T>
struct LstmCase {
  LstmShape shape;
  std::vector<T> w_ih, w_hh, bias, x, h0, c0, d_hidden;
  std::vector<T> gates, cell, tanh_c, hidden;

  LstmCase(const LstmShape& s, uint64_t seed) : shape(s) {
    std::mt19937_64 random(seed);
    const size_t h = s.hidden, n = s.columns();
    w_ih = random_numbers<T>(4 * h * s.inputs, random), w_hh = random_numbers<T>(4 * h * h, random, 0.5);
    bias = random_numbers<T>(4 * h, random), x = random_numbers<T>(s.inputs * n, random, 2);
    h0 = random_numbers<T>(h * s.batch, random), c0 = random_numbers<T>(h * s.batch, random);
    d_hidden = random_numbers<T>(h * n, random);
    gates.resize(4 * h * n), cell.resize(h * n), tanh_c.resize(h * n), hidden.resize(h * n);
  }

  LstmWeights<T> weights() const { return {w_ih, w_hh, bias}; }
  void forward() { lstm_forward<T>(shape, weights(), x, h0, c0, {gates, cell, tanh_c, hidden}); }
  naive::Gradient<T> backward() {
    naive::Gradient<T> g{std::vector<T>(w_ih.size()), std::vector<T>(w_hh.size()), std::vector<T>(bias.size()),
                         std::vector<T>(x.size())};
    auto d = d_hidden;
    lstm_backward<T>(shape, weights(), x, h0, c0, {gates, cell, tanh_c, hidden}, d, {g.w_ih, g.w_hh, g.bias}, g.x);
    return g;
  }
};

template <class T>
void expect_near(const std::vector<T>& a, const std::vector<T>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(a[i]), static_cast<double>(b[i]),
                tolerance * (1 + std::abs(static_cast<double>(b[i]))))
        << "at " << i;
  }
}

template <class T>
void expect_like_the_naive_twin(const LstmShape& shape, double tolerance) {
  LstmCase<T> fast(shape, 11);
  fast.forward();
  const auto slow = naive::lstm_forward<T>(shape, fast.weights(), fast.x, fast.h0, fast.c0);
  expect_near(fast.hidden, slow.hidden, tolerance);
  expect_near(fast.cell, slow.cell, tolerance);
  const auto expected =
      naive::lstm_backward<T>(shape, fast.weights(), fast.x, fast.h0, fast.c0, slow, std::span<const T>(fast.d_hidden));
  const auto got = fast.backward();
  expect_near(got.w_ih, expected.w_ih, tolerance * 10);
  expect_near(got.w_hh, expected.w_hh, tolerance * 10);
  expect_near(got.bias, expected.bias, tolerance * 10);
  expect_near(got.x, expected.x, tolerance * 10);
}

const std::vector<LstmShape> kShapes = {{3, 5, 4, 2}, {1, 1, 1, 1}, {27, 48, 6, 3}, {17, 19, 9, 1}, {8, 16, 3, 33}};

class EveryIsa : public ::testing::TestWithParam<Isa> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << to_string(GetParam()) << " is not of this machine";
    set_isa(GetParam());
  }
  void TearDown() override { set_isa(before_); }
  Isa before_ = active_isa();
};

TEST_P(EveryIsa, TheLstmAgreesWithItsNaiveTwin) {
  for (const auto& shape : kShapes) expect_like_the_naive_twin<float>(shape, 2e-5);
}

TEST_P(EveryIsa, ADenseLayerIsAMatrixProduct) {
  std::mt19937_64 random(5);
  const DenseShape s{13, 29, 7};
  const auto w = random_numbers<float>(s.inputs * s.outputs, random), b = random_numbers<float>(s.outputs, random);
  const auto x = random_numbers<float>(s.inputs * s.columns, random);
  const auto d_y = random_numbers<float>(s.outputs * s.columns, random);
  std::vector<float> y(s.outputs * s.columns), d_w(w.size()), d_b(b.size()), d_x(x.size());
  dense_forward<float>(s, w, b, x, y);
  dense_backward<float>(s, w, x, d_y, d_w, d_b, d_x);
  std::vector<float> y2(y.size()), d_w2(w.size()), d_b2(b.size()), d_x2(x.size());
  for (size_t n = 0; n < s.columns; ++n) {
    for (size_t o = 0; o < s.outputs; ++o) {
      y2[n * s.outputs + o] += b[o], d_b2[o] += d_y[n * s.outputs + o];
      for (size_t i = 0; i < s.inputs; ++i) {
        y2[n * s.outputs + o] += w[o * s.inputs + i] * x[n * s.inputs + i];
        d_w2[o * s.inputs + i] += d_y[n * s.outputs + o] * x[n * s.inputs + i];
        d_x2[n * s.inputs + i] += d_y[n * s.outputs + o] * w[o * s.inputs + i];
      }
    }
  }
  expect_near(y, y2, 1e-5), expect_near(d_w, d_w2, 1e-5), expect_near(d_b, d_b2, 1e-5), expect_near(d_x, d_x2, 1e-5);
}

TEST_P(EveryIsa, QuantilesAreOrderedAndAddUpAsTheHeaderSays) {
  std::mt19937_64 random(6);
  const HeadShape s{12, 4, 9};
  const auto out = random_numbers<float>(s.rows() * s.columns, random, 20);
  const auto base = random_numbers<float>(s.bases * s.steps * s.columns, random, 5);
  std::vector<float> p10(s.steps * s.columns), p50(p10), p90(p10);
  head_quantiles<float>(s, out, base, p10, p50, p90);
  const auto softplus = [](double v) { return std::log1p(std::exp(v)); };
  for (size_t n = 0; n < s.columns; ++n) {
    for (size_t step = 0; step < s.steps; ++step) {
      const auto at = [&](size_t run) { return static_cast<double>(out[n * s.rows() + run * s.steps + step]); };
      double median = at(s.bases);
      for (size_t k = 0; k < s.bases; ++k) {
        median += at(k) * static_cast<double>(base[n * s.bases * s.steps + k * s.steps + step]);
      }
      const size_t i = n * s.steps + step;
      EXPECT_NEAR(p50[i], median, 1e-3);
      EXPECT_NEAR(p10[i], median - softplus(at(s.bases + 1)), 1e-3);
      EXPECT_NEAR(p90[i], median + softplus(at(s.bases + 2)), 1e-3);
      EXPECT_LE(p10[i], p50[i]);
      EXPECT_LE(p50[i], p90[i]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, EveryIsa, ::testing::Values(Isa::kBase, Isa::kAvx2, Isa::kAvx512),
                         [](const auto& tested) {
                           std::string name(to_string(tested.param));
                           std::erase_if(name, [](char c) { return c == '-'; });
                           return name;
                         });

TEST(Kernels, TheLstmInDoubleAgreesWithItsNaiveTwinToTheLastDigits) {
  for (const auto& shape : kShapes) expect_like_the_naive_twin<double>(shape, 1e-12);
}

TEST(Kernels, AnLstmOverTwoHalvesIsTheLstmOverTheWhole) {
  LstmCase<double> whole({3, 5, 8, 2}, 3);
  whole.forward();
  LstmCase<double> first({3, 5, 4, 2}, 3);
  first.w_ih = whole.w_ih, first.w_hh = whole.w_hh, first.bias = whole.bias;
  first.h0 = whole.h0, first.c0 = whole.c0;
  auto second = first;
  std::copy_n(whole.x.begin(), first.x.size(), first.x.begin());
  std::copy_n(whole.x.begin() + static_cast<ptrdiff_t>(first.x.size()), first.x.size(), second.x.begin());
  first.forward();
  second.h0.assign(first.hidden.end() - 10, first.hidden.end());
  second.c0.assign(first.cell.end() - 10, first.cell.end());
  second.forward();
  expect_near(second.hidden, std::vector<double>(whole.hidden.end() - 40, whole.hidden.end()), 1e-14);
}

TEST(Kernels, AnUnknownOutcomeNeitherCountsNorTeaches) {
  const HeadShape s{2, 1, 1};
  const std::vector<double> out = {0.5, 0.5, 1, 1, 0, 0, 0, 0}, base = {1, 1}, weight = {1, 0};
  std::vector<double> d1(8), d2(8);
  const double known = quantile_loss<double>(s, out, base, std::vector<double>{3, 0}, weight, d1);
  const double other = quantile_loss<double>(s, out, base, std::vector<double>{3, 1e9}, weight, d2);
  EXPECT_EQ(known, other);
  EXPECT_EQ(d1, d2);
  for (size_t run = 0; run < 4; ++run) EXPECT_EQ(d1[run * 2 + 1], 0) << run;
  EXPECT_NE(d1[0], 0);
}

TEST(Kernels, AdamFollowsThePaperForAHandWorkedStep) {
  std::vector<double> w = {1}, first = {0}, second = {0};
  const std::vector<double> g = {4};
  AdamOptions o;
  o.rate = 0.1;
  adam_step<double>(o, 1, 0.5, g, first, second, w);
  // With bias correction the first step is rate * g / |g|.
  EXPECT_NEAR(w[0], 0.9, 1e-8);
  EXPECT_NEAR(first[0], 0.2, 1e-12);
  EXPECT_NEAR(second[0], 0.004, 1e-12);
}

}  // namespace
}  // namespace mps::forecast
