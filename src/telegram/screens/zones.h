#pragma once

#include <string>
#include <vector>

#include "telegram/screen.h"

// Asking for the time zone of a chat; the answers go to /settings.
namespace mps::telegram {

// In which zone the chat is, with buttons of what time it is in a few places, and one to write another.
Reply ask_zone(Services& services);
// The same buttons below another text.
Reply ask_zone(Services& services, std::string html);
// One of those.
Reply choose_zone(Services& services, const std::vector<std::string>& names, std::string html);
// The next text is its name.
Result<Replies> ask_zone_name(const Request& request, Services& services);

}  // namespace mps::telegram
