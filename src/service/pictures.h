#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "catalog/incidents.h"
#include "catalog/servers.h"
#include "chart/scene.h"
#include "service/alert_words.h"
#include "service/forecasts.h"
#include "service/query.h"

namespace mps::service {

// Pictures of incidents, as PNG. Thread-safe; drawing takes milliseconds.
class Pictures {
 public:
  Pictures(const Query& query, const Forecasts& forecasts, const Clock& clock)
      : query_(query), forecasts_(forecasts), clock_(clock) {}

  // What an incident is about, as `reader` reads it: its series in the last hours, its threshold, since when it lasts,
  // and the forecast where there is one; of an anomaly what was forecast before. kNotFound, with a
  // sentence, where the server sent nothing of it.
  Result<std::string> incident(const catalog::Server& server, const Resource& resource,
                               const catalog::Incident& incident, const Reader& reader) const;

 private:
  std::optional<chart::ForecastOverlay> ahead_of(ServerId server, const Resource& resource,
                                                 const catalog::Incident& incident, Timestamp now) const;
  std::optional<chart::ForecastOverlay> expected_before(ServerId server, const Resource& resource,
                                                        const catalog::Incident& incident, Timestamp now) const;

  const Query& query_;
  const Forecasts& forecasts_;
  const Clock& clock_;
};

}  // namespace mps::service
