#pragma once

#include <optional>
#include <string_view>

namespace mps::service {

// What somebody may do; each may do what those before it may.
enum class Role {
  kViewer,    // look
  kOperator,  // and acknowledge, snooze, silence, plan maintenance
  kAdmin,     // and change servers, rules and groups: everything but people
  kOwner,     // and people
};

// "viewer", "operator", "admin", "owner": in the catalog, on the command line and in callback_data.
std::string_view name_of(Role role);
std::optional<Role> find_role(std::string_view name);

}  // namespace mps::service
