// Training speed: one update of the network (forward, loss, backward, Adam) at every instruction set of this machine,
// beside Eigen's own 1024 x 1024 product. tools/golden/bench_pytorch.py does the same updates in PyTorch.
#include <Eigen/Core>
#include <benchmark/benchmark.h>
#include <random>

#include "forecast/fit.h"
#include "forecast/network.h"

namespace mps::forecast {
namespace {

Aligned<float> random_numbers(size_t count, std::mt19937_64& random) {
  Aligned<float> out(count);
  for (auto& v : out) v = static_cast<float>(static_cast<double>(random() >> 11) * 0x1p-53 * 2 - 1);
  return out;
}

// range(0): the instruction set; range(1): hours ahead.
void update(benchmark::State& state) {
  const auto isa = static_cast<Isa>(state.range(0));
  if (!supported(isa)) {
    state.SkipWithError("not of this machine");
    return;
  }
  set_isa(isa);
  const auto layout = layout_for(state.range(1) == 1 ? kHour : kDay).value();
  const auto options = fit_options(layout, kFromNothing, 1);
  const NetworkShape s{kInputs, 48, layout.steps, kBases};
  std::mt19937_64 random(1);
  auto network = make_network(s, random);
  Batch<float> b;
  b.steps = options.window, b.batch = options.lanes;
  const size_t n = b.steps * b.batch;
  b.x = random_numbers(s.inputs * n, random), b.base = random_numbers(s.bases * s.steps * n, random);
  b.target = random_numbers(s.steps * n, random), b.weight.assign(s.steps * n, 1);
  b.h.assign(s.hidden * b.batch, 0), b.c = b.h;
  Workspace<float> workspace;
  Aligned<float> gradient(network.weights.size()), first(gradient.size()), second(gradient.size());
  int64_t step = 0;
  for (auto _ : state) {
    loss_and_gradient<float>(network, b, workspace, gradient);
    adam_step<float>({}, ++step, 1e-3f, gradient, first, second, network.weights);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(n));
  // Forward, and backward by weights and by inputs, but for the inputs' own gradient, which nobody needs.
  const size_t lstm = 4 * s.hidden * (s.inputs + s.hidden), head = s.hidden * s.head_rows();
  const double products = 2.0 * static_cast<double>(n * (3 * (lstm + head) - 4 * s.hidden * s.inputs));
  state.counters["flop"] = benchmark::Counter(products, benchmark::Counter::kIsIterationInvariantRate);
  state.SetLabel(std::string(to_string(isa)));
}
BENCHMARK(update)->ArgsProduct({{0, 1, 2}, {1, 24}})->Unit(benchmark::kMillisecond);

// Build with -DCMAKE_CXX_FLAGS=-march=native to see what Eigen can do on this machine.
void sgemm(benchmark::State& state) {
  const Eigen::MatrixXf a = Eigen::MatrixXf::Random(1024, 1024), b = a;
  Eigen::MatrixXf c(1024, 1024);
  for (auto _ : state) {
    c.noalias() = a * b;
    benchmark::DoNotOptimize(c.data());
  }
  state.counters["flop"] = benchmark::Counter(2.0 * 1024 * 1024 * 1024, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(sgemm)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mps::forecast

BENCHMARK_MAIN();
