#pragma once

#include <optional>
#include <string>
#include <vector>

#include "alert/episodes.h"
#include "service/forecasts.h"
#include "service/query.h"
#include "service/rule_book.h"

namespace mps::service {

struct PreviewedIncident {
  std::string instance;
  alert::Episode episode;
  // Of a prediction: for when it was foreseen, and whether that came true; nothing where it is not known yet.
  std::optional<Timestamp> expected = {};
  std::optional<bool> came_true = {};
};

// What a rule would have done.
struct RulePreview {
  TimeRange range;                           // that was looked at, of stored samples
  size_t readings = 0;                       // in it
  std::vector<PreviewedIncident> incidents;  // by time
  // The most watchful threshold that would have fired at most once a week, per instance; nothing where that can't be
  // told, and for rules without one.
  std::optional<double> suggested;
  std::string note = {};  // a sentence about what was assumed, where something was
};

inline constexpr Duration kPreviewSpan = std::chrono::days(30);

// Plays the stored samples of the last `span` to the rule, as if they had come in order; of a recording its last ones.
// spec.scope is not looked at. Rules about what is to come are played the forecasts that would have been made then, as
// forecast/replay.h makes them; starts of the server are not known to them. Takes some 100 ms. Fails with
// kNotEnoughData where the server has sent nothing of the resource.
Result<RulePreview> preview_rule(const Query& query, const Forecasts& forecasts, const Server& server,
                                 const RuleSpec& spec, Timestamp now, Duration span = kPreviewSpan);

}  // namespace mps::service
