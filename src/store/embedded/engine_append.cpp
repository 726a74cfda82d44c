#include <cmath>
#include <fmt/format.h>

#include "store/embedded/engine.h"

// From points to journal bytes, on the caller's thread.
namespace mps::store {
namespace {

constexpr size_t kTextMax = 1024;      // bytes of an attribute that are kept
constexpr size_t kSliceFields = 8192;  // what one request adds to a commit at most, or a point's if that is more

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
  if (batch.all_fields.size() > kSliceFields) return append_in_slices(batch, std::move(done));
  thread_local RequestEncoder encoder;
  const auto samples = encode(batch, batch.points, encoder);
  if (!samples) {
    queue_.push_answer(std::move(done), samples.error());
  } else {
    push(encoder.bytes(), *samples, std::move(done));
  }
}

void Engine::push(std::string_view request, size_t samples, Done done) {
  if (request.empty()) {
    queue_.push_answer(std::move(done), {});
  } else if (queue_.push(request, done)) {
    samples_ += samples;
  } else {
    queue_.push_answer(std::move(done),
                       Error{ErrorCode::kUnavailable, "too many samples wait to be written; send again in a moment"});
  }
}

// A large batch is spread over as many commits as it takes, so that nobody who shares one of them waits for all of it.
struct Engine::Slices {
  struct Slice {
    std::string request;
    size_t samples;
  };
  std::vector<Slice> slices;
  size_t next = 0;
  Done done;
};

void Engine::append_in_slices(const PointBatch& batch, Done done) {
  auto all = std::make_shared<Slices>();
  RequestEncoder encoder;
  for (std::span<const Point> rest(batch.points); !rest.empty();) {
    size_t count = 0;
    for (size_t fields = 0; count < rest.size() && fields < kSliceFields; ++count)
      fields += batch.fields(rest[count]).size();
    const auto samples = encode(batch, rest.first(count), encoder);
    if (!samples) return queue_.push_answer(std::move(done), samples.error());
    all->slices.push_back({std::string(encoder.bytes()), *samples});
    rest = rest.subspan(count);
  }
  all->done = std::move(done);
  push_next(std::move(all));
}

void Engine::push_next(std::shared_ptr<Slices> all) {
  if (all->next == all->slices.size()) return queue_.push_answer(std::move(all->done), {});
  const Slices::Slice slice = std::move(all->slices[all->next++]);
  push(slice.request, slice.samples, [this, all](Result<void> stored) {
    const bool last = !stored || all->next == all->slices.size();
    last ? all->done(std::move(stored)) : push_next(all);
  });
}

Result<size_t> Engine::encode(const PointBatch& batch, std::span<const Point> points, RequestEncoder& encoder) {
  for (;;) {
    size_t samples = 0;
    {
      const std::shared_lock lock(state_mutex_);
      if (encode_known(batch, points, encoder, samples)) return samples;
    }
    MPS_TRY_VOID(learn_shapes(batch));
  }
}

// False when a point's shape is not known.
bool Engine::encode_known(const PointBatch& batch, std::span<const Point> points, RequestEncoder& encoder,
                          size_t& samples) const {
  encoder.clear();
  const Shape* shape = nullptr;
  for (const Point& point : points) {
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
