#pragma once

#include "gateway/api_types.h"

// What the REST API takes about servers and their figures, and what it answers besides api_types.h.
namespace mps::gateway::api {

inline constexpr Limits kServerNameLimits{.length_min = 1, .length_max = 200};
inline constexpr Limits kTagLimits{.length_min = 1, .length_max = 100, .items_max = 50};
inline constexpr Limits kResourceLimits{.length_max = 100};
inline constexpr Limits kCursorLimits{.length_max = 1000};
inline constexpr Limits kTimeLimits{.length_max = 64};
inline constexpr std::string_view kCursorMeaning = "the `next` of the page before";
inline constexpr std::string_view kFromMeaning = "RFC 3339, seconds since 1970, or -24h before now (the default)";

struct ServersQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {{"limit", "of one page; 1000 is the default", {.min = 1, .max = 10'000}},
                                       {"cursor", kCursorMeaning, kCursorLimits},
                                       {"tag", "only those that bear it", {.length_max = 100}}};
  std::optional<int64_t> limit;
  std::optional<std::string> cursor, tag;
};
BOOST_DESCRIBE_STRUCT(ServersQuery, (), (limit, cursor, tag))

struct NewServer {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "NewServer";
  static constexpr FieldDoc kDocs[] = {{"name", "1 to 200 bytes of text", kServerNameLimits, "web-01"},
                                       {"tags", "groups that rules can be set for", kTagLimits}};
  std::string name;
  std::vector<std::string> tags;
};
BOOST_DESCRIBE_STRUCT(NewServer, (), (name, tags))

struct ServerChange {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "ServerChange";
  static constexpr FieldDoc kDocs[] = {{"name", "another name for the same server", kServerNameLimits, "web-01"},
                                       {"tags", "in place of those that it has", kTagLimits}};
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> tags;
};
BOOST_DESCRIBE_STRUCT(ServerChange, (), (name, tags))

struct ServerWithToken {
  static constexpr std::string_view kSchema = "ServerWithToken";
  static constexpr FieldDoc kDocs[] = {{"token", "for its agent, to write with; it is shown only now"}};
  ServerEntry server;
  std::string token;
};
BOOST_DESCRIBE_STRUCT(ServerWithToken, (), (server, token))

struct NewFleetToken {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "NewFleetToken";
  static constexpr FieldDoc kDocs[] = {{"name", "what to call it", kServerNameLimits, "rack 1"}};
  std::string name;
};
BOOST_DESCRIBE_STRUCT(NewFleetToken, (), (name))

struct FleetToken {
  static constexpr std::string_view kSchema = "FleetToken";
  static constexpr FieldDoc kDocs[] = {{"servers", "how many write by it"}};
  int64_t id = 0;
  std::string name;
  Rfc3339 created_at;
  uint64_t servers = 0;
};
BOOST_DESCRIBE_STRUCT(FleetToken, (), (id, name, created_at, servers))

struct FleetTokenList {
  static constexpr std::string_view kSchema = "FleetTokenList";
  static constexpr FieldDoc kDocs[] = {{"tokens", "the oldest first"}};
  std::vector<FleetToken> tokens;
};
BOOST_DESCRIBE_STRUCT(FleetTokenList, (), (tokens))

struct ShownFleetToken {
  static constexpr std::string_view kSchema = "ShownFleetToken";
  static constexpr FieldDoc kDocs[] = {{"token", "for agents, to write with; it is shown only now"}};
  int64_t id = 0;
  std::string name;
  std::string token;
};
BOOST_DESCRIBE_STRUCT(ShownFleetToken, (), (id, name, token))

struct MetricsQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {
      {"resource", "cpu, ram, disk, net_rx, net_tx ...", kResourceLimits, "cpu"},
      {"from", kFromMeaning, kTimeLimits, "-24h"},
      {"to", "like from; the default is now", kTimeLimits},
      {"step", "of the grid, aligned to 1970; the default gives some 300 points", {}, "5m"},
      {"aggregate", "of the samples of a step; mean is the default", {.values = "mean|min|max|last"}, "mean"}};
  std::string resource;
  std::optional<std::string> from, to;
  std::optional<Span> step;
  std::optional<std::string> aggregate;
};
BOOST_DESCRIBE_STRUCT(MetricsQuery, (), (resource, from, to, step, aggregate))

struct SeveralMetricsQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {
      {"server", "names; all servers where none is said", {.length_max = 200, .items_max = 100}},
      {"resource", "one or more of cpu, ram, disk ...", {.length_max = 100, .items_max = 20}},
      {"from", kFromMeaning, kTimeLimits, "-24h"},
      {"to", "like from; the default is now", kTimeLimits},
      {"step", "of the grid, aligned to 1970; the default gives some 300 points", {}, "5m"},
      {"aggregate", "of the samples of a step; mean is the default", {.values = "mean|min|max|last"}, "mean"}};
  std::vector<std::string> server, resource;
  std::optional<std::string> from, to;
  std::optional<Span> step;
  std::optional<std::string> aggregate;
};
BOOST_DESCRIBE_STRUCT(SeveralMetricsQuery, (), (server, resource, from, to, step, aggregate))

