#include "service/role.h"

#include <algorithm>
#include <array>

namespace mps::service {
namespace {

constexpr std::array<std::string_view, 4> kRoleNames{"viewer", "operator", "admin", "owner"};

}  // namespace

std::string_view name_of(Role role) {
  return kRoleNames[static_cast<size_t>(role)];
}

std::optional<Role> find_role(std::string_view name) {
  const auto found = std::find(kRoleNames.begin(), kRoleNames.end(), name);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

}  // namespace mps::service
