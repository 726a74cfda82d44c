#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "metric/resource.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"
#include "telegram/screens/graph_view.h"
#include "telegram/screens/live_graph.h"

// Buttons: "graph IDS RESOURCES SPAN [MODE]". Modes: "" the picture; "+" resources are added to each other; "vs PAGE"
// servers are; "live", "stop"; "ask" asks for another stretch of time.
namespace mps::telegram {
namespace {

constexpr Duration kSpans[] = {std::chrono::hours(1), std::chrono::hours(6), std::chrono::hours(24),
                               std::chrono::hours(24 * 7), std::chrono::hours(24 * 30)};
constexpr size_t kComparedPerPage = 10;

std::string chosen(std::string text, bool is_chosen) {
  return is_chosen ? "✓ " + text : text;
}

InlineButton graph_button(std::string text, const GraphView& view, std::string_view mode = "") {
  return {cut_plain(text, 40), fmt::format("graph {}{}{}", to_arguments(view), mode.empty() ? "" : " ", mode)};
}

// `item` joins the list, or leaves it, unless it is the last one; of a full list the oldest gives way.
template <class T, class Same>
void toggle(std::vector<T>& list, const T& item, size_t max, Same same) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const T& each) { return same(each, item); });
  if (found != list.end()) {
    if (list.size() > 1) list.erase(found);
    return;
  }
  if (list.size() >= max) list.erase(list.begin() + 1);
  list.push_back(item);
}

std::vector<InlineButton> resource_buttons(const GraphView& view, bool several, Services& services) {
  std::vector<InlineButton> buttons;
  for (const Resource& resource : resources()) {
    const bool shown = std::find(view.resources.begin(), view.resources.end(), &resource) != view.resources.end();
    GraphView next = view;
    const Resource* item = &resource;
    if (several) {
      toggle(next.resources, item, kGraphViewResourcesMax, [](auto* a, auto* b) { return a == b; });
    } else {
      next.resources = {item};
    }
    buttons.push_back(graph_button(chosen(services.words.title_of(resource), shown), next, several ? "+" : ""));
  }
  return buttons;
}

std::vector<InlineButton> span_buttons(const GraphView& view, Services& services) {
  std::vector<InlineButton> buttons;
  for (const Duration span : kSpans) {
    GraphView next = view;
    next.span = {span, {}};
    buttons.push_back(graph_button(chosen(short_span(span, services), next.span == view.span), next));
  }
  return buttons;
}

InlineKeyboard usual_keyboard(const GraphView& view, bool several, Services& services) {
  const Texts& texts = services.texts;
  InlineKeyboard rows = in_rows(resource_buttons(view, several, services), 3);
  if (several) {
    rows.push_back({graph_button(std::string(texts.button_done), view)});
    return rows;
  }
  rows.push_back(span_buttons(view, services));
  rows.push_back({graph_button(std::string(texts.button_other_span), view, "ask"),
                  graph_button(std::string(texts.button_several), view, "+"),
                  graph_button(std::string(texts.button_compare), view, "vs 0")});
  const ServerId first = view.servers.front().id;
  rows.push_back({graph_button(std::string(texts.button_live), view, "live"),
                  server_button(texts.button_status, "status", first),
                  server_button(texts.button_forecast, "forecast", first)});
  return rows;
}

InlineKeyboard comparing_keyboard(const GraphView& view, size_t page, Services& services) {
  const auto all = services.hub.servers().list();
  const size_t begin = std::min(page * kComparedPerPage, all.size());
  const size_t end = std::min(begin + kComparedPerPage, all.size());
  const auto same = [](const service::Server& a, const service::Server& b) { return a.id == b.id; };
  std::vector<InlineButton> buttons;
  for (size_t i = begin; i < end; ++i) {
    GraphView next = view;
    toggle(next.servers, all[i], kGraphViewServersMax, same);
    const bool shown =
        std::any_of(view.servers.begin(), view.servers.end(), [&](const auto& each) { return same(each, all[i]); });
    buttons.push_back(graph_button(chosen(all[i].name, shown), next, fmt::format("vs {}", page)));
  }
  InlineKeyboard rows = in_rows(std::move(buttons), 2);
  rows.emplace_back();
  if (page > 0)
    rows.back().push_back(
        graph_button(std::string(services.texts.button_previous), view, fmt::format("vs {}", page - 1)));
  rows.back().push_back(graph_button(std::string(services.texts.button_done), view));
  if (end < all.size())
    rows.back().push_back(graph_button(std::string(services.texts.button_next), view, fmt::format("vs {}", page + 1)));
  return rows;
}

