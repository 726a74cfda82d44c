#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fstream>

#include "app/command.h"

namespace mps::app {
namespace {

void declare_limits(CLI::App& command, ServeOptions& serve) {
  const auto add = [&](const char* flag, std::string& value, const char* description, const char* environment) {
    command.add_option(flag, value, description)->envname(environment)->capture_default_str()->type_name("DURATION");
  };
  add("--retain-raw", serve.retain_raw, "How long samples are kept as they came", "MPS_RETAIN_RAW");
  add("--retain-5m", serve.retain_5m, "How long their 5-minute figures are kept", "MPS_RETAIN_5M");
  add("--retain-1h", serve.retain_1h, "How long their hourly figures are kept", "MPS_RETAIN_1H");
  add("--future-max", serve.future_max, "How far ahead of the hub's clock the stamps of samples may be",
      "MPS_FUTURE_MAX");
}

void declare_webhook(CLI::App& command, ServeOptions& serve) {
  command.add_option("--webhook-url", serve.webhook_url, "Where incidents are posted as JSON, for other systems")
      ->envname("MPS_WEBHOOK_URL")
      ->type_name("URL");
  command
      .add_option("--webhook-secret", serve.webhook_secret,
                  "Signs what is posted: X-MPS-Signature; rather give it as MPS_WEBHOOK_SECRET")
      ->envname("MPS_WEBHOOK_SECRET")
      ->type_name("TEXT");
}

// CLI11 reads configuration files for the program as a whole alone, not for a subcommand. What the command line or the
// environment says goes before the file. Throws CLI::ParseError.
void read_config(CLI::App& command, const std::string& path) {
  if (!std::ifstream(path)) throw CLI::FileError::Missing(path);
  for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_file(path)) {
    CLI::Option* const option =
        item.parents.empty() && item.name != "config" ? command.get_option_no_throw("--" + item.name) : nullptr;
    if (option == nullptr)
      throw CLI::ConfigError(fmt::format("{}: '{}' is not an option of mps serve", path, item.fullname()));
    if (!option->empty()) continue;
    option->add_result(item.inputs);
    option->run_callback();
  }
}

void declare_access(CLI::App& command, ServeOptions& serve) {
  command
      .add_option("--tls-cert", serve.tls_certificate,
                  "Speak https with this certificate and its chain (PEM); read anew when it changes")
      ->envname("MPS_TLS_CERT")
      ->type_name("FILE");
  command.add_option("--tls-key", serve.tls_key, "The key of that certificate (PEM)")
      ->envname("MPS_TLS_KEY")
      ->type_name("FILE");
  command
      .add_option("--trusted-proxy", serve.trusted_proxies,
                  "A proxy whose X-Forwarded-For is believed: 10.0.0.1 or 10.0.0.0/8; may be given more than once")
      ->envname("MPS_TRUSTED_PROXY")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NETWORK");
  command
      .add_option("--requests-per-second", serve.requests_per_second,
                  "How often one API token may ask; twice as many at once; 0: there is no limit")
      ->envname("MPS_REQUESTS_PER_SECOND")
      ->capture_default_str()
      ->type_name("NUMBER");
  command
      .add_option("--connections-max", serve.connections_max,
                  "How many connections are served at once; beyond, who only waits makes room, or who comes is refused")
      ->envname("MPS_CONNECTIONS_MAX")
      ->capture_default_str()
      ->type_name("NUMBER");
}

}  // namespace

void declare_serve(CLI::App& parent, Invocation& invocation) {
  CLI::App* command = add_command(parent, invocation, "serve",
                                  "Run the hub: take in figures, alert, forecast, answer the bot and the page");
  ServeOptions& serve = invocation.serve;
  command->add_option("--config", serve.config, "A TOML file with any of these options: listen = \"127.0.0.1:8080\"")
      ->envname("MPS_CONFIG")
      ->type_name("FILE");
  command->add_option("--listen", serve.listen, "Where to listen")
      ->envname("MPS_LISTEN")
      ->capture_default_str()
      ->type_name("ADDR:PORT");
  command
      ->add_option("--public-url", serve.public_url, "Where agents and people reach the hub; http://LISTEN by default")
      ->envname("MPS_PUBLIC_URL")
      ->type_name("URL");
  command
      ->add_option("--read-token", serve.read_token,
                   "Lets its bearer see figures; better make a token with 'mps api-token add'")
      ->envname("MPS_READ_TOKEN")
      ->type_name("TOKEN");
  command
      ->add_option("--telegram-token", serve.telegram_token,
                   "Of the bot, from @BotFather; rather give it as MPS_TELEGRAM_TOKEN")
      ->envname("MPS_TELEGRAM_TOKEN")
      ->type_name("TOKEN");
  command->add_option("--telegram-api-url", serve.telegram_api_url, "Of a local Bot API server")
      ->envname("MPS_TELEGRAM_API_URL")
      ->capture_default_str()
      ->type_name("URL");
  command
      ->add_option("--telegram-webhook-url", serve.telegram_webhook_url,
                   "Where Telegram reaches this hub, by https: updates are then delivered rather than asked for")
      ->envname("MPS_TELEGRAM_WEBHOOK_URL")
      ->type_name("URL");
  command->add_option("--train-at", serve.train_at, "Local time of the daily training")
      ->envname("MPS_TRAIN_AT")
      ->capture_default_str()
      ->type_name("HH:MM");
  declare_access(*command, serve);
  declare_webhook(*command, serve);
  declare_limits(*command, serve);
  command->callback([command, &invocation] {
    if (!invocation.serve.config.empty()) read_config(*command, invocation.serve.config);
    invocation.is_serve = true;
  });
}

}  // namespace mps::app
