#include "forecast/stream.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "forecast/evaluate.h"
#include "forecast/hygiene.h"
#include "forecast/model_parts.h"
#include "forecast/train_parts.h"

namespace mps::forecast {
namespace {

// Of `all`, the cells from `first` on and what is known of the next kCellsMax, without the network's inputs.
SeriesFeatures cut(const SeriesFeatures& all, const SeriesFeatures& longer, size_t first) {
  SeriesFeatures f;
  f.layout = all.layout, f.grid = all.grid, f.grid.start = all.grid.time_at(first);
  const size_t cells = all.cells() - first + Stream::kCellsMax;
  const auto part = [&](const std::vector<double>& from, std::vector<double>& to, size_t size) {
    const size_t there = std::min(size, from.size() - first);
    to.assign(from.begin() + static_cast<ptrdiff_t>(first), from.begin() + static_cast<ptrdiff_t>(first + there));
    to.resize(size, kUnknown);
  };
  part(all.values, f.values, cells);
  part(all.last, f.last, cells), part(all.scale, f.scale, cells);
  part(all.recent, f.recent, cells), part(all.day_mean, f.day_mean, cells);
  const std::array profiles = {&SeriesFeatures::day, &SeriesFeatures::week, &SeriesFeatures::mean7,
                               &SeriesFeatures::median7, &SeriesFeatures::weeks};
  for (const auto profile : profiles) part(longer.*profile, f.*profile, cells + all.layout.steps);
  f.grid.size = cells;
  return f;
}

Quantiles in_unit(const SeriesFeatures& f, size_t t, const NetworkQuantiles<float>& q, size_t i, const Bounds& bounds) {
  const auto value = [&](float x) { return f.last[t] + f.scale[t] * static_cast<double>(x); };
  return within(bounds, {value(q.p10[i]), value(q.p50[i]), value(q.p90[i])});
}

}  // namespace

Result<Stream> Stream::start(const Model& model, const Frame& recent) {
  MPS_TRY(const auto layout, layout_for(kHour));
  MPS_TRY_VOID(check_history(recent));
  static_assert(kCellsMax + 12 < 288, "a stream must not need what it has not seen");
  const auto& horizon = model.parts().horizons[0];
  Stream stream(model);
  for (const auto& column : recent.columns) {
    if (horizon.find(column.name) == nullptr || known_count(column.values) == 0) continue;
    auto values = without_frozen(column.values, kFineStep);
    FeatureCursor cursor(layout, column.name);
    const auto all = make_features(layout, recent.grid, values, cursor);
    values.resize(values.size() + kCellsMax, kUnknown);
    const auto longer = make_features(layout, recent.grid, std::move(values), column.name);
    const size_t now = all.cells() - 1, first = now + 1 - std::min(now + 1, layout.recent);
    Series s{cut(all, longer, first), cursor, {}, bounds_of(column.name), {}};
    const auto quantiles = run(horizon.network, all, std::array{now}, &s.state);
    for (const auto& q : quantiles[0].steps) s.forecast.push_back(within(s.bounds, q));
    stream.next_ = now + 1 - first;
    stream.resources_.push_back(column.name);
    stream.series_.push_back(std::move(s));
  }
  if (stream.series_.empty()) {
    return Error{ErrorCode::kNotEnoughData, "nothing is known of any resource that the model was trained on"};
  }
  return stream;
}

bool Stream::add(std::span<const double> values, StreamBuffers& buffers) {
  assert(values.size() == series_.size());
  if (next_ >= series_.front().window.cells()) return false;
  const auto& network = model_.parts().horizons[0].network;
  const auto& shape = network.shape;
  auto& b = buffers.batch;
  b.steps = 1, b.batch = series_.size();
  b.x.resize(shape.inputs * b.batch), b.base.resize(shape.bases * shape.steps * b.batch);
  b.h.resize(shape.hidden * b.batch), b.c.resize(shape.hidden * b.batch);
  const auto column = [](Aligned<float>& all, size_t n, size_t size) { return std::span(all).subspan(n * size, size); };
  for (size_t n = 0; n < series_.size(); ++n) {
    auto& s = series_[n];
    s.window.values[next_] = values[n];
    s.cursor.add(s.window, next_, column(b.x, n, shape.inputs));
    fill_bases(s.window, next_, column(b.base, n, shape.bases * shape.steps));
    std::copy(s.state.h.begin(), s.state.h.end(), column(b.h, n, shape.hidden).begin());
    std::copy(s.state.c.begin(), s.state.c.end(), column(b.c, n, shape.hidden).begin());
  }
  run_network<float>(network, b, buffers.workspace, buffers.quantiles);
  for (size_t n = 0; n < series_.size(); ++n) {
    auto& s = series_[n];
    std::ranges::copy(column(b.h, n, shape.hidden), s.state.h.begin());
    std::ranges::copy(column(b.c, n, shape.hidden), s.state.c.begin());
    for (size_t step = 0; step < shape.steps; ++step) {
      s.forecast[step] = in_unit(s.window, next_, buffers.quantiles, n * shape.steps + step, s.bounds);
    }
  }
  ++next_;
  return true;
}

Timestamp Stream::origin() const {
  return series_.front().window.grid.time_at(next_);
}

size_t Stream::bytes() const {
  size_t bytes = sizeof(*this);
  for (const auto& s : series_) {
    const auto& w = s.window;
    const size_t doubles =
        w.values.size() + w.last.size() + w.scale.size() + w.recent.size() + w.day_mean.size() + 5 * w.day.size();
    bytes +=
        sizeof(s) + 8 * doubles + 4 * (s.state.h.size() + s.state.c.size()) + sizeof(Quantiles) * s.forecast.size();
  }
  return bytes;
}

}  // namespace mps::forecast
