#include "telegram/screens/forecast_check.h"

#include <cmath>
#include <fmt/format.h>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/reasons.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

constexpr size_t kCheckedDaysMax = 14;  // forecasts are kept for fifteen

std::string checked_error(double error, Unit unit, Services& services) {
  if (!std::isfinite(error)) return std::string(services.texts.error_unknown);
  return unit == Unit::kPercent ? fmt::format("{:.2f} %", error) : escape_html(services.words.value(error, unit));
}

std::string check_caption(const service::ForecastOrder& order, const service::CheckedForecast& checked,
                          Services& services) {
  const auto error = [&](double value) { return checked_error(value, order.resource->unit, services); };
  const service::ForecastCheck& check = checked.check;
  return fill(services.texts.check_caption, {{"name", escape_html(cut_plain(order.server.name, 100))},
                                             {"title", services.words.title_of(*order.resource)},
                                             {"days", std::to_string(checked.days)},
                                             {"method", escape_html(services.words.method_of(check.method))},
                                             {"mae", error(check.mae)},
                                             {"rmse", error(check.rmse)},
                                             {"naive_mae", error(check.naive_mae)},
                                             {"naive_rmse", error(check.naive_rmse)},
                                             {"inside", fmt::format("{:.0f} %", check.inside * 100)}});
}

// "judge ID RESOURCE y|n ORIGIN", the origin in seconds since 1970.
Result<std::string> judge(const Request& request, Services& services) {
  std::string rest = request.arguments;
  MPS_TRY(const double id, parse_number(take_word(rest)));
  const Resource* resource = find_resource(take_word(rest));
  const std::string verdict = take_word(rest);
  MPS_TRY(const double origin, parse_number(rest));
  const auto server = services.hub.servers().find(ServerId(static_cast<int64_t>(id)));
  if (!server || resource == nullptr || std::abs(origin) > 1e10)
    return Error{ErrorCode::kNotFound, "this forecast is gone"};
  auto& forecasts = services.hub.day_forecasts();
  MPS_TRY_VOID(forecasts.note_opinion(server->id, *resource, Timestamp(std::chrono::seconds(std::llround(origin))),
                                      static_cast<int64_t>(request.from.id), verdict == "y"));
  MPS_TRY(const auto count, forecasts.opinions(server->id, *resource));
  return fill(services.texts.toast_judged,
              {{"right", std::to_string(count.right)}, {"wrong", std::to_string(count.wrong)}});
}

std::string act_on_judgement(const Request& request, Services& services) {
  const auto done = judge(request, services);
  if (done) return *done;
  return fill(services.texts.toast_failed, {{"reason", plain_reason_of(done.error(), services.texts)}});
}

Replies show_judge(const Request&, Services& services) {
  return say(std::string(services.texts.expired_button));
}

}  // namespace

Replies check_forecasts(const service::ForecastOrder& order, const std::string& days, InlineKeyboard keyboard,
                        Services& services) {
  const auto number = days.empty() ? Result<double>(1) : parse_number(days);
  if (!number || *number < 1 || *number > static_cast<double>(kCheckedDaysMax))
    return say(fill(services.texts.check_days_wrong, {{"max", std::to_string(kCheckedDaysMax)}}));
  auto checked = service::draw_check(services.hub.query(), services.hub.day_forecasts(), order,
                                     services.hub.clock().now(), static_cast<size_t>(*number));
  if (!checked) {
    const bool none = checked.error().code == ErrorCode::kNotFound;
    const std::string why = none ? std::string(services.texts.check_none) : reason_of(checked.error(), services.texts);
    return {{{fill(services.texts.forecast_failed, {{"title", services.words.title_of(*order.resource)},
                                                    {"name", escape_html(order.server.name)},
                                                    {"reason", why}}),
              std::move(keyboard),
              {},
              {}},
             true,
             {}}};
  }
  const auto origin = std::chrono::floor<std::chrono::seconds>(checked->origin).time_since_epoch().count();
  const auto verdict = [&](std::string_view text, char letter) {
    return server_button(text, "judge", order.server.id, fmt::format("{} {} {}", order.resource->name, letter, origin));
  };
  keyboard.insert(keyboard.begin(),
                  {verdict(services.texts.button_was_right, 'y'), verdict(services.texts.button_was_wrong, 'n')});
  return {{{check_caption(order, *checked, services),
            std::move(keyboard),
            UploadFile{"forecast.png", "image/png", std::move(checked->png)},
            {}},
           true,
           {}}};
}

const Screen kJudgeScreen{
    .command = "judge", .menu = nullptr, .role = Role::kViewer, .show = show_judge, .act = act_on_judgement};

}  // namespace mps::telegram
