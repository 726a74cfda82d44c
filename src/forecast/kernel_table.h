#pragma once

#include <cstddef>
#include <cstdint>

// How kernels.cpp reaches the copies of kernels_impl.h built for each instruction set: plain pointers and sizes, so
// that no inline function of the standard library is compiled twice with different instructions.
namespace mps::forecast::detail {

template <class T>
struct LstmArgs {
  ptrdiff_t inputs, hidden, steps, batch;
  const T *w_ih, *w_hh, *bias, *x, *h0, *c0;
  T *gates, *cell, *tanh_c, *hidden_out;
  T *d_hidden, *d_w_ih, *d_w_hh, *d_bias, *d_x;  // backward alone; d_x may be null
};

template <class T>
struct DenseArgs {
  ptrdiff_t inputs, outputs, columns;
  const T *w, *b, *x;
  T* y;
  const T* d_y;
  T *d_w, *d_b, *d_x;
};

template <class T>
struct HeadArgs {
  ptrdiff_t steps, bases, columns;
  const T *out, *base, *target, *weight;
  T *p10, *p50, *p90, *d_out;
  T band_share;
};

template <class T>
struct AdamArgs {
  ptrdiff_t count;
  T rate, beta1, beta2, epsilon, scale, correction1, correction2;
  const T* gradient;
  T *first, *second, *weights;
};

template <class T>
struct KernelTable {
  void (*lstm_forward)(const LstmArgs<T>&);
  void (*lstm_backward)(const LstmArgs<T>&);
  void (*dense_forward)(const DenseArgs<T>&);
  void (*dense_backward)(const DenseArgs<T>&);
  void (*head_quantiles)(const HeadArgs<T>&);
  T (*quantile_loss)(const HeadArgs<T>&);
  void (*adam_step)(const AdamArgs<T>&);
};

extern const KernelTable<float> kFloatBase;
extern const KernelTable<double> kDoubleBase;
#if defined(__x86_64__)
extern const KernelTable<float> kFloatAvx2;
extern const KernelTable<float> kFloatAvx512;
#endif

}  // namespace mps::forecast::detail
