#pragma once

#include <optional>
#include <span>
#include <string>

#include "store/influxdb/influx_client.h"
#include "store/influxdb/line_batch.h"

namespace mps::store {

// What became of lines that were to be sent.
struct SendOutcome {
  bool taken = true;    // false: not all were sent, the same again may work; sending twice does no harm
  size_t refused = 0;   // samples that InfluxDB will never take
  size_t requests = 0;  // that it took
  std::string reason;   // of the last refusal, or why not all were sent
  std::optional<Duration> retry_after;
};

// Sends lines in requests of a bounded size, in their order. Of a request that is refused the good lines are found by
// halving it; a line that is refused for a field's type goes to names of its own (field_types.h). The first call makes
// the database where it is missing and InfluxDB allows that. Not thread-safe.
class LineSender {
 public:
  LineSender(InfluxClient& client, FieldTypes& types) : client_(client), types_(types) {}

  SendOutcome send(std::span<const InfluxLine> lines);
  // The same for the attributes of a server, of which there are never more than a request takes; `refused` counts them.
  SendOutcome send(ServerId server, const Attributes& attributes);

 private:
  bool prepare(SendOutcome& outcome);
  void send_some(std::span<const InfluxLine> lines, SendOutcome& outcome);
  void refused_alone(const InfluxLine& line, WriteAnswer answer, SendOutcome& outcome);
  std::string text_of(std::span<const InfluxLine> lines);

  InfluxClient& client_;
  FieldTypes& types_;
  bool prepared_ = false;
};

}  // namespace mps::store
