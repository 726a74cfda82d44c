#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "forecast/aligned.h"
#include "forecast/kernels.h"

// The forecaster as one function of its weights: an LSTM over the history, and at every step a head that emits the
// quantiles of every step ahead ("forking sequences", Wen et al. 2017).
namespace mps::forecast {

struct NetworkShape {
  size_t inputs = 0, hidden = 0, steps = 0, bases = 0;
  size_t head_rows() const { return (bases + 3) * steps; }
  friend bool operator==(const NetworkShape&, const NetworkShape&) = default;
};

// One named run of a network's weights, in PyTorch's order and by PyTorch's name.
struct Tensor {
  std::string name;
  std::vector<size_t> shape;
  size_t offset = 0, size = 0;
};

template <class T>
struct Network {
  NetworkShape shape;
  Aligned<T> weights;  // flat; the order is that of tensors()
};

// lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0, head.weight, head.bias. (bias_hh_l0 is zero and not held.)
std::vector<Tensor> tensors(const NetworkShape& shape);

// Random weights as PyTorch draws them; gates start as the mean of the bases, spreads at about one scale.
Network<float> make_network(const NetworkShape& shape, std::mt19937_64& random);

// `steps` x `batch` columns, as kernels.h lays them out.
template <class T>
struct Batch {
  size_t steps = 0, batch = 0;
  Aligned<T> x;                     // (I, N)
  Aligned<T> base, target, weight;  // (K*S, N), (S, N), (S, N)
  Aligned<T> h, c;                  // (H, B): the state before; the state after, when the pass is done
};

// Buffers, kept between calls so that nothing is allocated in the loop.
template <class T>
struct Workspace {
  Aligned<T> gates, cell, tanh_c, hidden, out, d_out, d_hidden;
};

// The loss (see quantile_loss) and its gradient by every weight, written to `gradient`. Moves batch.h and batch.c on.
template <class T>
T loss_and_gradient(const Network<T>& network, Batch<T>& batch, Workspace<T>& workspace, std::span<T> gradient);

// The quantiles (S, N) of every column; moves the state on. target and weight are not read.
template <class T>
struct NetworkQuantiles {
  Aligned<T> p10, p50, p90;
};
template <class T>
void run_network(const Network<T>& network, Batch<T>& batch, Workspace<T>& workspace, NetworkQuantiles<T>& quantiles);

}  // namespace mps::forecast
