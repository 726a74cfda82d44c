#include "service/hub_identity.h"

#include "base/crypto.h"

namespace mps::service {
namespace {

constexpr const char* kHubId = "hub_id";

}  // namespace

Result<std::string> hub_identity(catalog::Settings& settings) {
  MPS_TRY(auto known, settings.get(kHubId));
  if (known) return *known;
  const std::string made = random_token(6);
  MPS_TRY_VOID(settings.set(kHubId, made));
  return made;
}

}  // namespace mps::service
