#pragma once

#include "telegram/screen.h"

// One line a screen; its file defines it.
namespace mps::telegram {

extern const Screen kStartScreen, kConnectScreen, kServersScreen, kStatusScreen, kGraphScreen, kForecastScreen,
    kHelpScreen, kPickScreen, kCardScreen, kAlertsScreen, kSilenceScreen, kQuietScreen, kMaintenanceScreen,
    kReportScreen, kSettingsScreen, kUsersScreen, kInviteScreen, kAuditScreen, kThresholdsScreen, kRulesScreen,
    kJudgeScreen, kExportScreen, kAboutScreen;

}  // namespace mps::telegram
