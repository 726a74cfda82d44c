#include <algorithm>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

#include "gateway/api_types.h"
#include "gateway/prometheus_text.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t total = 0, resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void write_http(PrometheusText& out, const ServerStats& s, const std::vector<Router::Count>& counts) {
  out.metric("mps_http_requests_total", "counter", "Answers by route and status");
  for (const auto& [route, status, answers] : counts) {
    out.sample({{"method", route->method}, {"route", route->path}, {"status", std::to_string(status)}},
               static_cast<double>(answers));
  }
  const auto number = [](uint64_t n) { return static_cast<double>(n); };
  out.gauge("mps_http_connections", "Connections now", number(s.connections_open));
  out.counter("mps_http_connections_accepted_total", "Connections accepted", number(s.connections_accepted));
  out.counter("mps_http_connections_refused_total", "Connections turned away because there were too many",
              number(s.connections_refused));
  out.counter("mps_http_connections_spared_total", "Idle connections closed to make room for others",
              number(s.connections_spared));
  out.counter("mps_http_requests_refused_total", "Requests that were not HTTP, too large or too slow",
              number(s.requests_refused));
  out.counter("mps_http_large_bodies_total", "Bodies that the thread for large ones unpacked and handled",
              number(s.large_bodies));
  out.counter("mps_http_timeouts_total", "Connections closed for slowness within a request", number(s.timeouts));
  out.counter("mps_http_received_bytes_total", "Bytes received", number(s.bytes_received));
  out.counter("mps_http_sent_bytes_total", "Bytes sent", number(s.bytes_sent));
}

void write_ingest(PrometheusText& out, const service::Ingest::Counters& c) {
  const auto number = [](const std::atomic<uint64_t>& n) { return static_cast<double>(n.load()); };
  out.counter("mps_ingest_requests_total", "Write requests with a valid token", number(c.requests));
  out.counter("mps_ingest_values_total", "Values stored", number(c.values_accepted));
  out.metric("mps_ingest_points_rejected_total", "counter", "Points refused, by reason");
  out.sample({{"reason", "malformed"}}, number(c.points_malformed));
  out.sample({{"reason", "from_future"}}, number(c.points_from_future));
  out.sample({{"reason", "without_host"}}, number(c.points_without_host));
  out.sample({{"reason", "over_limit"}}, number(c.points_over_limit));
  out.counter("mps_ingest_store_failures_total", "Write requests that the store refused", number(c.store_failures));
}

// One row a limit, however the refusal was said.
void write_limits(PrometheusText& out, const ServerStats& s, const service::Ingest::Counters& c) {
  out.metric("mps_limit_refusals_total", "counter", "Refusals because of a limit: of requests, lines or servers");
  const auto row = [&](std::string_view limit, uint64_t refusals) {
    out.sample({{"limit", limit}}, static_cast<double>(refusals));
  };
  row("body_bytes", s.bodies_too_large);
  row("unpacked_bytes", s.bodies_unpack_too_large);
  row("large_bodies_waiting", s.large_bodies_refused);
  row("line_bytes", c.over_line_bytes);
  row("tags_per_line", c.over_tags);
  row("fields_per_line", c.over_fields);
  row("name_bytes", c.over_name_bytes);
  row("series_per_server", c.over_series);
  row("servers_per_fleet_token", c.points_over_limit);
}

void write_store(PrometheusText& out, const store::StoreStats& s) {
  out.gauge("mps_store_series", "Series known", static_cast<double>(s.series));
  out.counter("mps_store_samples_total", "Samples appended since start", static_cast<double>(s.samples_appended));
  out.counter("mps_store_commits_total", "Commits to disk since start", static_cast<double>(s.commits));
  out.gauge("mps_store_bytes", "Size on disk", static_cast<double>(s.bytes_on_disk));
  out.gauge("mps_store_ready", "0 while the journal is replayed", s.ready ? 1 : 0);
  out.gauge("mps_store_read_only", "1 while the disk is full or failing", s.read_only ? 1 : 0);
}

