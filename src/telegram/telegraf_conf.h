#pragma once

#include <string>
#include <string_view>

namespace mps::telegram {

// A telegraf.conf (https://docs.influxdata.com/telegraf) that sends what the catalogue of resources reads to the hub,
// every 10 seconds, as the server of `token`.
std::string telegraf_conf(std::string_view hub_url, std::string_view token);

// A systemd unit that runs mps-agent for the hub, with the token from /etc/mps/agent.token.
std::string agent_unit(std::string_view hub_url);

}  // namespace mps::telegram
