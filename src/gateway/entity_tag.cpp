#include "gateway/entity_tag.h"

#include <algorithm>

#include "base/crypto.h"

namespace mps::gateway {
namespace {

std::string_view opaque(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

}  // namespace

std::string entity_tag(std::string_view content) {
  return '"' + sha256_hex(content).substr(0, 24) + '"';
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  while (!if_none_match.empty()) {
    const size_t comma = if_none_match.find(',');
    std::string_view one = if_none_match.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one == "*" || opaque(one) == opaque(tag)) return true;
    if_none_match.remove_prefix(comma == std::string_view::npos ? if_none_match.size() : comma + 1);
  }
  return false;
}

void make_conditional(Response& response, std::string_view if_none_match) {
  if (response.status != 200) return;
  auto tag = std::find_if(response.headers.begin(), response.headers.end(),
                          [](const auto& header) { return header.first == "ETag"; });
  if (tag == response.headers.end())
    tag = response.headers.insert(
        tag, {"ETag", entity_tag(response.static_body.empty() ? response.body : response.static_body)});
  if (!names_tag(if_none_match, tag->second)) return;
  response.status = 304;
  response.content_type.clear();
  response.body.clear();
  response.static_body = {};
}

}  // namespace mps::gateway
