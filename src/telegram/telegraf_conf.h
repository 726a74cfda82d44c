#pragma once

#include <string>
#include <string_view>

namespace mps::telegram {

// A telegraf.conf that sends what the catalogue of resources reads to the hub, every 10 seconds, as the server of
// `token`. Written for Telegraf 1.21 (Debian 12) and later.
std::string telegraf_conf(std::string_view hub_url, std::string_view token);

}  // namespace mps::telegram
