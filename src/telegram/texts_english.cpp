#include "telegram/texts.h"

namespace mps::telegram {

constinit const Texts kEnglish{
    .menu_start = "What this is",
    .menu_connect = "Add a server",
    .menu_servers = "All servers",
    .menu_status = "How a server is now",
    .menu_graph = "The last 24 hours as a picture",
    .menu_forecast = "What comes next, as a picture",
    .menu_help = "All commands",
    .menu_alerts = "What fires, and what did",
    .menu_silence = "Keep alerts of a server quiet for a while",
    .menu_quiet = "Hours in which only critical alerts come",
    .menu_maintenance = "Planned work: no alerts, nothing learned",
    .menu_report = "A day as a PDF, now or every morning",
    .report_which = "Yesterday of which server? For another day: <code>/report NAME 2026-11-25</code>",
    .report_daily = "Every day at {time} ({zone}) a report of all servers comes here.",
    .report_daily_none =
        "No report comes here by itself. Buttons below, or <code>/report daily 07:30 Europe/Berlin</code>, change "
        "that.",
    .button_all_servers = "All servers",

    .all_servers = "all servers",
    .group = "group {tag}",
    .removed_server = "a removed server",
    .by = "by {who}",

    .role_viewer = "viewer",
    .role_operator = "operator",
    .role_admin = "admin",
    .role_owner = "owner",
    .role_needed = "🔒 For that you need to be {needed}; here you are {own}. The owner can change that with /users.",
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
        "/alerts - what fires: acknowledge, snooze; /alerts history - what did\n"
        "/silence NAME 2h WHY - no alerts of a server for a while\n"
        "/quiet 22:00 07:00 - hours of every night in which only critical alerts come\n"
        "/report NAME - yesterday as a PDF; every day by itself, if you like\n"
        "/maintenance NAME 22:00 2h WHY - planned work: no alerts, and nothing is learned from it\n"
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

    .toast_acknowledged = "Acknowledged: {count}",
    .toast_snoozed = "Snoozed until {until}: {count}",
    .toast_nothing_fires = "Nothing fires there any more",
    .toast_failed = "That did not work: {reason}",
    .alerts_none = "🟢 Nothing fires.",
    .alerts_title = "🔴 <b>Firing</b>: {count}",
    .alerts_more = "… and {count} more",
    .history_title = "<b>The last {count}</b>",
    .history_none = "Nothing has fired yet.",
    .life_title = "<b>Incident {id}</b>",

    .silences_none = "Nothing is silenced.",
    .silences_title = "<b>Silences</b>",
    .silence_line = "{id}: {what}, {from} - {to}{why}, by {who}",
    .silence_how =
        "<code>/silence NAME 2h WHY</code> silences a server, <code>/silence all 2h</code> all of them, "
        "<code>/silence group:TAG 2h</code> a group. A resource may follow the name, and a time of day when it begins: "
        "<code>/silence NAME cpu 22:00 2h WHY</code>",
    .silence_added = "🔕 Silenced: {what}, {from} - {to}. What still fires then, I say then.",
    .silence_ended = "🔔 Silence {id} is over.",
    .silence_for = "How long is <b>{name}</b> to be silent?",
    .maintenances_none = "There is no maintenance window.",
    .maintenances_title = "<b>Maintenance windows</b>",
    .maintenance_how =
        "<code>/maintenance NAME 22:00 2h WHY</code>: no alerts of the server from 22:00 on for two hours, and its "
        "forecasts learn nothing from them. Without a time of day it begins now; <code>all</code> and "
        "<code>group:TAG</code> stand for many servers.",
    .maintenance_added = "🛠 Maintenance: {what}, {from} - {to}. No alerts, and nothing is learned from it.",

    .quiet_none = "There are no quiet hours here.",
    .quiet_set =
        "🌙 Quiet hours: {from} - {to}, {zone}. Only critical alerts come then; of the rest there is one digest at the "
        "end.",
    .quiet_off = "Quiet hours are off.",
    .quiet_how =
        "<code>/quiet 22:00 07:00</code> sets them, <code>/quiet 22:00 07:00 Europe/Berlin</code> in another "
        "time zone, <code>/quiet off</code> ends them.",

    .button_acknowledge = "Acknowledge {id}",
    .button_snooze = "Snooze {id} 1 h",
    .button_history = "History",
    .button_firing = "What fires",
    .button_end = "End {id}",
    .button_pick_server = "Pick a server",
    .button_off = "Off",
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

}  // namespace mps::telegram
