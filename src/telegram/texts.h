#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "service/audit.h"
#include "service/role.h"

// Every sentence that a person reads in the chat. Placeholders stand in braces; what replaces them is escaped by the
// caller. A language is one more file, texts_LANGUAGE.cpp. Counted things stand behind a colon ("Servers: 3"), which
// reads well in languages with many plurals.
namespace mps::telegram {

// How far a store that sends samples on to InfluxDB is.
struct InfluxDbTexts {
  std::string_view has_all, late, lost;
};

// settings: in what amounts of data are written.
struct UnitsTexts {
  std::string_view line, button, which, bytes, binary, bits;
};

// users: another owner.
struct HandoverTexts {
  std::string_view button, sure, really, button_yes, done, you_are;
};

// At a terminal.
struct TerminalTexts {
  std::string_view hint, no_button, answer, picture, file;
};

struct Texts {
  std::string_view language;  // its own name
  // Menu of commands
  std::string_view menu_start, menu_connect, menu_servers, menu_status, menu_graph, menu_forecast, menu_help,
      menu_alerts, menu_silence, menu_quiet, menu_maintenance, menu_report, menu_settings, menu_users, menu_invite,
      menu_audit;
  // Lines of /help, behind the command: what may follow it, and what it does
  std::string_view help_connect, help_servers, help_status, help_graph, help_forecast, help_alerts, help_silence,
      help_quiet, help_maintenance, help_report, help_settings, help_users, help_invite, help_audit, help_help,
      help_thresholds, help_export, help_about, help_names, help_role;
  // settings
  std::string_view settings_title, settings_title_group, settings_language, settings_zone, settings_zone_of_hub,
      settings_alerts, settings_all_alerts, settings_alerts_of_tag, settings_quiet, settings_report, settings_none;
  std::string_view zone_ask, zone_type, zone_unknown, zone_many, alerts_which, leave_sure, left;
  std::string_view button_zone, button_another_zone, button_alerts, button_all_alerts, button_no_alerts, button_quiet,
      button_daily, button_leave, button_back;
  // users, invite, groups
  std::string_view users_title, person_line, person_line_invited, person_remove_sure, roles_explained, invites_open,
      invite_whom, invited, joined, somebody_joined, only_in_private;
  std::string_view group_unknown, group_added, group_topic;
  std::string_view button_invite, button_withdraw, button_remove, button_users;
  // audit
  std::string_view audit_title, audit_none, button_older, button_newer;
  std::array<std::string_view, service::kChanges> changes;  // in the order of service::Change
  // report
  std::string_view report_which, report_daily, report_daily_none, button_all_servers;
  // What several screens say
  std::string_view all_servers, group, removed_server, by;
  // Pairing
  std::string_view role_viewer, role_operator, role_admin, role_owner, role_needed;
  std::string_view refusal, wrong_code, slow_down, became_owner, pair_in_private;
  // start
  std::string_view welcome, welcome_member;
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
  std::string_view nearest_commands, expired_button, button_of_another, failure;
  // graph, live graphs
  std::string_view graph_last, nothing_sent, graph_unknown, ask_span, ask_span_placeholder, span_unknown, live_until,
      live_stopped, live_was_over, live_server_gone, live_full, button_done, button_other_span, button_several,
      button_compare, button_live, button_stop;
  // thresholds
  std::string_view menu_thresholds, rules_whose, rules_title, rules_line, rules_how, rule_above, rule_below,
      rule_no_data, rule_silence, rule_prediction, rule_anomaly, rule_off, rule_per_core, rule_critical, origin_default,
      origin_server, rule_title, rule_set, rule_lacks_resource, rule_lacks_number, rule_rest_unknown, rule_out_of_range,
      ask_rule, ask_rule_placeholder, preview_fired, preview_servers, preview_part, preview_suggested, preview_none,
      preset_calm, preset_normal, preset_strict, preset_title, preset_set, rules_default_sure, rules_default_done,
      button_write_rule, button_back_to_default, button_other_scope, button_set_rule, button_on, button_as_warning,
      button_as_critical;
  // connect, servers
  std::string_view connected_new, connected_anew, unit_caption, waiting, first_samples, nothing_came, fleet_line,
      no_servers_tagged, no_tags, server_details, ask_new_name, ask_tag, ask_tag_placeholder, renamed, untagged,
      rotate_sure, remove_sure, remove_really, removed, button_rules, button_rename, button_tag, button_rotate,
      button_remove_server, button_remove_for_good, button_keep, button_manage;
  // status, forecast
  std::string_view status_day, status_more_mounts, forecast_young, button_week, button_check_day, button_check_week,
      growth_caption, growth_line, growth_later, growth_none, growth_full, check_caption, check_none, check_days_wrong,
      button_was_right, button_was_wrong, toast_judged;
  // export, about
  std::string_view menu_export, menu_about, export_which, export_caption, export_empty, export_too_big, about_title,
      about_healthy, about_replaying, about_read_only, about_delivery, about_figures, about_oldest;
  UnitsTexts units;
  InfluxDbTexts influxdb;
  HandoverTexts handover;
  TerminalTexts terminal;
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
    const size_t close = text.find('}', open);
    out += text.substr(0, close == std::string_view::npos ? close : open);
    if (close == std::string_view::npos) break;
    const auto name = text.substr(open + 1, close - open - 1);
    for (const auto& [key, value] : values) {
      if (key == name) out += value;
    }
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace mps::telegram
