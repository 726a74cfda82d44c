#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Texts in Telegram's HTML parse mode (https://core.telegram.org/bots/api#html-style).
namespace mps::telegram {

// Limits of the Bot API, in UTF-16 units after the entities are parsed.
inline constexpr size_t kTextMax = 4096;
inline constexpr size_t kCaptionMax = 1024;
inline constexpr size_t kCallbackAnswerMax = 200;
inline constexpr size_t kCallbackDataMaxBytes = 64;

// The length that the limits speak of: tags count nothing, an entity one, an emoji two.
size_t visible_length(std::string_view html);

// `html` of at most `limit` units: where it is longer it is cut between characters, ends with an ellipsis, and open
// tags are closed. `limit` > 0.
std::string cut_html(std::string_view html, size_t limit);

// The text that a reader would see, without any markup.
std::string plain_text(std::string_view html);

// Plain text of at most `limit` UTF-16 units, with an ellipsis where it was cut.
std::string cut_plain(std::string_view text, size_t limit);

}  // namespace mps::telegram
