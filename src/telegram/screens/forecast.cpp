#include <fmt/format.h>

#include "base/text.h"
#include "metric/resource.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"
#include "telegram/screens/resource_choice.h"

namespace mps::telegram {
namespace {

constexpr Duration kHour = std::chrono::hours(1);
constexpr Duration kDay = std::chrono::hours(24);

InlineKeyboard keyboard(const service::Server& server, const Resource& shown, bool day, Services& services) {
  std::vector<InlineButton> buttons;
  for (const Resource& resource : resources()) {
    if (!resource.forecast) continue;
    const std::string rest = fmt::format("{} {}", resource.name, day ? "24h" : "1h");
    buttons.push_back(server_button(resource.title, "forecast", server.id, rest));
  }
  InlineKeyboard rows = in_rows(std::move(buttons), 3);
  rows.push_back({server_button(services.texts.button_hour, "forecast", server.id, fmt::format("{} 1h", shown.name)),
                  server_button(services.texts.button_day, "forecast", server.id, fmt::format("{} 24h", shown.name))});
  return rows;
}

// An error of a forecast is a difference: it gets more digits than a value.
std::string error_text(double error, const forecast::Score& score, Unit unit, Services& services) {
  if (score.count == 0) return std::string(services.texts.error_unknown);
  return unit == Unit::kPercent ? fmt::format("{:.2f} %", error) : escape_html(format_value(error, unit));
}

std::string caption(const service::Server& server, const Resource& resource, bool day,
                    const service::ForecastView& view, Services& services) {
  const auto& prediction = view.prediction;
  const forecast::Score &own = prediction.score, &naive = prediction.seasonal_naive;
  const auto error = [&](const forecast::Score& score, double value) {
    return error_text(value, score, resource.unit, services);
  };
  std::string text =
      fill(services.texts.forecast_caption, {{"name", escape_html(server.name)},
                                             {"title", resource.title},
                                             {"horizon", day ? services.texts.button_day : services.texts.button_hour},
                                             {"method", escape_html(prediction.method)},
                                             {"mae", error(own, own.mae)},
                                             {"rmse", error(own, own.rmse)},
                                             {"naive_mae", error(naive, naive.mae)},
                                             {"naive_rmse", error(naive, naive.rmse)}});
  if (!prediction.note.empty()) text += "\n" + escape_html(prediction.note);
  return text;
}

Replies show_forecast(const Request& request, Services& services) {
  const auto choice = choose_server(request, services, "forecast");
  if (!choice.server) return choice.otherwise;
  const auto& server = *choice.server;
  std::string rest = choice.rest;
  const auto resource = choose_resource(take_word(rest), services);
  if (resource.chosen == nullptr) return resource.otherwise;
  if (!rest.empty() && rest != "1h" && rest != "24h")
    return say(fill(services.texts.unknown_horizon, {{"name", escape_html(cut_plain(rest, 40))}}));
  const bool day = rest != "1h";
  auto buttons = keyboard(server, *resource.chosen, day, services);
  const auto picture = services.hub.pictures().forecast(server, *resource.chosen, day ? kDay : kHour);
  if (!picture) {
    std::string text = fill(services.texts.forecast_failed, {{"title", resource.chosen->title},
                                                             {"name", escape_html(server.name)},
                                                             {"reason", reason_of(picture.error())}});
    return {{{std::move(text), std::move(buttons), {}, {}}, true}};
  }
  return {{{caption(server, *resource.chosen, day, picture->view, services),
            std::move(buttons),
            UploadFile{"forecast.png", "image/png", picture->png},
            {}},
           true}};
}

}  // namespace

const Screen kForecastScreen{"forecast", &Texts::menu_forecast, Role::kViewer, show_forecast, nullptr,
                             nullptr,    &Texts::help_forecast};

}  // namespace mps::telegram
