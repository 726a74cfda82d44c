#pragma once

#include "telegram/texts.h"

// Tables that the two files of languages have no room for; each in both.
namespace mps::telegram {

inline constexpr UnitsTexts kEnglishUnits{
    .line = "Units: <b>{units}</b>",
    .button = "Units",
    .which = "How shall I write how fast data flows?",
    .bytes = "MB/s (bytes)",
    .binary = "MiB/s (bytes, powers of 1024)",
    .bits = "Network in Mbit/s, disks in MB/s",
};

inline constexpr UnitsTexts kRussianUnits{
    .line = "Единицы: <b>{units}</b>",
    .button = "Единицы",
    .which = "В чём писать скорость передачи данных?",
    .bytes = "МБ/с (байты)",
    .binary = "МиБ/с (байты, степени 1024)",
    .bits = "Сеть в Мбит/с, диски в МБ/с",
};

inline constexpr HandoverTexts kEnglishHandover{
    .button = "Make them the owner…",
    .sure =
        "Make <b>{name}</b> the owner? Then they decide who may do what, and you become an admin: you can invite, "
        "change "
        "and remove nobody any more.",
    .really = "Only <b>{name}</b> will be able to give it back. Really hand over?",
    .button_yes = "Yes, hand over",
    .done = "🔑 <b>{name}</b> is the owner now, and you are an admin.",
    .you_are = "🔑 <b>{former}</b> has made you the owner: you decide now who may do what, see /users.",
};

inline constexpr HandoverTexts kRussianHandover{
    .button = "Сделать владельцем…",
    .sure =
        "Сделать <b>{name}</b> владельцем? Тогда решать, кто что может, будет этот человек, а вы станете "
        "администратором "
        "и больше не сможете приглашать, менять роли и удалять людей.",
    .really = "Вернуть это сможет только <b>{name}</b>. Точно передать?",
    .button_yes = "Да, передать",
    .done = "🔑 Теперь владелец - <b>{name}</b>, а вы - администратор.",
    .you_are = "🔑 <b>{former}</b> передаёт вам бота: теперь вы решаете, кто что может, смотрите /users.",
};

inline constexpr TerminalTexts kEnglishTerminal{
    .hint =
        "The chat, without Telegram. Write a command, such as /servers or /help, or the number of a button; "
        "Ctrl-D leaves. Nothing comes here by itself: alerts and daily reports go to Telegram.",
    .no_button = "There is no button {number} here.",
    .answer = "(your answer, such as: {example})",
    .picture = "picture: {path}",
    .file = "file: {path}",
};

inline constexpr TerminalTexts kRussianTerminal{
    .hint =
        "Чат без Telegram. Напишите команду, например /servers или /help, или номер кнопки; Ctrl-D - выход. Само "
        "сюда ничего не приходит: оповещения и ежедневные отчёты бывают в Telegram.",
    .no_button = "Кнопки {number} здесь нет.",
    .answer = "(ваш ответ, например: {example})",
    .picture = "картинка: {path}",
    .file = "файл: {path}",
};

inline constexpr InfluxDbTexts kEnglishInfluxDb{
    .has_all = "InfluxDB: has everything",
    .late = "InfluxDB: has everything as of {time}; {samples} samples ({bytes}) wait in the data folder",
    .lost = "🟠 InfluxDB does not answer, nothing is lost: {reason}",
};

inline constexpr InfluxDbTexts kRussianInfluxDb{
    .has_all = "InfluxDB: получила всё",
    .late = "InfluxDB: получила всё по состоянию на {time}; значений в очереди: {samples} ({bytes})",
    .lost = "🟠 InfluxDB не отвечает, данные не теряются: {reason}",
};

}  // namespace mps::telegram
