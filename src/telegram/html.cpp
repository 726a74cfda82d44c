#include "telegram/html.h"

#include <array>
#include <utility>
#include <vector>

#include "base/text.h"

namespace mps::telegram {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr std::array<std::pair<std::string_view, char>, 4> kEntities = {
    {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}}};

struct Token {
  std::string_view bytes;    // as it stands in the source
  std::string_view visible;  // as it is read; "" for a tag
  bool is_tag = false;
};

size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(length, text.size());
}

// Characters beyond U+FFFF, those of four bytes, take two UTF-16 units.
size_t utf16_units(std::string_view character) {
  return character.empty() ? 0 : character.size() == 4 ? 2 : 1;
}

Token next_token(std::string_view html) {
  if (html[0] == '<') {
    const size_t end = html.find('>');
    if (end != std::string_view::npos) return {html.substr(0, end + 1), {}, true};
  }
  if (html[0] == '&') {
    for (const auto& [entity, character] : kEntities) {
      if (html.starts_with(entity)) return {html.substr(0, entity.size()), {&character, 1}, false};
    }
  }
  const auto character = html.substr(0, sequence_length(html));
  return {character, character, false};
}

std::string tag_name(std::string_view tag) {
  const size_t begin = tag.starts_with("</") ? 2 : 1;
  return std::string(tag.substr(begin, tag.find_first_of(" >", begin) - begin));
}

void track_tag(std::string_view tag, std::vector<std::string>& open) {
  if (!tag.starts_with("</")) {
    open.push_back(tag_name(tag));
  } else if (!open.empty()) {
    open.pop_back();
  }
}

}  // namespace

size_t visible_length(std::string_view html) {
  size_t length = 0;
  while (!html.empty()) {
    const Token token = next_token(html);
    length += utf16_units(token.visible);
    html.remove_prefix(token.bytes.size());
  }
  return length;
}

std::string cut_html(std::string_view html, size_t limit) {
  if (visible_length(html) <= limit) return std::string(html);
  std::string out;
  std::vector<std::string> open;
  size_t length = 0;
  while (!html.empty()) {
    const Token token = next_token(html);
    const size_t units = utf16_units(token.visible);
    if (length + units + 1 > limit) break;  // one is kept for the ellipsis
    length += units;
    if (token.is_tag) track_tag(token.bytes, open);
    out += token.bytes;
    html.remove_prefix(token.bytes.size());
  }
  out += kEllipsis;
  for (; !open.empty(); open.pop_back()) out += "</" + open.back() + ">";
  return out;
}

std::string plain_text(std::string_view html) {
  std::string out;
  while (!html.empty()) {
    const Token token = next_token(html);
    out += token.visible;
    html.remove_prefix(token.bytes.size());
  }
  return out;
}

std::string cut_plain(std::string_view text, size_t limit) {
  return plain_text(cut_html(escape_html(text), limit));
}

}  // namespace mps::telegram
