#include <cmath>
#include <fmt/format.h>

#include "store/embedded/engine.h"

// From points to journal bytes, on the caller's thread.
namespace mps::store {
namespace {

constexpr size_t kTextMax = 1024;  // bytes of an attribute that are kept

const Value* number(const Field& field) {
  return std::get_if<Value>(&field.value);
}

bool storable(Value value) {
  return value.type() != ValueType::kFloat || std::isfinite(value.as_double());
}

// A row some of whose values are NaN or infinite: the others, with their columns listed.
size_t encode_filtered(const Shape& shape, Timestamp time, std::span<const Field> fields, RequestEncoder& encoder) {
  std::vector<uint32_t> columns;
  std::vector<Value> values;
  uint32_t i = 0;
  for (const Field& field : fields) {
    const Value* const value = number(field);
    if (value == nullptr) continue;
    if (storable(*value)) {
      columns.push_back(shape.columns ? shape.columns[i] : i);
      values.push_back(*value);
    }
    ++i;
  }
  if (values.empty()) return 0;
  encoder.row(shape.group_id, time, values.size(), columns);
  for (const Value& value : values) encoder.value(value);
  return values.size();
}

size_t encode_row(const Shape& shape, Timestamp time, std::span<const Field> fields, RequestEncoder& encoder) {
  for (const Field& field : fields) {
    const Value* const value = number(field);
    if (value != nullptr && !storable(*value)) return encode_filtered(shape, time, fields, encoder);
  }
  encoder.row(shape.group_id, time, shape.count, shape.listed());
  for (const Field& field : fields) {
    if (const Value* const value = number(field)) encoder.value(*value);
  }
  return shape.count;
}

bool has_numbers(std::span<const Field> fields) {
  for (const Field& field : fields) {
    if (number(field) != nullptr) return true;
  }
  return false;
}

}  // namespace

void Engine::append(const PointBatch& batch, Done done) {
  if (read_only_) {
    const std::lock_guard lock(trouble_mutex_);
    queue_.push_answer(std::move(done), Error{ErrorCode::kUnavailable, trouble_});
    return;
  }
  thread_local RequestEncoder encoder;
  const auto samples = encode(batch, encoder);
  if (!samples) {
    queue_.push_answer(std::move(done), samples.error());
  } else if (encoder.bytes().empty()) {
    queue_.push_answer(std::move(done), {});
  } else if (queue_.push(encoder.bytes(), done)) {
    samples_ += *samples;
  } else {
    queue_.push_answer(std::move(done),
                       Error{ErrorCode::kUnavailable, "too many samples wait to be written; send again in a moment"});
  }
}

Result<size_t> Engine::encode(const PointBatch& batch, RequestEncoder& encoder) {
  for (;;) {
    size_t samples = 0;
    {
      const std::shared_lock lock(state_mutex_);
      if (encode_known(batch, encoder, samples)) return samples;
    }
    MPS_TRY_VOID(learn_shapes(batch));
  }
}

// False when a point's shape is not known.
bool Engine::encode_known(const PointBatch& batch, RequestEncoder& encoder, size_t& samples) const {
  encoder.clear();
  const Shape* shape = nullptr;
  for (const Point& point : batch.points) {
    const auto fields = batch.fields(point);
    const Timestamp time = point.time ? *point.time : clock_.now();
    if (has_numbers(fields)) {
      shape = table_.find_shape(batch, point, shape);
      if (shape == nullptr) return false;
      samples += encode_row(*shape, time, fields, encoder);
    }
    for (const Field& field : fields) {
      if (const auto* text = std::get_if<std::string_view>(&field.value)) {
        encoder.text(point.server, time, point.measurement, field.name, text->substr(0, kTextMax));
      }
    }
  }
  return true;
}

Result<void> Engine::learn_shapes(const PointBatch& batch) {
  const std::unique_lock lock(state_mutex_);
  if (const auto over = table_.over_limit(batch, options_.series_per_server_max)) {
    return Error{ErrorCode::kLimitExceeded,
                 fmt::format("server {} would have {} series; the limit is {} a server (series_per_server_max)",
                             static_cast<int64_t>(over->server), over->series, options_.series_per_server_max)};
  }
  table_.add_shapes(batch);
  return {};
}

}  // namespace mps::store
