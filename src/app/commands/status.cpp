#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/command.h"
#include "base/text.h"
#include "service/hub.h"

namespace mps::app {

namespace {

std::string lines_of(const store::ForwardingStats& sent, Timestamp now) {
  std::string lines = fmt::format("sent on to\t{}\nthere as of\t{}\n", sent.target, format_rfc3339(sent.as_of));
  lines += fmt::format("waiting\t{} samples, {}, the oldest for {}\n", sent.samples_waiting,
                       format_bytes(static_cast<double>(sent.bytes_waiting)),
                       format_duration(std::chrono::floor<std::chrono::seconds>(sent.oldest_waits(now))));
  lines += fmt::format("sent since start\t{} samples in {} requests, {} rejected, {} retries\n", sent.samples_sent,
                       sent.batches_sent, sent.samples_rejected, sent.retries);
  if (sent.last_error_at) lines += fmt::format("last error\t{}\n", format_rfc3339(*sent.last_error_at));
  return lines;
}

}  // namespace

// What `./run` asks: where the hub is and how to pair, as lines of key and value.
void declare_status(CLI::App& parent, Invocation& invocation) {
  CLI::App* command = add_command(parent, invocation, "status",
                                  "The hub itself: servers, series, samples, messages waiting, pairing code");
  command->callback([&invocation] {
    invocation.run_on_hub = [](service::Hub& hub, Terminal& terminal) -> Result<void> {
      const auto stats = hub.store().stats();
      terminal.out(fmt::format(
          "engine\t{}\nservers\t{}\nseries\t{}\nstored\t{}\nincidents open\t{}\nmessages waiting\t{}\n", stats.engine,
          hub.servers().list().size(), stats.series, format_bytes(static_cast<double>(stats.bytes_on_disk)),
          hub.alerts().open_incidents().size(), hub.outbox().undelivered()));
      const auto precision = hub.predictions().precision();
      if (precision.came_true + precision.did_not + precision.open > 0)
        terminal.out(fmt::format("predictions of 90 days\t{} came true, {} did not, {} open\n", precision.came_true,
                                 precision.did_not, precision.open));
      if (stats.forwarding) terminal.out(lines_of(*stats.forwarding, hub.clock().now()));
      for (const store::StoreLimit& limit : hub.store().limits())
        terminal.out(fmt::format("limit\t{}: {}\n", limit.what, limit.why));
      if (!stats.trouble.empty()) terminal.out(fmt::format("trouble\t{}\n", stats.trouble));
      if (const auto code = hub.people().pairing_code()) terminal.out(fmt::format("pairing code\t{}\n", *code));
      return {};
    };
  });
}

}  // namespace mps::app
