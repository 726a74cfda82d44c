#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/line_protocol.h"
#include "wire/line_writer.h"

namespace {

using mps::Point;
using mps::PointBatch;

// The writer, like Telegraf's, bends controls and drops backslashes at an end.
bool bends(std::string_view name) {
  return name.ends_with('\\') || name.find_first_of("\t\n\f\r") != std::string_view::npos;
}

bool bends(const PointBatch& batch, const Point& point) {
  return bends(point.measurement) ||
         std::ranges::any_of(batch.tags(point), [](const auto& tag) { return bends(tag.name) || bends(tag.value); }) ||
         std::ranges::any_of(batch.fields(point), [](const auto& field) { return bends(field.name); });
}

bool same(const PointBatch& a, const Point& p, const PointBatch& b, const Point& q) {
  return p.measurement == q.measurement && p.time == q.time && std::ranges::equal(a.tags(p), b.tags(q)) &&
         std::ranges::equal(a.fields(p), b.fields(q));
}

}  // namespace

// Any bytes: no crash; and what was understood is written and read back as the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mps::wire;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const ParseResult first = parse_line_protocol(body, Precision::kNanoseconds);
  for (const Point& point : first.batch.points) {
    std::string line;
    if (!append_line(line, first.batch, point, Unsigned::kSuffix)) continue;
    const ParseResult second = parse_line_protocol(line, Precision::kNanoseconds);
    if (second.batch.points.size() + second.error_count < 1) std::abort();
    if (bends(first.batch, point) || second.over_limit.name_bytes > 0) continue;
    if (second.batch.points.size() != 1 || !same(first.batch, point, second.batch, second.batch.points[0]))
      std::abort();
  }
  return 0;
}
