#pragma once

#include "telegram/screen.h"

namespace mps::telegram {

// One server: what is known of it, and buttons to rename, tag, rotate its token, remove it (asked twice). `rest`: what
// the button wants, "" to show it; of an answer to a question, what was asked.
Replies show_server(const Request& request, const service::Server& server, std::string rest, Services& services);

// Whether `rest` changes something.
bool changes_server(std::string rest);

}  // namespace mps::telegram
