#pragma once

#include <string>
#include <vector>

#include "catalog/predictions.h"
#include "chart/document.h"
#include "service/report_words.h"
#include "service/server_day.h"

// Figures of a day as a document for print. Pure functions.
namespace mps::service {

struct ReportLook {
  chart::Paper paper = chart::Paper::kA4;
  std::string link;   // where the title leads; "" for nowhere
  Timestamp created;  // metadata
};

chart::ReportDocument server_document(const ServerDay& day, const ReportWords& words, const ReportLook& look);

// days: one per server, of the same day, in any order; at least one. predictions: what became of them lately.
chart::ReportDocument fleet_document(std::vector<ServerDay> days, const catalog::Predictions::Count& predictions,
                                     const ReportWords& words, const ReportLook& look);

// What deserves a look in the days that follow, a sentence each; empty: nothing.
std::vector<std::string> risks_of(const ServerDay& day, const ReportWords& words);

}  // namespace mps::service
