#include "catalog/incident_pages.h"

#include "service/incident_book.h"

namespace mps::service {

Result<std::vector<Subject>> IncidentBook::page(std::optional<int64_t> before, size_t count, bool only_open) {
  MPS_TRY(const auto ids, catalog::incident_page(database_, before, count, only_open));
  std::vector<Subject> subjects;
  for (const int64_t id : ids) {
    MPS_TRY(const auto incident, incidents_.find(id));
    if (incident) subjects.push_back(writer_.subject(*incident));
  }
  return subjects;
}

}  // namespace mps::service
