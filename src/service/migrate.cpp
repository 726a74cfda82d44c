#include "service/migrate.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <set>
#include <zlib.h>

#include "base/file.h"
#include "store/influxdb/influx_history.h"
#include "store/influxdb/influx_store.h"
#include "store/influxdb/line_sender.h"

namespace mps::service {
namespace {

constexpr size_t kSamplesPerAppend = 5000;
constexpr TimeRange kAllTime{Timestamp::min(), Timestamp::max()};

class FolderHistory final : public History {
 public:
  explicit FolderHistory(store::SampleStore& store) : store_(store) {}

  Result<std::vector<ServerId>> servers() override {
    std::vector<ServerId> servers;
    for (const store::ServerPulse& pulse : store_.pulses()) servers.push_back(pulse.server);
    std::sort(servers.begin(), servers.end());
    return servers;
  }
  Result<std::vector<SeriesKey>> list_series(ServerId server) override { return store_.list_series(server); }
  Result<std::vector<Sample>> read(ServerId server, const SeriesKey& series, TimeRange range) override {
    return store_.read(server, series, range);
  }
  Result<void> write(ServerId server, const SeriesKey& series, std::span<const Sample> samples) override {
    std::vector<Tag> tags;
    for (const auto& [name, value] : series.tags) tags.push_back({name, value});
    for (size_t begin = 0; begin < samples.size(); begin += kSamplesPerAppend) {
      PointBatch batch;
      batch.all_tags = tags;
      for (const Sample& sample : samples.subspan(begin, std::min(kSamplesPerAppend, samples.size() - begin))) {
        Point point;
        point.server = server;
        point.measurement = series.measurement;
        point.time = sample.time;
        point.tags_end = static_cast<uint32_t>(tags.size());
        point.fields_begin = static_cast<uint32_t>(batch.all_fields.size());
        batch.all_fields.push_back({series.field, sample.value});
        point.fields_end = point.fields_begin + 1;
        batch.points.push_back(point);
      }
      MPS_TRY_VOID(store_.append_and_wait(batch));
    }
    return {};
  }
  Result<store::Attributes> attributes(ServerId server) override { return store_.attributes(server); }
  Result<void> write(ServerId server, const store::Attributes& attributes) override {
    PointBatch batch;
    for (const auto& [name, attribute] : attributes) {
      const size_t space = std::min(name.rfind(' '), name.size());
      Point point;
      point.server = server;
      point.measurement = std::string_view(name).substr(0, space);
      point.time = attribute.time;
      point.fields_begin = static_cast<uint32_t>(batch.all_fields.size());
      batch.all_fields.push_back({std::string_view(name).substr(std::min(space + 1, name.size())), attribute.value});
      point.fields_end = point.fields_begin + 1;
      batch.points.push_back(point);
    }
    return batch.points.empty() ? Result<void>() : store_.append_and_wait(batch);
  }

 private:
  store::SampleStore& store_;
};

class InfluxDbHistory final : public History {
 public:
  explicit InfluxDbHistory(const store::InfluxTarget& target)
      : client_(target), sender_(client_, types_), history_(target, types_) {}

  Result<std::vector<ServerId>> servers() override { return history_.servers(); }
  Result<std::vector<SeriesKey>> list_series(ServerId server) override { return history_.list_series(server); }
  Result<std::vector<Sample>> read(ServerId server, const SeriesKey& series, TimeRange range) override {
    return history_.read(server, series, range);
  }
  Result<void> write(ServerId server, const SeriesKey& series, std::span<const Sample> samples) override {
    std::vector<store::InfluxLine> lines;
    lines.reserve(samples.size());
    for (const Sample& sample : samples)
      lines.push_back({server, &series, sample.time.time_since_epoch().count(), {{&series.field, sample.value}}});
    return result_of(sender_.send(lines), "samples");
  }
  Result<store::Attributes> attributes(ServerId server) override { return history_.attributes(server); }
  Result<void> write(ServerId server, const store::Attributes& attributes) override {
    return result_of(sender_.send(server, attributes), "texts");
  }

 private:
  static Result<void> result_of(const store::SendOutcome& outcome, std::string_view what) {
    if (!outcome.taken) return Error{ErrorCode::kUnavailable, outcome.reason};
    if (outcome.refused > 0)
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{} {} are refused: {}", outcome.refused, what, outcome.reason)};
    return {};
  }

