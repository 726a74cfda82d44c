#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.h"
#include "base/text.h"
#include "service/hub.h"
#include "store/influxdb/influx_store.h"

namespace mps::app {

// What `./run` asks: where the hub is and how to pair, as lines of key and value.
void declare_status(CLI::App& parent, Invocation& invocation) {
  CLI::App* command = add_command(parent, invocation, "status",
                                  "The hub itself: servers, series, samples, messages waiting, pairing code");
  command->callback([&invocation] {
    invocation.run_on_hub = [](service::Hub& hub, Terminal& terminal) -> Result<void> {
      const auto stats = hub.store().stats();
      terminal.out(fmt::format("servers\t{}\nseries\t{}\nstored\t{}\nincidents open\t{}\nmessages waiting\t{}\n",
                               hub.servers().list().size(), stats.series,
                               format_bytes(static_cast<double>(stats.bytes_on_disk)),
                               hub.alerts().open_incidents().size(), hub.outbox().undelivered()));
      const auto precision = hub.predictions().precision();
      if (precision.came_true + precision.did_not + precision.open > 0)
        terminal.out(fmt::format("predictions of 90 days\t{} came true, {} did not, {} open\n", precision.came_true,
                                 precision.did_not, precision.open));
      if (!stats.remote.empty()) {
        terminal.out(
            fmt::format("sent on to\t{}\nthere as of\t{}\n", stats.remote, format_rfc3339(stats.remote_as_of)));
        terminal.out(fmt::format("sent since start\t{} samples, {} refused, {} waiting\n", stats.remote_sent,
                                 stats.remote_refused, format_bytes(static_cast<double>(stats.remote_bytes_waiting))));
        for (const std::string& limit : store::influx_limits()) terminal.out(fmt::format("limit\t{}\n", limit));
      }
      if (!stats.trouble.empty()) terminal.out(fmt::format("trouble\t{}\n", stats.trouble));
      if (const auto code = hub.people().pairing_code()) terminal.out(fmt::format("pairing code\t{}\n", *code));
      return {};
    };
  });
}

}  // namespace mps::app
