#include "forecast/stream.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "forecast/evaluate.h"
#include "forecast/hygiene.h"
#include "forecast/model_parts.h"
#include "forecast/simple_stream.h"
#include "forecast/train_parts.h"

namespace mps::forecast {
namespace {

// Of `all`, whose profiles are longer by kCellsMax, the cells from `first` on and what is known of the coming ones,
// without the network's inputs.
SeriesFeatures cut(const SeriesFeatures& all, size_t first) {
  SeriesFeatures f;
  f.layout = all.layout, f.identity = all.identity, f.grid = all.grid, f.grid.start = all.grid.time_at(first);
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
  for (const auto profile : profiles) part(all.*profile, f.*profile, cells + all.layout.steps);
  f.grid.size = cells;
  return f;
}

Quantiles in_unit(const SeriesFeatures& f, size_t t, const NetworkQuantiles<float>& q, size_t i) {
  const auto value = [&](float x) { return f.last[t] + f.scale[t] * static_cast<double>(x); };
  return {value(q.p10[i]), value(q.p50[i]), value(q.p90[i])};
}

}  // namespace

struct Stream::Series {
  SeriesFeatures window;
  FeatureCursor cursor;
  LstmState state;
  SimpleStream simple;
  ContestExcerpt contest;
  Bounds bounds;
  std::vector<Quantiles> forecast;
};

Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

Result<Stream> Stream::start(const Model& model, const Frame& recent) {
  MPS_TRY(const auto layout, layout_for(kHour));
  MPS_TRY_VOID(check_history(recent));
  static_assert(kCellsMax + 12 < 288, "a stream must not need what it has not seen");
  const auto& horizon = model.parts().horizons[0];
  Stream stream;
  for (const auto& column : recent.columns) {
    if (known_count(column.values) == 0) continue;
    const ResourceModel* const resource = horizon.find(column.name);
    if (resource == nullptr)
      return Error{ErrorCode::kNotEnoughData, "the model was trained before there was " + column.name};
    FeatureCursor cursor(layout);
    auto all = make_features(layout, recent.grid, without_frozen(column.values, kFineStep), column.name,
                             inputs_from(recent.grid, model.trained_on().to), cursor);
    extend_profiles(all, kCellsMax);
    const size_t now = all.cells() - 1, first = now + 1 - std::min(now + 1, layout.recent);
    LstmState state;
    std::vector<Quantiles> forecast;
    const size_t method = Contest(layout, resource->contest).index_of(resource->method);
    const Contest contest = moved_on(
        horizon, *resource, all, model.trained_on().to,
        [&](const OriginForecasts& f, const Contest::Made& said) {
          if (f.origin == now) forecast = shown(said, method);
        },
        &state);
    stream.start_ = stream.next_ = now + 1 - first;
    stream.resources_.push_back(column.name);
    stream.about_.push_back(without_steps(*resource));
    stream.series_.push_back({cut(all, first), cursor, std::move(state),
                              SimpleStream(layout, resource->baselines, all.values, kCellsMax), contest.excerpt(method),
                              bounds_of(column.name), std::move(forecast)});
  }
  if (stream.series_.empty())
    return Error{ErrorCode::kNotEnoughData, "nothing is known of any resource that the model was trained on"};
  return stream;
}

bool Stream::add(const Model& model, std::span<const double> values, StreamBuffers& buffers) {
  assert(values.size() == series_.size());
  if (next_ >= series_.front().window.cells()) return false;
  const auto& horizon = model.parts().horizons[0];
  const auto& shape = horizon.network.shape;
  auto& b = buffers.batch;
  b.steps = 1, b.batch = series_.size();
  b.x.resize(shape.inputs * b.batch), b.base.resize(shape.bases * shape.steps * b.batch);
  b.h.resize(shape.hidden * b.batch), b.c.resize(shape.hidden * b.batch);
  const auto column = [](Aligned<float>& all, size_t n, size_t size) { return std::span(all).subspan(n * size, size); };
  std::array<float, kPlainInputs> plain{};
  for (size_t n = 0; n < series_.size(); ++n) {
    auto& s = series_[n];
    s.window.values[next_] = values[n];
    s.cursor.add(s.window, next_, plain);
    fill_inputs(s.window, plain, column(b.x, n, shape.inputs));
    s.simple.add(values[n]);
    fill_bases(s.window, next_, column(b.base, n, shape.bases * shape.steps));
    std::copy(s.state.h.begin(), s.state.h.end(), column(b.h, n, shape.hidden).begin());
    std::copy(s.state.c.begin(), s.state.c.end(), column(b.c, n, shape.hidden).begin());
  }
  run_network<float>(horizon.network, b, buffers.workspace, buffers.quantiles);
  for (size_t n = 0; n < series_.size(); ++n) {
    std::ranges::copy(column(b.h, n, shape.hidden), series_[n].state.h.begin());
    std::ranges::copy(column(b.c, n, shape.hidden), series_[n].state.c.begin());
    combine(horizon, n, buffers);
  }
  ++next_;
  return true;
}

// The network's word is in the buffers.
void Stream::combine(const HorizonModel& horizon, size_t n, StreamBuffers& buffers) {
  auto& s = series_[n];
  const size_t steps = horizon.layout.steps;
  const ResourceModel& resource = *horizon.find(resources_[n]);
  buffers.medians.resize(resource.contest.size() * steps);
  buffers.lstm.resize(steps);
  s.simple.forecast(resource.baselines, s.window, next_, buffers.medians);
  const size_t lstm = resource.contest.size() - 2;  // the combination is behind it
  for (size_t step = 0; step < steps; ++step) {
    buffers.lstm[step] = in_unit(s.window, next_, buffers.quantiles, n * steps + step);
    buffers.medians[lstm * steps + step] = buffers.lstm[step].p50;
  }
  s.contest.forecast(buffers.medians, buffers.lstm, s.forecast);
  for (Quantiles& q : s.forecast) q = within(s.bounds, q);
}

Timestamp Stream::origin() const {
  return series_.front().window.grid.time_at(next_);
}

Prediction Stream::forecast(size_t i) const {
  Prediction p = about_[i];
  p.origin = origin(), p.step = kFineStep, p.steps = series_[i].forecast;
  return p;
}

size_t Stream::bytes() const {
  size_t bytes = sizeof(*this);
  for (const auto& p : about_) bytes += sizeof(p) + p.all.size() * sizeof(Scored);
  for (const auto& s : series_) {
    const auto& w = s.window;
    const size_t doubles =
        w.values.size() + w.last.size() + w.scale.size() + w.recent.size() + w.day_mean.size() + 5 * w.day.size();
    bytes += sizeof(s) + 8 * doubles + 4 * (s.state.h.size() + s.state.c.size()) +
             sizeof(Quantiles) * s.forecast.size() + s.simple.bytes() + s.contest.bytes() - sizeof(s.simple) -
             sizeof(s.contest);
  }
  return bytes;
}

}  // namespace mps::forecast
