#include "service/hub.h"

#include <fmt/format.h>
#include <thread>

#include "base/file.h"
#include "base/log.h"
#include "service/data_folder.h"
#include "service/hub_identity.h"
#include "store/embedded/embedded_store.h"
#include "store/influxdb/influx_store.h"

namespace mps::service {
namespace {

constexpr Duration kRenewalInterval = std::chrono::seconds(10);
constexpr Duration kEvaluationInterval = std::chrono::seconds(1);  // Alerts knows which of these rounds are due
constexpr Duration kOutlookInterval = std::chrono::minutes(1);
constexpr Duration kDeliveryInterval = std::chrono::seconds(1);

Result<std::unique_ptr<store::SampleStore>> open_store(const HubOptions& options, catalog::Database& database,
                                                       Clock& clock) {
  const DataFolder folder{options.data};
  store::EmbeddedOptions embedded;
  embedded.path = folder.samples();
  embedded.retention = options.retention;
  if (options.store_url.empty() || options.store_url == "embedded") {
    MPS_TRY(auto opened, store::open_embedded_store(embedded, clock));
    return std::unique_ptr<store::SampleStore>(std::move(opened));
  }
  if (!store::is_influx_url(options.store_url)) {
    return Error{ErrorCode::kInvalidArgument,
                 "--store names a store that this program does not know; leave it out, or write embedded or "
                 "influxdb://host:port/database"};
  }
  store::InfluxOptions influx;
  MPS_TRY(influx.target, store::parse_influx_url(options.store_url));
  catalog::Settings settings(database);
  MPS_TRY(influx.target.hub, hub_identity(settings));
  influx.embedded = embedded;
  influx.state_path = folder.influxdb();
  MPS_TRY(auto opened, store::open_influx_store(influx, clock));
  return std::unique_ptr<store::SampleStore>(std::move(opened));
}

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure)
    return Error{ErrorCode::kIo, fmt::format("cannot make the folder {}: {}", folder.string(), failure.message())};
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failure);
  return {};
}

void log_failure(const char* what, const Error& error) {
  log::error("{}: {}", what, error.message);
}

}  // namespace

// In the order of construction; destroyed in the opposite one.
struct Hub::Parts {
  Parts(const HubOptions& hub_options, Clock& hub_clock, FileLock&& held,
        std::unique_ptr<catalog::Database>&& opened_database, std::unique_ptr<store::SampleStore>&& opened_store)
      : options(hub_options),
        clock(hub_clock),
        lock(std::move(held)),
        database(std::move(opened_database)),
        store(std::move(opened_store)) {
    forecasts.leave_out([this](ServerId server, TimeRange range) {
      const auto windows = muting.maintenance(server, range);
      if (windows) return *windows;
      log_failure("maintenance windows", windows.error());
      return std::vector<TimeRange>();
    });
    servers.before_removal([this](const Server& server) { return incident_log.end_all_of(server, clock.now()); });
  }

  HubOptions options;
  Clock& clock;
  Timestamp opened_at = clock.now();
  FileLock lock;
  std::unique_ptr<catalog::Database> database;
  std::unique_ptr<store::SampleStore> store;
  catalog::Settings settings{*database};
  Servers servers{*database, *store, clock, {}};
  ApiTokens api_tokens{*database, clock};
  Ingest ingest{servers, *store, clock, {options.future_max}};
  Query query{*store, clock};
  Forecasts forecasts{query, clock, {DataFolder{options.data}.models()}};
  Trainer trainer{forecasts, servers, settings, clock, options.zone, options.train_at};
  Pictures pictures{query, forecasts, clock};
  DayForecasts day_forecasts{*database, forecasts, servers, clock, options.zone};
  Reports reports{*database, query, day_forecasts, servers, clock};
  People people{*database, clock};
  Audit audit{*database, clock};
  ChatSettings chat_settings{*database, options.zone};
  Muting muting{*database};
  CardWriter card_writer{*database, servers, pictures, clock, options.zone};
  Announcements announcements{*database, people, servers, muting, options.zone, !options.webhook.url.empty()};
  IncidentBook incidents{*database, announcements, card_writer, muting, clock, options.zone};
  IncidentLog incident_log{*database, announcements};
  RuleBook rules{*database};
  Alerts alerts{servers, rules, query, incident_log, clock};
  OutlookParts outlook_parts{servers, rules, query, forecasts, alerts, incident_log, clock};
  Predictions predictions{*database, outlook_parts};
  Anomalies anomalies{outlook_parts};
  ReportSchedule report_schedule{*database, people, servers, reports, clock};
  Outbox outbox{*database, people, card_writer, clock,
                [this](const std::string& order) { return report_schedule.write(order); }};
  WebhookNotifier webhook{options.webhook};
  DiskWatch disk_watch{*store, people, outbox, settings, clock};
  UpdateDoor update_door;
  std::vector<std::jthread> loops;
};

