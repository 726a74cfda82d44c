// The part of People that makes somebody else the owner.

#include <algorithm>
#include <fmt/format.h>

#include "base/log.h"
#include "service/people.h"

namespace mps::service {

Result<Handover> People::hand_over(int64_t user_id) {
  Handover done;
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY(done.owner, find_subordinate(user_id));
    if (done.owner.role != Role::kAdmin) {
      return Error{ErrorCode::kInvalidArgument, fmt::format("{} is {}; only an admin can become the owner",
                                                            done.owner.name, name_of(done.owner.role))};
    }
    const auto all = persons();
    const auto former = std::ranges::find(all, Role::kOwner, &Person::role);
    if (former == all.end()) return Error{ErrorCode::kNotFound, "nobody is the owner yet"};
    done.former = *former;
    MPS_TRY_VOID(persons_.set_role(done.former.user_id, std::string(name_of(Role::kAdmin))));
    return persons_.set_role(user_id, std::string(name_of(Role::kOwner)));
  }));
  ++version_;
  done.former.role = Role::kAdmin;
  done.owner.role = Role::kOwner;
  log::info("the Telegram user {} is the owner now, no longer {}", user_id, done.former.user_id);
  return done;
}

}  // namespace mps::service
