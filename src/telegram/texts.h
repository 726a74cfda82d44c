#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "service/role.h"

// Every sentence that a person reads in the chat. Placeholders stand in braces; what replaces them is escaped by the
// caller. A language is one more file, texts_LANGUAGE.cpp. Counted things stand behind a colon ("Servers: 3"), which
// reads well in languages with many plurals.
namespace mps::telegram {

struct Texts {
  // Menu of commands
  std::string_view menu_start, menu_connect, menu_servers, menu_status, menu_graph, menu_forecast, menu_help,
      menu_alerts, menu_silence, menu_quiet, menu_maintenance, menu_report;
  // report
  std::string_view report_which, report_daily, report_daily_none, button_all_servers;
  // What several screens say
  std::string_view all_servers, group, removed_server, by;
  // Pairing
  std::string_view role_viewer, role_operator, role_admin, role_owner, role_needed;
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
  // Living messages, alerts
  std::string_view toast_acknowledged, toast_snoozed, toast_nothing_fires, toast_failed;
  std::string_view alerts_none, alerts_title, alerts_more, history_title, history_none, life_title;
  // silence, maintenance
  std::string_view silences_none, silences_title, silence_line, silence_how, silence_added, silence_ended, silence_for,
      maintenances_none, maintenances_title, maintenance_how, maintenance_added;
  // quiet
  std::string_view quiet_none, quiet_set, quiet_off, quiet_how;
  // Buttons
  std::string_view button_acknowledge, button_snooze, button_history, button_firing, button_end, button_pick_server,
      button_off;
  std::string_view button_refresh, button_graph, button_forecast, button_status, button_hour, button_day, button_next,
      button_previous;
  // Whatever else
  std::string_view nearest_commands, expired_button, failure;
};

// One file each. A sentence that one of them lacks does not compile.
extern const Texts kEnglish, kRussian;

// "ru"; English where there is no such language.
const Texts& texts_in(std::string_view language);

std::string_view title_of(service::Role role, const Texts& texts);

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
