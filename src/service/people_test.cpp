#include "service/people.h"

#include <gmock/gmock.h>

#include "base/crypto.h"
#include "service/audit.h"
#include "service/chat_settings.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"

namespace mps::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

class PeopleTest : public ::testing::Test {
 protected:
  PeopleTest() { open(); }
  void open() {
    people_.reset();
    database_ = catalog::Database::open("sqlite3://" + (folder_.path() / "catalog.db").string()).value();
    people_.emplace(*database_, clock_);
  }
  void pair_owner() {
    ASSERT_EQ(people_->pair(1, 1, "Ann", *people_->pairing_code()).value(), PairOutcome::kBecameOwner);
  }
  PairOutcome join(int64_t user, Role role) {
    return people_->pair(user, user, "Bob", people_->invite(role, "Ann")->code).value();
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  std::unique_ptr<catalog::Database> database_;
  std::optional<People> people_;
};

TEST_F(PeopleTest, AnInvitationLetsOnePersonInOnceInItsRole) {
  pair_owner();
  const auto invite = people_->invite(Role::kOperator, "Ann").value();
  EXPECT_EQ(people_->pair(2, 2, "Bob", invite.code).value(), PairOutcome::kJoined);
  EXPECT_EQ(people_->role_of(2, 2), Role::kOperator);
  EXPECT_EQ(people_->find(2)->invited_by, "Ann");
  EXPECT_EQ(people_->pair(3, 3, "Eve", invite.code).value(), PairOutcome::kWrongCode);
  EXPECT_EQ(people_->role_of(3, 3), std::nullopt);
  EXPECT_THAT(people_->alert_chats(), ElementsAre(1, 2));
}

TEST_F(PeopleTest, AnInvitationEndsAfterADay) {
  pair_owner();
  const auto invite = people_->invite(Role::kViewer, "Ann").value();
  EXPECT_EQ(invite.expires_at, clock_.now() + 24h);
  clock_.advance(24h);
  EXPECT_EQ(people_->pair(2, 2, "Bob", invite.code).value(), PairOutcome::kWrongCode);
  EXPECT_TRUE(people_->open_invites()->empty());
}

TEST_F(PeopleTest, TheOwnerHandsOverToAnAdminAndIsAnAdminThenAcrossARestart) {
  pair_owner();
  join(2, Role::kAdmin);
  join(3, Role::kOperator);
  const uint64_t version = people_->version();
  const auto done = people_->hand_over(2).value();
  EXPECT_EQ(done.owner.user_id, 2);
  EXPECT_EQ(done.former.user_id, 1);
  EXPECT_GT(people_->version(), version) << "the menus follow";
  open();
  EXPECT_EQ(people_->role_of(1, 1), Role::kAdmin);
  EXPECT_EQ(people_->role_of(2, 2), Role::kOwner);
  EXPECT_EQ(people_->pairing_code(), std::nullopt) << "there is an owner";
  EXPECT_FALSE(people_->remove(2)) << "the owner stays";
  EXPECT_TRUE(people_->remove(1));
}

TEST_F(PeopleTest, OnlyAnAdminCanBecomeTheOwner) {
  pair_owner();
  join(3, Role::kOperator);
  EXPECT_EQ(people_->hand_over(3).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(people_->hand_over(1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(people_->hand_over(9).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(people_->role_of(1, 1), Role::kOwner);
}

TEST_F(PeopleTest, OfAnInvitationOnlyTheHashIsKept) {
  pair_owner();
  const auto invite = people_->invite(Role::kAdmin, "Ann").value();
  const auto kept = people_->open_invites().value();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].hash, sha256_hex(invite.code));
  EXPECT_THAT(kept[0].hash + kept[0].role + kept[0].invited_by, Not(HasSubstr(invite.code)));
}

TEST_F(PeopleTest, InvitationsOutliveARestartAndCanBeWithdrawn) {
  pair_owner();
  const auto first = people_->invite(Role::kViewer, "Ann").value();
  open();
  EXPECT_EQ(people_->pair(2, 2, "Bob", first.code).value(), PairOutcome::kJoined);
  const auto second = people_->invite(Role::kViewer, "Ann").value();
  people_->withdraw_invites().value();
  EXPECT_EQ(people_->pair(3, 3, "Eve", second.code).value(), PairOutcome::kWrongCode);
}

TEST_F(PeopleTest, OwnersAreNotInvitedAndInvitationsHaveALimit) {
  pair_owner();
  EXPECT_EQ(people_->invite(Role::kOwner, "Ann").error().code, ErrorCode::kInvalidArgument);
  for (size_t i = 0; i < People::kInvitesMax; ++i) people_->invite(Role::kViewer, "Ann").value();
  EXPECT_EQ(people_->invite(Role::kViewer, "Ann").error().code, ErrorCode::kLimitExceeded);
  clock_.advance(25h);
  EXPECT_TRUE(people_->invite(Role::kViewer, "Ann"));
}

TEST_F(PeopleTest, GuessesOfInvitationsAreLimitedAsThoseOfTheFirstCode) {
  pair_owner();
  const auto invite = people_->invite(Role::kAdmin, "Ann").value();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(people_->pair(9, 9, "Eve", "guess-number-" + std::to_string(i)).value(), PairOutcome::kWrongCode);
  EXPECT_EQ(people_->pair(9, 9, "Eve", invite.code).value(), PairOutcome::kSlowDown);
  for (int64_t user = 10; user < 25; ++user) people_->pair(user, user, "Eve", "another-guess").value();
  EXPECT_EQ(people_->pair(30, 30, "Bob", invite.code).value(), PairOutcome::kSlowDown) << "20 over all";
  clock_.advance(11min);
  EXPECT_EQ(people_->pair(30, 30, "Bob", invite.code).value(), PairOutcome::kJoined);
}

TEST_F(PeopleTest, RolesChangeButTheOwnerStays) {
  pair_owner();
  join(2, Role::kViewer);
  EXPECT_EQ(people_->set_role(2, Role::kAdmin)->role, Role::kAdmin);
  EXPECT_EQ(people_->role_of(2, 2), Role::kAdmin);
  EXPECT_EQ(people_->set_role(1, Role::kViewer).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(people_->set_role(2, Role::kOwner).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(people_->set_role(7, Role::kViewer).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(people_->remove(1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(people_->remove_chat(1).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(PeopleTest, WhoIsRemovedSeesNothingAndHearsNothing) {
  pair_owner();
  join(2, Role::kAdmin);
  join(3, Role::kAdmin);
  people_->add_chat(-5, 0, "team", 0).value();
  EXPECT_EQ(people_->role_of(-5, 2), Role::kAdmin);
  EXPECT_EQ(people_->remove(2)->name, "Bob");
  EXPECT_EQ(people_->role_of(2, 2), std::nullopt);
  EXPECT_EQ(people_->role_of(-5, 2), std::nullopt);
  people_->remove_chat(3).value();
  EXPECT_EQ(people_->role_of(3, 3), std::nullopt) << "the chat of a person is the person";
  EXPECT_THAT(people_->alert_chats(), ElementsAre(1, -5));
}

TEST_F(PeopleTest, WhomWeKnowMaySpeakInGroupsThatWereAddedAlone) {
  pair_owner();
  EXPECT_EQ(people_->role_of(-5, 1), std::nullopt);
  people_->add_chat(-5, 0, "team", 0).value();
  EXPECT_EQ(people_->role_of(-5, 1), Role::kOwner);
  EXPECT_EQ(people_->role_of(-5, 99), std::nullopt);
  EXPECT_EQ(people_->role_of(-5, 0), std::nullopt) << "whoever writes as the group itself";
}

TEST_F(PeopleTest, AGroupThatBecomesASupergroupKeepsWhatItChose) {
  pair_owner();
  ChatSettings settings(*database_, TimeZone());
  people_->add_chat(-5, 0, "team", 0).value();
  settings.set_alerts(-5, "tag db").value();
  const uint64_t before = people_->version();
  people_->move_chat(-5, -1005).value();
  EXPECT_GT(people_->version(), before);
  EXPECT_THAT(people_->alert_chats(), ElementsAre(1, -1005));
  EXPECT_EQ(settings.of(-1005).tag, "db");
  EXPECT_FALSE(people_->knows_chat(-5));
  EXPECT_EQ(people_->move_chat(-5, -1006).error().code, ErrorCode::kNotFound);
}

TEST_F(PeopleTest, TheLinkHoldsTheBotsNameOnceItIsKnown) {
  EXPECT_EQ(people_->link_of("abc"), "/start abc");
  catalog::Settings(*database_).set(People::kBotName, "mps_bot").value();
  EXPECT_EQ(people_->link_of("abc"), "https://t.me/mps_bot?start=abc");
}

TEST_F(PeopleTest, ChangesAreNotedAndReadPageByPage) {
  Audit audit(*database_, clock_);
  for (int i = 0; i < 5; ++i) {
    clock_.advance(1min);
    audit.note("Ann", Change::kRuleSet, std::to_string(i));
  }
  const auto first = audit.list(2).value(), second = audit.list(2, 1).value(), last = audit.list(2, 2).value();
  ASSERT_EQ(first.size() + second.size() + last.size(), 5u);
  EXPECT_EQ(first[0].detail, "4");
  EXPECT_EQ(second[0].detail, "2");
  EXPECT_EQ(last[0].detail, "0");
  EXPECT_EQ(first[0].at, clock_.now());
  EXPECT_EQ(find_change(first[0].what), Change::kRuleSet);
  audit.note("\xFF", Change::kInvited, std::string(10'000, 'x'));
  EXPECT_EQ(audit.list(1)->at(0).who, "\xEF\xBF\xBD");
  EXPECT_EQ(audit.list(1)->at(0).detail.size(), 500u);
  catalog::AuditTable(*database_).forget_before(clock_.now()).value();
  EXPECT_EQ(audit.list(10)->size(), 2u);
}

TEST(RoleTest, NamesAreReadAsTheyAreWritten) {
  for (const Role role : {Role::kViewer, Role::kOperator, Role::kAdmin, Role::kOwner})
    EXPECT_EQ(find_role(name_of(role)), role);
  EXPECT_EQ(find_role("boss"), std::nullopt);
  for (size_t i = 0; i < kChanges; ++i) {
    const auto change = static_cast<Change>(i);
    EXPECT_FALSE(name_of(change).empty());
    EXPECT_EQ(find_change(name_of(change)), change);
  }
}

}  // namespace
}  // namespace mps::service
