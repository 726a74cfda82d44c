#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/time_zone.h"
#include "catalog/incidents.h"
#include "catalog/servers.h"
#include "chart/scene.h"
#include "service/alert_words.h"
#include "service/forecasts.h"
#include "service/query.h"

namespace mps::service {

// Pictures of stored figures, as PNG; in English and by the hub's clock where nobody's reader is given. Thread-safe;
// drawing takes milliseconds.
class Pictures {
 public:
  Pictures(const Query& query, const Forecasts& forecasts, const Clock& clock, TimeZone zone)
      : query_(query), forecasts_(forecasts), clock_(clock), zone_(std::move(zone)) {}

  // The last `span` of a resource. kNotFound, with a sentence, where the server sent nothing of it.
  Result<std::string> graph(const catalog::Server& server, const Resource& resource, Duration span) const;

  // What an incident is about, as `reader` reads it: its series in the last hours, its threshold, since when it lasts,
  // and the forecast where there is one; of an anomaly what was forecast before. kNotFound likewise.
  Result<std::string> incident(const catalog::Server& server, const Resource& resource,
                               const catalog::Incident& incident, const Reader& reader) const;

  struct ForecastPicture {
    std::string png;
    ForecastView view;
  };
  // History, median and 80 % band, method and errors in the corner.
  Result<ForecastPicture> forecast(const catalog::Server& server, const Resource& resource, Duration horizon) const;

 private:
  std::optional<chart::ForecastOverlay> ahead_of(ServerId server, const Resource& resource,
                                                 const catalog::Incident& incident, Timestamp now) const;
  std::optional<chart::ForecastOverlay> expected_before(ServerId server, const Resource& resource,
                                                        const catalog::Incident& incident, Timestamp now) const;

  const Query& query_;
  const Forecasts& forecasts_;
  const Clock& clock_;
  TimeZone zone_;
};

}  // namespace mps::service
