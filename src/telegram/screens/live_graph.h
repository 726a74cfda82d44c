#pragma once

#include "telegram/screens/graph_view.h"

// Graphs that are drawn anew by themselves for a while, in the same message.
namespace mps::telegram {

inline constexpr Duration kLiveEvery = std::chrono::seconds(10);
inline constexpr Duration kLiveFor = std::chrono::minutes(15);

// A live graph shows the last hour at most: of more nobody would see it move.
Span live_span(const Span& span);

// A picture that stays, with a line of `note` below the caption; in words why there is none.
MessageContent still_graph(const GraphView& view, InlineKeyboard keyboard, std::string_view note, Services& services);
// A picture of a live graph, with the button that stops it.
MessageContent live_graph(const GraphView& view, Timestamp begun_at, Services& services);
// What the message of a live graph says now. `keyboard`: of the last picture.
Renewed renew_live_graph(const GraphView& view, const Renewal& renewal, InlineKeyboard keyboard, Services& services);

}  // namespace mps::telegram
