#include "service/report_words.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.h"

namespace mps::service {
namespace {

const ReportWords kEnglishReport{
    .language = "en",
    .chart = {},
    .months = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
               "November", "December"},
    .weekdays = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
    .server_title = "{name}: daily report",
    .fleet_title = "All servers: daily report",
    .date = "{weekday}, {day} {month} {year}",
    .until = "until {time}",
    .footer = "MPS, {date}, times in {zone}",
    .subject = "Load, forecasts and alerts of one day",
    .peak_at = "peak {peak} at {time}",
    .alerts = "Alerts",
    .none = "none",
    .longest = "longest {duration}",
    .data = "Data received",
    .gaps = "gaps: {count}",
    .servers = "Servers",
    .silent = "without data: {count}",
    .alerts_open = "still open: {count}",
    .fullest = "Fullest disk",
    .watch = "What to watch",
    .resources_heading = "The day in figures",
    .forecast_heading = "The day's forecast against what came",
    .alerts_heading = "Alerts",
    .mounts_heading = "Mount points",
    .data_heading = "Data quality",
    .fleet_table = "Servers, worst first",
    .fleet_heat = "CPU by the hour",
    .fleet_full = "Disks that fill up",
    .resource = "resource",
    .mean = "mean",
    .peak = "peak",
    .at = "at",
    .week_before = "a week before",
    .change = "change",
    .busiest = "busiest hours",
    .method = "method",
    .naive = "as the day before:",
    .in_band = "in the band",
    .began = "began",
    .what = "what",
    .lasted = "lasted",
    .acknowledged = "acknowledged",
    .mount = "mount point",
    .used = "used",
    .full = "full (80 % band)",
    .server = "server",
    .known = "data",
    .over = "{title} over {limit}",
    .below = "{title} below {limit}",
    .foreseen = "{title} expected to reach {limit}",
    .unusual = "{title} unlike its forecast",
    .silent_since = "no data",
    .still_open = "still open",
    .full_on = "{path} will be full on {expected}.",
    .full_with_band = "{path} will be full on {expected} (80 % band: {earliest} to {latest}).",
    .full_about = "full about {day}",
    .full_after = "after more than 30 days",
    .not_growing = "not growing",
    .is_full = "{path} is {used} full.",
    .may_pass = "{title} may pass {limit} about {time}: the 80 % band of the forecast reaches {value}.",
    .missing = "{share} of the day is missing: check the agent and the network.",
    .open_at_end = "Alerts still open at the end: {count}.",
    .more_than_week_before = "{title} was on average {difference} above the same day a week before.",
    .less_than_week_before = "{title} was on average {difference} below the same day a week before.",
    .nothing_stands_out = "Nothing stands out for the coming week.",
    .no_forecast_kept =
        "No forecast of this day was put aside: the hub was not running at its beginning, or knew too "
        "little of the server.",
    .no_alerts = "No alerts.",
    .no_data = "The server sent nothing on this day.",
    .no_gaps = "Something arrived in every 5 minutes of the day.",
    .gap = "nothing from {from} to {to} ({duration})",
    .more_mounts = "{count} more, the fullest of them {used}.",
    .more_servers = "{count} more, which are not in the picture.",
    .fleet_summary = "Servers: {servers}. Alerts: {alerts}, still open: {open}. Without any data: {silent}.",
    .forecast_of_next_day = "with the forecast of the next day",
    .predictions = "Predictions",
    .came_true = "came true in 90 days, {open} open",
    .none_judged = "none judged yet, {open} open",
    .titles = {},
    .points = "points",
    .durations = {},
    .methods = {{{"lstm", "LSTM"}, {"ets", "ETS"}, {"ridge", "ridge regression"}}},
};

const ReportWords kRussianReport{
    .language = "ru",
    .chart = {"сейчас",
              "прогноз",
              "За это время данных нет",
              {"янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"},
              {"вс", "пн", "вт", "ср", "чт", "пт", "сб"},
              {{"kbit/s", "кбит/с"}, {"Mbit/s", "Мбит/с"},
               {"Gbit/s", "Гбит/с"}, {"Tbit/s", "Тбит/с"},
               {"bit/s", "бит/с"},   {"KiB/s", "КиБ/с"},
               {"MiB/s", "МиБ/с"},   {"GiB/s", "ГиБ/с"},
               {"TiB/s", "ТиБ/с"},   {"KiB", "КиБ"},
               {"MiB", "МиБ"},       {"GiB", "ГиБ"},
               {"TiB", "ТиБ"},       {"KB", "КБ"},
               {"MB", "МБ"},         {"GB", "ГБ"},
               {"TB", "ТБ"},         {"PB", "ПБ"},
               {"KB/s", "КБ/с"},     {"MB/s", "МБ/с"},
               {"GB/s", "ГБ/с"},     {"TB/s", "ТБ/с"},
               {"PB/s", "ПБ/с"},     {"EB/s", "ЭБ/с"},
               {"B/s", "Б/с"},       {"B", "Б"}}},
    .months = {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября",
               "ноября", "декабря"},
    .weekdays = {"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"},
    .server_title = "{name}: отчёт за день",
    .fleet_title = "Все серверы: отчёт за день",
    .date = "{weekday}, {day} {month} {year}",
    .until = "до {time}",
    .footer = "MPS, {date}, время: {zone}",
    .subject = "Нагрузка, прогнозы и оповещения за день",
    .peak_at = "пик {peak} в {time}",
    .alerts = "Оповещения",
    .none = "нет",
    .longest = "самое долгое {duration}",
    .data = "Данных получено",
    .gaps = "пропусков: {count}",
    .servers = "Серверы",
    .silent = "без данных: {count}",
    .alerts_open = "ещё открыто: {count}",
    .fullest = "Самый полный диск",
    .watch = "На что обратить внимание",
    .resources_heading = "День в цифрах",
    .forecast_heading = "Прогноз дня и что вышло",
    .alerts_heading = "Оповещения",
    .mounts_heading = "Точки монтирования",
    .data_heading = "Качество данных",
    .fleet_table = "Серверы, худшие сначала",
    .fleet_heat = "Процессор по часам",
    .fleet_full = "Диски, которые заполняются",
    .resource = "ресурс",
    .mean = "среднее",
    .peak = "пик",
    .at = "когда",
    .week_before = "неделю назад",
    .change = "изменение",
    .busiest = "самые нагруженные часы",
    .method = "метод",
    .naive = "«как накануне»:",
    .in_band = "в полосе",
    .began = "началось",
    .what = "что",
    .lasted = "длилось",
    .acknowledged = "принял",
    .mount = "точка монтирования",
    .used = "занято",
    .full = "заполнится (полоса 80 %)",
    .server = "сервер",
    .known = "данные",
    .over = "{title}: больше {limit}",
    .below = "{title}: меньше {limit}",
    .foreseen = "{title}: ожидается {limit}",
    .unusual = "{title}: не как в прогнозе",
    .silent_since = "нет данных",
    .still_open = "ещё открыто",
    .full_on = "{path} заполнится {expected}.",
    .full_with_band = "{path} заполнится {expected} (полоса 80 %: от {earliest} до {latest}).",
    .full_about = "заполнится {day}",
    .full_after = "более чем через 30 дней",
    .not_growing = "не растёт",
    .is_full = "{path} заполнен на {used}.",
    .may_pass = "{title}: возможно больше {limit} около {time}, полоса прогноза 80 % доходит до {value}.",
    .missing = "Нет данных за {share} дня: проверьте агент и сеть.",
    .open_at_end = "Оповещений, открытых к концу: {count}.",
    .more_than_week_before = "{title}: в среднем на {difference} больше, чем неделю назад.",
    .less_than_week_before = "{title}: в среднем на {difference} меньше, чем неделю назад.",
    .nothing_stands_out = "На ближайшую неделю ничего не бросается в глаза.",
    .no_forecast_kept =
        "Прогноз на этот день не сохранён: в его начале хаб не работал или слишком мало знал о "
        "сервере.",
    .no_alerts = "Оповещений не было.",
    .no_data = "В этот день сервер ничего не прислал.",
    .no_gaps = "Данные приходили каждые 5 минут.",
    .gap = "ничего с {from} до {to} ({duration})",
    .more_mounts = "Ещё {count}, самая полная из них: {used}.",
    .more_servers = "Ещё {count} на картинке не показаны.",
    .fleet_summary = "Серверов: {servers}. Оповещений: {alerts}, ещё открыто: {open}. Без данных: {silent}.",
    .forecast_of_next_day = "с прогнозом на следующий день",
    .predictions = "Предсказания",
    .came_true = "сбылись за 90 дней, ещё открыто: {open}",
    .none_judged = "проверенных ещё нет, открыто: {open}",
    .titles = {{{"cpu", "Процессор"},
                {"ram", "Память"},
                {"disk", "Диск"},
                {"net_rx", "Сеть, приём"},
                {"net_tx", "Сеть, передача"},
                {"load", "Средняя загрузка"},
                {"swap", "Подкачка"},
                {"disk_read", "Чтение с диска"},
                {"disk_write", "Запись на диск"}}},
    .points = "п. п.",
    .durations = {{{"d", " д"}, {"h", " ч"}, {"m", " мин"}, {"s", " с"}}},
    .methods = {{{"lstm", "LSTM"},
                 {"combination", "сочетание методов"},
                 {"naive", "последнее значение"},
                 {"mean of the last hour", "среднее за час"},
                 {"seasonal naive (day)", "как накануне"},
                 {"seasonal naive (week)", "как неделю назад"},
                 {"mean of 7 days", "среднее за 7 дней"},
                 {"ridge", "гребневая регрессия"},
                 {"ets", "ETS"}}},
};

template <class Pairs>
std::string_view translated(const Pairs& pairs, std::string_view text) {
  const auto found = std::ranges::find(pairs, text, [](const auto& pair) { return pair.first; });
  return found == pairs.end() || found->first.empty() ? text : found->second;
}

std::string with_unit_of(const chart::Words& words, std::string text) {
  for (const auto& [from, to] : words.units) {
    if (text.ends_with(from)) return text.replace(text.size() - from.size(), from.size(), to);
  }
  return text;
}

int number_of(Timestamp time, const TimeZone& zone, const char* format) {
  return std::stoi(zone.format(time, format));
}

}  // namespace

