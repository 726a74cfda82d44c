#pragma once

#include <string>

#include "catalog/incidents.h"
#include "catalog/predictions.h"
#include "metric/units.h"
#include "service/day_forecasts.h"
#include "service/query.h"
#include "service/servers.h"

namespace mps::service {

struct ReportOptions {
  std::string date;  // "2026-11-25", a day of `zone`; "" for yesterday
  std::string language = "en";
  TimeZone zone = {};
  Units units = Units::kBytes;
  bool letter = false;    // rather than A4
  std::string link = {};  // of the web page; "" for none
};

// The daily reports, as PDF. Thread-safe.
class Reports {
 public:
  Reports(catalog::Database& database, const Query& query, const DayForecasts& forecasts, const Servers& servers,
          const Clock& clock)
      : incidents_(database),
        predictions_(database),
        query_(query),
        forecasts_(forecasts),
        servers_(servers),
        clock_(clock) {}

  struct Report {
    std::string pdf;
    std::string date;     // of the day
    std::string caption;  // two lines of plain text
  };
  // Fails with kInvalidArgument (date, language; a day that has not begun), kNotFound (a fleet without servers), kIo.
  Result<Report> of_server(const Server& server, const ReportOptions& options) const;
  Result<Report> of_fleet(const ReportOptions& options) const;

 private:
  mutable catalog::Incidents incidents_;
  mutable catalog::Predictions predictions_;
  const Query& query_;
  const DayForecasts& forecasts_;
  const Servers& servers_;
  const Clock& clock_;
};

}  // namespace mps::service
