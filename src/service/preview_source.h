#pragma once

#include "service/rule_preview.h"

// What the previews of all kinds of rules share. For rule_preview.cpp and outlook_preview.cpp alone.
namespace mps::service {

struct PreviewSource {
  const Query& query;
  const Forecasts& forecasts;
  const Server& server;
  const RuleSpec& spec;
  TimeRange range;
};

Error nothing_sent(const PreviewSource& source);
void sort_by_time(RulePreview& preview);

Result<RulePreview> preview_predictions(const PreviewSource& source);
Result<RulePreview> preview_anomalies(const PreviewSource& source);

}  // namespace mps::service
