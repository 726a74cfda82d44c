#pragma once

#include "gateway/http_message.h"
#include "service/ingest.h"

// What a sender of samples is told. Each Telegraf output reads answers in its own way (its sources, 1.40):
//
//   outputs.influxdb_v2  400, 413, 422: dropped or halved. 401, 403: kept and sent again. 429, 503: kept, after
//                        Retry-After. 500: kept.
//   outputs.influxdb     204 alone is success. A 4xx whose body is empty or JSON: dropped, 401 and 429 included; with
//                        another body: kept. 5xx: kept, unless JSON whose error says "partial write".
//   outputs.http         2xx is success; all else is kept and sent again for ever, unless its
//                        non_retryable_statuscodes names it: set [400, 413, 415, 422].
//
// So what can never work is a 400 in JSON, and what a person can mend (a wrong token) or time can mend (a full queue)
// is such that the samples are kept.
namespace mps::gateway {

enum class Dialect { kInfluxV2, kInfluxV1, kTelegraf };

// After the good points were stored: 204, or 400 naming line, column and reason of the bad ones.
Response answer_to(Dialect dialect, const service::IngestReport& report);

// Nothing was stored. kUnauthenticated: no valid token. kUnavailable: 503 with Retry-After.
Response refusal(Dialect dialect, const Error& error);

}  // namespace mps::gateway
