#pragma once

#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>

#include "service/report_document.h"

// What the reports of a server and of the fleet share. For this folder's report files alone.
namespace mps::service {

chart::Tone tone_of_percent(double value);
std::string share_text(double share);  // "99.8 %"
chart::ReportDocument empty_document(std::string title, TimeRange day, const TimeZone& zone, const ReportWords& words,
                                     const ReportLook& look);
// "Thu 27 Nov 03:40 (Thu 27 Nov 01:10 - Fri 28 Nov 07:30)", or that it does not grow.
std::string full_text(const MountDay& mount, Timestamp from, const TimeZone& zone, const ReportWords& words);
std::string incident_words(const catalog::Incident& incident, const ReportWords& words);

}  // namespace mps::service
