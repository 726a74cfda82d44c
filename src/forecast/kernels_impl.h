// Included once by each kernels_*.cpp, which first renames namespace Eigen so that every instruction set has its own
// copy of Eigen's templates (the linker would otherwise keep one of them for all).
#pragma once

#include <Eigen/Core>

#include "forecast/kernel_table.h"

namespace mps::forecast::detail {
namespace {

using Eigen::Dynamic;
template <class T>
using Matrix = Eigen::Matrix<T, Dynamic, Dynamic>;
template <class T>
using RowMatrix = Eigen::Matrix<T, Dynamic, Dynamic, Eigen::RowMajor>;
template <class T>
using In = Eigen::Map<const Matrix<T>>;
template <class T>
using Out = Eigen::Map<Matrix<T>>;
template <class T>
using InRows = Eigen::Map<const RowMatrix<T>>;  // weights, row by row
template <class T>
using OutRows = Eigen::Map<RowMatrix<T>>;
template <class T>
using InArray = Eigen::Map<const Eigen::Array<T, Dynamic, 1>>;
template <class T>
using OutArray = Eigen::Map<Eigen::Array<T, Dynamic, 1>>;

// z: the 4H pre-activations of one column, activated in place; c_prev, c, tanh_c, h: H numbers each.
template <class T>
void cell_forward(ptrdiff_t hidden, T* z, const T* c_prev, T* c, T* tanh_c, T* h) {
  OutArray<T> in(z, hidden), forget(z + hidden, hidden), candidate(z + 2 * hidden, hidden), out(z + 3 * hidden, hidden);
  OutArray<T> cell(c, hidden), squashed(tanh_c, hidden);
  in = in.logistic();
  forget = forget.logistic();
  candidate = candidate.tanh();
  out = out.logistic();
  cell = forget * InArray<T>(c_prev, hidden) + in * candidate;
  squashed = cell.tanh();
  OutArray<T>(h, hidden) = out * squashed;
}

template <class T>
void lstm_forward(const LstmArgs<T>& a) {
  const auto gates = 4 * a.hidden, columns = a.steps * a.batch;
  const InRows<T> w_ih(a.w_ih, gates, a.inputs), w_hh(a.w_hh, gates, a.hidden);
  Out<T> z(a.gates, gates, columns);
  z.colwise() = Eigen::Map<const Eigen::Matrix<T, Dynamic, 1>>(a.bias, gates);
  z.noalias() += w_ih * In<T>(a.x, a.inputs, columns);
  for (ptrdiff_t t = 0; t < a.steps; ++t) {
    const T* h_prev = t == 0 ? a.h0 : a.hidden_out + (t - 1) * a.batch * a.hidden;
    const T* c_prev = t == 0 ? a.c0 : a.cell + (t - 1) * a.batch * a.hidden;
    z.middleCols(t * a.batch, a.batch).noalias() += w_hh * In<T>(h_prev, a.hidden, a.batch);
    for (ptrdiff_t b = 0; b < a.batch; ++b) {
      const auto n = t * a.batch + b;
      cell_forward(a.hidden, a.gates + n * gates, c_prev + b * a.hidden, a.cell + n * a.hidden, a.tanh_c + n * a.hidden,
                   a.hidden_out + n * a.hidden);
    }
  }
}

// One column: gates become the gradient of the pre-activations; d_c goes in as the gradient by c_t, out by c_{t-1}.
template <class T>
void cell_backward(ptrdiff_t hidden, T* z, const T* c_prev, const T* tanh_c, const T* d_h, T* d_c) {
  OutArray<T> in(z, hidden), forget(z + hidden, hidden), candidate(z + 2 * hidden, hidden), out(z + 3 * hidden, hidden);
  const InArray<T> squashed(tanh_c, hidden), d_hidden(d_h, hidden), before(c_prev, hidden);
  OutArray<T> d_cell(d_c, hidden);
  d_cell += d_hidden * out * (T(1) - squashed.square());
  out = d_hidden * squashed * out * (T(1) - out);
  for (ptrdiff_t j = 0; j < hidden; ++j) {
    const T i = in[j], f = forget[j], g = candidate[j], d = d_cell[j];
    in[j] = d * g * i * (T(1) - i);
    candidate[j] = d * i * (T(1) - g * g);
    forget[j] = d * before[j] * f * (T(1) - f);
    d_cell[j] = d * f;
  }
}

// left * right^T, column by column: into rows, Eigen would turn the product round, and pack the larger factor in pieces
// of four numbers.
template <class T, class Left, class Right>
Matrix<T> by_columns(const Left& left, const Right& right) {
  Matrix<T> product(left.rows(), right.rows());
  product.noalias() = left * right.transpose();
  return product;
}

template <class T>
void lstm_backward(const LstmArgs<T>& a) {
  const auto gates = 4 * a.hidden, columns = a.steps * a.batch;
  const InRows<T> w_ih(a.w_ih, gates, a.inputs), w_hh(a.w_hh, gates, a.hidden);
  Matrix<T> d_c = Matrix<T>::Zero(a.hidden, a.batch);
  Out<T> d_h(a.d_hidden, a.hidden, columns), d_z(a.gates, gates, columns);
  for (ptrdiff_t t = a.steps - 1; t >= 0; --t) {
    const T* c_prev = t == 0 ? a.c0 : a.cell + (t - 1) * a.batch * a.hidden;
    for (ptrdiff_t b = 0; b < a.batch; ++b) {
      const auto n = t * a.batch + b;
      cell_backward(a.hidden, a.gates + n * gates, c_prev + b * a.hidden, a.tanh_c + n * a.hidden,
                    a.d_hidden + n * a.hidden, d_c.data() + b * a.hidden);
    }
    if (t > 0) {
      d_h.middleCols((t - 1) * a.batch, a.batch).noalias() += w_hh.transpose() * d_z.middleCols(t * a.batch, a.batch);
    }
  }
  OutRows<T>(a.d_w_ih, gates, a.inputs) += by_columns<T>(d_z, In<T>(a.x, a.inputs, columns));
  const auto later = columns - a.batch;
  OutRows<T>(a.d_w_hh, gates, a.hidden) += by_columns<T>(d_z.leftCols(a.batch), In<T>(a.h0, a.hidden, a.batch)) +
                                           by_columns<T>(d_z.rightCols(later), In<T>(a.hidden_out, a.hidden, later));
  Eigen::Map<Eigen::Matrix<T, Dynamic, 1>>(a.d_bias, gates) += d_z.rowwise().sum();
  if (a.d_x != nullptr) Out<T>(a.d_x, a.inputs, columns).noalias() = w_ih.transpose() * d_z;
}

template <class T>
void dense_forward(const DenseArgs<T>& a) {
  Out<T> y(a.y, a.outputs, a.columns);
  y.colwise() = Eigen::Map<const Eigen::Matrix<T, Dynamic, 1>>(a.b, a.outputs);
  y.noalias() += InRows<T>(a.w, a.outputs, a.inputs) * In<T>(a.x, a.inputs, a.columns);
}

template <class T>
void dense_backward(const DenseArgs<T>& a) {
  const In<T> d_y(a.d_y, a.outputs, a.columns);
  OutRows<T>(a.d_w, a.outputs, a.inputs) += by_columns<T>(d_y, In<T>(a.x, a.inputs, a.columns));
  Eigen::Map<Eigen::Matrix<T, Dynamic, 1>>(a.d_b, a.outputs) += d_y.rowwise().sum();
  Out<T>(a.d_x, a.inputs, a.columns).noalias() = InRows<T>(a.w, a.outputs, a.inputs).transpose() * d_y;
}

template <class T>
struct ColumnQuantiles {
  Eigen::Array<T, Dynamic, 1> median, distances;  // of p10, then of p90
  auto below() const { return distances.head(median.size()); }
  auto above() const { return distances.tail(median.size()); }
};

template <class T>
void column_quantiles(const HeadArgs<T>& a, const T* out, const T* base, ColumnQuantiles<T>& q) {
  q.median = InArray<T>(out + a.bases * a.steps, a.steps);
  for (ptrdiff_t k = 0; k < a.bases; ++k) {
    q.median += InArray<T>(out + k * a.steps, a.steps) * InArray<T>(base + k * a.steps, a.steps);
  }
  // Both at once: twelve steps alone would leave vectors half empty.
  const InArray<T> x(out + (a.bases + 1) * a.steps, 2 * a.steps);
  q.distances = x.max(T(0)) + ((-x.abs()).exp() + T(1)).log();
}

template <class T>
void head_quantiles(const HeadArgs<T>& a) {
  const auto rows = (a.bases + 3) * a.steps;
  ColumnQuantiles<T> q;
  for (ptrdiff_t n = 0; n < a.columns; ++n) {
    column_quantiles(a, a.out + n * rows, a.base + n * a.bases * a.steps, q);
    OutArray<T>(a.p50 + n * a.steps, a.steps) = q.median;
    OutArray<T>(a.p10 + n * a.steps, a.steps) = q.median - q.below();
    OutArray<T>(a.p90 + n * a.steps, a.steps) = q.median + q.above();
  }
}

// Adds the losses of quantile forecasts and gives their slopes by the forecasts, times weight.
template <class T, class Forecast, class Weight>
void pinball_slopes(const InArray<T>& actual, const Forecast& forecast, T quantile, const Weight& weight, T& loss,
                    Eigen::Array<T, Dynamic, 1>& slope) {
  const auto error = actual - forecast;
  slope = weight * (error >= T(0))
                       .select(Eigen::Array<T, Dynamic, 1>::Constant(actual.size(), -quantile),
                               Eigen::Array<T, Dynamic, 1>::Constant(actual.size(), T(1) - quantile));
  loss -= (slope * error).sum();
}

template <class T>
T quantile_loss(const HeadArgs<T>& a) {
  const auto rows = (a.bases + 3) * a.steps;
  ColumnQuantiles<T> q;
  Eigen::Array<T, Dynamic, 1> d_median(a.steps), d_below(a.steps), d_above(a.steps), d_distances(2 * a.steps);
  double total = 0;
  for (ptrdiff_t n = 0; n < a.columns; ++n) {
    const T *out = a.out + n * rows, *base = a.base + n * a.bases * a.steps;
    const InArray<T> target(a.target + n * a.steps, a.steps), weight(a.weight + n * a.steps, a.steps);
    column_quantiles(a, out, base, q);
    T loss = 0;
    pinball_slopes<T>(target, q.median - q.below(), T(0.1), weight * a.band_share, loss, d_below);
    pinball_slopes<T>(target, q.median + q.above(), T(0.9), weight * a.band_share, loss, d_above);
    pinball_slopes<T>(target, q.median, T(0.5), weight, loss, d_median);
    d_median += d_below + d_above;
    d_distances << -d_below, d_above;
    total += static_cast<double>(loss);
    T* d_out = a.d_out + n * rows;
    for (ptrdiff_t k = 0; k < a.bases; ++k) {
      OutArray<T>(d_out + k * a.steps, a.steps) = d_median * InArray<T>(base + k * a.steps, a.steps);
    }
    OutArray<T>(d_out + a.bases * a.steps, a.steps) = d_median;
    const auto spread = (a.bases + 1) * a.steps;
    OutArray<T>(d_out + spread, 2 * a.steps) = d_distances * InArray<T>(out + spread, 2 * a.steps).logistic();
  }
  return static_cast<T>(total);
}

template <class T>
void adam_step(const AdamArgs<T>& a) {
  const InArray<T> gradient(a.gradient, a.count);
  OutArray<T> first(a.first, a.count), second(a.second, a.count), weights(a.weights, a.count);
  first = a.beta1 * first + (T(1) - a.beta1) * a.scale * gradient;
  second = a.beta2 * second + (T(1) - a.beta2) * (a.scale * gradient).square();
  weights -= a.rate / a.correction1 * first / ((second / a.correction2).sqrt() + a.epsilon);
}

template <class T>
constexpr KernelTable<T> kTable = {lstm_forward<T>,   lstm_backward<T>, dense_forward<T>, dense_backward<T>,
                                   head_quantiles<T>, quantile_loss<T>, adam_step<T>};

}  // namespace
}  // namespace mps::forecast::detail