std::string ReportWords::title_of(const Resource& of, std::string_view instance) const {
  const std::string_view own = translated(titles, of.name);
  std::string title(own == of.name ? of.title : own);
  if (!instance.empty()) title += fmt::format(" {}", instance);
  return title;
}

std::string ReportWords::value(double value, Unit unit) const {
  if (!std::isfinite(value)) return "-";
  const ShownAs shown = shown_as(unit, units);
  return with_unit_of(chart, format_value(value * shown.scale, shown.unit));
}

std::string ReportWords::size(double bytes) const {
  return with_unit_of(chart, units == Units::kBinary ? format_binary_bytes(bytes) : format_bytes(bytes));
}

std::string ReportWords::difference(double difference, Unit unit) const {
  if (!std::isfinite(difference)) return "-";
  const std::string size = unit == Unit::kPercent ? points_of(std::abs(difference)) : value(std::abs(difference), unit);
  if (size.find_first_of("123456789") == std::string::npos) return size;  // what is shown as zero has no direction
  return fmt::format("{}{}", difference < 0 ? "-" : "+", size);
}

std::string ReportWords::points_of(double percent) const {
  return fmt::format("{:.{}f} {}", percent, percent < 9.95 ? 1 : 0, points);
}

std::string ReportWords::duration(Duration duration) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  const std::string plain = seconds.count() == 0 ? "0s" : format_duration(seconds);
  std::string text;
  for (size_t i = 0; i < plain.size(); ++i) text += translated(durations, std::string_view(plain).substr(i, 1));
  return text;
}

