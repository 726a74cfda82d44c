#pragma once

#include <cstdint>

#include "service/servers.h"
#include "store/sample_store.h"

namespace mps::service {

struct DemoReport {
  size_t servers = 0;
  size_t values = 0;
};

// A small fleet that never was, for looking around: demo-web-1 (rhythm of day and week), demo-db-1 (a batch every
// night), demo-backup-1 (its disk fills up), demo-flaky-1 (outages and bursts). Figures are a function of the seed and
// the time, in Telegraf's shape, one a minute. Adds what is missing: 35 days at first, later only what came since, so
// that it can be called again and again. Its servers have the tag kDemoTag.
Result<DemoReport> fill_demo_fleet(Servers& servers, store::SampleStore& store, Timestamp now, uint64_t seed);

}  // namespace mps::service
