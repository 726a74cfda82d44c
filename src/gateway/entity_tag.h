#pragma once

#include <string>
#include <string_view>

#include "gateway/http_message.h"

namespace mps::gateway {

// A strong entity tag of a representation, with its quotes.
std::string entity_tag(std::string_view content);
// Does If-None-Match name it? Compared weakly (RFC 9110, 13.1.2); "*" names all.
bool names_tag(std::string_view if_none_match, std::string_view tag);

// An answer of 200 to a GET: gives it a tag, unless its maker did, and makes it a 304 without a body where the client
// has it already.
void make_conditional(Response& response, std::string_view if_none_match);

}  // namespace mps::gateway