Hub::Hub(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Hub::~Hub() {
  stop();
}

Result<std::unique_ptr<Hub>> Hub::open(const HubOptions& options, Clock& clock) {
  MPS_TRY_VOID(make_folder(options.data));
  MPS_TRY_VOID(make_folder(DataFolder{options.data}.models()));
  auto lock = FileLock::acquire(DataFolder{options.data}.lock());
  if (!lock && lock.error().code == ErrorCode::kUnavailable) {
    return Error{ErrorCode::kUnavailable, fmt::format("another mps works on {} at this moment", options.data.string())};
  }
  if (!lock) return lock.error();
  MPS_TRY(auto database, catalog::Database::open(DataFolder{options.data, options.catalog_url}.catalog_url()));
  MPS_TRY(auto store, open_store(options, *database, clock));
  std::unique_ptr<Hub> hub(
      new Hub(std::make_unique<Parts>(options, clock, std::move(*lock), std::move(database), std::move(store))));
  MPS_TRY_VOID(hub->servers().load());
  MPS_TRY_VOID(hub->api_tokens().load());
  MPS_TRY_VOID(hub->rules().load());
  MPS_TRY_VOID(hub->alerts().load());
  MPS_TRY_VOID(hub->predictions().load());
  MPS_TRY_VOID(hub->anomalies().load());
  return hub;
}

void Hub::start(Notifier* notifier) {
  Parts& parts = *parts_;
  parts.loops.emplace_back([&parts](std::stop_token stop) {
    while (parts.clock.sleep_for(kEvaluationInterval, stop)) {
      if (const auto round = parts.alerts.evaluate_if_due(); !round)
        log_failure("evaluation of the rules", round.error());
    }
  });
  parts.loops.emplace_back([&parts](std::stop_token stop) {
    while (parts.clock.sleep_for(kOutlookInterval, stop)) {
      if (const auto looked = parts.predictions.look(stop); !looked) log_failure("predictions", looked.error());
      if (const auto looked = parts.anomalies.look(stop); !looked) log_failure("anomalies", looked.error());
    }
  });
  parts.loops.emplace_back([&parts](std::stop_token stop) { parts.trainer.run(stop); });
  parts.loops.emplace_back([&parts](std::stop_token stop) {
    while (parts.clock.sleep_for(kRenewalInterval, stop)) {
      std::vector<ServerId> ids;
      for (const Server& server : parts.servers.list()) ids.push_back(server.id);
      parts.forecasts.renew(ids, stop);
    }
  });
  parts.loops.emplace_back([&parts](std::stop_token stop) { parts.day_forecasts.run(stop); });
  parts.loops.emplace_back([&parts](std::stop_token stop) {
    while (parts.clock.sleep_for(kDeliveryInterval, stop)) {
      if (const auto round = parts.announcements.tick(parts.clock.now()); !round)
        log_failure("announcements", round.error());
      if (const auto round = parts.report_schedule.tick(); !round) log_failure("daily reports", round.error());
    }
  });
  if (!parts.options.webhook.url.empty()) {
    parts.loops.emplace_back([&parts](std::stop_token stop) {
      while (parts.clock.sleep_for(kDeliveryInterval, stop)) {
        if (const auto round = parts.outbox.deliver(parts.webhook, "webhook"); !round)
          log_failure("delivery to the webhook", round.error());
      }
    });
  }
  if (notifier == nullptr) return;
  parts.loops.emplace_back([&parts, notifier](std::stop_token stop) {
    while (parts.clock.sleep_for(kDeliveryInterval, stop)) {
      parts.disk_watch.look(*notifier);
      if (const auto round = parts.outbox.deliver(*notifier); !round)
        log_failure("delivery of messages", round.error());
    }
  });
}

void Hub::stop() {
  parts_->webhook.stop();
  for (std::jthread& loop : parts_->loops) loop.request_stop();
  parts_->loops.clear();
}

Clock& Hub::clock() {
  return parts_->clock;
}
const HubOptions& Hub::options() const {
  return parts_->options;
}
Timestamp Hub::opened_at() const {
  return parts_->opened_at;
}
catalog::Settings& Hub::settings() {
  return parts_->settings;
}
store::SampleStore& Hub::store() {
  return *parts_->store;
}
Servers& Hub::servers() {
  return parts_->servers;
}
ApiTokens& Hub::api_tokens() {
  return parts_->api_tokens;
}
Ingest& Hub::ingest() {
  return parts_->ingest;
}
const Query& Hub::query() {
  return parts_->query;
}
Forecasts& Hub::forecasts() {
  return parts_->forecasts;
}
Trainer& Hub::trainer() {
  return parts_->trainer;
}
const Pictures& Hub::pictures() {
  return parts_->pictures;
}
DayForecasts& Hub::day_forecasts() {
  return parts_->day_forecasts;
}
const Reports& Hub::reports() {
  return parts_->reports;
}
ReportSchedule& Hub::report_schedule() {
  return parts_->report_schedule;
}
People& Hub::people() {
  return parts_->people;
}
Audit& Hub::audit() {
  return parts_->audit;
}
ChatSettings& Hub::chat_settings() {
  return parts_->chat_settings;
}
RuleBook& Hub::rules() {
  return parts_->rules;
}
Alerts& Hub::alerts() {
  return parts_->alerts;
}
Predictions& Hub::predictions() {
  return parts_->predictions;
}
Anomalies& Hub::anomalies() {
  return parts_->anomalies;
}
Announcements& Hub::announcements() {
  return parts_->announcements;
}
IncidentBook& Hub::incidents() {
  return parts_->incidents;
}
Muting& Hub::muting() {
  return parts_->muting;
}
Outbox& Hub::outbox() {
  return parts_->outbox;
}
DiskWatch& Hub::disk_watch() {
  return parts_->disk_watch;
}
UpdateDoor& Hub::update_door() {
  return parts_->update_door;
}

}  // namespace mps::service
