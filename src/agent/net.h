#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "agent/tick.h"

namespace mps::agent {

struct Interface {
  bool up = false;
  bool loopback = false;
  int64_t speed_mbits = -1;  // -1: unknown
};

// /proc/net/dev -> net,interface=eth0: the counters bytes_sent, bytes_recv, packets_sent, packets_recv, err_in,
// err_out, drop_in, drop_out; speed. Interfaces that are down, and loopback, are skipped.
void collect_net(std::string_view net_dev, const std::function<Interface(std::string_view name)>& interface,
                 Tick& tick);

}  // namespace mps::agent
