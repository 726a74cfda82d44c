#include "telegram/screens/graph_view.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "service/graphs.h"
#include "telegram/html.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

using Minutes = std::chrono::minutes;

// Until the year 2198: what a Timestamp can hold, and more than a graph needs.
constexpr int64_t kMinutesMax = 120'000'000;

// Minutes since 1970, in few characters.
std::string to_base36(int64_t number) {
  std::string text;
  for (; number > 0; number /= 36) text.insert(text.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]);
  return text.empty() ? "0" : text;
}

std::optional<Timestamp> from_base36(const std::string& text) {
  if (text.empty() || text.size() > 6) return std::nullopt;
  char* end = nullptr;
  const int64_t minutes = std::strtoll(text.c_str(), &end, 36);
  if (*end != '\0' || minutes < 0 || minutes > kMinutesMax) return std::nullopt;
  return Timestamp(Minutes(minutes));
}

int64_t minutes_of(Timestamp time) {
  return std::chrono::floor<Minutes>(time.time_since_epoch()).count();
}

std::string span_argument(const Span& span) {
  if (!span.fixed) return fmt::format("{}m", std::max<int64_t>(1, span.last / Minutes(1)));
  return fmt::format("t{}-{}", to_base36(minutes_of(span.fixed->from)), to_base36(minutes_of(span.fixed->to)));
}

std::optional<Span> read_span_argument(std::string text) {
  if (text.starts_with('t')) {
    const size_t dash = text.find('-');
    if (dash == std::string::npos) return std::nullopt;
    const auto from = from_base36(text.substr(1, dash - 1)), to = from_base36(text.substr(dash + 1));
    if (!from || !to || *to - *from < kSpanMin || *to - *from > kSpanMax) return std::nullopt;
    return Span{*to - *from, TimeRange{*from, *to}};
  }
  const auto last = take_duration(text);
  if (!last || !text.empty() || *last < kSpanMin || *last > kSpanMax) return std::nullopt;
  return Span{*last, {}};
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t comma = std::min(text.find(',', begin), text.size());
    if (comma > begin) parts.push_back(text.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return parts;
}

void add_resource(GraphView& view, const Resource* resource) {
  const bool known = std::find(view.resources.begin(), view.resources.end(), resource) != view.resources.end();
  if (resource != nullptr && !known && view.resources.size() < kGraphViewResourcesMax)
    view.resources.push_back(resource);
}

void read_resources(const std::string& word, GraphView& view) {
  const bool by_place = !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
  if (by_place) {
    for (const char digit : word) {
      const auto place = static_cast<size_t>(digit - '0');
      if (place < resources().size()) add_resource(view, &resources()[place]);
    }
  } else {
    for (const std::string& name : split_at_commas(word)) add_resource(view, find_resource(name));
  }
}

void add_server(GraphView& view, const service::Server& server) {
  const bool known =
      std::any_of(view.servers.begin(), view.servers.end(), [&](const auto& each) { return each.id == server.id; });
  if (!known && view.servers.size() < kGraphViewServersMax) view.servers.push_back(server);
}

// Commas between words are spaces; those within numbers ("1,5h") stay.
std::string without_commas(std::string text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (size_t i = 0; i < text.size(); ++i) {
    const bool within_number = i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
    if ((text[i] == ',' || text[i] == '+') && !within_number) text[i] = ' ';
  }
  return text;
}

bool take_and(std::string& rest) {
  if (rest.starts_with(',')) {
    rest.erase(0, 1);
    return true;
  }
  return take_any(rest, {"vs", "vs.", "against", "and", "with", "против", "и", "с"});
}

// "vs web-2, web 3": the servers that the first one is compared with.
void read_others(std::string& rest, GraphView& view, Services& services) {
  for (std::string after = rest; take_and(after); after = rest) {
    while (after.starts_with(' ')) after.erase(0, 1);
    // "web-2, web-3": a comma ends a name unless the name itself holds it.
    ServerChoice choice = typed_server(after, services);
    if (!choice.server) {
      const size_t comma = after.find(',');
      if (comma == std::string::npos) return;
      choice = typed_server(after.substr(0, comma), services);
      if (!choice.server || !choice.rest.empty()) return;
      choice.rest = after.substr(comma);
    }
    add_server(view, *choice.server);
    rest = choice.rest;
  }
}

}  // namespace

