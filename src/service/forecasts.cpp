#include "service/forecasts.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <sys/resource.h>
#include <thread>
#include <type_traits>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "forecast/replay.h"
#include "service/forecast_times.h"

namespace mps::service {
namespace {

using forecast::kFineStep;

constexpr size_t kModelsMax = 64;  // in memory, of some 350 kB
constexpr size_t kKeptMax = 2048;  // of some 10 kB
// A server whose newest sample is older than this is a recording (or gone): its forecast continues what is known, not
// the empty present.
constexpr Duration kRecordingAfter = std::chrono::hours(24);

bool row_is_empty(const Frame& frame, size_t row) {
  return std::all_of(frame.columns.begin(), frame.columns.end(),
                     [&](const Column& column) { return std::isnan(column.values[row]); });
}

// Trains on a thread of low priority: ingest and the bot go first. The thread holds no lock, so that nobody
// waits for it while it waits for the processor.
template <class Train>
std::invoke_result_t<Train> in_background(Train train) {
  std::invoke_result_t<Train> trained = Error{ErrorCode::kInternal, "the training did not run"};
  std::thread([&] {
    ::setpriority(PRIO_PROCESS, 0, 10);  // on Linux: of this thread alone
    trained = train();
  }).join();
  return trained;
}

// Makes room for one more.
template <class Map>
void drop_oldest(Map& map, size_t max) {
  if (map.size() < max) return;
  map.erase(std::min_element(map.begin(), map.end(),
                             [](const auto& a, const auto& b) { return a.second.asked_at < b.second.asked_at; }));
}

// Null where there is no file, or none that can be used.
std::shared_ptr<const forecast::Model> load(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  if (!bytes) return nullptr;
  auto parsed = forecast::Model::from_safetensors(*bytes);
  if (parsed) return std::make_shared<const forecast::Model>(std::move(*parsed));
  log::warn("the model {} can't be used until the next training: {}", path.string(), parsed.error().message);
  return nullptr;
}

// Without the cells before the first known value.
Frame trimmed(Frame frame) {
  size_t empty = 0;
  while (empty < frame.grid.size && row_is_empty(frame, empty)) ++empty;
  frame.grid.start = frame.grid.time_at(empty);
  frame.grid.size -= empty;
  for (Column& column : frame.columns)
    column.values.erase(column.values.begin(), column.values.begin() + static_cast<std::ptrdiff_t>(empty));
  return frame;
}

// Its newest cells.
Frame last_of(const Frame& frame, Duration length) {
  const auto cells = std::min(frame.grid.size, static_cast<size_t>(length / frame.grid.step));
  Frame last{{frame.grid.time_at(frame.grid.size - cells), frame.grid.step, cells}, {}};
  for (const Column& column : frame.columns)
    last.columns.push_back(
        {column.name, {column.values.end() - static_cast<std::ptrdiff_t>(cells), column.values.end()}});
  return trimmed(std::move(last));
}

}  // namespace

Forecasts::Forecasts(const Query& query, const Clock& clock, Options options)
    : query_(query), clock_(clock), options_(std::move(options)) {}

std::filesystem::path Forecasts::path_of(ServerId server) const {
  return options_.folder / fmt::format("server-{}.safetensors", static_cast<int64_t>(server));
}

// The end of the newest complete cell of `step`; of a recording, that of its last one.
Result<Timestamp> Forecasts::known_until(ServerId server, Duration step) const {
  const auto last_seen = query_.last_seen(server);
  if (!last_seen) return Error{ErrorCode::kNotEnoughData, "the server has not sent anything yet"};
  const Timestamp now = clock_.now();
  const Timestamp end = now - *last_seen > kRecordingAfter ? *last_seen + step : now;
  return Grid::covering({end, end}, step).start;
}

Result<Frame> Forecasts::known_history(ServerId server, Duration length) const {
  MPS_TRY(const Timestamp closed, known_until(server, kFineStep));
  MPS_TRY(Frame history, query_.history(server, {closed - length, closed}, kFineStep));
  return trimmed(std::move(history));
}

void blank_out(Frame& history, const std::vector<TimeRange>& times) {
  for (const TimeRange& time : times) {
    for (size_t i = 0; i < history.grid.size; ++i) {
      const Timestamp begin = history.grid.time_at(i);
      if (begin >= time.to || begin + history.grid.step <= time.from) continue;
      for (Column& column : history.columns) column.values[i] = std::numeric_limits<double>::quiet_NaN();
    }
  }
}

// What training sees: history without the times that teach nothing.
Frame Forecasts::lessons(ServerId server, Frame history) const {
  if (left_out_) blank_out(history, left_out_(server, {history.grid.start, history.grid.time_at(history.grid.size)}));
  return history;
}

Result<void> Forecasts::train_fleet(const std::vector<ServerId>& servers, std::stop_token stop) {
  std::vector<Frame> histories;
  const size_t count = std::min(servers.size(), forecast::kFleetMax);
  for (size_t i = 0; i < count; ++i) {
    const ServerId server = servers[i * servers.size() / count];
    auto history = known_history(server, options_.history);
    if (history) histories.push_back(lessons(server, std::move(*history)));
  }
  if (histories.size() < 2) return Error{ErrorCode::kNotEnoughData, "a fleet's model needs two servers with history"};
  const auto last = load(fleet_path());
  forecast::TrainOptions train_options;
  train_options.seed = options_.seed, train_options.base = last.get();
  MPS_TRY(const auto trained, in_background([&] { return forecast::train_fleet(histories, train_options, stop); }));
  MPS_TRY_VOID(write_file_atomically(fleet_path(), trained.base.to_safetensors()));
  return write_file_atomically(finished_fleet_path(), trained.base_of_all.to_safetensors());
}

Result<void> Forecasts::train(ServerId server, std::stop_token stop) {
  const Timestamp now = clock_.now();
  MPS_TRY(const Timestamp day_closed, known_until(server, step_of(forecast::kDay)));
  MPS_TRY(const Frame history, known_history(server, options_.history));
  const auto base = load(fleet_path()), finished = load(finished_fleet_path()), previous = model(server);
  forecast::TrainOptions train_options;
  train_options.seed = options_.seed, train_options.previous = previous.get();
  train_options.base = base.get(), train_options.base_of_all = finished.get();
  const auto learn = [&] { return forecast::train(lessons(server, history), train_options, stop); };
  MPS_TRY(const auto trained, in_background(learn));
  MPS_TRY_VOID(write_file_atomically(path_of(server), trained.to_safetensors()));
  drop(server);
  return in_background([&]() -> Result<void> {
    speak_first(server, trained, last_of(history, kForecastHistory), {day_closed, now, now, nullptr});
    return {};
  });
}

// What a new model says of the next hour and day, while the history that it needs is at hand: read once more, it would
// cost as much as a tenth of the training. What can't be said now is tried again when it is asked for, and by renew().
void Forecasts::speak_first(ServerId server, const forecast::Model& model, const Frame& recent, Kept day) {
  if (auto stream = forecast::Stream::start(model, recent)) streams_.put(server, model, std::move(*stream));
  auto views = make(&model, recent, forecast::kDay);
  if (!views) return;
  day.views = std::move(*views);
  keep({server, forecast::kDay}, std::move(day), false);
}

std::shared_ptr<const forecast::Model> Forecasts::model(ServerId server) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = models_.find(server); found != models_.end()) {
    found->second.asked_at = clock_.now();
    return found->second.model;
  }
  drop_oldest(models_, kModelsMax);
  return models_.emplace(server, CachedModel{load(path_of(server)), clock_.now()}).first->second.model;
}

