#pragma once

#include <string_view>

#include "wire/parse_result.h"

// The JSON of Telegraf's outputs (data_format = "json"): one metric, an array of metrics, or {"metrics": [...]}, where
// a metric is {"name": "cpu", "tags": {"host": "web-01"}, "fields": {"usage_idle": 98.5}, "timestamp": 1795334410}.
//
// - Numbers: an integer within int64 is an integer, beyond it within uint64 unsigned, all else a float, rounded
//   correctly. (Telegraf writes the float 100.0 as 100: the type of a field may change from one metric to the next.)
// - Texts and booleans are fields too. A null field is left out. A metric whose fields are empty (Telegraf's when all
//   were NaN) is left out without an error: a sender that is refused would repeat it for ever.
// - Tags are texts; one without a value is left out. Tags come out sorted by name.
// - `timestamp`: since 1970, absent or null for the time of arrival. Telegraf sends whole seconds unless
//   json_timestamp_units says otherwise; the unit is told from the size: below 1e11 seconds (until the year 5138),
//   below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds. Fractions are kept.
// - Other keys are ignored. A metric that breaks these rules is refused alone. Where the JSON itself breaks, the
// metrics
//   before that place are kept and one error tells the place.
namespace mps::wire {

// Texts without escapes are views into `body`. Nesting deeper than 8 levels is broken JSON. The caller limits the size
// of `body`; memory used is proportional to it. A metric beyond `limits` is refused alone.
ParseResult parse_telegraf_json(std::string_view body, const Limits& limits = {});

}  // namespace mps::wire
