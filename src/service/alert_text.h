#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/incidents.h"
#include "catalog/predictions.h"
#include "metric/resource.h"
#include "service/alert_words.h"

namespace mps::service {

// An incident with what it is about, by name. `resource` is null where it is about the server as a whole.
struct Subject {
  catalog::Incident incident;
  std::string server;
  const Resource* resource = nullptr;
  // Of a prediction: what became of such ones lately.
  catalog::Predictions::Count scored = {};
};

// "over 90 %", "under 5 %".
std::string limit_text(double threshold, bool below, const Resource* resource, const Reader& reader);

// What a person reads about one incident as it stands: firing, acknowledged, snoozed, resolved. HTML. All times are of
// the incident, none of the moment of writing: the same incident gives the same text.
std::string incident_text(const Subject& subject, Timestamp now, const Reader& reader);

// While it lasts: the repeated notification.
std::string reminder_text(const Subject& subject, Timestamp now, const Reader& reader);

// One line of a list.
std::string incident_line(const Subject& subject, Timestamp now, const Reader& reader);

// "7 of 45 servers: CPU, Disk", of those that are open; of all where none is.
std::string fleet_line(const std::vector<Subject>& subjects, size_t servers_in_all, const Reader& reader);

// "Of such predictions in 90 days 10 of 12 came true"; empty where none was judged.
std::string precision_text(const catalog::Predictions::Count& scored, const AlertWords& words);

// "14:03", with the day where that was not today: "14:03 Thu" within a week, else "14:03 26 Nov".
std::string clock_text(Timestamp time, Timestamp now, const Reader& reader);

// An upper bound of the UTF-16 units that a reader sees of `html`.
size_t visible_units(std::string_view html);

// As many lines as fit into `limit` units below `head`, whole ones; then how many more there are.
struct FittedList {
  std::string html;
  size_t left_out = 0;
};
FittedList fit_lines(const std::string& head, const std::vector<std::string>& lines, size_t limit,
                     const AlertWords& words = alert_words("en"));

}  // namespace mps::service
