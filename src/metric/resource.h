#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metric/frame.h"
#include "metric/series_key.h"

namespace mps {

// kNetBytesPerSecond: bytes too, but of a network, which some count in bits. The last two are for showing alone: see
// metric/units.h.
enum class Unit { kPercent, kBytesPerSecond, kLoad, kNetBytesPerSecond, kBitsPerSecond, kBinaryBytesPerSecond };
enum class Instances { kSingle, kSum, kEach };  // one series; the sum of all (interfaces); one line each (mount points)
enum class InstanceFilter { kNone, kRealInterface, kWholeDisk };

// What people watch. A new resource is a new row of the catalogue: parser, rules, charts, reports, bot and API read the
// row. value = offset + scale * aggregate(stored field)
struct Resource {
  std::string_view name;   // in commands, API and files: "cpu"
  std::string_view title;  // for people: "CPU"
  Unit unit;
  std::string_view measurement;  // as Telegraf names it
  std::string_view field;
  std::string_view tag_name, tag_value;  // the series must bear this tag; "" for any
  std::string_view instance_tag;         // "path", "interface", "name"; "" for a single
  Instances instances;
  InstanceFilter filter;
  Aggregate aggregate;  // of one cell: kMean or kRate
  double scale, offset;
  std::optional<double> alert_above;              // the default threshold of a new server, in the resource's unit
  bool forecast;                                  // one of the inputs and outputs of a server's model
  std::span<const std::string_view> csv_columns;  // headers that `mps import` takes for it
};

// All of them, in the order in which people see them.
std::span<const Resource> resources();

// Null where there is none of that name.
const Resource* find_resource(std::string_view name);

// Does a series belong to the resource (names, tags, and the filter as far as one series tells)?
bool belongs_to(const SeriesKey& key, const Resource& resource);

// Of the series of one server, those of the resource, instances sorted as people expect ("/" first). Partitions are
// left out where their disk is there; loopback, container and bridge interfaces are left out.
std::vector<SeriesKey> select_series(std::span<const SeriesKey> all, const Resource& resource);

// History that came from a file rather than an agent is stored as a gauge in the resource's own unit under this key,
// and stands in wherever the agent's series has nothing.
SeriesKey imported_series(const Resource& resource);

// "42 %", "1.5 MB/s", "0.42", "12 Mbit/s", "1.43 MiB/s".
std::string format_value(double value, Unit unit);
std::string_view unit_name(Unit unit);  // "percent", "bytes_per_second", "load"

}  // namespace mps
