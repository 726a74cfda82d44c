#include "service/ingest.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "base/text.h"

namespace mps::service {
namespace {

std::string_view host_of(const PointBatch& batch, const Point& point) {
  for (const Tag& tag : batch.tags(point)) {
    if (tag.name == "host") return tag.value;
  }
  return {};
}

size_t count_values(const PointBatch& batch) {
  size_t count = 0;
  for (const Point& point : batch.points) {
    for (const Field& field : batch.fields(point)) count += std::holds_alternative<Value>(field.value) ? 1 : 0;
  }
  return count;
}

}  // namespace

Ingest::Ingest(Servers& servers, store::SampleStore& store, const Clock& clock, Options options)
    : servers_(servers), store_(store), clock_(clock), options_(options) {}

// The points of one host follow each other: each run of them is looked up once.
std::vector<std::string> Ingest::find_servers(const IngestIdentity& who, PointBatch& batch, Timestamp latest) {
  std::vector<std::string> new_hosts;
  std::optional<std::string_view> last_host;
  ServerId last{};
  for (Point& point : batch.points) {
    if (point.time && *point.time > latest) continue;  // is refused anyway, and registers nobody
    const std::string_view host = host_of(batch, point);
    if (host != last_host) {
      const auto found = host.empty() ? Error{} : servers_.find_host(who.fleet_token, host);
      if (!found) new_hosts.emplace_back(host);
      last = found && *found ? **found : ServerId{};
      last_host = host;
    }
    point.server = last;
  }
  return new_hosts;
}

Error Ingest::why_no_server(const IngestIdentity& who, const PointBatch& batch, const Point& point) const {
  const std::string_view host = host_of(batch, point);
  if (host.empty()) {
    return {ErrorCode::kInvalidArgument,
            "a fleet token needs a host tag that names the server; set omit_hostname = false"};
  }
  const auto found = servers_.find_host(who.fleet_token, host);
  if (found && !*found) return found->error();
  return {ErrorCode::kInvalidArgument, fmt::format("the server '{}' was removed just now", valid_utf8(host))};
}

void Ingest::take_out_unusable(const IngestIdentity& who, wire::ParseResult& parsed, Timestamp now) {
  // A point without a stamp gets the second of its arrival, as Telegraf would have stamped it.
  const Timestamp arrival = std::chrono::floor<std::chrono::seconds>(now);
  const auto unusable = [&](Point& point) {
    if (!point.time) point.time = arrival;
    if (*point.time > now + options_.future_max) {
      ++counters_.points_from_future;
      parsed.add_error({point.line, 1,
                        fmt::format("the stamp {} is {} ahead of the hub's clock; check the server's clock",
                                    format_rfc3339(*point.time), format_duration(*point.time - now))});
      return true;
    }
    if (who.fleet_token == 0) point.server = who.server;
    if (point.server != ServerId{}) return false;
    const Error error = why_no_server(who, parsed.batch, point);
    ++(error.code == ErrorCode::kLimitExceeded ? counters_.points_over_limit : counters_.points_without_host);
    parsed.add_error({point.line, 1, error.message});
    return true;
  };
  std::erase_if(parsed.batch.points, unusable);
}

void Ingest::count_refused(const wire::ParseResult& parsed) {
  counters_.points_malformed += parsed.error_count;
  counters_.over_line_bytes += parsed.over_limit.line_bytes;
  counters_.over_tags += parsed.over_limit.tags;
  counters_.over_fields += parsed.over_limit.fields;
  counters_.over_name_bytes += parsed.over_limit.name_bytes;
}

bool Ingest::write(const IngestIdentity& who, wire::ParseResult&& parsed, Done& done, Waiting waiting) {
  const Timestamp now = clock_.now();
  if (who.fleet_token != 0) {
    const auto new_hosts = find_servers(who, parsed.batch, now + options_.future_max);
    if (!new_hosts.empty() && waiting == Waiting::kNever) return false;
    if (!new_hosts.empty()) {
      if (const auto registered = servers_.register_hosts(who.fleet_token, new_hosts); !registered) {
        ++counters_.requests;
        ++counters_.store_failures;
        done(Error{ErrorCode::kUnavailable, registered.error().message});
        return true;
      }
      find_servers(who, parsed.batch, now + options_.future_max);
    }
  }
  append(who, std::move(parsed), now, std::move(done));
  return true;
}

void Ingest::append(const IngestIdentity& who, wire::ParseResult&& parsed, Timestamp now, Done done) {
  ++counters_.requests;
  if (parsed.error_count > 0) count_refused(parsed);
  take_out_unusable(who, parsed, now);
  IngestReport report;
  report.points_rejected = parsed.error_count;
  report.errors = std::move(parsed.errors);
  report.values_accepted = count_values(parsed.batch);
  if (parsed.batch.points.empty()) return done(std::move(report));
  store_.append(parsed.batch, [this, report = std::move(report), done = std::move(done)](Result<void> stored) mutable {
    if (!stored) {
      ++counters_.store_failures;
      if (stored.error().code == ErrorCode::kLimitExceeded) ++counters_.over_series;
      return done(stored.error());
    }
    counters_.values_accepted += report.values_accepted;
    done(std::move(report));
  });
}

}  // namespace mps::service
