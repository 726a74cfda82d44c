#include "forecast/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "metric/resource.h"

namespace mps::forecast {
namespace {

double at(std::span<const double> values, size_t cell, size_t back) {
  return cell >= back && cell - back < values.size() ? values[cell - back] : kUnknown;
}

// Tames spikes: linear near zero, logarithmic far away.
float squash(double z) {
  return static_cast<float>(std::copysign(std::log1p(std::abs(z)), z));
}

void fill_profiles(SeriesFeatures& f, size_t size) {
  const size_t from = f.day.size(), day = f.layout.day, week = f.layout.week;
  for (auto* v : {&f.day, &f.week, &f.mean7, &f.median7, &f.weeks}) v->resize(size, kUnknown);
  for (size_t i = from; i < size; ++i) {
    std::array<double, 7> same{};
    size_t count = 0;
    double sum = 0;
    for (size_t k = 1; k <= 7; ++k) {
      const double v = at(f.values, i, k * day);
      if (!std::isfinite(v)) continue;
      sum += v;
      size_t place = count++;
      for (; place > 0 && same[place - 1] > v; --place) same[place] = same[place - 1];
      same[place] = v;
    }
    f.day[i] = at(f.values, i, day);
    f.week[i] = at(f.values, i, week);
    double weeks = 0;
    size_t weeks_count = 0;
    for (size_t k = 1; k <= 4; ++k) {
      const double v = at(f.values, i, k * week);
      if (std::isfinite(v)) weeks += v, ++weeks_count;
    }
    if (weeks_count > 0) f.weeks[i] = weeks / static_cast<double>(weeks_count);
    if (count == 0) continue;
    f.mean7[i] = sum / static_cast<double>(count);
    f.median7[i] = (same[(count - 1) / 2] + same[count / 2]) / 2;
  }
}

void fill_time(const SeriesFeatures& f, size_t t, float* x) {
  const auto end = f.grid.time_at(t + 1).time_since_epoch();
  const double day = static_cast<double>((end % kDay).count()) / static_cast<double>(kDay.count());
  const double week = static_cast<double>((end % (7 * kDay)).count()) / static_cast<double>((7 * kDay).count());
  const double turn = 2 * std::numbers::pi;
  x[0] = static_cast<float>(std::sin(turn * day)), x[1] = static_cast<float>(std::cos(turn * day));
  x[2] = static_cast<float>(std::sin(2 * turn * day)), x[3] = static_cast<float>(std::cos(2 * turn * day));
  x[4] = static_cast<float>(std::sin(turn * week)), x[5] = static_cast<float>(std::cos(turn * week));
}

void fill_cell(const SeriesFeatures& f, size_t t, const RunningScale& scaler, size_t unknown_for, float* x) {
  const double v = f.values[t], last = f.last[t], scale = f.scale[t], level = scaler.level.mean(last);
  const double previous = t > 0 ? f.last[t - 1] : kUnknown;
  const auto scaled = [&](double value) { return std::isfinite(value) ? squash((value - level) / scale) : 0.0f; };
  const auto known = [](double value) { return std::isfinite(value) ? 1.0f : 0.0f; };
  x[0] = scaled(last);
  x[1] = std::isfinite(previous) && std::isfinite(v) ? squash((v - previous) / scale) : 0;
  x[2] = scaled(f.day[t + 1]);
  x[3] = scaled(f.week[t + 1]);
  x[4] = scaled(f.mean7[t + 1]);
  x[5] = scaled(f.median7[t + 1]);
  x[6] = scaled(f.recent[t]);
  x[7] = scaled(f.day_mean[t]);
  x[8] = std::isfinite(v) && std::isfinite(f.mean7[t]) ? squash((v - f.mean7[t]) / scale) : 0;
  x[9] = static_cast<float>(std::log(std::max(1e-3, scaler.step.mean(scale) / scale)));
  x[10] = 1 - known(v);
  x[11] = std::min(1.0f, static_cast<float>(unknown_for) / static_cast<float>(f.layout.day));
  x[12] = known(f.week[t + 1]);
  fill_time(f, t, x + 13);
}

}  // namespace

size_t identity_of(std::string_view resource) {
  const auto name = resource.substr(0, resource.find(':'));
  const auto all = resources();
  const auto row = std::find_if(all.begin(), all.end(), [&](const Resource& r) {
    return r.name == name || std::find(r.csv_columns.begin(), r.csv_columns.end(), name) != r.csv_columns.end();
  });
  return std::min(static_cast<size_t>(row - all.begin()), kIdentities - 1);
}

FeatureCursor::FeatureCursor(const Layout& layout) : scaler_(static_cast<double>(layout.day)) {}

void FeatureCursor::add(SeriesFeatures& f, size_t t, std::span<float> x) {
  const double v = f.values[t], before = t > 0 ? f.last[t - 1] : kUnknown;
  const bool known = std::isfinite(v);
  unknown_for_ = known ? 0 : unknown_for_ + 1;
  f.last[t] = known ? v : before;
  if (known) {
    scaler_.level.add(v);
    scaler_.spread.add(std::abs(v - scaler_.level.mean(v)));
    if (std::isfinite(before)) scaler_.step.add(std::abs(v - before));
  }
  // Even a series that never moves gets a scale that can be divided by.
  const double level = std::abs(scaler_.level.mean(0));
  f.scale[t] = std::max(scaler_.spread.mean(0), 1e-6 + 1e-4 * level);
  f.recent[t] = recent_.add(v, at(f.values, t, f.layout.recent));
  f.day_mean[t] = day_mean_.add(v, f.day[t]);
  if (!x.empty()) fill_cell(f, t, scaler_, unknown_for_, x.data());
}

SeriesFeatures make_features(const Layout& layout, const Grid& grid, std::vector<double> values,
                             std::string_view resource, size_t inputs_from) {
  FeatureCursor cursor(layout);
  return make_features(layout, grid, std::move(values), resource, inputs_from, cursor);
}

SeriesFeatures make_features(const Layout& layout, const Grid& grid, std::vector<double> values,
                             std::string_view resource, size_t inputs_from, FeatureCursor& cursor) {
  SeriesFeatures f;
  f.layout = layout, f.grid = grid, f.values = std::move(values), f.identity = identity_of(resource);
  fill_profiles(f, f.cells() + layout.steps);
  f.x.resize(f.cells() * kPlainInputs);
  for (auto* v : {&f.last, &f.scale, &f.recent, &f.day_mean}) v->assign(f.cells(), kUnknown);
  for (size_t t = 0; t < f.cells(); ++t) {
    const auto x = std::span(f.x).subspan(t * kPlainInputs, kPlainInputs);
    cursor.add(f, t, t < inputs_from ? std::span<float>() : x);
  }
  return f;
}

void extend_profiles(SeriesFeatures& f, size_t cells) {
  fill_profiles(f, f.day.size() + cells);
}

void fill_inputs(const SeriesFeatures& f, std::span<const float> plain, std::span<float> x) {
  std::copy_n(plain.begin(), kPlainInputs, x.begin());
  std::fill_n(x.begin() + kPlainInputs, kIdentities, 0.0f);
  x[kPlainInputs + f.identity] = 1;
}

void fill_bases(const SeriesFeatures& f, size_t t, std::span<float> base) {
  const size_t steps = f.layout.steps;
  const double last = f.last[t], per_scale = 1 / f.scale[t];
  const auto relative = [&](double value) {
    const auto x = static_cast<float>((value - last) * per_scale);
    return std::isnan(x) ? 0.0f : x;  // where either is unknown
  };
  const double now = f.mean7[t];
  for (size_t s = 0; s < steps; ++s) {
    const size_t i = t + 1 + s;
    base[kBaseDay * steps + s] = relative(std::isfinite(f.day[i]) ? f.day[i] : f.mean7[i]);
    base[kBaseWeek * steps + s] = relative(std::isfinite(f.week[i]) ? f.week[i] : f.mean7[i]);
    base[kBaseMean7 * steps + s] = relative(f.mean7[i]);
    base[kBaseMedian7 * steps + s] = relative(f.median7[i]);
    base[kBaseWeeks * steps + s] = relative(std::isfinite(f.weeks[i]) ? f.weeks[i] : f.mean7[i]);
    base[kBaseChange * steps + s] = relative(last + f.mean7[i] - now);
    base[kBaseRecent * steps + s] = relative(f.recent[t]);
    base[kBaseDayMean * steps + s] = relative(f.day_mean[t]);
  }
}

void fill_column(const SeriesFeatures& f, size_t t, size_t end, double loss_scale, Batch<float>& batch, size_t n) {
  const size_t steps = f.layout.steps;
  fill_inputs(f, std::span(f.x).subspan(t * kPlainInputs, kPlainInputs),
              std::span(batch.x).subspan(n * kInputs, kInputs));
  fill_bases(f, t, std::span(batch.base).subspan(n * kBases * steps, kBases * steps));
  if (batch.weight.empty()) return;
  const double last = f.last[t], scale = f.scale[t];
  for (size_t s = 0; s < steps; ++s) {
    const size_t i = t + 1 + s;
    const double actual = loss_scale > 0 && i < end ? f.values[i] : kUnknown;
    const bool scored = std::isfinite(last) && std::isfinite(actual);
    batch.target[n * steps + s] = scored ? static_cast<float>((actual - last) / scale) : 0;
    batch.weight[n * steps + s] = scored ? static_cast<float>(scale / loss_scale) : 0;
  }
}

}  // namespace mps::forecast
