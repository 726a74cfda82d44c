#pragma once

#include <string>

#include "alert/evaluator.h"
#include "base/time_zone.h"
#include "catalog/incidents.h"
#include "catalog/servers.h"
#include "metric/resource.h"
#include "service/announcements.h"

namespace mps::service {

// What a person reads when a rule fires, lasts, or is over. HTML.
std::string alert_text(alert::Transition transition, const catalog::Server& server, const Resource& resource,
                       const alert::Rule& rule, const catalog::Incident& incident, double value, Timestamp now,
                       const TimeZone& zone);

// The same of a server that is silent.
std::string silence_text(alert::Transition transition, const catalog::Server& server, const catalog::Incident& incident,
                         const std::vector<Meanwhile>& meanwhile, Timestamp now, const TimeZone& zone);

// The same of what is expected to come.
std::string prediction_text(alert::Transition transition, const catalog::Server& server, const Resource& resource,
                            const alert::Rule& rule, const catalog::Incident& incident, const alert::Crossing& crossing,
                            double value, Timestamp now, const TimeZone& zone);

}  // namespace mps::service
