#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <malloc.h>
#include <thread>
#include <unistd.h>

#include "agent/agent.h"
#include "agent/hub_connection.h"

namespace {

using namespace mps;
using namespace mps::agent;

void print_line(std::string_view line) {
  fmt::print(stderr, "mps-agent: {}\n", line);
}

void print_out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

std::optional<std::string> variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// The token must not stay where `ps` shows it.
void hide_token(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::string_view argument = argv[i];
    char* secret = nullptr;
    if (argument == "--token" && i + 1 < argc) secret = argv[i + 1];
    if (argument.starts_with("--token=")) secret = argv[i] + 8;
    for (; secret != nullptr && *secret != '\0'; ++secret) *secret = '*';
  }
}

sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

// Turns the first signal into a request to stop. Should the end take long all the same (a name server that does not
// answer), or a second signal come, ends the program there and then.
void watch_signals(sigset_t signals, std::stop_source stop) {
  int signal = 0;
  sigwait(&signals, &signal);
  stop.request_stop();
  const timespec patience{3, 0};
  sigtimedwait(&signals, nullptr, &patience);
  std::_Exit(kDone);
}

Duration time_out(const Options& options) {
  constexpr Duration kShortest = std::chrono::seconds(1);
  constexpr Duration kLongest = std::chrono::seconds(5);
  return options.once ? kLongest : std::clamp(options.interval / 2, kShortest, kLongest);
}

int run(const Options& options) {
  const sigset_t signals = block_stop_signals();
  std::stop_source stop;
  std::thread(watch_signals, signals, stop).detach();
  SystemClock clock;
  Notices notices(print_line);
  std::optional<HubConnection> connection;
  if (!options.to_stdout) connection.emplace(HubUrl::parse(options.hub).value(), options.token);
  const auto send = [&](const std::string& gzipped) {
    return connection->post(gzipped, time_out(options), stop.get_token());
  };
  return Agent(options, clock, notices, send, print_out).run(stop.get_token());
}

}  // namespace

int main(int argc, char** argv) {
  mallopt(M_ARENA_MAX, 1);
  const auto options = parse_options({argv + 1, static_cast<size_t>(argc - 1)}, variable);
  hide_token(argc, argv);
  if (!options) {
    print_line(options.error().message);
    return kWrongUse;
  }
  if (options->help) {
    print_out(usage());
    return kDone;
  }
  if (options->version) {
    print_out("mps-agent " MPS_VERSION "\n");
    return kDone;
  }
  return run(*options);
}
