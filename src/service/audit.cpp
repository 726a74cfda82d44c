#include "service/audit.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "base/text.h"

namespace mps::service {
namespace {

constexpr size_t kDetailBytesMax = 500;

constexpr std::array<std::string_view, kChanges> kChangeNames{
    "server_added", "server_changed", "server_removed", "token_made",     "token_removed", "rule_set",
    "rule_removed", "acknowledged",   "snoozed",        "silence_added",  "silence_ended", "maintenance_added",
    "quiet_set",    "quiet_removed",  "report_set",     "report_removed", "invited",       "joined",
    "role_changed", "person_removed", "chat_added",     "chat_changed",   "chat_removed",  "owner_changed"};

}  // namespace

std::string_view name_of(Change change) {
  return kChangeNames[static_cast<size_t>(change)];
}

std::optional<Change> find_change(std::string_view name) {
  const auto found = std::find(kChangeNames.begin(), kChangeNames.end(), name);
  if (found == kChangeNames.end()) return std::nullopt;
  return static_cast<Change>(found - kChangeNames.begin());
}

void Audit::note(std::string_view who, Change change, std::string_view detail) {
  const std::string cut = valid_utf8(detail.substr(0, kDetailBytesMax));
  const auto noted = table_.add({0, clock_.now(), valid_utf8(who), std::string(name_of(change)), cut});
  if (!noted) log::error("{}: {} by {}, {}", noted.error().message, name_of(change), who, cut);
}

}  // namespace mps::service
