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

// Tells which server each point belongs to. The points of one host follow each other: the last answer is kept.
class Assigner {
 public:
  Assigner(const IngestIdentity& who, Servers& servers) : who_(who), servers_(servers) {}

  Result<ServerId> server_of(const PointBatch& batch, const Point& point) {
    if (who_.fleet_token == 0) return who_.server;
    const std::string_view host = host_of(batch, point);
    if (!known_ || host != last_host_) {
      if (host.empty()) {
        return Error{ErrorCode::kInvalidArgument,
                     "a fleet token needs a host tag that names the server; set omit_hostname = false"};
      }
      last_host_ = host;
      last_ = servers_.server_of_host(who_.fleet_token, host);
      known_ = true;
    }
    return last_;
  }

 private:
  const IngestIdentity& who_;
  Servers& servers_;
  bool known_ = false;
  std::string_view last_host_;
  Result<ServerId> last_{ServerId{}};
};

}  // namespace

Ingest::Ingest(Servers& servers, store::SampleStore& store, const Clock& clock, Options options)
    : servers_(servers), store_(store), clock_(clock), options_(options) {}

void Ingest::assign(const IngestIdentity& who, wire::ParseResult& parsed) {
  const Timestamp now = clock_.now();
  // A point without a stamp gets the second of its arrival, as Telegraf would have stamped it.
  const Timestamp arrival = std::chrono::floor<std::chrono::seconds>(now);
  Assigner assigner(who, servers_);
  const auto unusable = [&](Point& point) {
    if (!point.time) point.time = arrival;
    if (*point.time > now + options_.future_max) {
      ++counters_.points_from_future;
      parsed.add_error({point.line, 1,
                        fmt::format("the stamp {} is {} ahead of the hub's clock; check the server's clock",
                                    format_rfc3339(*point.time), format_duration(*point.time - now))});
      return true;
    }
    const Result<ServerId> server = assigner.server_of(parsed.batch, point);
    if (!server) {
      ++(server.error().code == ErrorCode::kLimitExceeded ? counters_.points_over_limit
                                                          : counters_.points_without_host);
      parsed.add_error({point.line, 1, server.error().message});
      return true;
    }
    point.server = *server;
    return false;
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

void Ingest::write(const IngestIdentity& who, wire::ParseResult&& parsed, Done done) {
  ++counters_.requests;
  if (parsed.error_count > 0) count_refused(parsed);
  assign(who, parsed);
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