Result<Forecasts::Views> Forecasts::make(const forecast::Model* model, const Frame& recent, Duration horizon) {
  std::vector<ForecastView> views;
  if (model != nullptr) {
    MPS_TRY(auto predictions, model->predict(recent, horizon));
    for (auto& prediction : predictions) views.push_back({std::move(prediction)});
  }
  for (const Column& column : recent.columns) {
    const bool predicted = std::any_of(
        views.begin(), views.end(), [&](const ForecastView& view) { return view.prediction.resource == column.name; });
    if (predicted) continue;
    if (auto baseline = forecast::predict_baseline(recent, column.name, horizon))
      views.push_back({std::move(*baseline)});
  }
  if (views.empty())
    return Error{ErrorCode::kNotEnoughData, "no resource of this server has a history to forecast from yet"};
  return std::make_shared<const std::vector<ForecastView>>(std::move(views));
}

// A newer cell is waited for until its last samples are here. Never older than a step by the clock, for what is
// written into the past (an import).
bool Forecasts::is_current(const Kept& kept, Timestamp closed, Duration step) const {
  const Timestamp now = clock_.now();
  const bool newest = kept.closed == closed || (kept.closed == closed - step && now - closed < kCellArrival);
  return newest && now - kept.made_at < step + kCellArrival;
}

