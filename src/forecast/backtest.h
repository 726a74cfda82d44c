#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "forecast/prediction.h"
#include "metric/frame.h"

// The fixed protocol, so that figures of different days and programs compare: values averaged on cells aligned to 1970
// (5 min for an hour ahead, 30 min for a day ahead), unknown cells never scored, the last quarter of each series is the
// test, origins every hour or every three hours, nothing after its origin used, models fitted on what lies before the
// test.
namespace mps::forecast {

// The series of one server: they share a model. Any grid step that divides 5 minutes, or 5 minutes itself.
struct BacktestServer {
  std::string name;  // of the file or server
  Frame history;
};

struct BacktestOptions {
  std::vector<Duration> horizons = {kHour, kDay};
  uint64_t seed = 1;
  double effort = 1;        // as in TrainOptions
  bool fleet_model = true;  // several servers: first one model on all of them, then one fine-tuned for each
  bool keep_forecasts = false;
  std::function<void(double)> progress;
};

inline constexpr std::string_view kShown = "shown";

struct MethodScore {
  std::string method;
  double mae = 0, rmse = 0, mase = 0;
  double coverage80 = 0;  // share inside the 80 % band
  double width80 = 0;     // mean width of the band, in the series' unit
  double pinball = 0;     // mean over steps and the three quantiles
  uint64_t count = 0;
};

struct SeriesScore {
  std::string file, column;
  int64_t horizon_s = 0;
  std::string shown;                 // the method that the product would show, chosen without the test
  std::vector<MethodScore> methods;  // kShown is the first
};

// Geometric means over the series of MAE relative to (a) the daily seasonal naive and (b) the best simple method of the
// series chosen with hindsight (naive, mean of the last hour, seasonal naive day and week, 7-day mean).
struct MethodSummary {
  std::string method;
  int64_t horizon_s = 0;
  double relative_to_seasonal_naive = 0;
  double relative_to_best_simple = 0;
  double coverage80 = 0;  // over all points of all series
  uint64_t series = 0;
};

// One line of the dump: origin is the unix second of the first grid point after what is known, step counts from 1.
struct DumpRow {
  uint32_t series = 0;  // index into Backtest::series
  int64_t origin = 0;
  int32_t step = 0;
  double p10 = 0, p50 = 0, p90 = 0, actual = 0;
};

struct Backtest {
  std::vector<SeriesScore> series;
  std::vector<MethodSummary> summary;
  std::vector<DumpRow> dump;  // of the shown method; empty unless keep_forecasts
};

// Fails with kNotEnoughData when a horizon leaves nothing to score, kInvalidArgument for another grid or horizon,
// kUnavailable when stopped. Minutes for dozens of series.
Result<Backtest> backtest(const std::vector<BacktestServer>& servers, const BacktestOptions& options,
                          std::stop_token stop = {});

std::vector<MethodSummary> summarise(const std::vector<SeriesScore>& series);

// Header: file,column,horizon,origin,step,p10,p50,p90,actual,method; horizon is "1h" or "24h".
std::string dump_csv(const Backtest& result);

}  // namespace mps::forecast
