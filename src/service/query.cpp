#include "service/query.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mps::service {
namespace {

constexpr Duration kRateGapMax = std::chrono::minutes(5);
// An instance that fell silent this long before its server did is gone (unmounted, unplugged), not current.
constexpr Duration kInstanceGoneAfter = std::chrono::minutes(15);

double to_unit(const Resource& resource, double stored) {
  return resource.offset + resource.scale * stored;
}

// Where `main` knows nothing, `other` stands in.
void fill_gaps(std::vector<double>& main, const std::vector<double>& other) {
  for (size_t i = 0; i < main.size(); ++i) {
    if (std::isnan(main[i])) main[i] = other[i];
  }
}

void add_known(std::vector<double>& sum, const std::vector<double>& other) {
  for (size_t i = 0; i < sum.size(); ++i) {
    if (std::isnan(sum[i])) {
      sum[i] = other[i];
    } else if (!std::isnan(other[i])) {
      sum[i] += other[i];
    }
  }
}

// The increase per second of a counter between two samples; a fall is a restart from zero. Nothing across a long gap.
std::optional<double> rate_between(const Sample& a, const Sample& b) {
  const Duration gap = b.time - a.time;
  if (gap <= Duration::zero() || gap > kRateGapMax) return std::nullopt;
  const double before = a.value.as_double(), after = b.value.as_double();
  return (after >= before ? after - before : after) / std::chrono::duration<double>(gap).count();
}

std::vector<Reading> to_readings(const Resource& resource, const std::vector<Sample>& samples, Timestamp from) {
  std::vector<Reading> readings;
  for (size_t i = 0; i < samples.size(); ++i) {
    if (samples[i].time < from) continue;
    if (resource.aggregate != Aggregate::kRate) {
      readings.push_back({samples[i].time, to_unit(resource, samples[i].value.as_double())});
    } else if (i > 0) {
      if (const auto rate = rate_between(samples[i - 1], samples[i]))
        readings.push_back({samples[i].time, to_unit(resource, *rate)});
    }
  }
  return readings;
}

// Of several interfaces what they read at the same times: an agent stamps all of them alike.
std::vector<Reading> sum_of(const std::vector<Reading>& a, const std::vector<Reading>& b) {
  std::vector<Reading> sum;
  sum.reserve(std::max(a.size(), b.size()));
  for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (j == b.size() || (i < a.size() && a[i].time < b[j].time)) {
      sum.push_back(a[i++]);
    } else if (i == a.size() || b[j].time < a[i].time) {
      sum.push_back(b[j++]);
    } else {
      sum.push_back({a[i].time, a[i].value + b[j].value});
      ++i, ++j;
    }
  }
  return sum;
}

