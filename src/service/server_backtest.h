#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "service/forecasts.h"
#include "service/servers.h"

namespace mps::service {

struct BacktestMethod {
  std::string method;  // "shown" is what people would have been shown
  double mae = 0, rmse = 0, mase = 0;
  double coverage80 = 0;
  uint64_t points = 0;
};

struct BacktestOfResource {
  std::string resource;  // "cpu"
  std::string shown;     // the method behind "shown"
  std::vector<BacktestMethod> methods;
};

// How good the forecasts of a server would have been on the last quarter of its history of up to a year, by the
// protocol of forecast/backtest.h. Seconds to a minute of one core. Fails with kNotEnoughData, kInvalidArgument
// (`horizon` is 1 h or 24 h), kUnavailable when stopped.
Result<std::vector<BacktestOfResource>> backtest_server(const Forecasts& forecasts, const Server& server,
                                                        Duration horizon, std::stop_token stop);

}  // namespace mps::service
