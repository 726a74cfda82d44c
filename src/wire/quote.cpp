#include "wire/quote.h"

#include "base/text.h"

namespace mps::wire {

std::string quote(std::string_view text) {
  constexpr size_t kShown = 40;
  return "'" + valid_utf8(text.substr(0, kShown)) + (text.size() > kShown ? "...'" : "'");
}

}  // namespace mps::wire
