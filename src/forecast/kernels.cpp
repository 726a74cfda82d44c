#include "forecast/kernels.h"

#include <cassert>
#include <cmath>

#include "forecast/kernel_table.h"

namespace mps::forecast {
namespace {

Isa best_isa() {
  for (const Isa isa : {Isa::kAvx512, Isa::kAvx2}) {
    if (supported(isa)) return isa;
  }
  return Isa::kBase;
}

Isa& chosen() {
  static Isa isa = best_isa();
  return isa;
}

template <class T>
const detail::KernelTable<T>& table();

template <>
const detail::KernelTable<double>& table<double>() {
  return detail::kDoubleBase;
}

template <>
const detail::KernelTable<float>& table<float>() {
#if defined(__x86_64__)
  if (chosen() == Isa::kAvx512) return detail::kFloatAvx512;
  if (chosen() == Isa::kAvx2) return detail::kFloatAvx2;
#endif
  return detail::kFloatBase;
}

template <class T>
detail::LstmArgs<T> lstm_args(const LstmShape& s, const LstmWeights<T>& w, std::span<const T> x, std::span<const T> h0,
                              std::span<const T> c0, const LstmTrace<T>& trace) {
  [[maybe_unused]] const size_t h = s.hidden, n = s.columns();
  assert(w.w_ih.size() == 4 * h * s.inputs && w.w_hh.size() == 4 * h * h && w.bias.size() == 4 * h);
  assert(x.size() == s.inputs * n && h0.size() == h * s.batch && c0.size() == h * s.batch);
  assert(trace.gates.size() == 4 * h * n && trace.cell.size() == h * n);
  assert(trace.tanh_c.size() == h * n && trace.hidden.size() == h * n);
  const auto size = [](size_t value) { return static_cast<ptrdiff_t>(value); };
  detail::LstmArgs<T> a{};
  a.inputs = size(s.inputs), a.hidden = size(s.hidden), a.steps = size(s.steps), a.batch = size(s.batch);
  a.w_ih = w.w_ih.data(), a.w_hh = w.w_hh.data(), a.bias = w.bias.data();
  a.x = x.data(), a.h0 = h0.data(), a.c0 = c0.data();
  a.gates = trace.gates.data(), a.cell = trace.cell.data();
  a.tanh_c = trace.tanh_c.data(), a.hidden_out = trace.hidden.data();
  return a;
}

template <class T>
detail::HeadArgs<T> head_args(const HeadShape& s, std::span<const T> out, std::span<const T> base) {
  assert(out.size() == s.rows() * s.columns && base.size() == s.bases * s.steps * s.columns);
  detail::HeadArgs<T> a{};
  a.steps = static_cast<ptrdiff_t>(s.steps), a.bases = static_cast<ptrdiff_t>(s.bases);
  a.columns = static_cast<ptrdiff_t>(s.columns);
  a.out = out.data(), a.base = base.data();
  a.band_share = static_cast<T>(kBandShare);
  return a;
}

}  // namespace

std::string_view to_string(Isa isa) {
  if (isa == Isa::kAvx512) return "x86-64-v4";
  return isa == Isa::kAvx2 ? "x86-64-v3" : "base";
}

bool supported(Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::kAvx512) return __builtin_cpu_supports("x86-64-v4") != 0;
  if (isa == Isa::kAvx2) return __builtin_cpu_supports("x86-64-v3") != 0;
#endif
  return isa == Isa::kBase;
}

Isa active_isa() {
  return chosen();
}

void set_isa(Isa isa) {
  assert(supported(isa));
  chosen() = isa;
}

template <class T>
void lstm_forward(const LstmShape& shape, const LstmWeights<T>& weights, std::span<const T> x, std::span<const T> h0,
                  std::span<const T> c0, const LstmTrace<T>& trace) {
  table<T>().lstm_forward(lstm_args(shape, weights, x, h0, c0, trace));
}

template <class T>
void lstm_backward(const LstmShape& shape, const LstmWeights<T>& weights, std::span<const T> x, std::span<const T> h0,
                   std::span<const T> c0, const LstmTrace<T>& trace, std::span<T> d_hidden,
                   const LstmGradient<T>& gradient, std::span<T> d_x) {
  assert(d_hidden.size() == shape.hidden * shape.columns());
  assert(gradient.w_ih.size() == weights.w_ih.size() && gradient.w_hh.size() == weights.w_hh.size());
  assert(gradient.bias.size() == weights.bias.size() && (d_x.empty() || d_x.size() == x.size()));
  auto a = lstm_args(shape, weights, x, h0, c0, trace);
  a.d_hidden = d_hidden.data(), a.d_x = d_x.empty() ? nullptr : d_x.data();
  a.d_w_ih = gradient.w_ih.data(), a.d_w_hh = gradient.w_hh.data(), a.d_bias = gradient.bias.data();
  table<T>().lstm_backward(a);
}

