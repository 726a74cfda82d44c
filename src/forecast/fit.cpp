#include "forecast/fit.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mps::forecast {
namespace {

struct Place {
  const FitSeries* series = nullptr;
  size_t start = 0;
};

// Where training may start: every place a segment apart, from an offset that differs with each round.
class Places {
 public:
  Places(std::span<const FitSeries> series, size_t length, std::mt19937_64& random)
      : series_(series), length_(length), random_(random) {}

  // Null when no series has anything to learn from.
  Place next() {
    if (round_.empty()) fill();
    if (round_.empty()) return {};
    const Place place = round_.back();
    round_.pop_back();
    return place;
  }

 private:
  void fill() {
    for (const auto& s : series_) {
      const auto& last = s.features->last;
      const auto first = static_cast<size_t>(
          std::find_if(last.begin(), last.end(), [](double v) { return std::isfinite(v); }) - last.begin());
      if (!(s.loss_scale > 0) || first + 1 >= s.end) continue;
      // Places hang from the end, so that the newest days are never the ones left out.
      const size_t shift = random_() % length_;
      for (size_t end = s.end + shift; end > first;) {
        const size_t start = end > first + length_ ? end - length_ : first;
        if (start + 1 < s.end) round_.push_back({&s, start});
        end = start == first ? 0 : start;
      }
    }
    for (size_t i = round_.size(); i > 1; --i) std::swap(round_[i - 1], round_[random_() % i]);
  }

