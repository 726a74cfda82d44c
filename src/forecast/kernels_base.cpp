#define Eigen EigenForBase
#include "forecast/kernels_impl.h"

namespace mps::forecast::detail {

const KernelTable<float> kFloatBase = kTable<float>;
const KernelTable<double> kDoubleBase = kTable<double>;

}  // namespace mps::forecast::detail
