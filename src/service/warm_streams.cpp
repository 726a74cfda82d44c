#include "service/warm_streams.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mps::service {
namespace {

bool anything_known(const Column& column) {
  return std::any_of(column.values.begin(), column.values.end(), [](double value) { return std::isfinite(value); });
}

// The column of each of the stream's resources; null where nothing came. Nothing where there is one that it does not
// know.
std::optional<std::vector<const Column*>> columns_for(const std::vector<std::string>& resources, const Frame& cells) {
  std::vector<const Column*> columns(resources.size());
  for (const Column& column : cells.columns) {
    const auto found = std::find(resources.begin(), resources.end(), column.name);
    if (found != resources.end()) {
      columns[static_cast<size_t>(found - resources.begin())] = &column;
    } else if (anything_known(column)) {
      return std::nullopt;
    }
  }
  return columns;
}

}  // namespace

std::optional<std::vector<forecast::Prediction>> WarmStreams::forecast(ServerId server, Timestamp earliest) const {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(server);
  if (found == streams_.end()) return std::nullopt;
  const forecast::Stream& stream = found->second.stream;
  if (stream.origin() < earliest) return std::nullopt;
  std::vector<forecast::Prediction> predictions;
  for (size_t i = 0; i < stream.resources().size(); ++i) predictions.push_back(stream.forecast(i));
  return predictions;
}

std::optional<WarmStreams::State> WarmStreams::state(ServerId server) const {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(server);
  if (found == streams_.end()) return std::nullopt;
  return State{found->second.stream.origin(), found->second.stream.added()};
}

void WarmStreams::put(ServerId server, const forecast::Model& model, forecast::Stream stream) {
  const std::lock_guard lock(mutex_);
  streams_.insert_or_assign(server, Warm{model.trained_on().to, std::move(stream)});
}

void WarmStreams::erase(ServerId server) {
  const std::lock_guard lock(mutex_);
  streams_.erase(server);
}

bool WarmStreams::add(ServerId server, const forecast::Model& model, const Frame& cells) {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(server);
  if (found == streams_.end()) return false;
  if (add_locked(found->second, model, cells)) return true;
  streams_.erase(found);
  return false;
}

bool WarmStreams::add_locked(Warm& warm, const forecast::Model& model, const Frame& cells) {
  forecast::Stream& stream = warm.stream;
  if (warm.trained_until != model.trained_on().to || stream.origin() != cells.grid.start) return false;
  const auto columns = columns_for(stream.resources(), cells);
  if (!columns) return false;
  std::vector<double> values(columns->size());
  for (size_t i = 0; i < cells.grid.size; ++i) {
    for (size_t r = 0; r < values.size(); ++r) {
      const Column* const column = (*columns)[r];
      values[r] = column != nullptr ? column->values[i] : std::numeric_limits<double>::quiet_NaN();
    }
    if (!stream.add(model, values, buffers_)) return false;
  }
  return true;
}

}  // namespace mps::service
