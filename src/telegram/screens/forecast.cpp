#include <fmt/format.h>

#include "base/text.h"
#include "metric/resource.h"
#include "service/forecast_views.h"
#include "telegram/html.h"
#include "telegram/kind_input.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"
#include "telegram/screens/forecast_check.h"
#include "telegram/screens/resource_choice.h"

// "ID|NAME [RESOURCE] [1h | 24h | 7d | check [DAYS]]"; 7d is growth, of what fills up.
namespace mps::telegram {
namespace {

constexpr Duration kOneHour = std::chrono::hours(1), kOneDay = std::chrono::hours(24), kOneWeek = std::chrono::days(7);
constexpr size_t kMountsNamed = 5;

bool grows(const Resource& resource) {
  return resource.instances == Instances::kEach;
}

InlineKeyboard keyboard(const service::Server& server, const Resource& shown, std::string_view horizon,
                        Services& services) {
  const auto button = [&](std::string text, const Resource& resource, std::string_view what, bool is_chosen) {
    return server_button(is_chosen ? "✓ " + text : text, "forecast", server.id,
                         fmt::format("{} {}", resource.name, what));
  };
  std::vector<InlineButton> buttons;
  for (const Resource& resource : resources()) {
    if (!resource.forecast) continue;
    const bool keeps = horizon != "7d" || grows(resource);
    buttons.push_back(
        button(services.words.title_of(resource), resource, keeps ? horizon : "24h", &resource == &shown));
  }
  InlineKeyboard rows = in_rows(std::move(buttons), 3);
  rows.push_back({button(std::string(services.texts.button_hour), shown, "1h", horizon == "1h"),
                  button(std::string(services.texts.button_day), shown, "24h", horizon == "24h")});
  if (grows(shown))
    rows.back().push_back(button(std::string(services.texts.button_week), shown, "7d", horizon == "7d"));
  rows.push_back({button(std::string(services.texts.button_check_day), shown, "check 1", false),
                  button(std::string(services.texts.button_check_week), shown, "check 7", false)});
  return rows;
}

// An error of a forecast is a difference: it gets more digits than a value.
std::string error_text(double error, const forecast::Score& score, Unit unit, Services& services) {
  if (score.count == 0) return std::string(services.texts.error_unknown);
  return unit == Unit::kPercent ? fmt::format("{:.2f} %", error) : escape_html(services.words.value(error, unit));
}

std::string caption(const service::ForecastOrder& order, std::string_view horizon, const service::ForecastView& view,
                    Services& services) {
  const auto& prediction = view.prediction;
  const forecast::Score &own = prediction.score, &naive = prediction.seasonal_naive;
  const auto error = [&](const forecast::Score& score, double value) {
    return error_text(value, score, order.resource->unit, services);
  };
  std::string text = fill(services.texts.forecast_caption,
                          {{"name", escape_html(cut_plain(order.server.name, 100))},
                           {"title", services.words.title_of(*order.resource)},
                           {"horizon", horizon == "1h" ? services.texts.button_hour : services.texts.button_day},
                           {"method", escape_html(services.words.method_of(prediction.method))},
                           {"mae", error(own, own.mae)},
                           {"rmse", error(own, own.rmse)},
                           {"naive_mae", error(naive, naive.mae)},
                           {"naive_rmse", error(naive, naive.rmse)}});
  if (!prediction.note.empty()) text += "\n" + std::string(services.texts.forecast_young);
  return text;
}

std::string full_line(const service::Growth& growth, Timestamp now, Services& services) {
  const auto at = [&](Duration in) { return services.words.moment(now + in, services.zone); };
  const std::string what = escape_html(cut_plain(growth.instance, 60));
  const std::string used = services.words.value(growth.used, Unit::kPercent);
  if (!growth.full.expected) return fill(services.texts.growth_none, {{"what", what}, {"used", used}});
  if (*growth.full.expected <= Duration::zero()) return fill(services.texts.growth_full, {{"what", what}});
  const std::string latest = growth.full.latest ? at(*growth.full.latest) : std::string(services.texts.growth_later);
  return fill(services.texts.growth_line, {{"what", what},
                                           {"used", used},
                                           {"when", at(*growth.full.expected)},
                                           {"earliest", at(growth.full.earliest.value_or(*growth.full.expected))},
                                           {"latest", latest}});
}

Reply refused(const service::ForecastOrder& order, const Error& error, InlineKeyboard buttons, Services& services) {
  const bool nothing = error.code == ErrorCode::kNotFound;
  const std::string why = nothing ? std::string(services.texts.nothing_sent) : reason_of(error, services.texts);
  return {{fill(services.texts.forecast_failed, {{"title", services.words.title_of(*order.resource)},
                                                 {"name", escape_html(order.server.name)},
                                                 {"reason", why}}),
           std::move(buttons),
           {},
           {}},
          true,
          {}};
}

Reply show_growth(const service::ForecastOrder& order, Services& services) {
  auto buttons = keyboard(order.server, *order.resource, "7d", services);
  const Timestamp now = services.hub.clock().now();
  auto picture = service::draw_growth(services.hub.query(), order, now);
  if (!picture) return refused(order, picture.error(), std::move(buttons), services);
  std::string text = fill(services.texts.growth_caption, {{"name", escape_html(cut_plain(order.server.name, 100))},
                                                          {"title", services.words.title_of(*order.resource)}});
  for (size_t i = 0; i < std::min(kMountsNamed, picture->growth.size()); ++i)
    text += "\n" + full_line(picture->growth[i], now, services);
  return {{std::move(text), std::move(buttons), UploadFile{"growth.png", "image/png", std::move(picture->png)}, {}},
          true,
          {}};
}

Reply show_ahead(const service::ForecastOrder& order, std::string_view horizon, Services& services) {
  auto buttons = keyboard(order.server, *order.resource, horizon, services);
  auto picture = service::draw_forecast(services.hub.query(), services.hub.forecasts(), order,
                                        horizon == "1h" ? kOneHour : kOneDay);
  if (!picture) return refused(order, picture.error(), std::move(buttons), services);
  return {{caption(order, horizon, picture->view, services),
           std::move(buttons),
           UploadFile{"forecast.png", "image/png", std::move(picture->png)},
           {}},
          true,
          {}};
}

Replies show_forecast(const Request& request, Services& services) {
  const auto choice = choose_server(request, services, "forecast");
  if (!choice.server) return choice.otherwise;
  std::string rest = choice.rest;
  const Resource* resource = take_resource(rest);
  if (resource == nullptr && !rest.empty()) {
    std::string duration = rest;  // "/forecast web 24h"
    if (!take_duration(duration) && !rest.starts_with("check"))
      return choose_resource(take_word(rest), services).otherwise;
  }
  if (resource == nullptr) resource = &resources().front();
  const service::ForecastOrder order{*choice.server, resource, services.zone, &services.words};
  if (take_any(rest, {"check", "проверка"}))
    return check_forecasts(order, rest, keyboard(order.server, *resource, "24h", services), services);
  const std::string unread = rest;
  const auto horizon = rest.empty() ? std::optional<Duration>(kOneDay) : take_duration(rest);
  if (horizon == kOneWeek && rest.empty() && grows(*resource)) return {show_growth(order, services)};
  if (rest.empty() && (horizon == kOneHour || horizon == kOneDay))
    return {show_ahead(order, horizon == kOneHour ? "1h" : "24h", services)};
  return say(fill(services.texts.unknown_horizon, {{"name", escape_html(cut_plain(unread, 40))}}));
}

}  // namespace

const Screen kForecastScreen{.command = "forecast",
                             .menu = &Texts::menu_forecast,
                             .role = Role::kViewer,
                             .show = show_forecast,
                             .help = &Texts::help_forecast};

}  // namespace mps::telegram
