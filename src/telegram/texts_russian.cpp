#include "telegram/texts_more.h"

namespace mps::telegram {

constinit const Texts kRussian{
    .language = "Русский",
    .menu_start = "Что это за бот",
    .menu_connect = "Добавить сервер",
    .menu_servers = "Все серверы",
    .menu_status = "Состояние сервера сейчас",
    .menu_graph = "График за любое время, и живой",
    .menu_forecast = "Прогноз на графике",
    .menu_help = "Все команды",
    .menu_alerts = "Что сработало сейчас и раньше",
    .menu_silence = "Заглушить оповещения сервера на время",
    .menu_quiet = "Тихие часы: только критические оповещения",
    .menu_maintenance = "Плановые работы: без оповещений и обучения",
    .menu_report = "Отчёт за день в PDF, сейчас или каждое утро",
    .menu_settings = "Язык, часовой пояс, какие оповещения приходят",
    .menu_users = "Кто что может",
    .menu_invite = "Пригласить человека",
    .menu_audit = "Кто, что и когда изменил",
    .help_connect = "ИМЯ - добавить сервер: токен, telegraf.conf и команда для агента",
    .help_servers = "- все серверы, сначала те, где хуже всего",
    .help_status = "ИМЯ - процессор, память, диск, сеть, нагрузка и время работы сейчас",
    .help_graph = "ИМЯ РЕСУРС 7д - график за любое время, нескольких ресурсов или серверов, и живой",
    .help_forecast = "ИМЯ РЕСУРС - что будет дальше, с полосой и точностью; когда заполнится диск",
    .help_alerts = "- что сработало: принять, отложить; /alerts history - что было раньше",
    .help_silence = "ИМЯ 2h ПРИЧИНА - на время заглушить оповещения сервера",
    .help_quiet = "22:00 07:00 - часы, в которые каждую ночь приходят только критические оповещения",
    .help_maintenance = "ИМЯ 22:00 2h ПРИЧИНА - плановые работы: без оповещений, и прогноз на них не учится",
    .help_report = "ИМЯ - вчерашний день в PDF; можно получать каждый день",
    .help_settings = "- язык, часовой пояс и какие оповещения приходят в этот чат",
    .help_users = "- кто что может: сменить роль, удалить",
    .help_invite = "- ссылка, по которой войдёт один человек",
    .help_audit = "- кто, что и когда изменил",
    .help_help = "- эта справка",
    .help_thresholds = "ИМЯ cpu 85 10м - когда оповещать и как часто это было бы",
    .help_export = "ИМЯ 7д - данные в CSV",
    .help_about = "- версия, состояние, место, очередь",
    .help_names = "ИМЯ и РЕСУРС можно не писать: для них есть кнопки.",
    .help_role = "Ваша роль здесь: {role}.",
    .settings_title = "⚙️ <b>Настройки</b>",
    .settings_title_group = "⚙️ <b>Настройки этой группы</b>",
    .settings_language = "Язык: <b>{language}</b>",
    .settings_zone = "Часовой пояс: <b>{zone}</b>, там сейчас {time}",
    .settings_zone_of_hub = "(как у хаба, его ещё никто не выбрал)",
    .settings_alerts = "Оповещения: <b>{alerts}</b>",
    .settings_all_alerts = "все",
    .settings_alerts_of_tag = "серверов с меткой {tag}",
    .settings_quiet = "Тихие часы: <b>{quiet}</b>",
    .settings_report = "Ежедневный отчёт: <b>{report}</b>",
    .settings_none = "нет",
    .zone_ask = "🕒 Который у вас час? Пока считаю, что {time} ({zone}).",
    .zone_type = "Напишите город латиницей, например Moscow, или название пояса, например <code>Europe/Moscow</code>.",
    .zone_unknown =
        "Часового пояса <b>{text}</b> я не знаю. Напишите крупный город латиницей, например Moscow, название вроде "
        "<code>Europe/Moscow</code> или UTC+3.",
    .zone_many = "К <b>{text}</b> подходит несколько часовых поясов. Какой ваш?",
    .alerts_which = "Какие оповещения присылать в этот чат? Метки - это группы серверов.",
    .leave_sure = "Тогда оповещений в этой группе больше не будет, и отвечать здесь я никому не стану.",
    .left = "До свидания. Вернуть группу администратор может командой /start.",
    .button_zone = "Часовой пояс",
    .button_another_zone = "Другой",
    .button_alerts = "Какие оповещения",
    .button_all_alerts = "Все оповещения",
    .button_no_alerts = "Никаких",
    .button_quiet = "Тихие часы",
    .button_daily = "Ежедневный отчёт",
    .button_leave = "Уйти из группы",
    .button_back = "Назад",
    .users_title = "👥 <b>Люди</b>: {count}",
    .person_line = "<b>{name}</b> - {role}, с {day}",
    .person_line_invited = "<b>{name}</b> - {role}, с {day}, по приглашению: {by}",
    .person_remove_sure = "Удалить <b>{name}</b>? Тогда этот человек ничего здесь не увидит и не получит оповещений.",
    .roles_explained =
        "<b>наблюдатель</b> видит всё\n"
        "<b>оператор</b> ещё принимает, откладывает, заглушает и планирует работы\n"
        "<b>администратор</b> ещё меняет серверы, правила и группы: всё, кроме людей",
    .invites_open = "Приглашений, которыми ещё не воспользовались: {count}",
    .invite_whom = "В какой роли пригласить человека?",
    .invited =
        "По этой ссылке один человек войдёт в роли «<b>{role}</b>», один раз, до {until}:\n{link}\n\n"
        "Перешлите её тому, кого приглашаете: войдёт тот, кто откроет первым.",
    .joined = "Добро пожаловать, {name}! Ваша роль здесь: {role}.",
    .somebody_joined = "👋 <b>{name}</b> теперь с нами, роль: {role}. Изменить: /users.",
    .only_in_private = "Спросите об этом в личном чате: группа для этого не место.",
    .group_unknown = "С этой группой я пока не работаю. Добавить её может администратор командой /start.",
    .group_added =
        "👋 Теперь оповещения приходят и в эту группу. Какие именно, на каком языке и по какому времени, решает "
        "/settings.",
    .group_topic = "👍 Теперь оповещения приходят в эту тему.",
    .button_invite = "Пригласить",
    .button_withdraw = "Отозвать приглашения",
    .button_remove = "Удалить",
    .button_users = "Люди",
    .audit_title = "📒 <b>Кто что изменил</b>",
    .audit_none = "Здесь никто ничего не менял.",
    .button_older = "Раньше",
    .button_newer = "Позже",
    .changes = {"сервер добавлен",
                "сервер изменён",
                "сервер удалён",
                "токен выдан",
                "токен удалён",
                "правило задано",
                "правило удалено",
                "принято",
                "отложено",
                "заглушено",
                "заглушение снято",
                "работы запланированы",
                "тихие часы заданы",
                "тихие часы выключены",
                "отчёт по расписанию",
                "отчёт выключен",
                "приглашение",
                "новый человек",
                "роль изменена",
                "человек удалён",
                "чат добавлен",
                "настройки чата",
                "чат удалён",
                "новый владелец"},
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
    .welcome_member =
        "Я слежу за серверами: показываю, как они себя чувствуют, и предсказываю, что будет дальше. Если что-то "
        "надолго пойдёт не так, напишу сюда.\n\n"
        "/servers покажет все серверы, /status - состояние одного, /graph - его последние 24 часа, /forecast - "
        "следующие. Что ещё вам можно, подскажет /help.",
    .ask_name = "Как назвать сервер?",
    .ask_name_placeholder = "web-1",
    .connected =
        "Вот его токен, он показан только здесь и только один раз:\n"
        "<code>{token}</code>\n\n"
        "Запустите на сервере агент:\n<pre>{command}</pre>\n"
        "Или возьмите Telegraf или службу systemd, файлы ниже.",
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
    .graph_caption = "<b>{name}</b>: {title}, {span}",
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
        "🛠 Плановые работы: {what}, {from} - {to}. "
        "Оповещений не будет, прогноз на них не учится.",
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
    .button_of_another = "Эта кнопка — для того, кто спрашивал, или больше не работает. Отправьте команду сами.",
    .failure = "Не получилось: {reason}.",
    .graph_last = "за {span}",
    .nothing_sent = "таких данных ещё не приходило",
    .graph_unknown =
        "Не понимаю, что здесь значит <code>{what}</code>. После сервера идут ресурсы ({known}) и промежуток времени: "
        "<code>3h</code>, <code>7d</code>, <code>2026-11-20 2026-11-25</code>.",
    .ask_span = "За какое время? Например: 3ч, 7 дней, вчера, 2026-11-20, 20.11 08:00 - 20.11 12:00.",
    .ask_span_placeholder = "3ч",
    .span_unknown = "<code>{what}</code> - это не промежуток времени в прошлом.",
    .live_until = "🔴 Вживую до {until}, обновляется каждые 10 с",
    .live_stopped = "Живой график остановлен.",
    .live_was_over = "Этот живой график уже закончился.",
    .live_server_gone = "Этот сервер удалён.",
    .live_full = "Здесь уже идут живые графики: {count}. Сначала остановите один из них.",
    .button_done = "Готово",
    .button_other_span = "Другое время…",
    .button_several = "Несколько…",
    .button_compare = "Сравнить…",
    .button_live = "🔴 Вживую",
    .button_stop = "⏹ Остановить",
    .menu_thresholds = "Когда оповещать: правила и как часто они сработали бы",
    .rules_whose = "Чьи правила?",
    .rules_title = "<b>Правила: {whom}</b>",
    .rules_line = "{rule} <i>({origin})</i>",
    .rules_how =
        "Нажмите на ресурс или напишите <code>/thresholds ИМЯ cpu 85 10м</code>; <code>all</code> - все "
        "серверы, <code>tag:ИМЯ</code> - группа.",
    .rule_above = "{what} выше {value} дольше {hold}",
    .rule_below = "{what} ниже {value} дольше {hold}",
    .rule_no_data = "нет данных дольше {hold}",
    .rule_silence = "Нет данных",
    .rule_prediction = "{what}: по прогнозу выше {value} в ближайшие {within}",
    .rule_anomaly = "{what} вне обычной полосы дольше {hold}",
    .rule_off = "{what}: выключено",
    .rule_per_core = "на ядро",
    .rule_critical = "‼️ {rule}",
    .origin_default = "по умолчанию",
    .origin_server = "задано здесь",
    .rule_title = "<b>{whom}</b>: {rule}",
    .rule_set = "✅ Задано: {rule}",
    .rule_lacks_resource = "Начните с ресурса: {known}; или со слова <code>тишина</code>.",
    .rule_lacks_number = "Сколько? После <code>{what}</code> нужно число.",
    .rule_rest_unknown = "Не понимаю, что такое <code>{what}</code>.",
    .rule_out_of_range = "{what}: {value} превысить нельзя, нужно число между 0 и 100.",
    .ask_rule =
        "Правило, {whom}, словами: <code>cpu 85 10м</code>, <code>disk / 90</code>, <code>ram &lt; "
        "10%</code>, <code>тишина 5м</code>, <code>swap выкл</code>",
    .ask_rule_placeholder = "cpu 85 10м",
    .preview_fired = "За последние 30 дней сработало бы: <b>{count}</b>",
    .preview_servers = "Чаще всего: {servers}",
    .preview_part = "Просмотрено серверов: {count} из {total}.",
    .preview_suggested = "Не чаще раза в неделю: при пороге {value}.",
    .preview_none = "Проверить пока не на чем: данных ещё нет.",
    .preset_calm = "Спокойно",
    .preset_normal = "Обычно",
    .preset_strict = "Строго",
    .preset_title = "<b>{preset}</b>, {whom}:",
    .preset_set = "✅ Задано: {preset}",
    .rules_default_sure = "Забыть эти правила ({whom})? Тогда будет действовать то, что задано шире или по умолчанию.",
    .rules_default_done = "✅ Снова по умолчанию.",
    .button_write_rule = "✏️ Словами…",
    .button_back_to_default = "Вернуть по умолчанию",
    .button_other_scope = "Другие серверы",
    .button_set_rule = "✅ Задать",
    .button_on = "Включить",
    .button_as_warning = "Как предупреждение",
    .button_as_critical = "‼️ Как критическое",
    .connected_new = "Сервер <b>{name}</b> добавлен.",
    .connected_anew = "У сервера <b>{name}</b> новый токен, старый больше не действует.",
    .unit_caption =
        "Или как служба systemd на <b>{name}</b>: скопируйте mps-agent в /usr/local/bin, сохраните этот файл "
        "как /etc/systemd/system/mps-agent.service и выполните от root:\n<pre>mkdir -p /etc/mps &amp;&amp; "
        "(umask 077; echo {token} &gt; /etc/mps/agent.token)\nsystemctl enable --now mps-agent</pre>",
    .waiting = "⏳ Жду первых данных от <b>{name}</b>… Когда они придут, это сообщение изменится.",
    .first_samples = "✅ <b>{name}</b>: первые данные пришли, {age} назад.",
    .nothing_came =
        "⚠️ От <b>{name}</b> уже 5 мин ничего нет. Проверьте на нём три "
        "вещи:\n"
        "1. Работает ли агент? Что не так, покажет <code>systemctl status mps-agent</code> или его терминал.\n"
        "2. Отвечает ли оттуда хаб? <code>curl {url}/ping</code>\n"
        "3. Тот ли токен (иначе агент сообщает 401) и верны ли часы? Будущее дальше 10 минут не принимается.\n"
        "Я жду дальше.",
    .fleet_line =
        "🟢 в порядке: {up} · 🟠 тревога: {firing} · "
        "🔴 молчат: {down} · ⚪ ещё без данных: {never}",
    .no_servers_tagged = "Серверов с тегом <b>{tag}</b> нет.",
    .no_tags = "нет",
    .server_details =
        "{mark} <b>{name}</b>\nДобавлен: {since}\nПоследние данные: {age}\nТеги: {tags}\nСвоих правил: "
        "{rules}",
    .ask_new_name = "Как теперь назвать <b>{name}</b>?",
    .ask_tag = "Какие теги добавить серверу <b>{name}</b>? Несколько - через пробел.",
    .ask_tag_placeholder = "web",
    .renamed = "✅ Раньше он назывался <b>{old}</b>; данные, правила и история остались.",
    .untagged = "✅ Тег <b>{tag}</b> снят.",
    .rotate_sure =
        "Сделать новый токен для <b>{name}</b>? Старый сразу перестанет действовать, и пока агент не получит "
        "новый, данных не будет. Последние данные: {age}.",
    .remove_sure =
        "Удалить <b>{name}</b>? Пропадут:\n• все его данные с {since} (последние: {age})\n• его прогнозы и модель\n"
        "• его правила: {rules}\n• открытые инциденты завершатся: {open} (история останется)\n"
        "• его токен: агента больше не пустят",
    .remove_really = "Вернуть будет нельзя. Удалить <b>{name}</b> со всем, что есть с {since}?",
    .removed = "🗑 Сервер <b>{name}</b> удалён.",
    .button_rules = "Правила",
    .button_rename = "✏️ Переименовать",
    .button_tag = "+ Тег",
    .button_rotate = "🔑 Новый токен",
    .button_remove_server = "🗑 Удалить…",
    .button_remove_for_good = "🗑 Да, удалить всё",
    .button_keep = "Оставить",
    .button_manage = "⚙️ Управление",
    .status_day = "<i>24 ч: средн. {mean}, макс. {max}</i>",
    .status_more_mounts = "… и ещё точек монтирования, где свободнее: {count}",
    .forecast_young = "Истории пока мало для собственной модели: это простой метод, который показал себя лучше других.",
    .button_week = "7 дней: рост",
    .button_check_day = "Вчера: сбылось?",
    .button_check_week = "7 дней: сбылось?",
    .growth_caption = "<b>{name}</b>: {title}, рост в ближайшие 7 дней",
    .growth_line = "{what}: {used}, заполнится <b>{when}</b> (80 %: {earliest} - {latest})",
    .growth_later = "позже чем через 30 дней",
    .growth_none = "{what}: {used}, устойчивого роста нет",
    .growth_full = "{what}: <b>заполнен</b>",
    .check_caption =
        "<b>{name}</b>: {title}, прогноз и что вышло (дней: {days})\nМетод: {method}\nMAE <b>{mae}</b> (как "
        "накануне: {naive_mae})\nRMSE <b>{rmse}</b> (как накануне: {naive_rmse})\nВ полосе 80 %: "
        "<b>{inside}</b>",
    .check_none = "за это время прогноз ещё не отложен (это делается каждую полночь)",
    .check_days_wrong = "Прогнозы хранятся {max} дней: нужно число от 1 до {max}.",
    .button_was_right = "👍 Сбылось",
    .button_was_wrong = "👎 Не сбылось",
    .toast_judged = "Спасибо. Всего: сбылось {right}, не сбылось {wrong}",
    .menu_export = "Данные сервера в CSV",
    .menu_about = "Версия, состояние, место, очередь",
    .export_which = "За какое время (<b>{name}</b>)? Кнопка или <code>/export ИМЯ 2026-11-20 2026-11-25</code>.",
    .export_caption = "<b>{name}</b>, {from} - {to}: CSV, {size}",
    .export_empty = "За это время данных <b>{name}</b> нет.",
    .export_too_big =
        "Больше 50 МБ данных <b>{name}</b> в архиве: возьмите меньше времени или <code>mps export</code>.",
    .about_title = "<b>MPS {version}</b>",
    .about_healthy = "🟢 Всё в порядке.",
    .about_replaying = "🟠 Только что запущен и читает журнал.",
    .about_read_only = "🔴 Данные не сохраняются: {reason}",
    .about_delivery = "🟠 Последнее сообщение не доставлено: {reason}",
    .about_figures =
        "Работает: {uptime}\nСерверов: {servers}, рядов: {series}\nДанные на диске: {bytes}\nОткрытых "
        "инцидентов: {incidents}\nСообщений в очереди: {waiting}, доставлено со старта: {delivered}",
    .about_oldest = "Самое старое ждёт: {age}",
    .units = kRussianUnits,
    .influxdb = kRussianInfluxDb,
    .handover = kRussianHandover,
    .terminal = kRussianTerminal,
};

}  // namespace mps::telegram
