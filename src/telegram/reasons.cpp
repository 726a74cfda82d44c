#include "telegram/reasons.h"

#include <array>
#include <vector>

#include "service/report_words.h"

namespace mps::telegram {
namespace {

struct Reason {
  std::string_view english, russian;
};

// What {} stands for comes in the same order in both.
constexpr std::array kReasons{
    Reason{
        "'{}' is not a name for a server: use 1 to {} bytes of text without line breaks or spaces at the ends",
        "«{}» не подходит как имя сервера: нужно от 1 до {} байт текста без переносов строк и без пробелов по краям"},
    Reason{"'{}' is not a tag: use 1 to {} bytes of text without spaces",
           "«{}» не подходит как тег: нужно от 1 до {} байт текста без пробелов"},
    Reason{"there is a server named '{}' already", "сервер с именем «{}» уже есть"},
    Reason{"there is no server named '{}'; there is none at all yet: add one first",
           "сервера «{}» нет, и других пока тоже: сначала добавьте сервер"},
    Reason{"there is no server named '{}'; there are: {}", "сервера «{}» нет; есть: {}"},
    Reason{"{} is named by the `host` tag that its agent sends; change that on the server itself",
           "имя «{}» берётся из тега host, который присылает агент; измените его на самом сервере"},
    Reason{"this server was removed meanwhile", "этот сервер тем временем удалили"},
    Reason{"the server of this report was removed", "сервер этого отчёта удалён"},
    Reason{"'{}' is not a date; write it as 2026-11-25", "«{}» - не дата; напишите так: 2026-11-25"},
    Reason{"there was no {} in {}", "дня {} в поясе {} не было"},
    Reason{"{} has not begun yet in {}", "{} в поясе {} ещё не наступило"},
    Reason{"there are no servers to report on yet", "отчитываться пока не о чем: серверов нет"},
    Reason{"'{}' is not a time of day; write 22:00", "«{}» - не время суток; напишите так: 22:00"},
    Reason{"'{}' is not a time zone; write an IANA name such as Europe/Berlin",
           "«{}» - не часовой пояс; напишите название IANA, например Europe/Moscow"},
    Reason{"'{}' is not a time; write 2026-11-22T09:56:58Z, 2026-11-22 or seconds since 1970",
           "«{}» - не время; напишите 2026-11-22T09:56:58Z, 2026-11-22 или секунды с 1970 года"},
    Reason{"'{}' is not a number", "«{}» - не число"},
    Reason{"'{}' is not a duration; write 10s, 5m, 1h30m or 7d",
           "«{}» - не промежуток времени; напишите 10s, 5m, 1h30m или 7d"},
    Reason{"there is no language '{}'; there are: en, ru", "языка «{}» нет; есть: en, ru"},
    Reason{"there is no language '{}' for reports; there are: en, ru", "отчётов на языке «{}» нет; есть: en, ru"},
    Reason{"'{}' are no units; there are: bytes, binary, bits", "единиц «{}» нет; есть: bytes, binary, bits"},
    Reason{"'{}' are no alerts; there are: all, none, tag NAME",
           "таких оповещений, «{}», нет; есть: all, none, tag ИМЯ"},
    Reason{"a silence must end after it begins, and in the future", "конец должен быть позже начала и в будущем"},
    Reason{"there is no silence {} that is not over; 'silence list' shows them",
           "заглушения {} нет, или оно уже закончилось; список: /silence"},
    Reason{"quiet hours must not begin and end at the same time of day",
           "тихие часы не могут начинаться и заканчиваться в одно время"},
    Reason{"this chat has no quiet hours", "тихих часов в этом чате нет"},
    Reason{"there is no incident {}", "инцидента {} нет"},
    Reason{"nothing fires there any more", "там уже всё в порядке"},
    Reason{"a snooze must end in the future", "отложить можно только на будущее"},
    Reason{"{} has not said how many cores it has", "сервер {} ещё не сообщил, сколько у него ядер"},
    Reason{"{} has not sent {} yet", "от сервера {} ещё не было данных «{}»"},
    Reason{"{} has not sent {} lately", "от сервера {} давно не было данных «{}»"},
    Reason{"the server has not sent anything yet", "от сервера ещё ничего не пришло"},
    Reason{"there is no history of {} to forecast from yet", "для прогноза «{}» ещё нет истории"},
    Reason{"no resource of this server has a history to forecast from yet", "для прогноза ещё нет истории"},
    Reason{"nothing is known of {} yet", "о «{}» ещё ничего не известно"},
    Reason{"nothing is known of {} yet; one {}-minute value is needed for a first forecast",
           "о «{}» ещё ничего не известно: для первого прогноза нужно хотя бы одно значение за {} минут"},
    Reason{"no forecast was put aside for that time", "за это время прогноз не отложен"},
    Reason{"nothing came in that time", "за это время ничего не пришло"},
    Reason{"this forecast is gone", "этого прогноза больше нет"},
    Reason{"{} invitations are open already; each ends after a day",
           "открытых приглашений уже {}; каждое заканчивается через день"},
    Reason{"nobody here has the number {}", "человека с номером {} здесь нет"},
    Reason{"the owner stays the owner", "владелец остаётся владельцем"},
    Reason{"there is one owner; make them an admin", "владелец бывает один; сделайте человека администратором"},
    Reason{"there is one owner; invite an admin", "владелец бывает один; пригласите администратора"},
    Reason{"chat {} is there already", "чат {} уже добавлен"},
    Reason{"nobody has set this rule{}; a default is put aside by setting the same with --off",
           "этого правила никто не задавал{}; правило по умолчанию можно только выключить"},
};

std::string_view kind_in_russian(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "так нельзя";
    case ErrorCode::kNotFound:
      return "этого нет";
    case ErrorCode::kAlreadyExists:
      return "это уже есть";
    case ErrorCode::kLimitExceeded:
      return "это больше, чем можно";
    case ErrorCode::kUnavailable:
    case ErrorCode::kTimeout:
      return "сейчас не выходит, попробуйте позже";
    case ErrorCode::kNotEnoughData:
      return "данных пока мало";
    default:
      return "ошибка хаба";
  }
}

// Titles of resources read in the language too.
std::string translated_value(std::string_view value) {
  for (const Resource& resource : resources()) {
    if (resource.title == value) return service::words_in("ru").title_of(resource);
  }
  return std::string(value);
}

std::string_view without_full_stop(std::string_view text) {
  while (text.ends_with('.')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string say_like(std::string_view pattern, std::string_view text, std::string_view said) {
  std::vector<std::string_view> values;
  for (size_t hole = pattern.find("{}"); hole != std::string_view::npos; hole = pattern.find("{}")) {
    if (!text.starts_with(pattern.substr(0, hole))) return "";
    text.remove_prefix(hole);
    pattern.remove_prefix(hole + 2);
    const auto next = pattern.substr(0, pattern.find("{}"));
    const size_t end =
        next.size() == pattern.size() && text.ends_with(next) ? text.size() - next.size() : text.find(next);
    if (end == std::string_view::npos) return "";
    values.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (text != pattern) return "";
  std::string out;
  for (const std::string_view value : values) {
    const size_t hole = said.find("{}");
    if (hole == std::string_view::npos) break;
    out += std::string(said.substr(0, hole)) + translated_value(value);
    said.remove_prefix(hole + 2);
  }
  return out + std::string(said);
}

std::string plain_reason_of(const Error& error, const Texts& texts) {
  const std::string_view english = without_full_stop(error.message);
  if (texts.language != kRussian.language) return std::string(english);
  for (const Reason& reason : kReasons) {
    if (std::string said = say_like(reason.english, english, reason.russian); !said.empty()) return said;
  }
  return std::string(kind_in_russian(error.code)) + " (" + std::string(english) + ")";
}

}  // namespace mps::telegram
