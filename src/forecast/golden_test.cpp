#include <gtest/gtest.h>

#include "forecast/network.h"

namespace mps::forecast {
namespace {

#include "forecast/testdata/lstm_golden.inc"

template <class T, size_t N>
Aligned<T> numbers(const double (&golden)[N]) {
  Aligned<T> out;
  for (const double v : golden) out.push_back(static_cast<T>(v));
  return out;
}

const NetworkShape kShape{kInputCount, kHiddenCount, kAheadCount, kBaseCount};

template <class T>
Batch<T> golden_batch() {
  Batch<T> b;
  b.steps = kStepCount, b.batch = kBatchCount;
  b.x = numbers<T>(kGoldenX), b.base = numbers<T>(kGoldenBase);
  b.target = numbers<T>(kGoldenTarget), b.weight = numbers<T>(kGoldenWeight);
  b.h = numbers<T>(kGoldenH0), b.c = numbers<T>(kGoldenC0);
  return b;
}

template <class T>
void expect_golden(const Aligned<T>& got, const Aligned<T>& golden, double tolerance, const char* what) {
  ASSERT_EQ(got.size(), golden.size()) << what;
  for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], golden[i], tolerance) << what << " at " << i;
}

template <class T>
void expect_like_pytorch(double tolerance) {
  Network<T> network{kShape, numbers<T>(kGoldenWeights)};
  Workspace<T> workspace;
  NetworkQuantiles<T> q;
  auto batch = golden_batch<T>();
  run_network<T>(network, batch, workspace, q);
  expect_golden(workspace.hidden, numbers<T>(kGoldenHidden), tolerance, "hidden");
  expect_golden(q.p10, numbers<T>(kGoldenP10), tolerance, "p10");
  expect_golden(q.p50, numbers<T>(kGoldenP50), tolerance, "p50");
  expect_golden(q.p90, numbers<T>(kGoldenP90), tolerance, "p90");

  Aligned<T> gradient(network.weights.size()), first(gradient.size()), second(gradient.size());
  batch = golden_batch<T>();
  loss_and_gradient<T>(network, batch, workspace, gradient);
  expect_golden(gradient, numbers<T>(kGoldenGradient), tolerance * 10, "gradient");
  AdamOptions adam;
  adam.rate = 0.02;
  for (size_t step = 0; step < std::size(kGoldenLosses); ++step) {
    batch = golden_batch<T>();
    const T loss = loss_and_gradient<T>(network, batch, workspace, gradient);
    EXPECT_NEAR(loss, kGoldenLosses[step], tolerance * 30) << "training loss " << step;
    adam_step<T>(adam, static_cast<int64_t>(step) + 1, T(1), gradient, first, second, network.weights);
  }
}

TEST(Golden, ForwardGradientAndTenTrainingLossesArePyTorchsInDouble) {
  expect_like_pytorch<double>(1e-10);
}

TEST(Golden, AndInFloatAtEveryInstructionSetOfThisMachine) {
  const Isa before = active_isa();
  for (const Isa isa : {Isa::kBase, Isa::kAvx2, Isa::kAvx512}) {
    if (!supported(isa)) continue;
    SCOPED_TRACE(to_string(isa));
    set_isa(isa);
    expect_like_pytorch<float>(1e-5);
  }
  set_isa(before);
}

// Every weight of a whole network, LSTM and head, against central differences.
TEST(Golden, EveryGradientAgreesWithCentralDifferences) {
  Network<double> network{kShape, numbers<double>(kGoldenWeights)};
  Workspace<double> workspace;
  Aligned<double> gradient(network.weights.size()), unused(gradient.size());
  auto batch = golden_batch<double>();
  loss_and_gradient<double>(network, batch, workspace, gradient);
  const double step = 1e-6;
  for (size_t i = 0; i < network.weights.size(); ++i) {
    const auto loss_at = [&](double weight) {
      auto moved = network;
      moved.weights[i] = weight;
      auto fresh = golden_batch<double>();
      return loss_and_gradient<double>(moved, fresh, workspace, unused);
    };
    const double w = network.weights[i];
    const double slope = (loss_at(w + step) - loss_at(w - step)) / (2 * step);
    ASSERT_NEAR(gradient[i], slope, 1e-6 * (1 + std::abs(slope))) << "weight " << i;
  }
}

TEST(Golden, TensorsBearPyTorchsNamesAndCoverEveryWeightOnce) {
  const auto all = tensors(kShape);
  size_t offset = 0;
  for (const auto& t : all) {
    EXPECT_EQ(t.offset, offset) << t.name;
    size_t size = 1;
    for (const size_t side : t.shape) size *= side;
    EXPECT_EQ(t.size, size) << t.name;
    offset += t.size;
  }
  EXPECT_EQ(offset, std::size(kGoldenWeights));
  EXPECT_EQ(all[0].name, "lstm.weight_ih_l0");
  EXPECT_EQ(all[3].name, "head.weight");
}

}  // namespace
}  // namespace mps::forecast
