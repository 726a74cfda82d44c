// Training speed: one update of the network (forward, loss, backward, Adam) at every instruction set of this machine,
// beside Eigen's own 1024 x 1024 product. tools/golden/bench_pytorch.py does the same updates in PyTorch. Then what a
// fleet costs: a cell that closes, and the nightly training of a server.
#include <Eigen/Core>
#include <benchmark/benchmark.h>
#include <numbers>
#include <random>

#include "forecast/fit.h"
#include "forecast/model_parts.h"
#include "forecast/network.h"
#include "forecast/stream.h"

namespace mps::forecast {
namespace {

Aligned<float> random_numbers(size_t count, std::mt19937_64& random) {
  Aligned<float> out(count);
  for (auto& v : out) v = static_cast<float>(static_cast<double>(random() >> 11) * 0x1p-53 * 2 - 1);
  return out;
}

void use_best_isa() {
  for (const auto isa : {Isa(0), Isa(1), Isa(2)}) {
    if (supported(isa)) set_isa(isa);
  }
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

// A server with 4 resources: a rhythm of the day and noise.
Frame made_history(size_t days, uint64_t seed) {
  std::mt19937_64 random(seed);
  Frame frame{{Timestamp(std::chrono::seconds(1'767'225'600)), kFineStep, days * 288}, {}};
  for (const char* name : {"cpu", "ram", "net_rx", "net_tx"}) {
    const auto noise = random_numbers(frame.grid.size, random);
    Column column{name, {}};
    double level = 0;
    for (size_t i = 0; i < frame.grid.size; ++i) {
      level = 0.95 * level + noise[i];
      const double turn = 2 * std::numbers::pi * static_cast<double>(i % 288) / 288;
      column.values.push_back(40 + 20 * std::sin(turn) + 2 * level);
    }
    frame.columns.push_back(std::move(column));
  }
  return frame;
}

// One cell of 1,000 servers with 4 resources, each with weights of its own, so that they come from memory as in a big
// fleet.
void stream(benchmark::State& state) {
  use_best_isa();
  constexpr size_t kServers = 1000;
  const auto history = made_history(15, 1);
  TrainOptions options;
  options.effort = 0.01;
  const auto model = train(history, options).value();
  std::vector<Stream> fleet;
  for (size_t i = 0; i < kServers; ++i) {
    fleet.push_back(Stream::start(model, history).value());
  }
  StreamBuffers buffers;
  const std::vector<double> values = {41, 42, 43, 44};
  for (auto _ : state) {
    for (auto& server : fleet) {
      if (!server.add(model, values, buffers)) state.SkipWithError("the streams are used up");
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kServers));
  state.counters["bytes"] = static_cast<double>(fleet.front().bytes());
}
BENCHMARK(stream)->Unit(benchmark::kMillisecond)->Iterations(Stream::kCellsMax / 2);

// What is shown of a server with 4 resources, from so many days of history: the contest of methods goes through the day
// since the training. range(0): days, range(1): hours ahead.
void predict(benchmark::State& state) {
  use_best_isa();
  TrainOptions options;
  options.effort = 0.01;
  const auto days = static_cast<size_t>(state.range(0));
  const auto history = made_history(days, 1);
  auto known = history;
  known.grid.size -= 288;
  for (auto& column : known.columns) column.values.resize(known.grid.size);
  const auto model = train(known, options).value();
  const Duration horizon = std::chrono::hours(state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(model.predict(history, horizon).value());
}
BENCHMARK(predict)->ArgsProduct({{15, 29}, {1, 24}})->Unit(benchmark::kMillisecond);

// 4 resources, 30 days, from the fleet's weights.
void nightly(benchmark::State& state) {
  use_best_isa();
  TrainOptions quick;
  quick.effort = 0.02;
  const auto fleet = train_fleet({made_history(30, 2), made_history(30, 3)}, quick).value().base;
  const auto history = made_history(30, 1);
  TrainOptions options;
  options.base = &fleet, options.base_of_all = &fleet;
  for (auto _ : state) benchmark::DoNotOptimize(train(history, options).value());
}
BENCHMARK(nightly)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace mps::forecast

BENCHMARK_MAIN();
