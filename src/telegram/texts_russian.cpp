#include "telegram/texts.h"

namespace mps::telegram {

constinit const Texts kRussian{
    .menu_start = "Что это за бот",
    .menu_connect = "Добавить сервер",
    .menu_servers = "Все серверы",
    .menu_status = "Состояние сервера сейчас",
    .menu_graph = "Последние 24 часа на графике",
    .menu_forecast = "Прогноз на графике",
    .menu_help = "Все команды",
    .menu_alerts = "Что сработало сейчас и раньше",
    .menu_silence = "Заглушить оповещения сервера на время",
    .menu_quiet = "Тихие часы: только критические оповещения",
    .menu_maintenance = "Плановые работы: без оповещений и обучения",
    .menu_report = "Отчёт за день в PDF, сейчас или каждое утро",
    .report_which = "Вчерашний отчёт какого сервера? За другой день: <code>/report ИМЯ 2026-11-25</code>",
    .report_daily = "Каждый день в {time} ({zone}) сюда приходит отчёт обо всех серверах.",
    .report_daily_none =
        "Сами по себе отчёты сюда не приходят. Это изменят кнопки ниже или команда "
        "<code>/report daily 07:30 Europe/Moscow</code>.",
    .button_all_servers = "Все серверы",

    .all_servers = "все серверы",
    .group = "группа {tag}",
    .removed_server = "удалённый сервер",
    .by = "{who}",

    .role_viewer = "наблюдатель",
    .role_operator = "оператор",
    .role_admin = "администратор",
    .role_owner = "владелец",
    .role_needed = "🔒 Для этого нужна роль «{needed}», а у вас «{own}». Изменить её может владелец: /users.",
    .refusal =
        "Здравствуйте! Этот бот следит за чьими-то серверами, а с вами мы ещё не знакомы. Если серверы ваши, пришлите "
        "код, который программа вывела при запуске.",
    .wrong_code = "Этот код не подходит. Верный код программа выводит при запуске.",
    .slow_down = "Слишком много попыток. Попробуйте ещё раз через десять минут.",
    .became_owner = "Добро пожаловать, {name}! Теперь этот бот ваш, больше никто сюда не попадёт.",
    .pair_in_private = "Пришлите код в личном чате, где его никто больше не прочтёт.",

    .welcome =
        "Я слежу за вашими серверами: показываю, как они себя чувствуют, и предсказываю, что будет дальше.\n\n"
        "1. /connect добавит сервер, это займёт минуту.\n"
        "2. /status покажет, что с ним сейчас, /graph - последние 24 часа, /forecast - следующие.\n"
        "3. Если процессор, память или диск надолго превысят 90 %, я напишу.",
    .help =
        "/connect ИМЯ - добавить сервер: токен, telegraf.conf и команда для агента\n"
        "/servers - все серверы, сначала те, где хуже всего\n"
        "/status ИМЯ - процессор, память, диск, сеть, нагрузка и время работы сейчас\n"
        "/graph ИМЯ РЕСУРС - последние 24 часа на графике\n"
        "/forecast ИМЯ РЕСУРС - что будет дальше, с полосой возможных значений и точностью\n"
        "/alerts - что сработало: принять, отложить; /alerts history - что было раньше\n"
        "/silence ИМЯ 2h ПРИЧИНА - на время заглушить оповещения сервера\n"
        "/quiet 22:00 07:00 - часы, в которые каждую ночь приходят только критические оповещения\n"
        "/report ИМЯ - вчерашний день в PDF; можно получать каждый день\n"
        "/maintenance ИМЯ 22:00 2h ПРИЧИНА - плановые работы: без оповещений, и прогноз на них не учится\n"
        "/help - эта справка\n\n"
        "ИМЯ и РЕСУРС можно не писать: для них есть кнопки.",

    .ask_name = "Как назвать сервер?",
    .ask_name_placeholder = "web-1",
    .connected =
        "Сервер <b>{name}</b> добавлен. Вот его токен, он показан только здесь и только один раз:\n"
        "<code>{token}</code>\n\n"
        "Запустите на сервере агент:\n<pre>{command}</pre>\n"
        "Или возьмите Telegraf с файлом ниже. Потом загляните в /status.",
    .conf_caption = "Для <b>{name}</b>: сохраните как /etc/telegraf/telegraf.conf и перезапустите Telegraf.",
    .not_connected = "Не получилось: {reason}.",

    .no_servers = "Серверов пока нет. Добавьте первый: /connect",
    .servers_title = "<b>Серверы</b>: {count}",
    .server_line = "{mark} <b>{name}</b> - {state}",
    .never_sent = "ещё ничего не прислал",
    .age = "{age} назад",
    .pick_server = "Какой сервер?",
    .unknown_server = "Сервера <b>{name}</b> нет. Какой вы имели в виду?",

    .status_title = "{mark} <b>{name}</b>",
    .status_line = "{title}: <b>{value}</b>",
    .uptime_line = "Работает: <b>{uptime}</b>",
    .data_age = "<i>Данные получены {age} назад</i>",
    .no_data =
        "От сервера <b>{name}</b> ещё ничего не пришло. Запустите агент, как подсказал /connect: первые данные придут "
        "через несколько секунд.",

    .graph_caption = "<b>{name}</b>: {title}, последние 24 часа",
    .graph_failed = "<b>{name}</b>: график «{title}» не получился: {reason}.",
    .forecast_caption =
        "<b>{name}</b>: {title}, вперёд на {horizon}\n"
        "Метод: {method}\n"
        "MAE <b>{mae}</b> (прогноз «как накануне»: {naive_mae})\n"
        "RMSE <b>{rmse}</b> (прогноз «как накануне»: {naive_rmse})",
    .error_unknown = "пока неизвестно",
    .forecast_failed = "<b>{name}</b>: прогноз «{title}» не получился: {reason}.",
    .unknown_resource = "Ресурса <b>{name}</b> нет. Есть такие: {known}.",
    .unknown_horizon = "Прогноза на <b>{name}</b> нет. Есть на 1h и на 24h.",

    .toast_acknowledged = "Принято: {count}",
    .toast_snoozed = "Отложено до {until}: {count}",
    .toast_nothing_fires = "Там уже всё в порядке",
    .toast_failed = "Не получилось: {reason}",
    .alerts_none = "🟢 Всё спокойно: ничего не сработало.",
    .alerts_title = "🔴 <b>Сейчас сработало</b>: {count}",
    .alerts_more = "… и ещё {count}",
    .history_title = "<b>Последние {count}</b>",
    .history_none = "Ещё ничего не срабатывало.",
    .life_title = "<b>Инцидент {id}</b>",

    .silences_none = "Ничего не заглушено.",
    .silences_title = "<b>Заглушено</b>",
    .silence_line = "{id}: {what}, {from} - {to}{why}, {who}",
    .silence_how =
        "<code>/silence ИМЯ 2h ПРИЧИНА</code> заглушит сервер, <code>/silence all 2h</code> - все серверы, "
        "<code>/silence group:TAG 2h</code> - группу. После имени можно указать ресурс и время начала: "
        "<code>/silence ИМЯ cpu 22:00 2h ПРИЧИНА</code>",
    .silence_added = "🔕 Заглушено: {what}, {from} - {to}. О том, что не пройдёт к концу, скажу тогда.",
    .silence_ended = "🔔 Заглушение {id} снято.",
    .silence_for = "На сколько заглушить <b>{name}</b>?",
    .maintenances_none = "Плановых работ нет.",
    .maintenances_title = "<b>Плановые работы</b>",
    .maintenance_how =
        "<code>/maintenance ИМЯ 22:00 2h ПРИЧИНА</code>: с 22:00 два часа без оповещений сервера, и его прогноз на "
        "этом времени не учится. Без времени суток работы начинаются сейчас; <code>all</code> и "
        "<code>group:TAG</code> - сразу много серверов.",
    .maintenance_added =
        "🛠 Плановые работы: {what}, {from} - {to}. Оповещений не будет, прогноз на них "
        "не "
        "учится.",

    .quiet_none = "Тихих часов здесь нет.",
    .quiet_set =
        "🌙 Тихие часы: {from} - {to}, {zone}. В это время приходят только критические оповещения, об остальных будет "
        "одна сводка в конце.",
    .quiet_off = "Тихие часы выключены.",
    .quiet_how =
        "<code>/quiet 22:00 07:00</code> включает их, <code>/quiet 22:00 07:00 Europe/Moscow</code> - в другом "
        "часовом поясе, <code>/quiet off</code> выключает.",

    .button_acknowledge = "Принять {id}",
    .button_snooze = "Отложить {id} на 1 ч",
    .button_history = "История",
    .button_firing = "Что сейчас",
    .button_end = "Снять {id}",
    .button_pick_server = "Выбрать сервер",
    .button_off = "Выключить",
    .button_refresh = "Обновить",
    .button_graph = "График",
    .button_forecast = "Прогноз",
    .button_status = "Состояние",
    .button_hour = "1 час",
    .button_day = "24 часа",
    .button_next = "Дальше",
    .button_previous = "Назад",

    .nearest_commands = "Не понимаю, что с этим делать. Может быть, {commands}?",
    .expired_button = "Эта кнопка больше не работает. Отправьте команду ещё раз.",
    .failure = "Не получилось: {reason}.",
};

}  // namespace mps::telegram
