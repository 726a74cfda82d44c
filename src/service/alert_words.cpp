#include "service/alert_words.h"

#include <algorithm>

namespace mps::service {
namespace {

bool is_one_in_english(size_t count) {
  return count == 1;
}

// 1, 21, 31, but not 11.
bool is_one_in_russian(size_t count) {
  return count % 10 == 1 && count % 100 != 11;
}

constinit const AlertWords kEnglishAlerts{
    .language = "en",
    .over = "over {limit}",
    .under = "under {limit}",
    .full = "full",
    .foreseen_at = "{state} at {time}",
    .band = " (80 %: {from} - {to})",
    .silent = {"silent since {since}", "still silent since {since}"},
    .no_figures = {"no figures of {name} since {since}", "still no figures of {name} since {since}"},
    .foreseen = {"{name} {state}", "{name} still {state}"},
    .unusual = {"{name} is unusual", "{name} is still unusual"},
    .beyond = {"{name} is {state}", "{name} is still {state}"},
    .figures_silent = "for {lasted}",
    .figures_foreseen = "now <b>{value}</b>, foreseen since {since}",
    .figures = "now <b>{value}</b>, {extreme} {peak}, since {since} ({lasted})",
    .peak = "peak",
    .lowest = "lowest",
    .span = "from {since} for {lasted}",
    .sends_again = "sends again\nit was silent {span}",
    .sends_this_again = "sends {name} again\nit was silent {span}",
    .no_longer_foreseen = "{name} is no longer foreseen to be {state}\nforeseen {span}, now {value}",
    .came_true = "{name} was {state}, as foreseen, and is back to {value}\nforeseen {span}, {extreme} {peak}",
    .as_usual = "{name} is as usual again, {value}\nit was unusual {span}",
    .back_to = "{name} is back to {value}\nit was {state} {span}, {extreme} {peak}",
    .server_removed = "the server was removed",
    .unwatched = "{name} is no longer watched",
    .silence_unwatched = "its silence is no longer watched",
    .was_silent = "it was silent {span}",
    .was_foreseen = "{name} was foreseen to be {state}, {span}",
    .was_unusual = "{name} was unusual {span}",
    .was_beyond = "{name} was {state} {span}",
    .line_removed = ", server removed",
    .line_unwatched = ", no longer watched",
    .scored = "Of such predictions in 90 days {true} of {judged} came true",
    .critical = " (critical)",
    .acknowledged = "Acknowledged by {who}, {time}",
    .snoozed = "Snoozed until {until}",
    .flapping = "It comes and goes: held open until it stays well for a while",
    .line_silent = "silent",
    .line_no_figures = "no {name}",
    .line_resolved = "{what}, {since} - {until} ({lasted})",
    .line_beyond = "{name} {value} ({state}), since {since}",
    .line_critical = ", critical",
    .line_acknowledged = ", acknowledged by {who}",
    .line_snoozed = ", snoozed until {until}",
    .line_flapping = ", comes and goes",
    .more = "… and {count} more",
    .fleet = "{count} of {all} servers: {names}",
    .fleet_of_one = "{count} of {all} server: {names}",
    .fleet_silent = "silent",
    .digest = "🌅 <b>Quiet hours are over</b>: {counts}",
    .outage = "📨 <b>Telegram could not be reached</b> from {since} on. Meanwhile: {counts}",
    .counts = "{all} fired, {over} healed, {open} still fire",
    .counts_of_one = "{all} fired, {over} healed, {open} still fires",
    .all_over = "🟢 <b>{fleet}</b>: all {count} are over",
    .some_over = "🔴 <b>{fleet}</b> ({count} are over)",
    .firing = "🔴 <b>{fleet}</b>",
    .still_firing = "🔴 <b>Still {fleet}</b>",
    .is_one = is_one_in_english,
    .acknowledge = "Acknowledge",
    .acknowledge_all = "Acknowledge all {count}",
    .snooze_hour = "Snooze 1 h",
    .snooze_hours = "4 h",
    .snooze_morning = "Until morning",
    .graph = "Graph",
    .written_late = "Written at {time}; it could not be sent before.",
    .perhaps_twice = "Perhaps you have this twice: the hub was stopped while it sent it.",
    .whole_list = "All {count} of them",
    .chat_gone = "⚠️ Chat {chat} gets no more messages: {why}. Once it writes to me again, it does.",
    .meanwhile = "{name} was {state} from {since} to {until}",
    .meanwhile_head = "While <b>{name}</b> was silent:",
    .quiet_warning = "🌙 <b>Quiet hours begin at {from}.</b> Foreseen to break before {to}:",
    .disk_full =
        "🔴 <b>The hub can't store samples.</b>\n{trouble}\nGraphs and forecasts still answer, from what is stored. "
        "Agents keep their samples and send them later. Make room on the hub's disk; it goes on by itself.",
    .disk_well = "🟢 <b>The hub stores samples again.</b> It could not for {lasted}.",
    .steps = {},
};

constinit const AlertWords kRussianAlerts{
    .language = "ru",
    .over = "больше {limit}",
    .under = "меньше {limit}",
    .full = "заполнение",
    .foreseen_at = "{state} в {time}",
    .band = " (80 %: {from} - {to})",
    .silent = {"молчит с {since}", "всё ещё молчит, с {since}"},
    .no_figures = {"нет данных «{name}» с {since}", "всё ещё нет данных «{name}», с {since}"},
    .foreseen = {"{name}: ожидается {state}", "{name}: всё ещё ожидается {state}"},
    .unusual = {"{name}: необычно", "{name}: всё ещё необычно"},
    .beyond = {"{name} {state}", "{name} всё ещё {state}"},
    .figures_silent = "уже {lasted}",
    .figures_foreseen = "сейчас <b>{value}</b>, ожидается с {since}",
    .figures = "сейчас <b>{value}</b>, {extreme} {peak}, с {since} ({lasted})",
    .peak = "пик",
    .lowest = "минимум",
    .span = "с {since}, {lasted}",
    .sends_again = "снова присылает данные\nмолчание: {span}",
    .sends_this_again = "снова присылает «{name}»\nмолчание: {span}",
    .no_longer_foreseen = "{name}: больше не ожидается {state}\nожидалось {span}, сейчас {value}",
    .came_true = "{name}: было {state}, как и ожидалось, снова {value}\nожидалось {span}, {extreme} {peak}",
    .as_usual = "{name} снова как обычно, {value}\nбыло необычно {span}",
    .back_to = "{name} снова в норме: {value}\nбыло {state} {span}, {extreme} {peak}",
    .server_removed = "сервер удалён",
    .unwatched = "{name}: больше не отслеживается",
    .silence_unwatched = "молчание больше не отслеживается",
    .was_silent = "молчание: {span}",
    .was_foreseen = "{name}: ожидалось {state}, {span}",
    .was_unusual = "{name}: было необычно {span}",
    .was_beyond = "{name}: было {state} {span}",
    .line_removed = ", сервер удалён",
    .line_unwatched = ", больше не отслеживается",
    .scored = "Таких предсказаний за 90 дней сбылось {true} из {judged}",
    .critical = " (критично)",
    .acknowledged = "Принято: {who}, {time}",
    .snoozed = "Отложено до {until}",
    .flapping = "То появляется, то проходит: не закрываю, пока не продержится в норме",
    .line_silent = "молчание",
    .line_no_figures = "нет «{name}»",
    .line_resolved = "{what}, {since} - {until} ({lasted})",
    .line_beyond = "{name} {value} ({state}), с {since}",
    .line_critical = ", критично",
    .line_acknowledged = ", принято: {who}",
    .line_snoozed = ", отложено до {until}",
    .line_flapping = ", то появляется, то проходит",
    .more = "… и ещё {count}",
    .fleet = "{count} из {all} серверов: {names}",
    .fleet_of_one = "{count} из {all} сервера: {names}",
    .fleet_silent = "молчание",
    .digest = "🌅 <b>Тихие часы закончились</b>. {counts}",
    .outage = "📨 <b>Telegram был недоступен</b> с {since}. {counts}",
    .counts = "Сработало: {all}, прошло: {over}, ещё продолжается: {open}",
    .counts_of_one = "Сработало: {all}, прошло: {over}, ещё продолжается: {open}",
    .all_over = "🟢 <b>{fleet}</b>: всё прошло ({count})",
    .some_over = "🔴 <b>{fleet}</b> (прошло: {count})",
    .firing = "🔴 <b>{fleet}</b>",
    .still_firing = "🔴 <b>Всё ещё {fleet}</b>",
    .is_one = is_one_in_russian,
    .acknowledge = "Принять",
    .acknowledge_all = "Принять все {count}",
    .snooze_hour = "Отложить на 1 ч",
    .snooze_hours = "4 ч",
    .snooze_morning = "До утра",
    .graph = "График",
    .written_late = "Написано в {time}, раньше отправить не удалось.",
    .perhaps_twice = "Возможно, это сообщение пришло дважды: хаб остановили, пока он его отправлял.",
    .whole_list = "Весь список: {count}",
    .chat_gone =
        "⚠️ Чат {chat} больше не получает сообщений: {why}. "
        "Как только оттуда напишут, всё продолжится.",
    .meanwhile = "{name}: {state} с {since} до {until}",
    .meanwhile_head = "Пока <b>{name}</b> молчал:",
    .quiet_warning = "🌙 <b>Тихие часы начинаются в {from}.</b> До {to} ожидается:",
    .disk_full =
        "🔴 <b>Хаб не может сохранять данные.</b>\n{trouble}\nГрафики и прогнозы по-прежнему отвечают по тому, что "
        "сохранено. Агенты копят данные и пришлют их потом. Освободите место на диске хаба, дальше он справится сам.",
    .disk_well = "🟢 <b>Хаб снова сохраняет данные.</b> Перерыв: {lasted}.",
    .steps = {{{"pending", "началось"},
               {"firing", "сработало"},
               {"resolved", "прошло"},
               {"acknowledged", "принято"},
               {"snoozed", "отложено"},
               {"snooze over", "отсрочка закончилась"},
               {"flapping", "то появляется, то проходит"},
               {"escalated", "передано дальше"}}},
};

}  // namespace

std::string_view AlertWords::step(std::string_view name) const {
  const auto found = std::ranges::find(steps, name, [](const auto& pair) { return pair.first; });
  return found == steps.end() ? name : found->second;
}

const AlertWords& alert_words(std::string_view language) {
  return language == kRussianAlerts.language ? kRussianAlerts : kEnglishAlerts;
}

Reader reader_of(std::string_view language, TimeZone zone, Units units) {
  return {alert_words(language), words_in(language, units), std::move(zone)};
}

Reader reader_of(const ChatLook& look) {
  return reader_of(look.language, look.zone, look.units);
}

}  // namespace mps::service
