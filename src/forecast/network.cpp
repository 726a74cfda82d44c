#include "forecast/network.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace mps::forecast {
namespace {

struct Offsets {
  size_t w_ih, w_hh, bias, head_w, head_b, total;
};

Offsets offsets(const NetworkShape& s) {
  Offsets o{};
  o.w_ih = 0;
  o.w_hh = o.w_ih + 4 * s.hidden * s.inputs;
  o.bias = o.w_hh + 4 * s.hidden * s.hidden;
  o.head_w = o.bias + 4 * s.hidden;
  o.head_b = o.head_w + s.head_rows() * s.hidden;
  o.total = o.head_b + s.head_rows();
  return o;
}

template <class T>
LstmWeights<T> lstm_weights(const NetworkShape& s, std::span<const T> all) {
  const auto o = offsets(s);
  return {all.subspan(o.w_ih, o.w_hh - o.w_ih), all.subspan(o.w_hh, o.bias - o.w_hh),
          all.subspan(o.bias, o.head_w - o.bias)};
}

template <class T>
LstmTrace<T> trace(Workspace<T>& w) {
  return {w.gates, w.cell, w.tanh_c, w.hidden};
}

// LSTM and head; leaves everything in the workspace.
template <class T>
void forward(const Network<T>& network, const Batch<T>& batch, Workspace<T>& w) {
  const auto& s = network.shape;
  const size_t n = batch.steps * batch.batch;
  assert(network.weights.size() == offsets(s).total);
  w.gates.resize(4 * s.hidden * n), w.cell.resize(s.hidden * n), w.tanh_c.resize(s.hidden * n);
  w.hidden.resize(s.hidden * n), w.out.resize(s.head_rows() * n);
  const std::span<const T> all(network.weights);
  lstm_forward<T>({s.inputs, s.hidden, batch.steps, batch.batch}, lstm_weights(s, all), batch.x, batch.h, batch.c,
                  trace(w));
  const auto o = offsets(s);
  dense_forward<T>({s.hidden, s.head_rows(), n}, all.subspan(o.head_w, o.head_b - o.head_w), all.subspan(o.head_b),
                   w.hidden, w.out);
}

template <class T>
void keep_state(const NetworkShape& s, Batch<T>& batch, const Workspace<T>& w) {
  const size_t size = s.hidden * batch.batch;
  std::copy_n(w.hidden.end() - static_cast<ptrdiff_t>(size), size, batch.h.begin());
  std::copy_n(w.cell.end() - static_cast<ptrdiff_t>(size), size, batch.c.begin());
}

}  // namespace

std::vector<Tensor> tensors(const NetworkShape& s) {
  const auto o = offsets(s);
  const size_t gates = 4 * s.hidden, rows = s.head_rows();
  return {{"lstm.weight_ih_l0", {gates, s.inputs}, o.w_ih, o.w_hh - o.w_ih},
          {"lstm.weight_hh_l0", {gates, s.hidden}, o.w_hh, o.bias - o.w_hh},
          {"lstm.bias_ih_l0", {gates}, o.bias, gates},
          {"head.weight", {rows, s.hidden}, o.head_w, o.head_b - o.head_w},
          {"head.bias", {rows}, o.head_b, rows}};
}

Network<float> make_network(const NetworkShape& s, std::mt19937_64& random) {
  const auto o = offsets(s);
  Network<float> network{s, Aligned<float>(o.total)};
  // Drawn by hand: the standard library's distributions differ between implementations.
  const auto uniform = [&] { return static_cast<float>(static_cast<double>(random() >> 11) * 0x1p-53 * 2 - 1); };
  const float reach = 1 / std::sqrt(static_cast<float>(s.hidden));
  for (size_t i = 0; i < o.head_w; ++i) network.weights[i] = reach * uniform();
  for (size_t i = o.head_w; i < o.head_b; ++i) network.weights[i] = 0.1f * reach * uniform();
  for (size_t j = 0; j < s.hidden; ++j) network.weights[o.bias + s.hidden + j] += 1;  // remember at first
  const float share = 1 / static_cast<float>(s.bases + 1);
  std::fill_n(network.weights.begin() + static_cast<ptrdiff_t>(o.head_b), s.bases * s.steps, share);
  return network;
}

template <class T>
T loss_and_gradient(const Network<T>& network, Batch<T>& batch, Workspace<T>& w, std::span<T> gradient) {
  const auto& s = network.shape;
  const size_t n = batch.steps * batch.batch;
  forward(network, batch, w);
  w.d_out.resize(w.out.size()), w.d_hidden.resize(w.hidden.size());
  const T loss = quantile_loss<T>({s.steps, s.bases, n}, w.out, batch.base, batch.target, batch.weight, w.d_out);
  std::fill(gradient.begin(), gradient.end(), T(0));
  const auto o = offsets(s);
  const std::span<const T> all(network.weights);
  dense_backward<T>({s.hidden, s.head_rows(), n}, all.subspan(o.head_w, o.head_b - o.head_w), w.hidden, w.d_out,
                    gradient.subspan(o.head_w, o.head_b - o.head_w), gradient.subspan(o.head_b), w.d_hidden);
  lstm_backward<T>({s.inputs, s.hidden, batch.steps, batch.batch}, lstm_weights(s, all), batch.x, batch.h, batch.c,
                   trace(w), w.d_hidden,
                   {gradient.subspan(o.w_ih, o.w_hh - o.w_ih), gradient.subspan(o.w_hh, o.bias - o.w_hh),
                    gradient.subspan(o.bias, o.head_w - o.bias)},
                   {});
  keep_state(s, batch, w);
  return loss;
}

template <class T>
void run_network(const Network<T>& network, Batch<T>& batch, Workspace<T>& w, NetworkQuantiles<T>& q) {
  const auto& s = network.shape;
  const size_t n = batch.steps * batch.batch;
  forward(network, batch, w);
  q.p10.resize(s.steps * n), q.p50.resize(s.steps * n), q.p90.resize(s.steps * n);
  head_quantiles<T>({s.steps, s.bases, n}, w.out, batch.base, q.p10, q.p50, q.p90);
  keep_state(s, batch, w);
}

template float loss_and_gradient(const Network<float>&, Batch<float>&, Workspace<float>&, std::span<float>);
template double loss_and_gradient(const Network<double>&, Batch<double>&, Workspace<double>&, std::span<double>);
template void run_network(const Network<float>&, Batch<float>&, Workspace<float>&, NetworkQuantiles<float>&);
template void run_network(const Network<double>&, Batch<double>&, Workspace<double>&, NetworkQuantiles<double>&);

}  // namespace mps::forecast