  std::span<const FitSeries> series_;
  size_t length_;
  std::mt19937_64& random_;
  std::vector<Place> round_;
};

struct Lane {
  Place place;
  size_t windows_left = 0;
};

Batch<float> make_batch(const NetworkShape& s, size_t steps, size_t lanes, bool targets) {
  Batch<float> b;
  b.steps = steps, b.batch = lanes;
  const size_t n = steps * lanes;
  b.x.resize(s.inputs * n), b.base.resize(s.bases * s.steps * n);
  if (targets) b.target.resize(s.steps * n), b.weight.resize(s.steps * n);
  b.h.resize(s.hidden * lanes), b.c.resize(s.hidden * lanes);
  return b;
}

void clear_state(const NetworkShape& s, Batch<float>& b, size_t lane) {
  std::fill_n(b.h.begin() + static_cast<ptrdiff_t>(lane * s.hidden), s.hidden, 0.0f);
  std::fill_n(b.c.begin() + static_cast<ptrdiff_t>(lane * s.hidden), s.hidden, 0.0f);
}

// A column that counts for nothing: behind the end of a segment.
void blank_column(const NetworkShape& s, Batch<float>& b, size_t n) {
  const auto clear = [n](Aligned<float>& v, size_t size) {
    std::fill_n(v.begin() + static_cast<ptrdiff_t>(n * size), size, 0.0f);
  };
  clear(b.x, s.inputs), clear(b.base, s.bases * s.steps), clear(b.target, s.steps), clear(b.weight, s.steps);
}

void fill_batch(const NetworkShape& s, const FitOptions& options, Places& places, std::vector<Lane>& lanes,
                Batch<float>& b) {
  for (size_t l = 0; l < lanes.size(); ++l) {
    auto& lane = lanes[l];
    if (lane.windows_left == 0 || lane.place.start >= lane.place.series->end) {
      lane = {places.next(), options.segment};
      clear_state(s, b, l);
    }
    for (size_t i = 0; i < options.window; ++i) {
      const size_t t = lane.place.start + i, n = i * lanes.size() + l;
      if (t >= lane.place.series->end) {
        blank_column(s, b, n);
      } else {
        fill_column(*lane.place.series->features, t, lane.place.series->end, lane.place.series->loss_scale, b, n);
      }
    }
    lane.place.start += options.window;
    --lane.windows_left;
  }
}

float gradient_scale(std::span<const float> gradient, double points, double norm_max) {
  double squares = 0;
  for (const float g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
  const double norm = std::sqrt(squares) / points;
  return static_cast<float>((norm > norm_max ? norm_max / norm : 1) / points);
}

int64_t updates_for(std::span<const FitSeries> series, const FitOptions& o) {
  size_t cells = 0;
  for (const auto& s : series) cells += s.loss_scale > 0 ? s.end : 0;
  const double updates = o.lesson.passes * static_cast<double>(cells) / static_cast<double>(o.window * o.lanes);
  const auto within = std::clamp(static_cast<int64_t>(updates), o.lesson.updates_min, o.lesson.updates_max);
  return static_cast<int64_t>(o.effort * static_cast<double>(within));
}

double rate_at(const Lesson& o, int64_t update, int64_t updates) {
  const double part = static_cast<double>(update) / static_cast<double>(std::max<int64_t>(1, updates));
  const double warm = std::min(1.0, (static_cast<double>(update) + 1) / 20);
  return warm * (kRateEnd + (o.rate - kRateEnd) * (1 + std::cos(std::numbers::pi * part)) / 2);
}

}  // namespace

double typical_error(const SeriesFeatures& f, size_t end) {
  const auto mean_error = [&](size_t back) {
    double sum = 0;
    size_t count = 0;
    for (size_t t = back; t < end; ++t) {
      const double e = std::abs(f.values[t] - f.values[t - back]);
      if (std::isfinite(e)) sum += e, ++count;
    }
    return count > 0 ? sum / static_cast<double>(count) : 0;
  };
  const double near = mean_error(std::max<size_t>(1, f.layout.steps / 2)), daily = mean_error(f.layout.day);
  return daily > 0 ? std::min(near, daily) : near;
}

FitOptions fit_options(const Layout& layout, const Lesson& lesson, uint64_t seed) {
  FitOptions o;
  o.seed = seed;
  o.lesson = lesson;
  o.lanes = layout.horizon == kHour ? 32 : 16;
  return o;
}

double fit(Network<float>& network, std::span<const FitSeries> series, const FitOptions& o) {
  std::mt19937_64 random(o.seed);
  Places places(series, o.window * o.segment, random);
  const auto& shape = network.shape;
  std::vector<Lane> lanes(o.lanes);
  const auto updates = updates_for(series, o);
  if (updates <= 0 || places.next().series == nullptr) return 0;
  auto batch = make_batch(shape, o.window, o.lanes, true);
  Workspace<float> workspace;
  const size_t size = network.weights.size();
  Aligned<float> gradient(size), first(size), second(size);
  double tail = 0, tail_points = 0;
  for (int64_t update = 0; update < updates && !o.stop.stop_requested(); ++update) {
    fill_batch(shape, o, places, lanes, batch);
    const auto points =
        static_cast<double>(std::count_if(batch.weight.begin(), batch.weight.end(), [](float w) { return w > 0; }));
    if (points > 0) {
      const float loss = loss_and_gradient<float>(network, batch, workspace, gradient);
      AdamOptions adam;
      adam.rate = rate_at(o.lesson, update, updates);
      adam_step<float>(adam, update + 1, gradient_scale(gradient, points, o.gradient_norm_max), gradient, first, second,
                       network.weights);
      if (update >= updates - std::max<int64_t>(1, updates / 10)) {
        tail += static_cast<double>(loss), tail_points += points;
      }
    }
    if (o.progress) o.progress(static_cast<double>(update + 1) / static_cast<double>(updates));
  }
  return tail_points > 0 ? tail / tail_points : 0;
}

std::vector<OriginQuantiles> run(const Network<float>& network, const SeriesFeatures& f,
                                 std::span<const size_t> origins, LstmState* state) {
  constexpr size_t kChunk = 256;
  const auto& shape = network.shape;
  std::vector<OriginQuantiles> result(origins.size());
  Workspace<float> workspace;
  NetworkQuantiles<float> q;
  if (origins.empty()) return result;
  const size_t start = origins.front() - std::min(origins.front(), kWarmUp);
  auto batch = make_batch(shape, std::min(kChunk, f.cells() - start), 1, false);
  size_t next = 0;
  for (size_t from = start; from < f.cells() && next < origins.size(); from += kChunk) {
    const size_t steps = std::min(kChunk, f.cells() - from);
    if (steps != batch.steps) {
      auto shorter = make_batch(shape, steps, 1, false);
      shorter.h = batch.h, shorter.c = batch.c;
      batch = std::move(shorter);
    }
    for (size_t i = 0; i < steps; ++i) fill_column(f, from + i, 0, 0, batch, i);
    run_network<float>(network, batch, workspace, q);
    for (; next < origins.size() && origins[next] < from + steps; ++next) {
      const size_t t = origins[next];
      for (size_t s = 0; s < shape.steps; ++s) {
        const size_t i = (t - from) * shape.steps + s;
        const auto value = [&](float x) { return f.last[t] + f.scale[t] * static_cast<double>(x); };
        result[next].steps.push_back({value(q.p10[i]), value(q.p50[i]), value(q.p90[i])});
      }
    }
  }
  if (state != nullptr) *state = {batch.h, batch.c};
  return result;
}

}  // namespace mps::forecast
