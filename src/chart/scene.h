#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time_zone.h"
#include "metric/frame.h"
#include "metric/resource.h"

// What a picture shows, without a word on how it is drawn. Texts are UTF-8 in any script; line breaks in them count as
// spaces, and texts too long for their place end in an ellipsis.
namespace mps::chart {

enum class Theme { kLight, kDark };

// The few words that charts bring themselves. The default is English.
struct Words {
  std::string now = "now";
  std::string forecast = "forecast";
  std::string no_data = "No data in this period";
  std::array<std::string, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<std::string, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  std::vector<std::pair<std::string, std::string>> units = {};  // "KB/s" as it reads here; longest first
};

struct Line {
  std::string label;                // stands at the line's end; "" for none
  std::vector<double> values = {};  // on the scene's grid; NaN or infinite: a gap; missing at the end: a gap
};

struct Band {
  std::vector<double> low = {}, high = {};  // on the forecast's grid; empty for no band
};

// Continues the first line. Where its grid lies inside the scene's grid, the picture is forecast against actual.
struct ForecastOverlay {
  Grid grid;
  std::vector<double> median;
  Band band80 = {};
  Band band50 = {};
};

struct TimeSeriesScene {
  std::string title;
  std::string subtitle;
  Grid grid;  // steps of at least 1 ns; the time axis covers it, the forecast's grid and `now`
  std::vector<Line> lines;
  Unit unit = Unit::kPercent;
  std::optional<double> threshold;
  std::optional<ForecastOverlay> forecast;
  std::optional<Timestamp> now;
  std::string corner;  // small print under the plot: "LSTM  MAE 2.1 %  RMSE 3.4 %"
  TimeZone zone;
  Theme theme = Theme::kLight;
  int width = 1280, height = 720;  // pixels of a PNG; a PDF page keeps the proportions
  std::vector<TimeRange> shaded;   // incidents
  Words words;
};

// Small time series under one title, two in a row. Theme, words and size are those of the overview, not of the panels.
struct OverviewScene {
  std::string title, subtitle;
  std::vector<TimeSeriesScene> panels;
  std::string corner;
  Theme theme = Theme::kLight;
  int width = 1280, height = 720;
  Words words;
};

// Rows of cells, such as servers by hours; the colour is the value. NaN: nothing known.
struct HeatmapScene {
  std::string title, subtitle;
  Grid grid;               // one column a cell
  std::vector<Line> rows;  // label and one value a cell
  Unit unit = Unit::kPercent;
  std::optional<double> full;  // the value of the strongest colour; default: 100 for percent, else the largest value
  std::string corner;
  TimeZone zone;
  Theme theme = Theme::kLight;
  int width = 1280, height = 720;
  Words words;
};

// One line, no axes: for tables and buttons.
struct SparklineScene {
  std::vector<double> values;
  Unit unit = Unit::kPercent;
  Theme theme = Theme::kLight;
  int width = 240, height = 48;
};

}  // namespace mps::chart