std::optional<Duration> uptime_of(const store::SampleStore& store, ServerId server,
                                  const std::vector<SeriesKey>& series) {
  for (const SeriesKey& key : series) {
    if (key.measurement != "system" || key.field != "uptime") continue;
    if (const auto sample = store.last(server, key))
      return std::chrono::seconds(static_cast<int64_t>(sample->value.as_double()));
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<double>> Query::values_on(ServerId server, const Resource& resource, const SeriesKey& series,
                                             const Grid& grid) const {
  MPS_TRY(std::vector<double> values, store_.aggregate(server, series, grid, resource.aggregate));
  for (double& value : values) value = to_unit(resource, value);
  return values;
}

Result<Frame> Query::frame(ServerId server, const Resource& resource, TimeRange range, Duration step) const {
  Frame frame{Grid::covering(range, step), {}};
  const auto all = store_.list_series(server);
  for (const SeriesKey& key : select_series(all, resource)) {
    MPS_TRY(std::vector<double> values, values_on(server, resource, key, frame.grid));
    if (resource.instances == Instances::kSum && !frame.columns.empty()) {
      add_known(frame.columns.front().values, values);
    } else if (resource.instances == Instances::kEach || frame.columns.empty()) {
      const std::string name(resource.instances == Instances::kEach ? key.tag(resource.instance_tag) : "");
      frame.columns.push_back({name, std::move(values)});
    }
  }
  const SeriesKey imported = imported_series(resource);
  if (std::binary_search(all.begin(), all.end(), imported)) {
    MPS_TRY(std::vector<double> values, store_.aggregate(server, imported, frame.grid, Aggregate::kMean));
    if (frame.columns.empty()) {
      frame.columns.push_back({resource.instances == Instances::kEach ? "/" : "", std::move(values)});
    } else {
      fill_gaps(frame.columns.front().values, values);
    }
  }
  return frame;
}

Result<Frame> Query::history(ServerId server, TimeRange range, Duration step) const {
  Frame history{Grid::covering(range, step), {}};
  for (const Resource& resource : resources()) {
    if (!resource.forecast) continue;
    MPS_TRY(Frame one, frame(server, resource, range, step));
    if (one.columns.empty()) continue;
    history.columns.push_back({std::string(resource.name), std::move(one.columns.front().values)});
  }
  return history;
}

std::vector<Channel> Query::channels(ServerId server) const {
  std::vector<Channel> channels;
  const auto all = store_.list_series(server);
  for (const Resource& resource : resources()) {
    const size_t first = channels.size();
    for (SeriesKey& key : select_series(all, resource)) {
      if (resource.instances == Instances::kSum && channels.size() > first) {
        channels.back().keys.push_back(std::move(key));
      } else if (resource.instances == Instances::kEach || channels.size() == first) {
        std::string instance(resource.instances == Instances::kEach ? key.tag(resource.instance_tag) : "");
        channels.push_back({&resource, std::move(instance), {std::move(key)}, false});
      }
    }
    if (!std::binary_search(all.begin(), all.end(), imported_series(resource))) continue;
    if (channels.size() == first)
      channels.push_back({&resource, resource.instances == Instances::kEach ? "/" : "", {}, true});
    channels[first].imported = true;
  }
  return channels;
}

Result<std::vector<Reading>> Query::readings(ServerId server, const Channel& channel, TimeRange range) const {
  const Resource& resource = *channel.resource;
  std::vector<Reading> readings;
  for (const SeriesKey& key : channel.keys) {
    const bool rate = resource.aggregate == Aggregate::kRate;
    MPS_TRY(const std::vector<Sample> samples,
            store_.read(server, key, {rate ? range.from - kRateGapMax : range.from, range.to}));
    readings = sum_of(readings, to_readings(resource, samples, range.from));
  }
  if (!channel.imported) return readings;
  MPS_TRY(const std::vector<Sample> samples, store_.read(server, imported_series(resource), range));
  std::vector<Reading> whole;
  for (const Sample& sample : samples) {
    if (!readings.empty() && sample.time >= readings.front().time) break;
    whole.push_back({sample.time, sample.value.as_double()});
  }
  whole.insert(whole.end(), readings.begin(), readings.end());
  for (const Sample& sample : samples) {
    if (!readings.empty() && sample.time > readings.back().time)
      whole.push_back({sample.time, sample.value.as_double()});
  }
  return whole;
}

std::vector<store::SeriesRef> Query::refs(ServerId server, const Channel& channel) const {
  std::vector<store::SeriesRef> refs;
  for (const SeriesKey& key : channel.keys) {
    if (const auto ref = store_.find(server, key)) refs.push_back(*ref);
  }
  return refs;
}

std::optional<Reading> Query::newest_reading(const Resource& resource, std::span<const store::NewestSamples> samples) {
  Timestamp newest = Timestamp::min();
  for (const store::NewestSamples& each : samples) {
    if (each.count > 0) newest = std::max(newest, each.newest.time);
  }
  std::optional<Reading> sum;
  for (const store::NewestSamples& each : samples) {
    if (each.count == 0 || each.newest.time != newest) continue;  // an interface that is gone
    std::optional<double> value;
    if (resource.aggregate != Aggregate::kRate) {
      value = each.newest.value.as_double();
    } else if (each.count == 2) {
      value = rate_between(each.before, each.newest);
    }
    if (value) sum = Reading{newest, (sum ? sum->value : 0) + to_unit(resource, *value)};
  }
  return sum;
}

bool Query::has_agent(ServerId server) const {
  const std::string from_file = imported_series(resources().front()).measurement;
  const auto all = store_.list_series(server);
  return std::any_of(all.begin(), all.end(), [&](const SeriesKey& key) { return key.measurement != from_file; });
}

std::optional<double> Query::cores(ServerId server) const {
  const auto cores = store_.last(server, {"system", {}, "n_cpus"});
  if (!cores || !(cores->value.as_double() >= 1)) return std::nullopt;
  return cores->value.as_double();
}

ServerStatus Query::status(ServerId server) const {
  ServerStatus status;
  status.last_seen = store_.last_seen(server);
  if (!status.last_seen) return status;
  const auto all = store_.list_series(server);
  status.uptime = uptime_of(store_, server, all);
  for (const Resource& resource : resources()) {
    const size_t first = status.values.size();
    for (const SeriesKey& key : select_series(all, resource)) {
      const auto readings = to_readings(resource, store_.last_two(server, key), Timestamp::min());
      if (readings.empty() || readings.back().time < *status.last_seen - kInstanceGoneAfter) continue;
      const Reading& newest = readings.back();
      if (resource.instances == Instances::kSum && status.values.size() > first) {
        status.values.back().value += newest.value;
        status.values.back().time = std::max(status.values.back().time, newest.time);
      } else {
        const std::string instance(resource.instances == Instances::kEach ? key.tag(resource.instance_tag) : "");
        status.values.push_back({&resource, instance, newest.value, newest.time});
      }
    }
    if (status.values.size() > first) continue;
    if (const auto imported = store_.last(server, imported_series(resource))) {
      status.values.push_back(
          {&resource, resource.instances == Instances::kEach ? "/" : "", imported->value.as_double(), imported->time});
    }
  }
  return status;
}

}  // namespace mps::service
