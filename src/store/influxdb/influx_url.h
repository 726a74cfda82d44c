#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "metric/sample.h"

namespace mps::store {

// Where an InfluxDB is, and who asks.
struct InfluxTarget {
  std::string server;  // "http://host:port"
  std::string database;
  std::string retention_policy;  // "": the database's default
  std::string user, password;    // of 1.x; "": nobody
  std::string token;             // of 2.x and 3; "": none
  std::string org;               // of 2.x, where the token knows several
  std::string hub;               // whose servers are meant, where several hubs share the database; not of the URL

  // For people and logs: "influxdb://host:port/database", without secrets.
  std::string shown() const;
  // The value of the tag kServerTag (influx_names.h) of a server's series: "HUB.7".
  std::string server_tag(ServerId id) const;
};

// Whether `url` names an InfluxDB at all: influxdb:// or influxdbs:// (TLS).
bool is_influx_url(std::string_view url);

// influxdb://[user:password@]host[:port]/database[?token=...&org=...&rp=...]; %XX stands for any byte, the port is 8086
// where there is none. Fails with kInvalidArgument; the message holds no secret.
Result<InfluxTarget> parse_influx_url(const std::string& url);

// `text` as a part of a URL's query.
std::string percent_encoded(std::string_view text);

}  // namespace mps::store
