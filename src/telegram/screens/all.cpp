#include "telegram/screens/all.h"

#include <algorithm>

namespace mps::telegram {

// In the order of the app's menu. A function, since the rows live in other files: their construction must come first.
std::span<const Screen> screens() {
  static const std::vector<Screen> all = {
      kServersScreen,  kStatusScreen,     kGraphScreen,   kForecastScreen, kReportScreen,      kExportScreen,
      kAlertsScreen,   kThresholdsScreen, kSilenceScreen, kQuietScreen,    kMaintenanceScreen, kConnectScreen,
      kSettingsScreen, kUsersScreen,      kInviteScreen,  kAuditScreen,    kAboutScreen,       kHelpScreen,
      kStartScreen,    kPickScreen,       kCardScreen,    kRulesScreen,    kJudgeScreen};
  return all;
}

const Screen* find_screen(std::string_view command) {
  const auto all = screens();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Screen& s) { return s.command == command; });
  return found == all.end() ? nullptr : &*found;
}

Replies say(std::string html) {
  return {{{std::move(html), {}, {}, {}}, false}};
}

bool fits_in_place(const Reply& reply, const CallbackQuery& query) {
  if (!reply.in_place || query.message == MessageId(0) || reply.content.document) return false;
  const bool is_picture = reply.content.photo.has_value() || reply.content.keeps_picture;
  return is_picture != query.message_has_text;
}

}  // namespace mps::telegram
