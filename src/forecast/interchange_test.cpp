#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>

#include "forecast/kernels.h"
#include "forecast/lstm_naive.h"
#include "forecast/made_history.h"
#include "forecast/model.h"
#include "forecast/safetensors.h"

namespace mps::forecast {
namespace {

// The hidden states of 20 steps over a fixed input, with the weights of a model file: what
// tools/golden/check_safetensors.py asks of PyTorch's nn.LSTM.
std::vector<float> hidden_states(const Safetensors& file, const std::string& prefix) {
  const auto& w_ih = *file.find(prefix + "lstm.weight_ih_l0");
  const auto& w_hh = *file.find(prefix + "lstm.weight_hh_l0");
  auto bias = file.find(prefix + "lstm.bias_ih_l0")->values;
  const auto& second = file.find(prefix + "lstm.bias_hh_l0")->values;
  for (size_t i = 0; i < bias.size(); ++i) bias[i] += second[i];
  const LstmShape shape{w_ih.shape[1], w_hh.shape[1], 20, 1};
  std::vector<float> x(shape.steps * shape.inputs), zero(shape.hidden);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 101) / 50 - 1;
  const size_t n = shape.hidden * shape.steps;
  std::vector<float> gates(4 * n), cell(n), tanh_c(n), hidden(n);
  const LstmWeights<float> weights{w_ih.values, w_hh.values, bias};
  lstm_forward<float>(shape, weights, x, zero, zero, {gates, cell, tanh_c, hidden});
  const auto slow = naive::lstm_forward<float>(shape, weights, x, zero, zero);
  for (size_t i = 0; i < n; ++i) EXPECT_NEAR(hidden[i], slow.hidden[i], 1e-5);
  return hidden;
}

TEST(Interchange, AModelFileHoldsAnLstmByPyTorchsNames) {
  TrainOptions options;
  options.effort = 0.05;
  const auto bytes = train(daily_frame(6, 3), options).value().to_safetensors();
  const auto file = read_safetensors(bytes).value();
  boost::json::object answers;
  for (const std::string prefix : {"", "day."}) {
    const auto hidden = hidden_states(file, prefix);
    ASSERT_FALSE(hidden.empty());
    answers[prefix] = boost::json::value_from(hidden);
  }
  // For the check against PyTorch itself, which is run by hand.
  if (const char* folder = std::getenv("MPS_GOLDEN_OUT")) {
    std::ofstream(std::string(folder) + "/model.safetensors", std::ios::binary) << bytes;
    std::ofstream(std::string(folder) + "/answers.json") << boost::json::serialize(answers);
  }
}

}  // namespace
}  // namespace mps::forecast
