#include <map>

#include "gateway/declare.h"
#include "gateway/prometheus_text.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

constexpr Duration kStaleAfter = std::chrono::minutes(5);  // as Prometheus has it
constexpr std::string_view kPrometheusType = "text/plain; version=0.0.4; charset=utf-8";

// Base units, as Prometheus wants them: a ratio rather than percent.
struct Exported {
  std::string name, help;
  double scale = 1;
};

Exported exported(const Resource& resource) {
  const std::string name = "mps_server_" + std::string(resource.name), title(resource.title);
  switch (resource.unit) {
    case Unit::kPercent:
      return {name + "_ratio", title + ", 0 to 1", 0.01};
    case Unit::kBytesPerSecond:
    case Unit::kNetBytesPerSecond:
    case Unit::kBitsPerSecond:  // no resource has these two: they are for showing alone
    case Unit::kBinaryBytesPerSecond:
      return {name + "_bytes_per_second", title + ", bytes a second", 1};
    case Unit::kLoad:
      break;
  }
  return {name, title, 1};
}

struct Seen {
  std::string server;
  service::ServerStatus status;
};

void write_resource(PrometheusText& out, const Resource& resource, const std::vector<Seen>& all, Timestamp now) {
  const Exported as = exported(resource);
  bool begun = false;
  for (const Seen& seen : all) {
    for (const service::CurrentValue& v : seen.status.values) {
      if (v.resource != &resource || v.time + kStaleAfter < now) continue;
      if (!std::exchange(begun, true)) out.metric(as.name, "gauge", as.help);
      if (v.instance.empty())
        out.sample({{"server", seen.server}}, v.value * as.scale);
      else
        out.sample({{"server", seen.server}, {"instance", v.instance}}, v.value * as.scale);
    }
  }
}

std::string last_values(service::Hub& hub) {
  const Timestamp now = hub.clock().now();
  std::vector<Seen> all;
  for (const service::Server& server : hub.servers().list())
    all.push_back({server.name, hub.query().status(server.id)});
  PrometheusText out;
  for (const Resource& resource : resources()) write_resource(out, resource, all, now);
  out.metric("mps_server_up", "gauge", "1 where samples came within the last five minutes");
  for (const Seen& seen : all) {
    const auto last = seen.status.last_seen;
    out.sample({{"server", seen.server}}, last && *last + kStaleAfter >= now ? 1 : 0);
  }
  out.metric("mps_server_last_seen_timestamp_seconds", "gauge", "The time of the newest sample");
  for (const Seen& seen : all) {
    if (!seen.status.last_seen) continue;
    out.sample({{"server", seen.server}},
               std::chrono::duration<double>(seen.status.last_seen->time_since_epoch()).count());
  }
  return out.take();
}

}  // namespace

void add_prometheus_routes(Routes& routes, const RouteContext& context) {
  routes.push_back(api_get<Nothing>(
      {"GET", "/api/v1/prometheus", "metrics", "What all servers read now, for a Prometheus that scrapes it"},
      {{200, "Prometheus text; what is older than five minutes is left out", kPrometheusType}},
      [&hub = context.hub](const Call&, const Nothing&) -> Result<Response> {
        Response response;
        response.content_type = kPrometheusType;
        response.body = last_values(hub);
        return response;
      }));
}

}  // namespace mps::gateway
