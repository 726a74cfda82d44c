#include "telegram/screens/live_graph.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

MessageContent graph_message(const GraphView& view, std::string_view note, InlineKeyboard keyboard,
                             Services& services) {
  const std::string titles = titles_of(view, services), names = escape_html(names_of(view));
  const auto picture = picture_of(view, services);
  if (!picture) {
    const bool nothing = picture.error().code == ErrorCode::kNotFound;
    const std::string why =
        nothing ? std::string(services.texts.nothing_sent) : reason_of(picture.error(), services.texts);
    return {fill(services.texts.graph_failed, {{"title", titles}, {"name", names}, {"reason", why}}),
            std::move(keyboard),
            {},
            {}};
  }
  std::string html = fill(services.texts.graph_caption,
                          {{"name", names}, {"title", titles}, {"span", span_text(view.span, services)}});
  if (!note.empty()) html += "\n" + std::string(note);
  return {std::move(html), std::move(keyboard), UploadFile{"graph.png", "image/png", *picture}, {}};
}

}  // namespace

Span live_span(const Span& span) {
  return {span.fixed ? Duration(std::chrono::hours(1)) : std::min<Duration>(span.last, std::chrono::hours(1)), {}};
}

MessageContent still_graph(const GraphView& view, InlineKeyboard keyboard, std::string_view note, Services& services) {
  return graph_message(view, note, std::move(keyboard), services);
}

MessageContent live_graph(const GraphView& view, Timestamp begun_at, Services& services) {
  InlineKeyboard keyboard{
      {{std::string(services.texts.button_stop), fmt::format("graph {} stop", to_arguments(view))}}};
  const std::string until = services.zone.format(begun_at + kLiveFor, "%H:%M");
  return graph_message(view, fill(services.texts.live_until, {{"until", until}}), std::move(keyboard), services);
}

Renewed renew_live_graph(const GraphView& view, const Renewal& renewal, InlineKeyboard keyboard, Services& services) {
  Renewed renewed;
  renewed.next = kLiveEvery;
  renewed.last = renewal.ended || view.servers.empty() || services.hub.clock().now() - renewal.begun_at >= kLiveFor;
  if (view.servers.empty()) {
    renewed.content = MessageContent{std::string(services.texts.live_server_gone), {}, {}, {}};
  } else if (renewed.last) {
    renewed.content = still_graph(view, std::move(keyboard), services.texts.live_stopped, services);
  } else {
    renewed.content = live_graph(view, renewal.begun_at, services);
  }
  // What was a picture stays one, whatever happens.
  renewed.content->keeps_picture = !renewed.content->photo;
  return renewed;
}

}  // namespace mps::telegram
