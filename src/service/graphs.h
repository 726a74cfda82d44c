#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "service/query.h"
#include "service/report_words.h"
#include "service/servers.h"

namespace mps::service {

// Which figures a graph shows.
struct GraphOrder {
  std::vector<Server> servers;             // several: compared, a line each
  std::vector<const Resource*> resources;  // several: a panel each
  TimeRange range;
  TimeZone zone;                       // of the time axis
  const ReportWords* words = nullptr;  // of the language
};

// Cuts the beginning off all frames, which have one grid, until the first figure of any (but leaves ten minutes), so
// that a young server is more than a dot at the edge.
void begin_with_first_figure(std::span<Frame> frames);

inline constexpr size_t kGraphServersMax = 6, kGraphResourcesMax = 6;

// A PNG. Of several mount points one server shows each (the first eight), servers that are compared their fullest. A
// range that began before the first figure is shown from that on. Fails with kNotFound, with a sentence, where none of
// the servers sent anything of the resources; what is missing of several is left out. Thread-safe; milliseconds.
Result<std::string> draw_graph(const Query& query, const GraphOrder& order);

}  // namespace mps::service
