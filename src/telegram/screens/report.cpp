#include <fmt/format.h>

#include "base/text.h"
#include "service/muting.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

using service::Reports;

Reply choices(Services& services, std::string html, size_t page = 0) {
  InlineKeyboard keyboard = server_keyboard(services, "report", page);
  keyboard.push_back({{std::string(services.texts.button_all_servers), "report all"}});
  keyboard.push_back({{"08:00", "report daily 08:00"},
                      {"20:00", "report daily 20:00"},
                      {std::string(services.texts.button_off), "report daily off"}});
  return {{std::move(html), std::move(keyboard), {}, {}}, true};
}

std::string daily_text(const std::optional<service::DailyReport>& wish, Services& services) {
  if (!wish) return std::string(services.texts.report_daily_none);
  return fill(services.texts.report_daily,
              {{"time", service::clock_of(wish->at)}, {"zone", escape_html(wish->zone.name())}});
}

// "daily HH:MM [ZONE]", "daily off".
Result<Reply> daily(const Request& request, std::string rest, Services& services) {
  auto& schedule = services.hub.report_schedule();
  const auto chat = static_cast<int64_t>(request.chat);
  if (lower_case(rest) == "off") {
    MPS_TRY_VOID(schedule.remove(chat));
    note(request, services, service::Change::kReportRemoved, std::to_string(chat));
    return choices(services, std::string(services.texts.report_daily_none));
  }
  service::DailyReport wish;
  MPS_TRY(wish.at, service::parse_clock(take_word(rest)));
  wish.zone = services.zone;
  wish.language = services.language;
  if (!rest.empty()) {
    MPS_TRY(wish.zone, TimeZone::find(rest));
  }
  MPS_TRY_VOID(schedule.set(chat, wish));
  note(request, services, service::Change::kReportSet,
       fmt::format("{}: {}, {}", chat, service::clock_of(wish.at), wish.zone.name()));
  return choices(services, daily_text(wish, services));
}

Reply document(const Reports::Report& report, std::string name) {
  for (char& c : name) {
    if (c == '/') c = '_';
  }
  return {{escape_html(report.caption),
           {},
           {},
           UploadFile{fmt::format("{}-{}.pdf", name, report.date), "application/pdf", report.pdf}},
          false};
}

Result<Replies> report_or_fail(const Request& request, Services& services) {
  std::string rest = request.arguments;
  service::ReportOptions options;
  options.zone = services.zone;
  options.language = services.language;
  options.units = services.words.units;
  const std::string first = lower_case(rest.substr(0, rest.find(' ')));
  if (rest.empty()) {
    MPS_TRY(const auto wish, services.hub.report_schedule().of(static_cast<int64_t>(request.chat)));
    return Replies{choices(services, std::string(services.texts.report_which) + "\n\n" + daily_text(wish, services))};
  }
  if (first == "daily") {
    take_word(rest);
    MPS_TRY(Reply reply, daily(request, rest, services));
    return Replies{std::move(reply)};
  }
  if (first == "all" && !services.hub.servers().find("all")) {
    take_word(rest);
    options.date = rest;
    MPS_TRY(const auto report, services.hub.reports().of_fleet(options));
    return Replies{document(report, "servers")};
  }
  const auto choice = choose_server(request, services, "report");
  if (!choice.server) return choice.otherwise;
  options.date = choice.rest;
  MPS_TRY(const auto report, services.hub.reports().of_server(*choice.server, options));
  return Replies{document(report, choice.server->name)};
}

Replies show_report(const Request& request, Services& services) {
  auto replies = report_or_fail(request, services);
  if (replies) return std::move(*replies);
  return say(fill(services.texts.failure, {{"reason", reason_of(replies.error(), services.texts)}}));
}

Role role_for_report(const Request& request) {
  return lower_case(request.arguments).starts_with("daily") ? role_for_chat(request) : Role::kViewer;
}

}  // namespace

const Screen kReportScreen{"report", &Texts::menu_report, Role::kViewer,      show_report,
                           nullptr,  role_for_report,     &Texts::help_report};

}  // namespace mps::telegram
