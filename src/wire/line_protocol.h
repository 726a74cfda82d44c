#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "wire/limits.h"
#include "wire/parse_result.h"

// InfluxDB's line protocol, as Telegraf writes it and InfluxDB 1.x reads it (docs/line-protocol.md says where not):
//   measurement,tag=value,... field=value,... time
//
// - Measurement, tags and field names escape ',', ' ' and '=' by a backslash (in a measurement '=' needs none); a
//   backslash before anything else is itself. Tags come out sorted by name. A tag without a value, or given twice, is
//   refused.
// - Values: 1.5 (float), 1i (integer), 1u (unsigned), t T true True TRUE f F false False FALSE, and "text" in which \"
//   and \\ are escapes and newlines are text. NaN and infinity are refused, as is an integer that does not fit.
// - A field given twice stays twice, in order: the later one wins in the store.
// - Blank lines, comments (#), CRLF, spaces and tabs around a line, and a missing last newline are fine.
// - A newline outside a text always ends the line, even behind a backslash, so that a bad line can't swallow its
//   neighbour (InfluxDB joins the two). A text that is never closed swallows the rest of the body, as in InfluxDB: one
//   error, and nothing behind it is stored.
namespace mps::wire {

enum class Precision { kNanoseconds, kMicroseconds, kMilliseconds, kSeconds, kMinutes, kHours };

// The `precision` of a write request: ns, n or "" (nanoseconds), us, u, ms, s, m, h. Fails with kInvalidArgument.
Result<Precision> parse_precision(std::string_view text);

// Texts without escapes are views into `body`; only unescaped ones are copied, into the batch.
ParseResult parse_line_protocol(std::string_view body, Precision precision, const Limits& limits = {});

// The same into `out`, which is cleared first and keeps its memory: for a loop over many bodies.
void parse_line_protocol(std::string_view body, Precision precision, const Limits& limits, ParseResult& out);

}  // namespace mps::wire