Forecasts::Views Forecasts::from_stream(ServerId server, Timestamp closed) const {
  const bool just_closed = clock_.now() - closed < kCellArrival;
  auto predictions = streams_.forecast(server, just_closed ? closed - kFineStep : closed);
  if (!predictions) return nullptr;
  auto views = std::make_shared<std::vector<ForecastView>>();
  for (auto& prediction : *predictions) views->push_back({std::move(prediction)});
  return views;
}

Forecasts::Views Forecasts::kept(ServerId server, Duration horizon, Timestamp closed) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find({server, horizon});
  if (found == kept_.end()) return nullptr;
  found->second.asked_at = clock_.now();
  return is_current(found->second, closed, step_of(horizon)) ? found->second.views : nullptr;
}

Result<std::vector<ForecastView>> Forecasts::forecast(ServerId server, Duration horizon) const {
  MPS_TRY(const Timestamp closed, known_until(server, step_of(horizon)));
  if (horizon == forecast::kHour) {
    if (const Views views = from_stream(server, closed)) return *views;
  }
  if (const Views views = kept(server, horizon, closed)) return *views;
  const Timestamp now = clock_.now();
  MPS_TRY(const Frame recent, known_history(server, kForecastHistory));
  MPS_TRY(Views views, make(model(server).get(), recent, horizon));
  keep({server, horizon}, {closed, now, now, views}, true);
  return *views;
}

void Forecasts::keep(const KeptKey& key, Kept kept, bool asked) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  if (found != kept_.end() && !asked) kept.asked_at = found->second.asked_at;
  if (found == kept_.end()) drop_oldest(kept_, kKeptMax);
  kept_[key] = std::move(kept);
}

Result<ForecastView> Forecasts::forecast(ServerId server, const Resource& resource, Duration horizon) const {
  MPS_TRY(auto views, forecast(server, horizon));
  for (ForecastView& view : views) {
    if (view.prediction.resource == resource.name) return std::move(view);
  }
  return Error{ErrorCode::kNotEnoughData,
               fmt::format("there is no history of {} to forecast from yet", resource.title)};
}

Result<std::vector<forecast::Prediction>> Forecasts::replay(ServerId server, const Resource& resource, Duration horizon,
                                                            Duration length, Duration every) const {
  MPS_TRY(const Timestamp closed, known_until(server, kFineStep));
  const Timestamp from = closed - length;
  MPS_TRY(Frame history, query_.frame(server, resource, {from - kForecastHistory, closed}, kFineStep));
  if (history.columns.empty())
    return Error{ErrorCode::kNotEnoughData,
                 fmt::format("there is no history of {} to forecast from yet", resource.title)};
  history.columns.resize(1);
  history.columns.front().name = resource.name;
  const auto model = this->model(server);
  return forecast::replay(model.get(), trimmed(std::move(history)), resource.name, horizon, from, every);
}

std::optional<Timestamp> Forecasts::trained_at(ServerId server) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = trained_at_.find(server); found != trained_at_.end()) return found->second;
  }
  const auto model = this->model(server);
  const auto trained_at = model ? std::optional(model->trained_on().to) : std::nullopt;
  const std::lock_guard lock(mutex_);
  trained_at_[server] = trained_at;
  return trained_at;
}

// The model and what it said are read and made again when they are asked for.
void Forecasts::drop(ServerId server) {
  const std::lock_guard lock(mutex_);
  models_.erase(server);
  trained_at_.erase(server);
  streams_.erase(server);
  std::erase_if(kept_, [&](const auto& entry) { return entry.first.first == server; });
}

void Forecasts::forget(ServerId server) {
  std::error_code ignored;
  std::filesystem::remove(path_of(server), ignored);
  drop(server);
}

}  // namespace mps::service