InlineKeyboard keyboard_of(const GraphView& view, const std::string& mode, Services& services) {
  std::string rest = mode;
  if (take_word(rest) != "vs") return usual_keyboard(view, mode == "+", services);
  const auto page = parse_number(rest);
  return comparing_keyboard(view, page && *page >= 0 && *page < 1e6 ? static_cast<size_t>(*page) : 0, services);
}

Replies ask_for_span(const Request& request, const GraphView& view, std::string_view before, Services& services) {
  const auto asked = services.questions.ask(request.chat, request.from.id, "graph " + to_arguments(view));
  if (!asked) return say(fill(services.texts.failure, {{"reason", reason_of(asked.error(), services.texts)}}));
  const std::string html = std::string(before) + std::string(services.texts.ask_span);
  return {{{html, ForceReply{std::string(services.texts.ask_span_placeholder)}, {}, {}}, false, {}}};
}

Replies show_view(const GraphView& view, const std::string& mode, Services& services) {
  return {{still_graph(view, keyboard_of(view, mode, services), "", services), true, {}}};
}

Replies begin_live(const Request& request, GraphView view, Services& services) {
  view.span = live_span(view.span);
  if (!services.renewals.has_room(request.chat, "graph"))
    return say(fill(services.texts.live_full, {{"count", std::to_string(Renewals::kPerChatMax)}}));
  const Timestamp begun_at = services.hub.clock().now();
  auto content = live_graph(view, begun_at, services);
  // Nothing to draw yet: a message of words can't become a picture.
  if (!content.photo) return {{std::move(content), true, {}}};
  return {{std::move(content), true, Reply::Living{"graph", to_arguments(view), request.from.id, kLiveEvery}}};
}

Replies show_pressed(const Request& request, Services& services) {
  const auto pressed = read_pressed_graph(request.arguments, services);
  if (pressed.view.servers.empty()) return choose_server(request, services, "graph").otherwise;
  if (pressed.mode == "ask") return ask_for_span(request, pressed.view, "", services);
  if (pressed.mode == "live") return begin_live(request, pressed.view, services);
  if (pressed.mode == "stop") {
    const bool ran = services.renewals.end(request.chat, request.message);
    const std::string_view note = ran ? services.texts.live_stopped : services.texts.live_was_over;
    return {{still_graph(pressed.view, usual_keyboard(pressed.view, false, services), note, services), true, {}}};
  }
  return show_view(pressed.view, pressed.mode, services);
}

// The answer to "which time?".
Replies show_answered(const Request& request, Services& services) {
  auto view = read_pressed_graph(request.asked, services).view;
  if (view.servers.empty()) return say(std::string(services.texts.expired_button));
  if (const auto span = read_span(answer_of(request), services.hub.clock().now(), services.zone)) {
    view.span = *span;
    return show_view(view, "", services);
  }
  const std::string what = escape_html(cut_plain(answer_of(request), 60));
  return ask_for_span(request, view, fill(services.texts.span_unknown, {{"what", what}}) + "\n", services);
}

Replies show_graph(const Request& request, Services& services) {
  if (request.by_button) return show_pressed(request, services);
  if (!request.asked.empty()) return show_answered(request, services);
  const auto choice = choose_server(request, services, "graph");
  if (!choice.server) return choice.otherwise;
  const auto typed = read_typed_graph(*choice.server, choice.rest, services);
  if (!typed.unknown.empty()) {
    std::string known;
    for (const Resource& resource : resources()) known += (known.empty() ? "" : ", ") + std::string(resource.name);
    return say(
        fill(services.texts.graph_unknown, {{"what", escape_html(cut_plain(typed.unknown, 60))}, {"known", known}}));
  }
  if (typed.live) return begin_live(request, typed.view, services);
  return show_view(typed.view, "", services);
}

Renewed renew_graph(const Renewal& renewal, Services& services) {
  const auto view = read_pressed_graph(renewal.arguments, services).view;
  return renew_live_graph(view, renewal,
                          view.servers.empty() ? InlineKeyboard() : usual_keyboard(view, false, services), services);
}

}  // namespace

const Screen kGraphScreen{.command = "graph",
                          .menu = &Texts::menu_graph,
                          .role = Role::kViewer,
                          .show = show_graph,
                          .help = &Texts::help_graph,
                          .renew = renew_graph};

}  // namespace mps::telegram
