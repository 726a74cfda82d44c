#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

#include "base/text.h"
#include "metric/resource.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

using namespace std::chrono_literals;

constexpr size_t kInstanceMax = 60;
constexpr size_t kMountsMax = 5;
constexpr double kTrendPoints = 3;                    // of percents
constexpr double kTrendShare = 0.15;                  // of everything else
constexpr size_t kTrendNow = 60, kTrendBefore = 240;  // minutes

// The last 24 hours of one line, minute by minute.
struct DayOfValues {
  double mean = std::nan(""), max = std::nan("");
  std::string_view trend;  // an arrow; "" where there is too little to say
};

double mean_of(std::span<const double> values) {
  double sum = 0, count = 0;
  for (const double value : values) {
    if (std::isfinite(value)) sum += value, ++count;
  }
  return count == 0 ? std::nan("") : sum / count;
}

// The last hour beside the three before it.
std::string_view trend_of(std::span<const double> minutes, Unit unit) {
  if (minutes.size() < kTrendBefore) return "";
  const double now = mean_of(minutes.last(kTrendNow));
  const double before = mean_of(minutes.last(kTrendBefore).first(kTrendBefore - kTrendNow));
  if (!std::isfinite(now) || !std::isfinite(before)) return "";
  const double enough = unit == Unit::kPercent ? kTrendPoints : kTrendShare * std::max(std::abs(before), 1e-9);
  return now > before + enough ? "↗" : now < before - enough ? "↘" : "→";
}

DayOfValues day_of(const Frame& day, const std::string& instance, Unit unit) {
  for (const Column& column : day.columns) {
    if (column.name != instance) continue;
    DayOfValues values{mean_of(column.values), std::nan(""), trend_of(column.values, unit)};
    for (const double value : column.values) {
      if (std::isfinite(value) && !(values.max >= value)) values.max = value;
    }
    return values;
  }
  return {};
}

std::string value_line(const service::CurrentValue& value, const Frame& day, Services& services) {
  const auto& words = services.words;
  const Unit unit = value.resource->unit;
  const std::string title = words.title_of(*value.resource, cut_plain(value.instance, kInstanceMax));
  std::string line = fill(services.texts.status_line,
                          {{"title", escape_html(title)}, {"value", escape_html(words.value(value.value, unit))}});
  const DayOfValues values = day_of(day, value.instance, unit);
  if (!std::isfinite(values.mean)) return line;
  if (!values.trend.empty()) line += " " + std::string(values.trend);
  return line + " " +
         fill(services.texts.status_day,
              {{"mean", words.value(values.mean, unit)}, {"max", words.value(values.max, unit)}});
}

// Of many mount points the fullest; where they stand stays.
std::vector<service::CurrentValue> worth_showing(std::vector<service::CurrentValue> values, size_t& left_out) {
  std::vector<double> mounts;
  for (const auto& value : values) {
    if (value.resource->instances == Instances::kEach) mounts.push_back(value.value);
  }
  if (mounts.size() <= kMountsMax) return values;
  std::sort(mounts.begin(), mounts.end(), std::greater<>());
  const double least = mounts[kMountsMax - 1];
  const size_t before = values.size();
  size_t kept = 0;
  std::erase_if(values, [&](const auto& value) {
    return value.resource->instances == Instances::kEach && (value.value < least || ++kept > kMountsMax);
  });
  left_out = before - values.size();
  std::stable_sort(values.begin(), values.end(), [](const auto& a, const auto& b) {
    return a.resource == b.resource && a.resource->instances == Instances::kEach && a.value > b.value;
  });
  return values;
}

std::string status_text(const service::Server& server, const service::ServerStatus& status, Services& services) {
  const std::string name = escape_html(server.name);
  if (!status.last_seen) return fill(services.texts.no_data, {{"name", name}});
  std::string text = fill(services.texts.status_title, {{"mark", mark_of(state_of(server, services))}, {"name", name}});
  const Timestamp now = services.hub.clock().now();
  size_t left_out = 0;
  Frame day;
  const Resource* of = nullptr;
  for (const auto& value : worth_showing(status.values, left_out)) {
    if (of != value.resource) {
      of = value.resource;
      auto frame = services.hub.query().frame(server.id, *of, {now - 24h, now}, 1min);
      day = frame ? std::move(*frame) : Frame();
    }
    text += "\n" + value_line(value, day, services);
  }
  if (left_out > 0) text += "\n" + fill(services.texts.status_more_mounts, {{"count", std::to_string(left_out)}});
  if (status.uptime)
    text += "\n" + fill(services.texts.uptime_line, {{"uptime", services.words.duration(*status.uptime)}});
  text += "\n" + fill(services.texts.data_age, {{"age", age_text(*status.last_seen, services)}});
  return text;
}

Replies show_status(const Request& request, Services& services) {
  const auto choice = choose_server(request, services, "status");
  if (!choice.server) return choice.otherwise;
  const auto& server = *choice.server;
  const auto status = services.hub.query().status(server.id);
  InlineKeyboard buttons{{server_button(services.texts.button_refresh, "status", server.id)}};
  if (status.last_seen) {
    buttons.push_back({server_button(services.texts.button_graph, "graph", server.id),
                       server_button(services.texts.button_forecast, "forecast", server.id)});
  }
  buttons.push_back({server_button(services.texts.button_rules, "rules", server.id),
                     server_button(services.texts.button_manage, "servers", server.id)});
  return {{{status_text(server, status, services), std::move(buttons), {}, {}}, true, {}}};
}

}  // namespace

const Screen kStatusScreen{.command = "status",
                           .menu = &Texts::menu_status,
                           .role = Role::kViewer,
                           .show = show_status,
                           .help = &Texts::help_status};

}  // namespace mps::telegram
