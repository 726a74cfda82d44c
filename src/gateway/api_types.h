#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/schema.h"

// What the REST API answers, field by field. Numbers that are not known are null.
namespace mps::gateway::api {

// RFC 9457.
struct Problem {
  static constexpr std::string_view kSchema = "Problem";
  static constexpr FieldDoc kDocs[] = {
      {"type", "always about:blank: the status says it all"},
      {"title", "the kind of problem"},
      {"status", "the HTTP status"},
      {"detail", "what is wrong with this request, and how to mend it"},
      {"where", "what is to blame: \"query: step\", \"body: /name\"; null where it is no part of the request alone"}};
  std::string type;
  std::string title;
  int status = 0;
  std::string detail;
  std::optional<std::string> where;
};
BOOST_DESCRIBE_STRUCT(Problem, (), (type, title, status, detail, where))

struct ServerEntry {
  static constexpr std::string_view kSchema = "Server";
  static constexpr FieldDoc kDocs[] = {
      {"state", "up: heard of within two minutes; silent: not; new: never heard of", {.values = "up|silent|new"}},
      {"last_seen", "the time of the newest sample"},
      {"tags", "groups that rules can be set for"}};
  std::string name;
  std::string state;
  std::optional<Rfc3339> last_seen;
  Rfc3339 created_at;
  std::vector<std::string> tags;
};
BOOST_DESCRIBE_STRUCT(ServerEntry, (), (name, state, last_seen, created_at, tags))

struct ServerList {
  static constexpr std::string_view kSchema = "ServerList";
  static constexpr FieldDoc kDocs[] = {{"now", "the time of the hub; no part of the ETag"},
                                       {"servers", "sorted by name"},
                                       {"next", "the cursor of the next page; null on the last"}};
  Rfc3339 now;
  std::vector<ServerEntry> servers;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ServerList, (), (now, servers, next))

struct CurrentValue {
  static constexpr std::string_view kSchema = "CurrentValue";
  static constexpr FieldDoc kDocs[] = {{"instance", "the mount point of a disk; empty where there is one"},
                                       {"unit", "percent, bytes_per_second or load"},
                                       {"time", "of the sample"}};
  std::string resource;
  std::string title;
  std::string unit;
  std::string instance;
  double value = 0;
  Rfc3339 time;
};
BOOST_DESCRIBE_STRUCT(CurrentValue, (), (resource, title, unit, instance, value, time))

struct ServerStatus {
  static constexpr std::string_view kSchema = "ServerStatus";
  static constexpr FieldDoc kDocs[] = {{"uptime_seconds", "since the server was started"}};
  ServerEntry server;
  std::optional<int64_t> uptime_seconds;
  std::vector<CurrentValue> values;
};
BOOST_DESCRIBE_STRUCT(ServerStatus, (), (server, uptime_seconds, values))

struct Column {
  static constexpr std::string_view kSchema = "Column";
  static constexpr FieldDoc kDocs[] = {{"instance", "the mount point of a disk; empty where there is one"},
                                       {"values", "one per step; null where nothing is known"}};
  std::string instance;
  std::vector<std::optional<double>> values;
};
BOOST_DESCRIBE_STRUCT(Column, (), (instance, values))

struct Metrics {
  static constexpr std::string_view kSchema = "Metrics";
  static constexpr FieldDoc kDocs[] = {{"from", "the start of the first step"}, {"to", "the end of the last step"}};
  std::string server;
  std::string resource;
  std::string title;
  std::string unit;
  Rfc3339 from, to;
  double step_seconds = 0;
  std::vector<Column> columns;
};
BOOST_DESCRIBE_STRUCT(Metrics, (), (server, resource, title, unit, from, to, step_seconds, columns))

struct Score {
  static constexpr std::string_view kSchema = "Score";
  static constexpr FieldDoc kDocs[] = {
      {"mae", "mean absolute error over a hold-out, in the unit of the resource"},
      {"rmse", "root of the mean squared error"},
      {"mase", "mae over that of the same time a day ago"},
      {"coverage80", "the share of outcomes inside the 80 % band, 0 to 1"},
      {"points", "how many forecast points were scored; 0: none, and the errors mean nothing"}};
  std::string method;
  double mae = 0, rmse = 0, mase = 0, coverage80 = 0;
  uint64_t points = 0;
};
BOOST_DESCRIBE_STRUCT(Score, (), (method, mae, rmse, mase, coverage80, points))

struct Forecast {
  static constexpr std::string_view kSchema = "Forecast";
  static constexpr FieldDoc kDocs[] = {{"resource", "\"cpu\", or \"disk:/home\" of one of several mount points"},
                                       {"origin", "when the first step begins"},
                                       {"p10", "10 % of the outcomes are expected below; with p90 the 80 % band"},
                                       {"p50", "the median"},
                                       {"score", "of the method, on days it had not seen"},
                                       {"seasonal_naive", "of 'the same as a day ago', on the same days"},
                                       {"note", "a sentence for people, or empty"}};
  std::string resource;
  std::string title;
  std::string unit;
  Rfc3339 origin;
  double step_seconds = 0;
  std::vector<double> p10, p50, p90;
  std::string method;
  Score score, seasonal_naive;
  std::string note;
};
BOOST_DESCRIBE_STRUCT(Forecast, (),
                      (resource, title, unit, origin, step_seconds, p10, p50, p90, method, score, seasonal_naive, note))

struct Forecasts {
  static constexpr std::string_view kSchema = "Forecasts";
  static constexpr FieldDoc kDocs[] = {{"trained_at", "when the model was trained; null where there is none yet"}};
  std::string server;
  double horizon_seconds = 0;
  std::optional<Rfc3339> trained_at;
  std::vector<Forecast> forecasts;
};
BOOST_DESCRIBE_STRUCT(Forecasts, (), (server, horizon_seconds, trained_at, forecasts))

// Of a store that sends samples on to InfluxDB.
struct ForwardingHealth {
  static constexpr std::string_view kSchema = "ForwardingHealth";
  static constexpr FieldDoc kDocs[] = {{"as_of", "what was acknowledged until then is in InfluxDB"},
                                       {"samples_waiting", "in the hub's journal, when last looked at"},
                                       {"oldest_waits_seconds", "how long the oldest of them has waited"},
                                       {"samples_rejected", "that InfluxDB will never take, since the start"},
                                       {"last_error_at", "when it failed last, or rejected samples"}};
  Rfc3339 as_of;
  uint64_t samples_waiting = 0;
  uint64_t bytes_waiting = 0;
  double oldest_waits_seconds = 0;
  uint64_t samples_rejected = 0;
  std::optional<Rfc3339> last_error_at;
};
BOOST_DESCRIBE_STRUCT(ForwardingHealth, (),
                      (as_of, samples_waiting, bytes_waiting, oldest_waits_seconds, samples_rejected, last_error_at))

struct StoreLimit {
  static constexpr std::string_view kSchema = "StoreLimit";
  static constexpr FieldDoc kDocs[] = {{"what", "it can't do"}};
  std::string what;
  std::string why;
};
BOOST_DESCRIBE_STRUCT(StoreLimit, (), (what, why))

struct StoreHealth {
  static constexpr std::string_view kSchema = "StoreHealth";
  static constexpr FieldDoc kDocs[] = {{"ready", "false while the journal is replayed after a start"},
                                       {"read_only", "the disk is full or failing; queries go on"},
                                       {"trouble", "why, or what is late or missing; empty where all is well"},
                                       {"engine", "where samples live", {.values = "embedded|influxdb"}},
                                       {"forwarding", "how far InfluxDB is; null of another engine"},
                                       {"limits", "what this engine can't do"}};
  bool ready = false;
  bool read_only = false;
  std::string trouble;
  uint64_t series = 0;
  uint64_t bytes_on_disk = 0;
  std::string engine;
  std::optional<ForwardingHealth> forwarding;
  std::vector<StoreLimit> limits;
};
BOOST_DESCRIBE_STRUCT(StoreHealth, (), (ready, read_only, trouble, series, bytes_on_disk, engine, forwarding, limits))

// Of messages to people and to the webhook.
struct DeliveryHealth {
  static constexpr std::string_view kSchema = "DeliveryHealth";
  static constexpr FieldDoc kDocs[] = {{"waiting", "messages that wait to be sent"},
                                       {"oldest_waits_seconds", "how long the oldest has waited"},
                                       {"failed", "given up since the start"},
                                       {"chats_gone", "chats that blocked the bot or removed it"},
                                       {"trouble", "what the newest attempt failed with, or empty"}};
  uint64_t waiting = 0;
  double oldest_waits_seconds = 0;
  uint64_t failed = 0;
  uint64_t chats_gone = 0;
  std::string trouble;
};
BOOST_DESCRIBE_STRUCT(DeliveryHealth, (), (waiting, oldest_waits_seconds, failed, chats_gone, trouble))

struct Health {
  static constexpr std::string_view kSchema = "Health";
  static constexpr FieldDoc kDocs[] = {
      {"status", "pass; replaying: starting, try again soon; fail: samples are not taken"}};
  std::string name;
  std::string status;
  std::string message;
  std::string version;
  StoreHealth store;
  DeliveryHealth delivery;
};
BOOST_DESCRIBE_STRUCT(Health, (), (name, status, message, version, store, delivery))

// What InfluxDB 2 says when it refuses a write.
struct WriteRefusal {
  static constexpr std::string_view kSchema = "WriteRefusal";
  static constexpr FieldDoc kDocs[] = {{"line", "of the first bad line, from 1; null where no line is to blame"}};
  std::string code;
  std::string message;
  std::optional<uint64_t> line;
};
BOOST_DESCRIBE_STRUCT(WriteRefusal, (), (code, message, line))

}  // namespace mps::gateway::api
