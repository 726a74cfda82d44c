#include "store/influxdb/line_sender.h"

#include "base/log.h"
#include "store/influxdb/influx_names.h"

namespace mps::store {
namespace {

constexpr size_t kLinesPerRequest = 5000;  // what InfluxData recommends: 5,000 to 10,000 lines

}  // namespace

SendOutcome LineSender::send(std::span<const InfluxLine> lines) {
  SendOutcome outcome;
  if (!lines.empty() && !prepare(outcome)) return outcome;
  for (size_t begin = 0; begin < lines.size() && outcome.taken; begin += kLinesPerRequest)
    send_some(lines.subspan(begin, std::min(kLinesPerRequest, lines.size() - begin)), outcome);
  return outcome;
}

SendOutcome LineSender::send(ServerId server, const Attributes& attributes) {
  SendOutcome outcome;
  if (attributes.empty() || !prepare(outcome)) return outcome;
  std::string text;
  append_influx_attributes(text, attributes, client_.target().server_tag(server));
  const WriteAnswer answer = client_.write(text);
  outcome.reason = answer.reason;
  outcome.retry_after = answer.retry_after;
  outcome.taken = answer.kind != WriteAnswer::Kind::kLater;
  if (answer.kind == WriteAnswer::Kind::kTaken) {
    outcome.requests = 1;
  } else if (outcome.taken) {
    outcome.refused = attributes.size();
  }
  return outcome;
}

// Learns which fields there are already, since a field has one type for all.
bool LineSender::prepare(SendOutcome& outcome) {
  if (prepared_) return true;
  auto keys = client_.query("SHOW FIELD KEYS");
  if (!keys && keys.error().code == ErrorCode::kNotFound) {
    // 2.x can't (its buckets are made by hand), 3 makes databases as lines come: there the write itself will tell.
    keys = client_.execute("CREATE DATABASE " + influxql_name(client_.target().database));
    if (!keys && keys.error().code == ErrorCode::kInvalidArgument) keys = InfluxAnswer();
  }
  if (!keys) {
    outcome.taken = false;
    outcome.reason = keys.error().message;
    return false;
  }
  types_.learn(*keys);
  prepared_ = true;
  return true;
}

std::string LineSender::text_of(std::span<const InfluxLine> lines) {
  std::string text;
  for (const InfluxLine& line : lines) append_influx_line(text, line, client_.target().server_tag(line.server), types_);
  return text;
}

void LineSender::send_some(std::span<const InfluxLine> lines, SendOutcome& outcome) {
  const WriteAnswer answer = client_.write(text_of(lines));
  switch (answer.kind) {
    case WriteAnswer::Kind::kTaken:
      ++outcome.requests;
      return;
    case WriteAnswer::Kind::kLater:
      outcome.taken = false;
      outcome.reason = answer.reason;
      outcome.retry_after = answer.retry_after;
      return;
    case WriteAnswer::Kind::kRefused:
    case WriteAnswer::Kind::kConflict:
    case WriteAnswer::Kind::kTooLarge:
      break;
  }
  if (lines.size() == 1) return refused_alone(lines[0], answer, outcome);
  send_some(lines.first(lines.size() / 2), outcome);
  if (outcome.taken) send_some(lines.subspan(lines.size() / 2), outcome);
}

void LineSender::refused_alone(const InfluxLine& line, WriteAnswer answer, SendOutcome& outcome) {
  if (answer.kind == WriteAnswer::Kind::kConflict) {
    avoid_plain_names(line, types_);
    answer = client_.write(text_of({&line, 1}));
  }
  if (answer.kind == WriteAnswer::Kind::kTaken) {
    ++outcome.requests;
    return;
  }
  outcome.reason = answer.reason;
  if (answer.kind == WriteAnswer::Kind::kLater) {
    outcome.taken = false;
    outcome.retry_after = answer.retry_after;
    return;
  }
  outcome.refused += line.fields.size();
  log::error("samples of {} at {} are not taken: {}", line.key->measurement, line.time, answer.reason);
}

}  // namespace mps::store