double seconds_of(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// Of a store that sends samples on to InfluxDB.
void write_forwarding(PrometheusText& out, const store::ForwardingStats& f, Timestamp now) {
  const auto number = [](uint64_t n) { return static_cast<double>(n); };
  out.gauge("mps_influxdb_queue_samples", "Samples of the journal that wait for InfluxDB", number(f.samples_waiting));
  out.gauge("mps_influxdb_queue_bytes", "Bytes of the journal that wait for InfluxDB", number(f.bytes_waiting));
  out.gauge("mps_influxdb_oldest_waits_seconds", "How long the oldest of them has waited",
            seconds_of(f.oldest_waits(now)));
  out.counter("mps_influxdb_samples_sent_total", "Samples that InfluxDB has taken", number(f.samples_sent));
  out.counter("mps_influxdb_batches_sent_total", "Requests that InfluxDB has taken", number(f.batches_sent));
  out.counter("mps_influxdb_retries_total", "Attempts that failed and are made again", number(f.retries));
  out.counter("mps_influxdb_samples_rejected_total", "Samples that InfluxDB will never take",
              number(f.samples_rejected));
  if (f.last_error_at) {
    out.gauge("mps_influxdb_last_error_timestamp_seconds", "When an attempt failed or samples were rejected, last",
              seconds_of(f.last_error_at->time_since_epoch()));
  }
}

void write_delivery(PrometheusText& out, service::Hub& hub) {
  const std::vector<std::pair<std::string, service::DeliveryStats>> channels = {
      {"telegram", hub.outbox().stats("telegram")}, {"webhook", hub.outbox().stats("webhook")}};
  const auto rows = [&](const char* name, const char* type, const char* help, auto value) {
    out.metric(name, type, help);
    for (const auto& [channel, stats] : channels) out.sample({{"channel", channel}}, static_cast<double>(value(stats)));
  };
  using Stats = service::DeliveryStats;
  rows("mps_delivery_waiting", "gauge", "Messages that wait", [](const Stats& s) { return s.waiting; });
  rows("mps_delivery_oldest_waits_seconds", "gauge", "How long the oldest of them has waited",
       [](const Stats& s) { return std::chrono::duration<double>(s.oldest_waits).count(); });
  rows("mps_delivery_failed_total", "counter", "Messages given up", [](const Stats& s) { return s.failed; });
  rows("mps_delivery_attempts_failed_total", "counter", "Attempts that failed, most of them tried again",
       [](const Stats& s) { return s.attempts_failed; });
  rows("mps_delivery_delivered_total", "counter", "Messages delivered", [](const Stats& s) { return s.delivered; });
  rows("mps_delivery_delay_seconds_total", "counter", "Their delays, summed: from the writing to the receiver's yes",
       [](const Stats& s) { return s.delay_seconds_sum; });
  out.gauge("mps_chats_gone", "Chats that blocked the bot or removed it",
            static_cast<double>(channels.front().second.chats_gone));
}

// From memory: the loop of the gateway must not wait for the catalog.
api::DeliveryHealth delivery_health(service::Hub& hub) {
  const service::DeliveryStats telegram = hub.outbox().known_stats("telegram"),
                               webhook = hub.outbox().known_stats("webhook");
  return {telegram.waiting + webhook.waiting,
          std::chrono::duration<double>(std::max(telegram.oldest_waits, webhook.oldest_waits)).count(),
          telegram.failed + webhook.failed, telegram.chats_gone,
          telegram.trouble.empty() ? webhook.trouble : telegram.trouble};
}

std::string metrics_text(const RouteContext& context) {
  service::Hub& hub = context.hub;
  PrometheusText out;
  out.metric("mps_build_info", "gauge", "The program");
  out.sample({{"version", context.version}}, 1);
  write_http(out, context.server_stats(), context.route_counts());
  write_ingest(out, hub.ingest().counters());
  write_limits(out, context.server_stats(), hub.ingest().counters());
  const store::StoreStats store = hub.store().stats();
  write_store(out, store);
  if (store.forwarding) write_forwarding(out, *store.forwarding, hub.clock().now());
  out.gauge("mps_servers", "Servers registered", static_cast<double>(hub.servers().list().size()));
  out.counter("mps_alert_rounds_total", "Evaluations of all rules", static_cast<double>(hub.alerts().rounds()));
  out.gauge("mps_outbox_undelivered", "Messages that wait for delivery",
            static_cast<double>(hub.outbox().undelivered()));
  out.counter("mps_outbox_delivered_total", "Messages delivered", static_cast<double>(hub.outbox().delivered_total()));
  out.counter("mps_outbox_failed_total", "Messages given up", static_cast<double>(hub.outbox().failed_total()));
  const service::TrainingProgress training = hub.trainer().progress();
  out.gauge("mps_training_running", "1 while models are trained", training.running ? 1 : 0);
  out.gauge("mps_training_servers", "Servers of the training round under way, or of the last one",
            static_cast<double>(training.servers));
  out.gauge("mps_training_servers_done", "Of these, how many are done", static_cast<double>(training.done));
  out.gauge("mps_training_seconds", "How long that round has taken so far, or took",
            std::chrono::duration<double>(training.took).count());
  write_delivery(out, hub);
  out.counter("mps_models_trained_total", "Models trained", static_cast<double>(hub.trainer().servers_trained_total()));
  out.gauge("process_resident_memory_bytes", "Memory of the process", resident_bytes());
  out.counter("process_cpu_seconds_total", "User and system time of the process", cpu_seconds());
  return out.take();
}

api::StoreHealth store_health(const store::StoreStats& s, service::Hub& hub) {
  api::StoreHealth health{s.ready, s.read_only, s.trouble, s.series, s.bytes_on_disk, std::string(s.engine), {}, {}};
  if (s.forwarding) {
    const store::ForwardingStats& f = *s.forwarding;
    health.forwarding = api::ForwardingHealth{.as_of = {f.as_of},
                                              .samples_waiting = f.samples_waiting,
                                              .bytes_waiting = f.bytes_waiting,
                                              .oldest_waits_seconds = seconds_of(f.oldest_waits(hub.clock().now())),
                                              .samples_rejected = f.samples_rejected,
                                              .last_error_at = {}};
    if (f.last_error_at) health.forwarding->last_error_at = Rfc3339{*f.last_error_at};
  }
  for (const store::StoreLimit& limit : hub.store().limits())
    health.limits.push_back({std::string(limit.what), std::string(limit.why)});
  return health;
}

Response health(const RouteContext& context) {
  const store::StoreStats s = context.hub.store().stats();
  api::Health health{.name = "mps",
                     .status = "pass",
                     .message = "ready for samples and queries",
                     .version = context.version,
                     .store = store_health(s, context.hub),
                     .delivery = delivery_health(context.hub)};
  if (!s.ready) {
    health.status = "replaying";
    health.message = "the journal is being replayed after a start: try again soon";
  } else if (s.read_only) {
    health.status = "fail";
    health.message = "samples are not taken: " + s.trouble;
  }
  Response response = json_response(health, health.status == "pass" ? 200 : 503);
  if (response.status == 503) response.headers.emplace_back("Retry-After", "5");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response ping(const std::string& version) {
  Response response;
  response.status = 204;
  response.headers = {{"X-Influxdb-Version", "mps-" + version}, {"X-Influxdb-Build", "mps"}};
  return response;
}

}  // namespace

void add_system_routes(Routes& routes, const RouteContext& context) {
  routes.push_back({
      .method = "GET",
      .path = "/ping",
      .tag = "hub",
      .summary = "Is anybody there, as InfluxDB answers it",
      .answers = {{204, "Yes; the version is in X-Influxdb-Version"}},
      .handle = [version = context.version](const Call&, const Reply& reply) { reply(ping(version)); },
  });
  for (const std::string_view path : {"/health", "/api/v1/health"}) {
    routes.push_back({
        .method = "GET",
        .path = path,
        .tag = "hub",
        .summary = "Does the hub take samples",
        .answers = {json_answer<api::Health>("It does"), json_answer<api::Health>("It does not, or not yet", 503)},
        .handle = [context](const Call&, const Reply& reply) { reply(health(context)); },
    });
  }
  routes.push_back({
      .method = "GET",
      .path = "/metrics",
      .tag = "hub",
      .summary = "The hub's own figures in Prometheus' text format",
      .access = Access::kRole,
      .takes_time = true,
      .answers = {{200, "Prometheus text", "text/plain; version=0.0.4; charset=utf-8"}},
      .handle = answering([context](const Call&) -> Result<Response> {
        Response response;
        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
        response.body = metrics_text(context);
        return response;
      }),
  });
}

}  // namespace mps::gateway
