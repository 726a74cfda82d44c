#pragma once

#include "service/forecast_views.h"
#include "telegram/screen.h"

namespace mps::telegram {

// What was forecast for the last day, or the last `days` of them ("7"), beside what came; with buttons to say whether
// it was right.
Replies check_forecasts(const service::ForecastOrder& order, const std::string& days, InlineKeyboard keyboard,
                        Services& services);

}  // namespace mps::telegram
