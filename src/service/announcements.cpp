#include "service/announcements.h"

#include "service/alert_text.h"

namespace mps::service {

Result<size_t> Announcements::announce(const IncidentEvent& event, const std::vector<int64_t>& audience,
                                       Timestamp now) {
  const std::string html =
      event.resource == nullptr
          ? silence_text(event.transition, event.server, event.incident, event.meanwhile, now, zone_)
      : event.crossing ? prediction_text(event.transition, event.server, *event.resource, event.rule, event.incident,
                                         *event.crossing, event.value, now, zone_)
                       : alert_text(event.transition, event.server, *event.resource, event.rule, event.incident,
                                    event.value, now, zone_);
  for (const int64_t chat : audience) MPS_TRY_VOID(outbox_.add({0, chat, event.incident.id, html, now, now, 0}));
  return audience.size();
}

}  // namespace mps::service
