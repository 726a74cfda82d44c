// Built with -march=x86-64-v3.
#if defined(__x86_64__)
#define Eigen EigenForAvx2
#include "forecast/kernels_impl.h"

namespace mps::forecast::detail {

const KernelTable<float> kFloatAvx2 = kTable<float>;

}  // namespace mps::forecast::detail
#endif
