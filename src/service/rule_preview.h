#pragma once

#include <optional>
#include <string>
#include <vector>

#include "alert/episodes.h"
#include "service/query.h"
#include "service/rule_book.h"

namespace mps::service {

struct PreviewedIncident {
  std::string instance;
  alert::Episode episode;
};

// What a rule would have done.
struct RulePreview {
  TimeRange range;                           // that was looked at, of stored samples
  size_t readings = 0;                       // in it
  std::vector<PreviewedIncident> incidents;  // by time
  // The most watchful threshold that would have fired at most once a week, per instance; nothing where that can't be
  // told, and for rules without one.
  std::optional<double> suggested;
};

inline constexpr Duration kPreviewSpan = std::chrono::days(30);

// Plays the stored samples of the last `span` to the rule, as if they had come in order; of a recording its last ones.
// spec.scope is not looked at. Fails with kNotEnoughData where the server has sent nothing of the resource, and with
// kInvalidArgument for rules that are not about samples (predictions, anomalies).
Result<RulePreview> preview_rule(const Query& query, const Server& server, const RuleSpec& spec, Timestamp now,
                                 Duration span = kPreviewSpan);

}  // namespace mps::service
