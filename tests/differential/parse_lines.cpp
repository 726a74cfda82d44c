#include <boost/json.hpp>
#include <cstdint>
#include <fmt/format.h>
#include <iostream>
#include <string>

#include "wire/line_protocol.h"

// What wire makes of line protocol, for the differential test. Reads bodies, each behind its length (four bytes, little
// endian), and writes a line of JSON for each:
//   {"errors": ["reason" ...], "points": [{"measurement", "tags": {}, "fields": {"name": ["float", "1.5"]}, "time"}]}
namespace {

namespace json = boost::json;

json::array described(const std::variant<mps::Value, std::string_view>& field) {
  if (const auto* text = std::get_if<std::string_view>(&field)) return {"string", *text};
  const mps::Value value = std::get<mps::Value>(field);
  switch (value.type()) {
    case mps::ValueType::kInteger:
      return {"integer", std::to_string(value.as_integer())};
    case mps::ValueType::kUnsigned:
      return {"unsigned", std::to_string(value.bits())};
    case mps::ValueType::kBoolean:
      return {"boolean", value.bits() != 0 ? "true" : "false"};
    case mps::ValueType::kFloat:
      break;
  }
  return {"float", fmt::format("{}", value.as_double())};
}

json::object described(const mps::PointBatch& batch, const mps::Point& point) {
  json::object tags, fields;
  for (const mps::Tag& tag : batch.tags(point)) tags[tag.name] = tag.value;
  for (const mps::Field& field : batch.fields(point)) fields[field.name] = described(field.value);
  json::object out{{"measurement", point.measurement}, {"tags", tags}, {"fields", fields}, {"time", nullptr}};
  if (point.time) out["time"] = point.time->time_since_epoch().count();
  return out;
}

}  // namespace

int main() {
  std::string body;
  for (uint32_t size = 0; std::cin.read(reinterpret_cast<char*>(&size), sizeof size);) {
    body.resize(size);
    std::cin.read(body.data(), size);
    const auto parsed = mps::wire::parse_line_protocol(body, mps::wire::Precision::kNanoseconds);
    json::array errors, points;
    for (const auto& error : parsed.errors) errors.emplace_back(error.reason);
    for (const mps::Point& point : parsed.batch.points) points.push_back(described(parsed.batch, point));
    std::cout << json::object{{"errors", errors}, {"points", points}} << "\n";
  }
}
