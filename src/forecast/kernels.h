#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

// The mathematics of the network as free functions over flat arrays. Arrays are laid out as PyTorch lays them out:
// weights row by row, sequences as [step][batch][feature]. Column n = step * batch + lane, so a (F, N) matrix below is
// N columns of F neighbouring numbers. docs/math/lstm.md derives the backward passes; lstm_naive.h is the slow twin.
//
// Built three times (x86-64-v2, v3, v4) and picked at run time for float; double is for checking gradients. No
// function allocates except for Eigen's packing buffers; all are thread-safe on distinct outputs.
namespace mps::forecast {

struct LstmShape {
  size_t inputs = 0, hidden = 0, steps = 0, batch = 0;
  size_t columns() const { return steps * batch; }
};

// Gates in PyTorch's order i, f, g, o. bias is bias_ih + bias_hh.
template <class T>
struct LstmWeights {
  std::span<const T> w_ih;  // (4H, I)
  std::span<const T> w_hh;  // (4H, H)
  std::span<const T> bias;  // (4H)
};

template <class T>
struct LstmGradient {  // added to, not overwritten
  std::span<T> w_ih, w_hh, bias;
};

// What the forward pass leaves for the backward pass.
template <class T>
struct LstmTrace {
  std::span<T> gates;   // (4H, N), activated; the backward pass overwrites them with the pre-activations' gradient
  std::span<T> cell;    // (H, N)
  std::span<T> tanh_c;  // (H, N)
  std::span<T> hidden;  // (H, N)
};

// x: (I, N); h0, c0: (H, B), the state before the first step.
template <class T>
void lstm_forward(const LstmShape& shape, const LstmWeights<T>& weights, std::span<const T> x, std::span<const T> h0,
                  std::span<const T> c0, const LstmTrace<T>& trace);

// d_hidden: (H, N), the loss's gradient by every hidden state; overwritten. d_x: (I, N) or empty.
template <class T>
void lstm_backward(const LstmShape& shape, const LstmWeights<T>& weights, std::span<const T> x, std::span<const T> h0,
                   std::span<const T> c0, const LstmTrace<T>& trace, std::span<T> d_hidden,
                   const LstmGradient<T>& gradient, std::span<T> d_x);

struct DenseShape {
  size_t inputs = 0, outputs = 0, columns = 0;
};

// y = w x + b. w: (O, I), b: (O), x: (I, N), y: (O, N).
template <class T>
void dense_forward(const DenseShape& shape, std::span<const T> w, std::span<const T> b, std::span<const T> x,
                   std::span<T> y);

// d_y: (O, N). d_w and d_b are added to; d_x: (I, N) is overwritten.
template <class T>
void dense_backward(const DenseShape& shape, std::span<const T> w, std::span<const T> x, std::span<const T> d_y,
                    std::span<T> d_w, std::span<T> d_b, std::span<T> d_x);

// The head's outputs of one column, for S steps ahead and K bases, are (K + 3) runs of S numbers:
//   gates g_1 .. g_K, free term f, spreads a and b.
//   median = sum_k g_k * base_k + f,   p10 = median - softplus(a),   p90 = median + softplus(b)
// all in units of the column's scale, relative to the last value.
struct HeadShape {
  size_t steps = 0, bases = 0, columns = 0;
  size_t rows() const { return (bases + 3) * steps; }
};

// out: (rows, N); base: (K*S, N); p10, p50, p90: (S, N).
template <class T>
void head_quantiles(const HeadShape& shape, std::span<const T> out, std::span<const T> base, std::span<T> p10,
                    std::span<T> p50, std::span<T> p90);

// The sum over steps and columns of weight * (pinball of p50 + kBandShare * (pinball of p10 and p90)); its gradient by
// `out` goes to d_out (overwritten). weight 0 means unknown: the target there is not read as a number that counts.
template <class T>
T quantile_loss(const HeadShape& shape, std::span<const T> out, std::span<const T> base, std::span<const T> target,
                std::span<const T> weight, std::span<T> d_out);

inline constexpr double kBandShare = 0.5;

// max(q * e, (q - 1) * e) for e = actual - forecast.
inline double pinball(double actual, double forecast, double q) {
  const double e = actual - forecast;
  return e >= 0 ? q * e : (q - 1) * e;
}

struct AdamOptions {
  double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};

// One step of Adam (Kingma and Ba, 2015), number `step` from 1. `scale` multiplies the gradient first.
template <class T>
void adam_step(const AdamOptions& options, int64_t step, T scale, std::span<const T> gradient, std::span<T> first,
               std::span<T> second, std::span<T> weights);

// The instruction sets the kernels are built for; kBase runs everywhere the program does.
enum class Isa { kBase, kAvx2, kAvx512 };
std::string_view to_string(Isa isa);
bool supported(Isa isa);
// The best of this machine unless set_isa() chose another; set_isa is for tests and benchmarks, before other threads.
Isa active_isa();
void set_isa(Isa isa);

}  // namespace mps::forecast
