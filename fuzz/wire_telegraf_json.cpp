#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/telegraf_json.h"

// Any bytes: no crash, and every point is whole.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const mps::wire::ParseResult result = mps::wire::parse_telegraf_json(body);
  for (const mps::Point& point : result.batch.points) {
    if (point.measurement.empty() || result.batch.fields(point).empty()) std::abort();
  }
  return 0;
}