std::string to_arguments(const GraphView& view) {
  std::string ids, places;
  for (const auto& server : view.servers)
    ids += fmt::format("{}{}", ids.empty() ? "" : ",", static_cast<int64_t>(server.id));
  for (const Resource* resource : view.resources) places += std::to_string(std::distance(resources().data(), resource));
  return fmt::format("{} {} {}", ids, places, span_argument(view.span));
}

PressedGraph read_pressed_graph(std::string arguments, Services& services) {
  PressedGraph pressed;
  for (const std::string& id : split_at_commas(take_word(arguments))) {
    const auto number = parse_number(id);
    const auto server = number ? services.hub.servers().find(ServerId(static_cast<int64_t>(*number))) : std::nullopt;
    if (server) add_server(pressed.view, *server);
  }
  read_resources(take_word(arguments), pressed.view);
  if (pressed.view.resources.empty()) pressed.view.resources.push_back(&resources().front());
  std::string rest = arguments;
  if (const auto span = read_span_argument(take_word(rest))) {
    pressed.view.span = *span;
    arguments = rest;
  }
  pressed.mode = arguments;
  return pressed;
}

TypedGraph read_typed_graph(service::Server first, std::string rest, Services& services) {
  TypedGraph typed;
  typed.view.servers.push_back(std::move(first));
  read_others(rest, typed.view, services);
  rest = without_commas(rest);
  while (const Resource* resource = take_resource(rest)) {
    add_resource(typed.view, resource);
    take_any(rest, {"and", "и"});
  }
  if (typed.view.resources.empty()) typed.view.resources.push_back(&resources().front());
  typed.live = take_any(rest, {"live", "лайв", "онлайн", "вживую"});
  if (rest.empty()) {
    if (typed.live) typed.view.span.last = std::chrono::hours(1);
    return typed;
  }
  if (const auto span = read_span(rest, services.hub.clock().now(), services.zone)) {
    typed.view.span = *span;
  } else {
    typed.unknown = rest;
  }
  return typed;
}

std::string titles_of(const GraphView& view, Services& services) {
  std::string titles;
  for (const Resource* resource : view.resources)
    titles += (titles.empty() ? "" : ", ") + services.words.title_of(*resource);
  return titles;
}

std::string names_of(const GraphView& view, size_t each_max) {
  std::string names;
  for (const auto& server : view.servers) names += (names.empty() ? "" : ", ") + cut_plain(server.name, each_max);
  return names;
}

std::string short_span(Duration span, Services& services) {
  constexpr Duration kOneDay = std::chrono::hours(24), kOneHour = std::chrono::hours(1);
  if (span >= 2 * kOneDay || span % kOneHour != Duration::zero()) return services.words.duration(span);
  const std::string one = services.words.duration(kOneHour);  // "1h", "1 ч"
  return std::to_string(span / kOneHour) + one.substr(1);
}

std::string span_text(const Span& span, Services& services) {
  if (!span.fixed) return fill(services.texts.graph_last, {{"span", short_span(span.last, services)}});
  return fmt::format("{} - {}", services.words.moment(span.fixed->from, services.zone),
                     services.words.moment(span.fixed->to, services.zone));
}

Result<std::string> picture_of(const GraphView& view, Services& services) {
  return service::draw_graph(
      services.hub.query(),
      {view.servers, view.resources, view.span.range(services.hub.clock().now()), services.zone, &services.words});
}

}  // namespace mps::telegram