  store::FieldTypes types_;
  store::InfluxClient client_;
  store::LineSender sender_;
  store::InfluxHistory history_;
};

uint32_t checksum_of(std::span<const Sample> samples, uint32_t checksum) {
  for (const Sample& sample : samples) {
    const int64_t time = sample.time.time_since_epoch().count();
    const uint64_t bits = sample.value.bits();
    unsigned char bytes[17];
    std::memcpy(bytes, &time, 8);
    std::memcpy(bytes + 8, &bits, 8);
    bytes[16] = static_cast<unsigned char>(sample.value.type());
    checksum = static_cast<uint32_t>(::crc32(checksum, bytes, sizeof bytes));
  }
  return checksum;
}

// Those at the times of `wanted`; both are sorted.
std::vector<Sample> at_times_of(const std::vector<Sample>& wanted, const std::vector<Sample>& found) {
  std::vector<Sample> chosen;
  auto at = found.begin();
  for (const Sample& sample : wanted) {
    while (at != found.end() && at->time < sample.time) ++at;
    if (at != found.end() && at->time == sample.time) chosen.push_back(*at);
  }
  return chosen;
}

Result<void> copy_series(History& from, History& to, ServerId server, const SeriesKey& series,
                         MigrationReport& report) {
  MPS_TRY(const std::vector<Sample> samples, from.read(server, series, kAllTime));
  if (samples.empty()) return {};
  MPS_TRY_VOID(to.write(server, series, samples));
  MPS_TRY(const std::vector<Sample> there,
          to.read(server, series, {samples.front().time, samples.back().time + Duration(1)}));
  const std::vector<Sample> copies = at_times_of(samples, there);
  if (copies.size() != samples.size() || checksum_of(copies, 0) != checksum_of(samples, 0)) {
    return Error{ErrorCode::kCorrupt, fmt::format("server {}, {}: {} samples were copied, {} of them are there and the "
                                                  "checksums are {:08x} and {:08x}",
                                                  static_cast<int64_t>(server), series.to_string(), samples.size(),
                                                  copies.size(), checksum_of(samples, 0), checksum_of(copies, 0))};
  }
  ++report.series;
  report.samples += samples.size();
  report.checksum = checksum_of(samples, report.checksum);
  return {};
}

Result<void> copy_attributes(History& from, History& to, ServerId server, MigrationReport& report) {
  MPS_TRY(const store::Attributes attributes, from.attributes(server));
  if (attributes.empty()) return {};
  MPS_TRY_VOID(to.write(server, attributes));
  MPS_TRY(const store::Attributes there, to.attributes(server));
  for (const auto& [name, attribute] : attributes) {
    const auto copy = there.find(name);
    if (copy == there.end() || (copy->second != attribute && copy->second.time <= attribute.time))
      return Error{ErrorCode::kCorrupt,
                   fmt::format("server {}: the text of {} was copied, and is {}", static_cast<int64_t>(server), name,
                               copy == there.end() ? "not there" : "another one there")};
  }
  report.attributes += attributes.size();
  return {};
}

// The servers that an earlier run of the same name has done; none where there was none.
std::set<int64_t> servers_done(const std::filesystem::path& file, const std::string& name) {
  std::set<int64_t> done;
  const auto text = read_file(file);
  if (!text || !text->starts_with(name + "\n")) return done;
  std::string_view rest = std::string_view(*text).substr(name.size() + 1);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    int64_t id = 0;
    if (std::from_chars(line.data(), line.data() + line.size(), id).ec == std::errc()) done.insert(id);
  }
  return done;
}

}  // namespace

std::unique_ptr<History> history_of_folder(store::SampleStore& store) {
  auto* const before_influx = dynamic_cast<store::InfluxStore*>(&store);
  if (before_influx != nullptr) return std::make_unique<FolderHistory>(before_influx->embedded());
  return std::make_unique<FolderHistory>(store);
}

std::unique_ptr<History> history_of_influx(const store::InfluxTarget& target) {
  return std::make_unique<InfluxDbHistory>(target);
}

Result<MigrationReport> migrate(History& from, History& to, const std::filesystem::path& progress_file,
                                const std::string& name, const std::function<void(const std::string&)>& tell) {
  MigrationReport report;
  std::set<int64_t> done = servers_done(progress_file, name);
  MPS_TRY(const std::vector<ServerId> servers, from.servers());
  for (const ServerId server : servers) {
    const auto id = static_cast<int64_t>(server);
    if (done.contains(id)) {
      ++report.servers_before;
      continue;
    }
    MPS_TRY(const std::vector<SeriesKey> series, from.list_series(server));
    for (const SeriesKey& key : series) MPS_TRY_VOID(copy_series(from, to, server, key, report));
    MPS_TRY_VOID(copy_attributes(from, to, server, report));
    ++report.servers;
    done.insert(id);
    MPS_TRY_VOID(write_file_atomically(progress_file, fmt::format("{}\n{}\n", name, fmt::join(done, "\n"))));
    tell(fmt::format("{} of {} servers, {} samples\n", report.servers + report.servers_before, servers.size(),
                     report.samples));
  }
  std::error_code ignored;
  std::filesystem::remove(progress_file, ignored);
  return report;
}

}  // namespace mps::service
