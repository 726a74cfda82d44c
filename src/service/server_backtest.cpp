#include "service/server_backtest.h"

#include "forecast/backtest.h"

namespace mps::service {

Result<std::vector<BacktestOfResource>> backtest_server(const Forecasts& forecasts, const Server& server,
                                                        Duration horizon, std::stop_token stop) {
  MPS_TRY(const Frame history, forecasts.known_history(server.id, std::chrono::days(365)));
  forecast::BacktestOptions options;
  options.horizons = {horizon};
  MPS_TRY(const forecast::Backtest result, forecast::backtest({{server.name, history}}, options, std::move(stop)));
  std::vector<BacktestOfResource> scores;
  for (const forecast::SeriesScore& series : result.series) {
    BacktestOfResource& one = scores.emplace_back(BacktestOfResource{series.column, series.shown, {}});
    for (const forecast::MethodScore& m : series.methods)
      one.methods.push_back({m.method, m.mae, m.rmse, m.mase, m.coverage80, m.count});
  }
  return scores;
}

}  // namespace mps::service
