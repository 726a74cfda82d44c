// Built with -march=x86-64-v4.
#if defined(__x86_64__)
// GCC 12 finds its own intrinsics for undefined vectors uninitialized.
#pragma GCC diagnostic ignored "-Wuninitialized"
#define Eigen EigenForAvx512
#include "forecast/kernels_impl.h"

namespace mps::forecast::detail {

const KernelTable<float> kFloatAvx512 = kTable<float>;

}  // namespace mps::forecast::detail
#endif
