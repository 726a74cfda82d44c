#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "service/csv.h"
#include "service/servers.h"
#include "store/sample_store.h"

namespace mps::service {

struct ImportReport {
  size_t samples = 0;
  TimeRange range;                            // of what was stored
  std::map<std::string, std::string> mapped;  // column -> resource
  std::vector<std::string> columns_left_out;  // no resource was named for them
};

// Stores the columns of a table as history of the server's resources. `mapping` (column -> resource) comes before the
// names that the catalogue of resources knows. `shift` is added to every time. Fails with kInvalidArgument when no
// column belongs to a resource.
Result<ImportReport> import_table(store::SampleStore& store, ServerId server, const TimeTable& table,
                                  const std::map<std::string, std::string>& mapping, Duration shift, Timestamp now);

// What to add to the times of a recording so that it ends at `now`: a whole number of 5-minute cells.
Duration shift_to_now(const TimeTable& table, Timestamp now);

enum class ExportFormat { kLineProtocol, kCsv };

// Hands everything stored of the server in the range to `write`, piece by piece, series of one measurement and tags
// together, in order of time. Line protocol bears the server's name as tag `host`; CSV has the columns time,
// measurement, tags, field, value.
Result<void> export_server(const store::SampleStore& store, const Server& server, TimeRange range, ExportFormat format,
                           const std::function<void(std::string_view)>& write);

}  // namespace mps::service
