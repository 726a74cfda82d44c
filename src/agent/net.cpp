#include "agent/net.h"

#include "agent/scan.h"

namespace mps::agent {

void collect_net(std::string_view net_dev, const std::function<Interface(std::string_view name)>& interface,
                 Tick& tick) {
  while (!net_dev.empty()) {
    std::string_view line = take_line(net_dev);
    const size_t colon = line.rfind(':');
    if (colon == std::string_view::npos) continue;  // the two lines of the head
    const std::string_view name = trim(line.substr(0, colon));
    line.remove_prefix(colon + 1);
    const Interface found = interface(name);
    if (!found.up || found.loopback) continue;
    uint64_t received[8];
    uint64_t sent[8];
    for (uint64_t& figure : received) figure = take_number(line);
    for (uint64_t& figure : sent) figure = take_number(line);
    tick.begin("net", {{"interface", name}});
    tick.natural("bytes_sent", sent[0]);
    tick.natural("bytes_recv", received[0]);
    tick.natural("packets_sent", sent[1]);
    tick.natural("packets_recv", received[1]);
    tick.natural("err_in", received[2]);
    tick.natural("err_out", sent[2]);
    tick.natural("drop_in", received[3]);
    tick.natural("drop_out", sent[3]);
    tick.integer("speed", found.speed_mbits);
  }
}

}  // namespace mps::agent