std::string ReportWords::method_of(const std::string& name) const {
  return std::string(translated(methods, name));
}

std::string ReportWords::day_of(Timestamp time, const TimeZone& zone) const {
  return fmt::format("{} {} {}", chart.weekdays[static_cast<size_t>(number_of(time, zone, "%w"))],
                     number_of(time, zone, "%d"), chart.months[static_cast<size_t>(number_of(time, zone, "%m") - 1)]);
}

std::string ReportWords::long_day_of(Timestamp time, const TimeZone& zone) const {
  std::string text =
      fmt::format(fmt::runtime(date), fmt::arg("weekday", weekdays[static_cast<size_t>(number_of(time, zone, "%w"))]),
                  fmt::arg("day", number_of(time, zone, "%d")),
                  fmt::arg("month", months[static_cast<size_t>(number_of(time, zone, "%m") - 1)]),
                  fmt::arg("year", zone.format(time, "%Y")));
  return text;
}

std::string ReportWords::moment(Timestamp time, const TimeZone& zone) const {
  return fmt::format("{} {}", day_of(time, zone), zone.format(time, "%H:%M"));
}

const ReportWords& words_in(std::string_view language, Units units) {
  using InUnits = std::array<ReportWords, 3>;
  static const auto kAll = [] {
    std::array<InUnits, 2> all{InUnits{kEnglishReport, kEnglishReport, kEnglishReport},
                               InUnits{kRussianReport, kRussianReport, kRussianReport}};
    for (InUnits& spoken : all) {
      for (const Units each : {Units::kBytes, Units::kBinary, Units::kBits})
        spoken[static_cast<size_t>(each)].units = each;
    }
    return all;
  }();
  return kAll[language == kRussianReport.language ? 1 : 0][static_cast<size_t>(units)];
}

Result<const ReportWords*> report_words(std::string_view language) {
  for (const ReportWords* words : {&kEnglishReport, &kRussianReport}) {
    if (words->language == language) return words;
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("there is no language '{}' for reports; there are: en, ru", language)};
}

}  // namespace mps::service
