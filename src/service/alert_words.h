#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "base/time_zone.h"
#include "service/chat_settings.h"
#include "service/report_words.h"

namespace mps::service {

// What stands first, and what stands there while it lasts: "is over", "is still over".
using Still = std::array<std::string_view, 2>;

// Every sentence of alerts: cards, repeats, digests, lists. Placeholders stand in braces, as fmt takes them. A language
// is one more table.
struct AlertWords {
  std::string_view language;  // "en"
  // What is wrong
  std::string_view over, under, full, foreseen_at, band;
  Still silent, no_figures, foreseen, unusual, beyond;
  // Figures below it
  std::string_view figures_silent, figures_foreseen, figures, peak, lowest;
  // What is over
  std::string_view span, sends_again, sends_this_again, no_longer_foreseen, came_true, as_usual, back_to;
  // What nobody watches any more, and how good predictions were
  std::string_view server_removed, unwatched, silence_unwatched, was_silent, was_foreseen, was_unusual, was_beyond,
      line_removed, line_unwatched, scored;
  // What people did, and what it is like
  std::string_view critical, acknowledged, snoozed, flapping;
  // Lines of lists
  std::string_view line_silent, line_no_figures, line_resolved, line_beyond, line_critical, line_acknowledged,
      line_snoozed, line_flapping, more;
  // Of many servers
  std::string_view fleet, fleet_of_one, fleet_silent, digest, outage, counts, counts_of_one, all_over, some_over,
      firing, still_firing;
  bool (*is_one)(size_t count);  // does a noun behind this number stand in its singular?
  // Buttons
  std::string_view acknowledge, acknowledge_all, snooze_hour, snooze_hours, snooze_morning, graph;
  // What else comes by itself
  std::string_view written_late, perhaps_twice, whole_list, chat_gone, meanwhile, meanwhile_head, quiet_warning,
      disk_full, disk_well;
  // Steps of an incident's life, in pairs: as the catalog has it, as it reads here
  std::array<std::pair<std::string_view, std::string_view>, 8> steps;

  std::string_view step(std::string_view name) const;
};

// English where there is no such language.
const AlertWords& alert_words(std::string_view language);

// Who reads a text: in which words, and by which clock.
struct Reader {
  const AlertWords& words;
  const ReportWords& figures;  // titles of resources, values with units, durations, names of days
  TimeZone zone;
};
Reader reader_of(std::string_view language, TimeZone zone, Units units = Units::kBytes);
Reader reader_of(const ChatLook& look);

}  // namespace mps::service
