#include "agent/tick.h"

#include <algorithm>
#include <cassert>

#include "wire/line_writer.h"

namespace mps::agent {

Tick::Tick(Timestamp time, std::string_view host) : time_(time), host_(batch_.keep(std::string(host))) {}

void Tick::begin(std::string_view measurement, std::initializer_list<Tag> tags) {
  Point point;
  point.measurement = measurement;
  point.time = time_;
  point.tags_begin = static_cast<uint32_t>(batch_.all_tags.size());
  if (!host_.empty()) batch_.all_tags.push_back({"host", host_});
  for (const Tag& tag : tags) {
    if (!tag.value.empty()) batch_.all_tags.push_back({tag.name, batch_.keep(std::string(tag.value))});
  }
  std::sort(batch_.all_tags.begin() + point.tags_begin, batch_.all_tags.end(),
            [](const Tag& a, const Tag& b) { return a.name < b.name; });
  point.tags_end = static_cast<uint32_t>(batch_.all_tags.size());
  point.fields_begin = point.fields_end = static_cast<uint32_t>(batch_.all_fields.size());
  batch_.points.push_back(point);
}

void Tick::add(std::string_view name, std::variant<Value, std::string_view> value) {
  assert(!batch_.points.empty());
  batch_.all_fields.push_back({name, value});
  ++batch_.points.back().fields_end;
}

void Tick::text(std::string_view name, std::string value) {
  add(name, batch_.keep(std::move(value)));
}

std::string Tick::lines() const {
  std::string out;
  for (const Point& point : batch_.points) wire::append_line(out, batch_, point);
  return out;
}

}  // namespace mps::agent
