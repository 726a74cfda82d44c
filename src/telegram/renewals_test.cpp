#include "telegram/renewals.h"

#include <gmock/gmock.h>

#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr MessageId kMessage{7};

// Messages that say how often they were written; edits are answered by the test.
class RenewalsTest : public Conversation {
 protected:
  Renewal renewal(MessageId message = kMessage, ChatId chat = kOwner) {
    return {{chat, 3, {}}, message, "graph", "1 0 60m", UserId(42), clock_.now(), false};
  }

  void tick() {
    renewals_->tick([this](const Renewal& r) { return write(r); },
                    [this](ChatId, MessageId, const MessageContent& content) -> ApiResult<> {
                      if (on_edit) on_edit();
                      if (answer) return *answer;
                      said.push_back(content.html);
                      return {};
                    },
                    [this](ChatId, const std::function<void()>& task) {
                      if (busy) return false;
                      task();
                      return true;
                    });
  }

  Renewed write(const Renewal& r) {
    ++written;
    const bool last = r.ended || clock_.now() - r.begun_at >= 15min;
    if (silent) return {{}, 10s, last};
    return {MessageContent{fmt::format("{}{}",
                                       r.ended ? "ended "
                                       : last  ? "last "
                                               : "",
                                       written),
                           {},
                           {},
                           {}},
            10s, last};
  }

  // As the loop of the bot does, for so long.
  void live(Duration time) {
    for (const Timestamp end = clock_.now() + time; clock_.now() < end;) {
      clock_.set(std::min(renewals_->next_due(), end));
      tick();
    }
  }

  std::vector<std::string> said;
  std::optional<ApiError> answer;
  std::function<void()> on_edit;
  int written = 0;
  bool busy = false, silent = false;
};

TEST_F(RenewalsTest, IsWrittenEveryTenSecondsForAQuarterOfAnHourAndThenOnceMore) {
  ASSERT_TRUE(renewals_->begin(renewal(), 10s));
  live(14min + 59s);
  EXPECT_EQ(said.size(), 89u);
  live(10min);
  EXPECT_EQ(said.size(), 90u);
  EXPECT_EQ(said.back(), "last 90");
  EXPECT_EQ(renewals_->running(), 0u);
}

TEST_F(RenewalsTest, NothingNewIsNoEdit) {
  silent = true;
  ASSERT_TRUE(renewals_->begin(renewal(), 10s));
  live(20min);
  EXPECT_TRUE(said.empty());
  EXPECT_EQ(renewals_->running(), 0u);
}

TEST_F(RenewalsTest, A429PausesItForAsLongAsTelegramSays) {
  ASSERT_TRUE(renewals_->begin(renewal(), 10s));
  answer = ApiError{ApiErrorKind::kTooManyRequests, 429, "slow", 45s, {}};
  live(10s);
  EXPECT_EQ(written, 1);
  answer.reset();
  live(44s);
  EXPECT_EQ(written, 1);
  live(1s);
  EXPECT_THAT(said, ElementsAre("2"));
  live(10s);
  EXPECT_THAT(said, ElementsAre("2", "3"));
}

TEST_F(RenewalsTest, TheLastWordIsSaidAgainUntilItIsHeard) {
  ASSERT_TRUE(renewals_->begin(renewal(), 10s));
  answer = ApiError{ApiErrorKind::kUnreachable, 0, "down", {}, {}};
  live(16min);
  EXPECT_EQ(renewals_->running(), 1u);
  answer.reset();
  live(10s);
  EXPECT_EQ(said.size(), 1u);
  EXPECT_EQ(said.front().substr(0, 4), "last");
  EXPECT_EQ(renewals_->running(), 0u);
}

TEST_F(RenewalsTest, WhatCannotBeSaidForHalfAnHourIsGivenUp) {
  ASSERT_TRUE(renewals_->begin(renewal(), 10s));
  answer = ApiError{ApiErrorKind::kUnreachable, 0, "down", {}, {}};
  live(31min);
  EXPECT_EQ(renewals_->running(), 0u);
}

TEST_F(RenewalsTest, ADeletedMessageIsForgotten) {
  ASSERT_TRUE(renewals_->begin(renewal(), 10s));
  answer = ApiError{ApiErrorKind::kMessageGone, 400, "message to edit not found", {}, {}};
  live(11s);
  EXPECT_EQ(renewals_->running(), 0u);
}

TEST_F(RenewalsTest, OneThatIsEndedWhileItIsOnItsWayGetsItsLastWord) {
  ASSERT_TRUE(renewals_->begin(renewal(), 10s));
  on_edit = [this] {
    if (written == 1) {
      EXPECT_TRUE(renewals_->end(kOwner, kMessage));
    }
  };
  live(1min);
  EXPECT_THAT(said, ElementsAre("1", "ended 2"));
  EXPECT_FALSE(renewals_->end(kOwner, kMessage));
}

TEST_F(RenewalsTest, ThreeOfAKindInAChatAndNoMore) {
  for (int i = 1; i <= 3; ++i) {
    EXPECT_TRUE(renewals_->has_room(kOwner, "graph"));
    ASSERT_TRUE(renewals_->begin(renewal(MessageId(i)), 10s));
  }
  EXPECT_FALSE(renewals_->has_room(kOwner, "graph"));
  EXPECT_TRUE(renewals_->has_room(kOwner, "connect"));
  EXPECT_TRUE(renewals_->has_room(ChatId(43), "graph"));
  EXPECT_TRUE(renewals_->end(kOwner, MessageId(2)));
  EXPECT_TRUE(renewals_->has_room(kOwner, "graph"));
}

TEST_F(RenewalsTest, TheyGoOnAfterARestartAndEndAtTheSameTime) {
  ASSERT_TRUE(renewals_->begin(renewal(), 10s));
  live(5min);
  const size_t before = said.size();
  restart();
  EXPECT_EQ(renewals_->running(), 1u);
  live(1s);
  EXPECT_EQ(said.size(), before + 1);
  live(9min + 58s);
  EXPECT_EQ(renewals_->running(), 1u);
  live(15s);
  EXPECT_EQ(said.back().substr(0, 4), "last");
  EXPECT_EQ(renewals_->running(), 0u);
  restart();
  EXPECT_EQ(renewals_->running(), 0u);
}

TEST_F(RenewalsTest, WhereNobodyHasTimeForItItsTurnComesLater) {
  ASSERT_TRUE(renewals_->begin(renewal(), 10s));
  busy = true;
  live(15s);
  EXPECT_EQ(written, 0);
  busy = false;
  live(10s);
  EXPECT_EQ(written, 1);
}

}  // namespace
}  // namespace mps::telegram
