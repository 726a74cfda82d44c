#include "wire/line_protocol.h"

#include <gtest/gtest.h>

namespace mps::wire {
namespace {

TEST(LineProtocol, ReadsALine) {
  const ParseResult r =
      parse_line_protocol("cpu,cpu=cpu0,host=a usage_idle=89.5,n=3i 1795334410000000000\n", Precision::kNanoseconds);
  ASSERT_EQ(r.error_count, 0u);
  ASSERT_EQ(r.batch.points.size(), 1u);
}

}  // namespace
}  // namespace mps::wire
