#include "telegram/texts_more.h"

namespace mps::telegram {

constinit const Texts kEnglish{
    .language = "English",
    .menu_start = "What this is",
    .menu_connect = "Add a server",
    .menu_servers = "All servers",
    .menu_status = "How a server is now",
    .menu_graph = "Any time as a picture, live too",
    .menu_forecast = "What comes next, as a picture",
    .menu_help = "All commands",
    .menu_alerts = "What fires, and what did",
    .menu_silence = "Keep alerts of a server quiet for a while",
    .menu_quiet = "Hours in which only critical alerts come",
    .menu_maintenance = "Planned work: no alerts, nothing learned",
    .menu_report = "A day as a PDF, now or every morning",
    .menu_settings = "Language, time zone, which alerts come here",
    .menu_users = "Who may do what",
    .menu_invite = "Let somebody in",
    .menu_audit = "Who changed what, and when",

    .help_connect = "NAME - add a server: its token, a telegraf.conf, the command for the agent",
    .help_servers = "- all servers, worst first",
    .help_status = "NAME - CPU, RAM, disk, network, load and uptime now",
    .help_graph = "NAME RESOURCE 7d - any time as a picture, of several resources or servers; live, too",
    .help_forecast = "NAME RESOURCE - what comes next, with a band, and how far to trust it; when a disk is full",
    .help_alerts = "- what fires: acknowledge, snooze; /alerts history - what did",
    .help_silence = "NAME 2h WHY - no alerts of a server for a while",
    .help_quiet = "22:00 07:00 - hours of every night in which only critical alerts come",
    .help_maintenance = "NAME 22:00 2h WHY - planned work: no alerts, and nothing is learned from it",
    .help_report = "NAME - yesterday as a PDF; every day by itself, if you like",
    .help_settings = "- language, time zone, and which alerts come to this chat",
    .help_users = "- who may do what: change roles, remove people",
    .help_invite = "- a link that lets one person in",
    .help_audit = "- who changed what, and when",
    .help_help = "- this",
    .help_thresholds = "NAME cpu 85 for 10m - when to alert, and how often that would have been",
    .help_export = "NAME 7d - samples as CSV",
    .help_about = "- version, health, storage, queue",
    .help_names = "NAME and RESOURCE may be left out: there are buttons for them.",
    .help_role = "Your role here: {role}.",

    .settings_title = "⚙️ <b>Settings</b>",
    .settings_title_group = "⚙️ <b>Settings of this group</b>",
    .settings_language = "Language: <b>{language}</b>",
    .settings_zone = "Time zone: <b>{zone}</b>, it is {time} there",
    .settings_zone_of_hub = "(the hub's; nobody has chosen one yet)",
    .settings_alerts = "Alerts: <b>{alerts}</b>",
    .settings_all_alerts = "all",
    .settings_alerts_of_tag = "of servers tagged {tag}",
    .settings_quiet = "Quiet hours: <b>{quiet}</b>",
    .settings_report = "Daily report: <b>{report}</b>",
    .settings_none = "none",
    .zone_ask = "🕒 What time is it where you are? I take it to be {time} ({zone}).",
    .zone_type = "Write a city, such as Berlin, or the name of the zone, such as <code>Europe/Berlin</code>.",
    .zone_unknown =
        "I know no time zone <b>{text}</b>. Write a large city in Latin letters, such as Berlin, a name such as "
        "<code>Europe/Berlin</code>, or UTC+3.",
    .zone_many = "Several time zones are called like <b>{text}</b>. Which one is yours?",
    .alerts_which = "Which alerts are to come to this chat? Tags are groups of servers.",
    .leave_sure = "This group then gets no more alerts, and I answer nobody here.",
    .left = "Good-bye. An admin can add this group again with /start.",
    .button_zone = "Time zone",
    .button_another_zone = "Another one",
    .button_alerts = "Which alerts",
    .button_all_alerts = "All alerts",
    .button_no_alerts = "No alerts",
    .button_quiet = "Quiet hours",
    .button_daily = "Daily report",
    .button_leave = "Leave the group",
    .button_back = "Back",

    .users_title = "👥 <b>People</b>: {count}",
    .person_line = "<b>{name}</b> - {role}, since {day}",
    .person_line_invited = "<b>{name}</b> - {role}, since {day}, invited by {by}",
    .person_remove_sure = "Remove <b>{name}</b>? They then see nothing and get no more alerts.",
    .roles_explained =
        "<b>viewer</b> looks at everything\n"
        "<b>operator</b> also acknowledges, snoozes, silences, plans maintenance\n"
        "<b>admin</b> also changes servers, rules and groups: everything but people",
    .invites_open = "Invitations that nobody has used yet: {count}",
    .invite_whom = "As what do you invite somebody?",
    .invited =
        "This link lets one person in as <b>{role}</b>, once, until {until}:\n{link}\n\n"
        "Forward it to them. Whoever opens it first gets in.",
    .joined = "Welcome, {name}! You are {role} here.",
    .somebody_joined = "👋 <b>{name}</b> has joined as {role}. /users changes that.",
    .only_in_private = "Please ask me that in a private chat: a group is not the place for it.",
    .group_unknown = "I don't work for this group yet. An admin can add it with /start.",
    .group_added = "👋 This group gets alerts from now on. /settings says which, in which language and time zone.",
    .group_topic = "👍 Alerts come to this topic from now on.",
    .button_invite = "Invite somebody",
    .button_withdraw = "Withdraw invitations",
    .button_remove = "Remove",
    .button_users = "People",

    .audit_title = "📒 <b>Who changed what</b>",
    .audit_none = "Nobody has changed anything there.",
    .button_older = "Older",
    .button_newer = "Newer",
    .changes = {"server added",     "server changed",      "server removed",  "token made",      "token removed",
                "rule set",         "rule removed",        "acknowledged",    "snoozed",         "silence added",
                "silence ended",    "maintenance planned", "quiet hours set", "quiet hours off", "daily report set",
                "daily report off", "invitation",          "joined",          "role changed",    "person removed",
                "chat added",       "chat settings",       "chat removed",    "new owner"},
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
    .welcome_member =
        "I watch servers, show how they are, and say what comes next. When something stays wrong, I write here.\n\n"
        "/servers shows all of them, /status how one is now, /graph its last 24 hours, /forecast the next. "
        "/help says what else you may do.",

    .ask_name = "What shall the server be called?",
    .ask_name_placeholder = "web-1",
    .connected =
        "Its token, shown only here and only once:\n<code>{token}</code>\n\n"
        "Start the agent on that server:\n<pre>{command}</pre>\n"
        "Or use Telegraf, or a systemd service, with the files below.",
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

    .graph_caption = "<b>{name}</b>: {title}, {span}",
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
    .button_of_another = "This button is for whoever asked, or no longer works. Send the command yourself.",
    .failure = "That did not work: {reason}.",

    .graph_last = "the last {span}",
    .nothing_sent = "nothing of it has been sent yet",
    .graph_unknown =
        "I don't know what <code>{what}</code> means here. After the server come resources ({known}) and a stretch of "
        "time: <code>3h</code>, <code>7d</code>, <code>2026-11-20 2026-11-25</code>.",
    .ask_span = "Which time? For example 3h, 7 days, yesterday, 2026-11-20, 20.11 08:00 - 20.11 12:00.",
    .ask_span_placeholder = "3h",
    .span_unknown = "<code>{what}</code> is no stretch of time in the past.",
    .live_until = "🔴 Live until {until}, renewed every 10 s",
    .live_stopped = "The live graph has ended.",
    .live_was_over = "This live graph was over already.",
    .live_server_gone = "This server has been removed.",
    .live_full = "There are {count} live graphs here already: stop one of them first.",
    .button_done = "Done",
    .button_other_span = "Other time…",
    .button_several = "Several…",
    .button_compare = "Compare…",
    .button_live = "🔴 Live",
    .button_stop = "⏹ Stop",

    .menu_thresholds = "When to alert: rules, and what they would have done",
    .rules_whose = "Whose rules?",
    .rules_title = "<b>Rules of {whom}</b>",
    .rules_line = "{rule} <i>({origin})</i>",
    .rules_how =
        "Press a resource, or write <code>/thresholds NAME cpu 85 for 10m</code>; <code>all</code> and "
        "<code>tag:NAME</code> stand for many servers.",
    .rule_above = "{what} above {value} for {hold}",
    .rule_below = "{what} below {value} for {hold}",
    .rule_no_data = "no data for {hold}",
    .rule_silence = "Silence",
    .rule_prediction = "{what} is expected above {value} within {within}",
    .rule_anomaly = "{what} outside its usual band for {hold}",
    .rule_off = "{what}: off",
    .rule_per_core = "per core",
    .rule_critical = "‼️ {rule}",
    .origin_default = "default",
    .origin_server = "set here",
    .rule_title = "<b>{whom}</b>: {rule}",
    .rule_set = "✅ Set: {rule}",
    .rule_lacks_resource = "Begin with a resource: {known}; or with <code>silent</code>.",
    .rule_lacks_number = "How much? After <code>{what}</code> comes a number.",
    .rule_rest_unknown = "I don't understand <code>{what}</code>.",
    .rule_out_of_range = "{what} is never beyond {value}: write a number between 0 and 100.",
    .ask_rule =
        "A rule for {whom}, in words: <code>cpu 85 for 10m</code>, <code>disk / 90</code>, <code>ram &lt; "
        "10%</code>, <code>silent 5m</code>, <code>swap off</code>",
    .ask_rule_placeholder = "cpu 85 for 10m",
    .preview_fired = "In the last 30 days it would have fired: <b>{count}</b>",
    .preview_servers = "Most often: {servers}",
    .preview_part = "Looked at {count} servers of {total}.",
    .preview_suggested = "At most once a week it would fire at {value}.",
    .preview_none = "There are no samples yet to try it on.",
    .preset_calm = "Calm",
    .preset_normal = "Normal",
    .preset_strict = "Strict",
    .preset_title = "<b>{preset}</b> for {whom}:",
    .preset_set = "✅ Set: {preset}",
    .rules_default_sure =
        "Forget these rules of {whom}? What is set for more servers, or the default, is in force then.",
    .rules_default_done = "✅ Back to the default.",
    .button_write_rule = "✏️ In words…",
    .button_back_to_default = "Back to the default",
    .button_other_scope = "Other servers",
    .button_set_rule = "✅ Set it",
    .button_on = "On",
    .button_as_warning = "As a warning",
    .button_as_critical = "‼️ As critical",
    .connected_new = "<b>{name}</b> is registered.",
    .connected_anew = "<b>{name}</b> has a new token; the old one no longer works.",
    .unit_caption =
        "Or as a systemd service on <b>{name}</b>: copy mps-agent to /usr/local/bin, save this file as "
        "/etc/systemd/system/mps-agent.service, then as root:\n<pre>mkdir -p /etc/mps &amp;&amp; (umask 077; "
        "echo {token} &gt; /etc/mps/agent.token)\nsystemctl enable --now mps-agent</pre>",
    .waiting = "⏳ Waiting for the first samples of <b>{name}</b>… This message changes when they arrive.",
    .first_samples = "✅ <b>{name}</b>: first samples arrived, {age} ago.",
    .nothing_came =
        "⚠️ Nothing from <b>{name}</b> for 5 min. Check these three things on it:\n1. Does the agent run? "
        "<code>systemctl status mps-agent</code>, or the terminal that it was started in, says what is "
        "wrong.\n2. Does the hub answer there? <code>curl {url}/ping</code>\n3. Is it the token from above "
        "(else the agent reports 401), and is the clock right? Samples from more than 10 minutes ahead are "
        "refused.\nI go on waiting.",
    .fleet_line = "🟢 up: {up} · 🟠 firing: {firing} · 🔴 down: {down} · ⚪ nothing yet: {never}",
    .no_servers_tagged = "No server has the tag <b>{tag}</b>.",
    .no_tags = "none",
    .server_details =
        "{mark} <b>{name}</b>\nSince: {since}\nLast samples: {age}\nTags: {tags}\nRules of its own: {rules}",
    .ask_new_name = "What shall <b>{name}</b> be called?",
    .ask_tag = "Which tags shall <b>{name}</b> get? Several are separated by spaces.",
    .ask_tag_placeholder = "web",
    .renamed = "✅ It was called <b>{old}</b>; its samples, rules and history stay.",
    .untagged = "✅ Without <b>{tag}</b> now.",
    .rotate_sure =
        "Make a new token for <b>{name}</b>? The old one stops working at once: until the agent there has "
        "the new one, nothing arrives. Last samples: {age}.",
    .remove_sure =
        "Remove <b>{name}</b>? Lost are:\n"
        "• all of its samples since {since} (the last: {age})\n"
        "• its forecasts and its model\n"
        "• its rules: {rules}\n"
        "• what of it is open ends: {open} (the history stays)\n"
        "• its token: the agent there is refused from then on",
    .remove_really = "This can't be undone. Remove <b>{name}</b> with everything since {since}?",
    .removed = "🗑 <b>{name}</b> is removed.",
    .button_rules = "Rules",
    .button_rename = "✏️ Rename",
    .button_tag = "+ Tag",
    .button_rotate = "🔑 New token",
    .button_remove_server = "🗑 Remove…",
    .button_remove_for_good = "🗑 Yes, remove all of it",
    .button_keep = "Keep it",
    .button_manage = "⚙️ Manage",
    .status_day = "<i>24 h: mean {mean}, max {max}</i>",
    .status_more_mounts = "… and {count} emptier mount points",
    .forecast_young =
        "There is too little history for a model of its own yet: this is the simple method that did best.",
    .button_week = "7 days: growth",
    .button_check_day = "Yesterday: was it right?",
    .button_check_week = "Last 7 days: was it right?",
    .growth_caption = "<b>{name}</b>: {title}, growth in the next 7 days",
    .growth_line = "{what}: {used}, full at <b>{when}</b> (80 %: {earliest} - {latest})",
    .growth_later = "later than in 30 days",
    .growth_none = "{what}: {used}, does not grow steadily",
    .growth_full = "{what}: <b>full</b>",
    .check_caption =
        "<b>{name}</b>: {title}, forecast against what came (days: {days})\nMethod: {method}\nMAE "
        "<b>{mae}</b> (seasonal naive {naive_mae})\nRMSE <b>{rmse}</b> (seasonal naive {naive_rmse})\nInside "
        "the 80 % band: <b>{inside}</b>",
    .check_none = "no forecast of that time was put aside yet (that is done every midnight)",
    .check_days_wrong = "Forecasts are kept for {max} days: write a number from 1 to {max}.",
    .button_was_right = "👍 It was right",
    .button_was_wrong = "👎 It was not",
    .toast_judged = "Thank you. So far: right {right}, wrong {wrong}",
    .menu_export = "Samples of a server as CSV",
    .menu_about = "Version, health, storage, queue",
    .export_which = "Which time of <b>{name}</b>? A button, or <code>/export NAME 2026-11-20 2026-11-25</code>.",
    .export_caption = "<b>{name}</b>, {from} - {to}: {size} of CSV",
    .export_empty = "Nothing of <b>{name}</b> is stored of that time.",
    .export_too_big =
        "That is more of <b>{name}</b> than Telegram takes (50 MB packed): choose less time, or use "
        "<code>mps export</code>.",
    .about_title = "<b>MPS {version}</b>",
    .about_healthy = "🟢 All is well.",
    .about_replaying = "🟠 It has just started and replays its journal.",
    .about_read_only = "🔴 Nothing can be stored: {reason}",
    .about_delivery = "🟠 The last message was not delivered: {reason}",
    .about_figures =
        "Up for: {uptime}\nServers: {servers}, series: {series}\nSamples on disk: {bytes}\nOpen incidents: "
        "{incidents}\nMessages waiting: {waiting}, delivered since start: {delivered}",
    .about_oldest = "The oldest waits for: {age}",
    .units = kEnglishUnits,
    .influxdb = kEnglishInfluxDb,
    .handover = kEnglishHandover,
    .terminal = kEnglishTerminal,
};

}  // namespace mps::telegram