template <class T>
void dense_forward(const DenseShape& shape, std::span<const T> w, std::span<const T> b, std::span<const T> x,
                   std::span<T> y) {
  assert(w.size() == shape.inputs * shape.outputs && b.size() == shape.outputs);
  assert(x.size() == shape.inputs * shape.columns && y.size() == shape.outputs * shape.columns);
  detail::DenseArgs<T> a{};
  a.inputs = static_cast<ptrdiff_t>(shape.inputs), a.outputs = static_cast<ptrdiff_t>(shape.outputs);
  a.columns = static_cast<ptrdiff_t>(shape.columns);
  a.w = w.data(), a.b = b.data(), a.x = x.data(), a.y = y.data();
  table<T>().dense_forward(a);
}

template <class T>
void dense_backward(const DenseShape& shape, std::span<const T> w, std::span<const T> x, std::span<const T> d_y,
                    std::span<T> d_w, std::span<T> d_b, std::span<T> d_x) {
  assert(d_w.size() == w.size() && d_b.size() == shape.outputs && d_x.size() == x.size());
  assert(x.size() == shape.inputs * shape.columns && d_y.size() == shape.outputs * shape.columns);
  detail::DenseArgs<T> a{};
  a.inputs = static_cast<ptrdiff_t>(shape.inputs), a.outputs = static_cast<ptrdiff_t>(shape.outputs);
  a.columns = static_cast<ptrdiff_t>(shape.columns);
  a.w = w.data(), a.x = x.data(), a.d_y = d_y.data();
  a.d_w = d_w.data(), a.d_b = d_b.data(), a.d_x = d_x.data();
  table<T>().dense_backward(a);
}

template <class T>
void head_quantiles(const HeadShape& shape, std::span<const T> out, std::span<const T> base, std::span<T> p10,
                    std::span<T> p50, std::span<T> p90) {
  auto a = head_args(shape, out, base);
  assert(p10.size() == shape.steps * shape.columns && p50.size() == p10.size() && p90.size() == p10.size());
  a.p10 = p10.data(), a.p50 = p50.data(), a.p90 = p90.data();
  table<T>().head_quantiles(a);
}

template <class T>
T quantile_loss(const HeadShape& shape, std::span<const T> out, std::span<const T> base, std::span<const T> target,
                std::span<const T> weight, std::span<T> d_out) {
  auto a = head_args(shape, out, base);
  assert(target.size() == shape.steps * shape.columns && weight.size() == target.size() && d_out.size() == out.size());
  a.target = target.data(), a.weight = weight.data(), a.d_out = d_out.data();
  return table<T>().quantile_loss(a);
}

template <class T>
void adam_step(const AdamOptions& options, int64_t step, T scale, std::span<const T> gradient, std::span<T> first,
               std::span<T> second, std::span<T> weights) {
  assert(gradient.size() == weights.size() && first.size() == weights.size() && second.size() == weights.size());
  detail::AdamArgs<T> a{};
  a.count = static_cast<ptrdiff_t>(weights.size());
  a.rate = static_cast<T>(options.rate), a.epsilon = static_cast<T>(options.epsilon), a.scale = scale;
  a.beta1 = static_cast<T>(options.beta1), a.beta2 = static_cast<T>(options.beta2);
  a.correction1 = static_cast<T>(1 - std::pow(options.beta1, static_cast<double>(step)));
  a.correction2 = static_cast<T>(1 - std::pow(options.beta2, static_cast<double>(step)));
  a.gradient = gradient.data(), a.first = first.data(), a.second = second.data(), a.weights = weights.data();
  table<T>().adam_step(a);
}

#define MPS_INSTANTIATE(T)                                                                                           \
  template void lstm_forward(const LstmShape&, const LstmWeights<T>&, std::span<const T>, std::span<const T>,        \
                             std::span<const T>, const LstmTrace<T>&);                                               \
  template void lstm_backward(const LstmShape&, const LstmWeights<T>&, std::span<const T>, std::span<const T>,       \
                              std::span<const T>, const LstmTrace<T>&, std::span<T>, const LstmGradient<T>&,         \
                              std::span<T>);                                                                         \
  template void dense_forward(const DenseShape&, std::span<const T>, std::span<const T>, std::span<const T>,         \
                              std::span<T>);                                                                         \
  template void dense_backward(const DenseShape&, std::span<const T>, std::span<const T>, std::span<const T>,        \
                               std::span<T>, std::span<T>, std::span<T>);                                            \
  template void head_quantiles(const HeadShape&, std::span<const T>, std::span<const T>, std::span<T>, std::span<T>, \
                               std::span<T>);                                                                        \
  template T quantile_loss(const HeadShape&, std::span<const T>, std::span<const T>, std::span<const T>,             \
                           std::span<const T>, std::span<T>);                                                        \
  template void adam_step(const AdamOptions&, int64_t, T, std::span<const T>, std::span<T>, std::span<T>, std::span<T>)
MPS_INSTANTIATE(float);
MPS_INSTANTIATE(double);

}  // namespace mps::forecast
