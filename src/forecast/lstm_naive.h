#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "forecast/kernels.h"

// The LSTM written the way the formulas are written (docs/math/lstm.md), one number at a time: what the fast kernels
// are held to in tests. Slow on purpose.
namespace mps::forecast::naive {

template <class T>
T sigmoid(T x) {
  return T(1) / (T(1) + std::exp(-x));
}

template <class T>
struct Trace {
  std::vector<T> gates, cell, tanh_c, hidden;
};

template <class T>
Trace<T> lstm_forward(const LstmShape& s, const LstmWeights<T>& w, std::span<const T> x, std::span<const T> h0,
                      std::span<const T> c0) {
  const size_t h = s.hidden, n = s.columns();
  Trace<T> out{std::vector<T>(4 * h * n), std::vector<T>(h * n), std::vector<T>(h * n), std::vector<T>(h * n)};
  for (size_t t = 0; t < s.steps; ++t) {
    for (size_t b = 0; b < s.batch; ++b) {
      const size_t column = t * s.batch + b;
      const T* h_prev = t == 0 ? &h0[b * h] : &out.hidden[(column - s.batch) * h];
      const T* c_prev = t == 0 ? &c0[b * h] : &out.cell[(column - s.batch) * h];
      T* z = &out.gates[column * 4 * h];
      for (size_t r = 0; r < 4 * h; ++r) {
        z[r] = w.bias[r];
        for (size_t i = 0; i < s.inputs; ++i) z[r] += w.w_ih[r * s.inputs + i] * x[column * s.inputs + i];
        for (size_t j = 0; j < h; ++j) z[r] += w.w_hh[r * h + j] * h_prev[j];
        z[r] = r / h == 2 ? std::tanh(z[r]) : sigmoid(z[r]);
      }
      for (size_t j = 0; j < h; ++j) {
        const T c = z[h + j] * c_prev[j] + z[j] * z[2 * h + j];
        out.cell[column * h + j] = c;
        out.tanh_c[column * h + j] = std::tanh(c);
        out.hidden[column * h + j] = z[3 * h + j] * std::tanh(c);
      }
    }
  }
  return out;
}

template <class T>
struct Gradient {
  std::vector<T> w_ih, w_hh, bias, x;
};

template <class T>
Gradient<T> lstm_backward(const LstmShape& s, const LstmWeights<T>& w, std::span<const T> x, std::span<const T> h0,
                          std::span<const T> c0, const Trace<T>& trace, std::span<const T> d_hidden) {
  const size_t h = s.hidden;
  Gradient<T> g{std::vector<T>(w.w_ih.size()), std::vector<T>(w.w_hh.size()), std::vector<T>(w.bias.size()),
                std::vector<T>(x.size())};
  for (size_t b = 0; b < s.batch; ++b) {
    std::vector<T> d_h_next(h), d_c(h), d_z(4 * h);
    for (size_t t = s.steps; t-- > 0;) {
      const size_t column = t * s.batch + b;
      const T* h_prev = t == 0 ? &h0[b * h] : &trace.hidden[(column - s.batch) * h];
      const T* c_prev = t == 0 ? &c0[b * h] : &trace.cell[(column - s.batch) * h];
      const T* z = &trace.gates[column * 4 * h];
      for (size_t j = 0; j < h; ++j) {
        const T i = z[j], f = z[h + j], o = z[3 * h + j], c = z[2 * h + j], tc = trace.tanh_c[column * h + j];
        const T d_h = d_hidden[column * h + j] + d_h_next[j];
        d_c[j] += d_h * o * (1 - tc * tc);
        d_z[j] = d_c[j] * c * i * (1 - i);
        d_z[h + j] = d_c[j] * c_prev[j] * f * (1 - f);
        d_z[2 * h + j] = d_c[j] * i * (1 - c * c);
        d_z[3 * h + j] = d_h * tc * o * (1 - o);
        d_c[j] *= f;
      }
      std::fill(d_h_next.begin(), d_h_next.end(), T(0));
      for (size_t r = 0; r < 4 * h; ++r) {
        g.bias[r] += d_z[r];
        for (size_t i = 0; i < s.inputs; ++i) {
          g.w_ih[r * s.inputs + i] += d_z[r] * x[column * s.inputs + i];
          g.x[column * s.inputs + i] += d_z[r] * w.w_ih[r * s.inputs + i];
        }
        for (size_t j = 0; j < h; ++j) {
          g.w_hh[r * h + j] += d_z[r] * h_prev[j];
          d_h_next[j] += d_z[r] * w.w_hh[r * h + j];
        }
      }
    }
  }
  return g;
}

}  // namespace mps::forecast::naive