struct MetricSeries {
  static constexpr std::string_view kSchema = "MetricSeries";
  static constexpr FieldDoc kDocs[] = {{"instance", "the mount point of a disk; empty where there is one"},
                                       {"values", "one per step; null where nothing is known"}};
  std::string server;
  std::string resource;
  std::string unit;
  std::string instance;
  std::vector<std::optional<double>> values;
};
BOOST_DESCRIBE_STRUCT(MetricSeries, (), (server, resource, unit, instance, values))

struct SeveralMetrics {
  static constexpr std::string_view kSchema = "SeveralMetrics";
  static constexpr FieldDoc kDocs[] = {{"from", "the start of the first step"}, {"to", "the end of the last step"}};
  Rfc3339 from, to;
  double step_seconds = 0;
  std::string aggregate;
  std::vector<MetricSeries> series;
};
BOOST_DESCRIBE_STRUCT(SeveralMetrics, (), (from, to, step_seconds, aggregate, series))

struct ExportQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {{"from", kFromMeaning, kTimeLimits, "-24h"},
                                       {"to", "like from; the default is now", kTimeLimits}};
  std::optional<std::string> from, to;
};
BOOST_DESCRIBE_STRUCT(ExportQuery, (), (from, to))

struct HorizonQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {{"horizon", "24h is the default", {.values = "1h|24h"}, "24h"}};
  std::optional<std::string> horizon;
};
BOOST_DESCRIBE_STRUCT(HorizonQuery, (), (horizon))

struct ChartQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {{"resource", "cpu, ram, disk, net_rx, net_tx ...", kResourceLimits, "cpu"},
                                       {"span", "a minute to five years; 24h is the default", {}, "24h"}};
  std::string resource;
  std::optional<Span> span;
};
BOOST_DESCRIBE_STRUCT(ChartQuery, (), (resource, span))

struct ForecastPictureQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {{"resource", "cpu, ram, disk, net_rx, net_tx ...", kResourceLimits, "cpu"},
                                       {"horizon", "24h is the default", {.values = "1h|24h"}, "24h"}};
  std::string resource;
  std::optional<std::string> horizon;
};
BOOST_DESCRIBE_STRUCT(ForecastPictureQuery, (), (resource, horizon))

struct GraphQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {
      {"server", "one or more names, compared", {.length_max = 200, .items_max = 6}},
      {"resource", "one or more of cpu, ram, disk ..., a panel each", {.length_max = 100, .items_max = 6}},
      {"from", kFromMeaning, kTimeLimits, "-24h"},
      {"to", "like from; the default is now", kTimeLimits},
      {"zone", "of the time axis; the default is the hub's", {.length_max = 100}, "Europe/Berlin"},
      {"language", "en is the default", {.values = "en|ru"}, "en"}};
  std::vector<std::string> server, resource;
  std::optional<std::string> from, to, zone, language;
};
BOOST_DESCRIBE_STRUCT(GraphQuery, (), (server, resource, from, to, zone, language))

struct ReportQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {
      {"date", "a local day; the default is yesterday", {.length_max = 20}, "2026-11-25"},
      {"zone", "whose day it is; the default is the hub's", {.length_max = 100}, "Europe/Berlin"},
      {"language", "en is the default", {.values = "en|ru"}, "en"},
      {"paper", "a4 is the default", {.values = "a4|letter"}, "a4"}};
  std::optional<std::string> date, zone, language, paper;
};
BOOST_DESCRIBE_STRUCT(ReportQuery, (), (date, zone, language, paper))

struct BacktestScore {
  static constexpr std::string_view kSchema = "BacktestScore";
  static constexpr FieldDoc kDocs[] = {{"method", "\"shown\" is what people would have been shown"},
                                       {"coverage80", "the share of outcomes inside the 80 % band, 0 to 1"},
                                       {"points", "how many forecast points were scored"}};
  std::string method;
  double mae = 0, rmse = 0, mase = 0, coverage80 = 0;
  uint64_t points = 0;
};
BOOST_DESCRIBE_STRUCT(BacktestScore, (), (method, mae, rmse, mase, coverage80, points))

struct BacktestSeries {
  static constexpr std::string_view kSchema = "BacktestSeries";
  static constexpr FieldDoc kDocs[] = {{"shown", "the method that was chosen, without the days it is scored on"},
                                       {"methods", "\"shown\" first"}};
  std::string resource;
  std::string shown;
  std::vector<BacktestScore> methods;
};
BOOST_DESCRIBE_STRUCT(BacktestSeries, (), (resource, shown, methods))

struct Backtest {
  static constexpr std::string_view kSchema = "Backtest";
  std::string server;
  double horizon_seconds = 0;
  std::vector<BacktestSeries> series;
};
BOOST_DESCRIBE_STRUCT(Backtest, (), (server, horizon_seconds, series))

}  // namespace mps::gateway::api
