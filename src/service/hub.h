#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "base/time_zone.h"
#include "service/alerts.h"
#include "service/anomalies.h"
#include "service/api_tokens.h"
#include "service/audit.h"
#include "service/chat_settings.h"
#include "service/day_forecasts.h"
#include "service/disk_watch.h"
#include "service/forecasts.h"
#include "service/incident_book.h"
#include "service/ingest.h"
#include "service/notifier.h"
#include "service/outbox.h"
#include "service/people.h"
#include "service/pictures.h"
#include "service/predictions.h"
#include "service/query.h"
#include "service/report_schedule.h"
#include "service/reports.h"
#include "service/servers.h"
#include "service/trainer.h"
#include "service/update_door.h"
#include "service/webhook.h"

namespace mps::service {

struct HubOptions {
  std::filesystem::path data;                  // folder; made where it is missing
  std::string store_url;                       // "" = embedded, in the data folder
  std::string catalog_url;                     // "" = SQLite, in the data folder
  TimeZone zone;                               // of graphs, and of the training time
  std::chrono::minutes train_at{3 * 60 + 30};  // local time of day of the daily training
  store::Retention retention = {};
  Duration future_max = std::chrono::minutes(10);  // samples whose stamps are further ahead are refused
  WebhookOptions webhook = {};
};

// Everything that the hub is, apart from its doors (gateway/, telegram/, app/). Owns the data folder under a lock.
class Hub {
 public:
  // Fails with kUnavailable when another process holds the folder, kIo, kCorrupt, kInvalidArgument (a URL of an unknown
  // engine).
  static Result<std::unique_ptr<Hub>> open(const HubOptions& options, Clock& clock);
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  // Starts the background loops: evaluation of rules, daily training, and delivery where there is a notifier (which
  // must outlive the hub's loops: call stop() before it goes). A hub that only serves one command does not start them.
  void start(Notifier* notifier);
  void stop();

  Clock& clock();
  const HubOptions& options() const;
  Timestamp opened_at() const;
  catalog::Settings& settings();  // small persistent key-value state, such as Telegram's update offset
  store::SampleStore& store();
  Servers& servers();
  ApiTokens& api_tokens();
  Ingest& ingest();
  const Query& query();
  Forecasts& forecasts();
  Trainer& trainer();
  const Pictures& pictures();
  DayForecasts& day_forecasts();
  const Reports& reports();
  ReportSchedule& report_schedule();
  People& people();
  Audit& audit();
  ChatSettings& chat_settings();
  RuleBook& rules();
  Alerts& alerts();
  Predictions& predictions();
  Anomalies& anomalies();
  Announcements& announcements();
  IncidentBook& incidents();
  Muting& muting();
  Outbox& outbox();
  DiskWatch& disk_watch();
  UpdateDoor& update_door();

 private:
  struct Parts;
  explicit Hub(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace mps::service
