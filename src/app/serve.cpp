#include "app/serve.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <sys/resource.h>
#include <unistd.h>

#include "app/control_server.h"
#include "base/log.h"
#include "base/text.h"
#include "gateway/gateway.h"
#include "telegram/bot.h"

namespace mps::app {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

void wait_for_stop() {
  const sigset_t set = stop_signals();
  int signal = 0;
  sigwait(&set, &signal);
  log::info("stopping: {}", signal == SIGINT ? "interrupted" : "terminated");
}

// How others reach what listens here. A wildcard address is no address: the machine's name stands in.
std::string url_of(const std::string& address, uint16_t port, bool tls) {
  std::string host = address;
  if (address == "0.0.0.0" || address == "::") {
    char name[256] = "localhost";
    ::gethostname(name, sizeof name - 1);
    host = name;
  } else if (address.find(':') != std::string::npos) {
    host = "[" + address + "]";
  }
  return fmt::format("{}://{}:{}", tls ? "https" : "http", host, port);
}

// Each connection is an open file, of which shells and service managers allow fewer unless a program asks for more.
// Returns how many connections there may be, so that those beyond are refused rather than left waiting.
size_t allow_connections(size_t wanted) {
  constexpr rlim_t kFilesOfTheHub = 256;  // databases, models, pictures, its own requests
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  const rlim_t needed = wanted + kFilesOfTheHub;
  if (files.rlim_cur < needed) {
    files.rlim_cur = std::min(needed, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
  }
  if (files.rlim_cur >= needed) return wanted;
  const size_t possible = std::max<rlim_t>(files.rlim_cur, kFilesOfTheHub + 16) - kFilesOfTheHub;
  log::warn("only {} files may be open at once: {} connections are served, not {}", files.rlim_cur, possible, wanted);
  return possible;
}

// TLS, tokens, proxies, and how much is served.
Result<void> read_access(const ServeOptions& options, gateway::GatewayOptions& out) {
  if (options.tls_certificate.empty() != options.tls_key.empty())
    return Error{ErrorCode::kInvalidArgument, "--tls-cert and --tls-key go together: give both, or none"};
  if (!(options.requests_per_second >= 0 && options.requests_per_second <= 1e6))
    return Error{ErrorCode::kInvalidArgument, "--requests-per-second must lie between 0 and 1000000"};
  if (options.connections_max < 1 || options.connections_max > 1'000'000)
    return Error{ErrorCode::kInvalidArgument, "--connections-max must lie between 1 and 1000000"};
  out.server.connections_max = allow_connections(options.connections_max);
  out.server.tls_certificate = options.tls_certificate;
  out.server.tls_key = options.tls_key;
  out.access.read_token = options.read_token;
  out.access.requests = {options.requests_per_second, std::max(1.0, 2 * options.requests_per_second)};
  MPS_TRY(out.access.proxies, gateway::TrustedProxies::parse(options.trusted_proxies));
  return {};
}

}  // namespace

void block_stop_signals() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

Result<std::chrono::minutes> parse_time_of_day(const std::string& text) {
  unsigned hours = 0, minutes = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%2u:%2u%c", &hours, &minutes, &rest) != 2 || hours > 23 || minutes > 59) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is not a time of day; write 03:30", text)};
  }
  return std::chrono::minutes(hours * 60 + minutes);
}

Result<store::Retention> parse_retention(const ServeOptions& options) {
  const auto parse = [](const char* flag, const std::string& text) -> Result<Duration> {
    const auto duration = parse_duration(text);
    if (duration && *duration >= std::chrono::hours(24) && *duration <= store::kKeepAll.raw) return *duration;
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} {}: write a duration of at least a day, such as 30d", flag, text)};
  };
  store::Retention retention;
  MPS_TRY(retention.raw, parse("--retain-raw", options.retain_raw));
  MPS_TRY(retention.five_minutes, parse("--retain-5m", options.retain_5m));
  MPS_TRY(retention.hour, parse("--retain-1h", options.retain_1h));
  if (retention.raw <= retention.five_minutes && retention.five_minutes <= retention.hour) return retention;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("coarser figures are kept at least as long as finer ones: --retain-raw {} may not be over "
                           "--retain-5m {}, nor that over --retain-1h {}",
                           options.retain_raw, options.retain_5m, options.retain_1h)};
}

Result<Duration> parse_future_max(const std::string& text) {
  const auto duration = parse_duration(text);
  if (duration && *duration >= std::chrono::seconds(1) && *duration <= std::chrono::hours(24 * 366)) return *duration;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("--future-max {}: write a duration from 1s to 366d, such as 10m", text)};
}

Result<service::WebhookOptions> parse_webhook(const ServeOptions& options) {
  const std::string& url = options.webhook_url;
  if (url.empty() || url.starts_with("http://") || url.starts_with("https://"))
    return service::WebhookOptions{url, options.webhook_secret};
  return Error{ErrorCode::kInvalidArgument, fmt::format("--webhook-url {}: write http://... or https://...", url)};
}

Result<std::string> parse_telegram_webhook(const ServeOptions& options) {
  std::string url = options.telegram_webhook_url;
  if (url.empty()) return url;
  const size_t host = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (host == 0 || url.size() == host) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("--telegram-webhook-url {}: write https://..., as Telegram reaches this hub", url)};
  }
  while (url.ends_with('/')) url.pop_back();
  if (url.find('/', host) == std::string::npos) url += service::kUpdatePath;
  return url;
}

Result<ListenAddress> parse_listen(const std::string& text) {
  const size_t colon = text.rfind(':');
  ListenAddress listen{colon == std::string::npos ? "" : text.substr(0, colon), 0};
  if (listen.address.starts_with('[') && listen.address.ends_with(']'))
    listen.address = listen.address.substr(1, listen.address.size() - 2);
  const auto port = parse_number(text.substr(colon == std::string::npos ? 0 : colon + 1));
  if (listen.address.empty() || !port || *port < 0 || *port > 65535 || *port != std::floor(*port)) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("'{}' is not an address to listen on; write 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:8080", text)};
  }
  listen.port = static_cast<uint16_t>(*port);
  return listen;
}

Result<void> serve(service::Hub& hub, const ServeOptions& options, Terminal& terminal) {
  gateway::GatewayOptions gateway_options;
  MPS_TRY(const ListenAddress listen, parse_listen(options.listen));
  MPS_TRY(const std::string webhook_url, parse_telegram_webhook(options));
  gateway_options.server.address = listen.address;
  gateway_options.server.port = listen.port;
  gateway_options.version = kVersion;
  MPS_TRY_VOID(read_access(options, gateway_options));
  MPS_TRY(const auto gateway, gateway::Gateway::start(gateway_options, hub));
  const std::string url = options.public_url.empty()
                              ? url_of(listen.address, gateway->port(), !options.tls_certificate.empty())
                              : options.public_url;
  // A disk that is full must not keep the hub from answering queries.
  if (const auto kept = hub.settings().set("public_url", url); !kept) log::warn("{}", kept.error().message);
  MPS_TRY(const auto control, ControlServer::start(hub.options().data / "hub.sock", hub));
  std::unique_ptr<telegram::Bot> bot;
  if (!options.telegram_token.empty()) {
    bot = std::make_unique<telegram::Bot>(
        telegram::BotOptions{options.telegram_token, options.telegram_api_url, url, 4, kVersion, webhook_url}, hub);
  }
  hub.start(bot.get());
  terminal.out(fmt::format("listening on {}\n", url));
  wait_for_stop();
  gateway->stop();
  hub.stop();
  return {};
}

}  // namespace mps::app
