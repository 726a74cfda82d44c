#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "telegram/texts.h"

namespace mps::telegram {

// Why something failed, in the language of the texts: as part of a sentence, so without a full stop. Plain text. The
// layers below speak English; what people meet in the chat has a row in reasons.cpp, and anything else is said as it
// is, behind what kind of failure it is.
std::string plain_reason_of(const Error& error, const Texts& texts);

// Should `pattern` fit `text`, where {} stands for anything, `said` with what stood there. "" else.
std::string say_like(std::string_view pattern, std::string_view text, std::string_view said);

}  // namespace mps::telegram
