#pragma once

#include "telegram/screen.h"

namespace mps::telegram {

// What somebody needs to connect a server, once and never again: the token, how to start an agent, the files for it;
// and a message that waits for the first samples and says when they came.
Replies connection_of(const Request& request, const service::Server& server, const std::string& token,
                      std::string_view Texts::*headline, Services& services);

Renewed renew_first_samples(const Renewal& renewal, Services& services);

}  // namespace mps::telegram
