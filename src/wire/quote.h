#pragma once

#include <string>
#include <string_view>

namespace mps::wire {

// A piece of the sender's text as it may stand in a sentence of ours: in quotes, shortened, valid UTF-8.
std::string quote(std::string_view text);

}  // namespace mps::wire
