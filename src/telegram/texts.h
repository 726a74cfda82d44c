#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

// Every sentence that a person reads in the chat. Placeholders stand in braces; what replaces them is escaped by the
// caller. A language is one more table.
namespace mps::telegram {

struct Texts {
  // Menu of commands
  std::string_view menu_start, menu_connect, menu_servers, menu_status, menu_graph, menu_forecast, menu_help;
  // Pairing
  std::string_view refusal, wrong_code, slow_down, became_owner, pair_in_private;
  // start, help
  std::string_view welcome, help;
  // connect
  std::string_view ask_name, ask_name_placeholder, connected, conf_caption, not_connected;
  // servers
  std::string_view no_servers, servers_title, server_line, never_sent, age, pick_server, unknown_server;
  // status
  std::string_view status_title, status_line, uptime_line, data_age, no_data;
  // graph, forecast
  std::string_view graph_caption, graph_failed, forecast_caption, error_unknown, forecast_failed, unknown_resource,
      unknown_horizon;
  // Buttons
  std::string_view button_refresh, button_graph, button_forecast, button_status, button_hour, button_day, button_next,
      button_previous;
  // Whatever else
  std::string_view nearest_commands, expired_button, failure;
};

inline constexpr Texts kEnglish{
    .menu_start = "What this is",
    .menu_connect = "Add a server",
    .menu_servers = "All servers",
    .menu_status = "How a server is now",
    .menu_graph = "The last 24 hours as a picture",
    .menu_forecast = "What comes next, as a picture",
    .menu_help = "All commands",

    .refusal =
        "Hello! This bot belongs to somebody's own servers, and I don't know you yet. If they are yours, send me "
        "the pairing code that the program printed when it started.",
    .wrong_code = "That code does not open this bot. The program prints the right one when it starts.",
    .slow_down = "Those were too many codes. Please try again in ten minutes.",
    .became_owner = "Welcome, {name}! This bot is yours now; nobody else gets in.",
    .pair_in_private = "Please send me the code in a private chat, where nobody else reads it.",

    .welcome =
        "I watch your servers, show how they are, and say what comes next.\n\n"
        "1. /connect adds a server: it takes a minute.\n"
        "2. /status shows how it is now, /graph its last 24 hours, /forecast the next.\n"
        "3. When CPU, RAM or disk stays over 90 %, I write to you.",
    .help =
        "/connect NAME - add a server: its token, a telegraf.conf, the command for the agent\n"
        "/servers - all servers, worst first\n"
        "/status NAME - CPU, RAM, disk, network, load and uptime now\n"
        "/graph NAME RESOURCE - the last 24 hours as a picture\n"
        "/forecast NAME RESOURCE - what comes next, with a band, and how far to trust it\n"
        "/help - this\n\n"
        "NAME and RESOURCE may be left out: there are buttons for them.",

    .ask_name = "What shall the server be called?",
    .ask_name_placeholder = "web-1",
    .connected =
        "<b>{name}</b> is registered. Its token, shown only here and only once:\n<code>{token}</code>\n\n"
        "Start the agent on that server:\n<pre>{command}</pre>\n"
        "Or use Telegraf with the file below. Then look at /status.",
    .conf_caption = "For <b>{name}</b>: save it as /etc/telegraf/telegraf.conf and restart Telegraf.",
    .not_connected = "That did not work: {reason}.",

    .no_servers = "There is no server yet. /connect adds one.",
    .servers_title = "<b>Servers</b>: {count}",
    .server_line = "{mark} <b>{name}</b> - {state}",
    .never_sent = "nothing received yet",
    .age = "{age} ago",
    .pick_server = "Which server?",
    .unknown_server = "There is no server named <b>{name}</b>. Which one do you mean?",

    .status_title = "{mark} <b>{name}</b>",
    .status_line = "{title}: <b>{value}</b>",
    .uptime_line = "Uptime: <b>{uptime}</b>",
    .data_age = "<i>Data {age} old</i>",
    .no_data =
        "Nothing received from <b>{name}</b> yet. Start the agent as /connect said; its first figures arrive "
        "within seconds.",

    .graph_caption = "<b>{name}</b>: {title}, last 24 hours",
    .graph_failed = "No picture of {title} of <b>{name}</b>: {reason}.",
    .forecast_caption =
        "<b>{name}</b>: {title}, the next {horizon}\n"
        "Method: {method}\n"
        "MAE <b>{mae}</b> (seasonal naive {naive_mae})\n"
        "RMSE <b>{rmse}</b> (seasonal naive {naive_rmse})",
    .error_unknown = "not known yet",
    .forecast_failed = "No forecast of {title} of <b>{name}</b>: {reason}.",
    .unknown_resource = "There is no resource named <b>{name}</b>. There are: {known}.",
    .unknown_horizon = "There is no forecast for <b>{name}</b> ahead. There are: 1h, 24h.",

    .button_refresh = "Refresh",
    .button_graph = "Graph",
    .button_forecast = "Forecast",
    .button_status = "Status",
    .button_hour = "1 hour",
    .button_day = "24 hours",
    .button_next = "Next",
    .button_previous = "Previous",

    .nearest_commands = "I don't know what to do with that. Do you mean {commands}?",
    .expired_button = "This button no longer works. Please send the command again.",
    .failure = "That did not work: {reason}.",
};

// `text` with every {name} replaced by its value.
inline std::string fill(std::string_view text,
                        std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  std::string out;
  while (!text.empty()) {
    const size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const size_t close = text.find('}', open);
    const auto name = text.substr(open + 1, close - open - 1);
    for (const auto& [key, value] : values) {
      if (key == name) out += value;
    }
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace mps::telegram
