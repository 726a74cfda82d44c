#pragma once

#include <string>
#include <variant>
#include <vector>

#include "metric/resource.h"
#include "telegram/kind_input.h"
#include "telegram/screen.h"

namespace mps::telegram {

// What a graph in the chat shows.
struct GraphView {
  std::vector<service::Server> servers;
  std::vector<const Resource*> resources;
  Span span;
};

// As many as a button has room for.
inline constexpr size_t kGraphViewServersMax = 4, kGraphViewResourcesMax = 4;

// "12,15 01 1440m": as buttons carry it, servers by id and resources by their place in the catalogue.
std::string to_arguments(const GraphView& view);

struct PressedGraph {
  GraphView view;    // without servers where all of them are gone
  std::string mode;  // what follows: "live", "vs 0", ...
};
// Buttons of older messages say "12 cpu", or "12".
PressedGraph read_pressed_graph(std::string arguments, Services& services);

struct TypedGraph {
  GraphView view;
  bool live = false;
  std::string unknown;  // what nobody understands; "" where all is well
};
// What is typed behind the first server: "vs web-2, web-3 cpu,ram 7d", "память 3 дня", "live".
TypedGraph read_typed_graph(service::Server first, std::string rest, Services& services);

// "CPU, RAM"; "db1, web-1", each at most `each_max` units.
std::string titles_of(const GraphView& view, Services& services);
std::string names_of(const GraphView& view, size_t each_max = 60);
// "the last 24 h", "20 Nov 00:00 - 25 Nov 00:00".
std::string span_text(const Span& span, Services& services);
// "24 h", "7 d".
std::string short_span(Duration span, Services& services);

// The picture, or why there is none.
Result<std::string> picture_of(const GraphView& view, Services& services);

}  // namespace mps::telegram
