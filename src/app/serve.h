#pragma once

#include <chrono>

#include "app/command.h"
#include "service/hub.h"

namespace mps::app {

// "03:30" -> 210 min. Fails with kInvalidArgument.
Result<std::chrono::minutes> parse_time_of_day(const std::string& text);

// --retain-raw, --retain-5m and --retain-1h. Fails with kInvalidArgument on what is no duration, under a day, over a
// hundred years, or where a coarser tier would be kept for a shorter time than a finer one.
Result<store::Retention> parse_retention(const ServeOptions& options);

// --future-max: one second to a year. Fails with kInvalidArgument.
Result<Duration> parse_future_max(const std::string& text);

// --webhook-url and --webhook-secret. Fails with kInvalidArgument on what is no http or https URL.
Result<service::WebhookOptions> parse_webhook(const ServeOptions& options);

// --telegram-webhook-url, with the gateway's path where it has none; "" for none. Fails with kInvalidArgument on what
// is no http or https URL.
Result<std::string> parse_telegram_webhook(const ServeOptions& options);

struct ListenAddress {
  std::string address;
  uint16_t port = 0;  // 0: the system chooses
};
// "127.0.0.1:8080", "[::1]:8080". Fails with kInvalidArgument.
Result<ListenAddress> parse_listen(const std::string& text);

// Keeps SIGINT and SIGTERM for serve() to wait for. Before any thread is started, which would take them otherwise.
void block_stop_signals();

// Opens the hub's doors (HTTP, the socket of commands, Telegram) and serves until SIGTERM or SIGINT.
Result<void> serve(service::Hub& hub, const ServeOptions& options, Terminal& terminal);

}  // namespace mps::app
