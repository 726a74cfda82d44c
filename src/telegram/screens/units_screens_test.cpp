// What a chat's units change, and what they leave alone.

#include <gmock/gmock.h>

#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

class UnitsScreensTest : public Conversation {
 protected:
  void SetUp() override {
    pair();
    server_ = add_server("web-1");
    mps::testing::BatchBuilder batch;
    for (int i = 0; i <= 60; ++i) {
      batch.add(server_, clock_.now() - 10min + i * 10s, "net", {{"interface", "eth0"}},
                {{"bytes_recv", Value::of_integer(15'000'000 * i)}});
    }
    ASSERT_TRUE(hub_->store().append_and_wait(batch.batch()));
  }

  std::string picture() {
    const auto replies = say("/graph web-1 net_rx 1h");
    return replies.empty() || !replies.front().content.photo ? "" : replies.front().content.photo->content;
  }

  ServerId server_{};
};

TEST_F(UnitsScreensTest, StatusRulesAndPicturesFollowThem) {
  EXPECT_THAT(ask("/status web-1"), HasSubstr("1.5 MB/s"));
  const std::string in_bytes = picture();
  EXPECT_THAT(ask("/settings"), HasSubstr("Units: <b>MB/s (bytes)</b>"));
  EXPECT_THAT(ask("/settings units bits"), HasSubstr("Units: <b>Network in Mbit/s, disks in MB/s</b>"));
  EXPECT_THAT(ask("/status web-1"), HasSubstr("12 Mbit/s"));
  EXPECT_THAT(ask("/thresholds web-1 net_rx 100 mbit 10m"), HasSubstr("above 100 Mbit/s"));
  EXPECT_THAT(ask("/thresholds web-1 disk_read 100MB 10m"), HasSubstr("above 100 MB/s"));
  const std::string in_bits = picture();
  ASSERT_NE(in_bits, "");
  EXPECT_NE(in_bits, in_bytes);
  ask("/settings units binary");
  EXPECT_THAT(ask("/status web-1"), HasSubstr("1.43 MiB/s"));
  EXPECT_NE(picture(), in_bytes);
}

TEST_F(UnitsScreensTest, InRussianToo) {
  ask("/settings language ru");
  EXPECT_THAT(ask("/settings units bits"), HasSubstr("Сеть в Мбит/с"));
  EXPECT_THAT(ask("/status web-1"), HasSubstr("12 Мбит/с"));
  EXPECT_THAT(ask("/about"), HasSubstr("Б"));
  EXPECT_THAT(ask("/about"), Not(HasSubstr("KB")));
}

TEST_F(UnitsScreensTest, AreAskedForByButtons) {
  EXPECT_THAT(text_of(dialogue_->show(press("settings units"))), HasSubstr("how fast data flows"));
  EXPECT_THAT(text_of(dialogue_->show(press("settings units binary"))), HasSubstr("MiB/s"));
  EXPECT_EQ(hub_->chat_settings().of(42).units, Units::kBinary);
}

}  // namespace
}  // namespace mps::telegram
