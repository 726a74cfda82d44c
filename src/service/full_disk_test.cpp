// The whole data folder on a disk that fills up, and is made room on.
#include <future>
#include <gtest/gtest.h>

#include "base/text.h"
#include "service/hub.h"
#include "store/embedded/embedded_store.h"
#include "testing/fake_clock.h"
#include "testing/faulty_vfs.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;
using mps::testing::FaultyVfs;

constexpr int64_t kOwnerChat = 42;

class TestNotifier final : public Notifier {
 public:
  boost::system::result<Delivered, DeliveryFailure> deliver(const OutgoingMessage& message) override {
    ++attempts;
    if (failure) return *failure;
    texts.push_back(message.html);
    return Delivered{100 + attempts};
  }
  std::optional<DeliveryFailure> failure;
  std::vector<std::string> texts;
  int attempts = 0;
};

class FullDiskTest : public ::testing::Test {
 protected:
  void open() {
    hub_.reset();
    hub_ = Hub::open({.data = folder_.path() / "data", .store_url = "", .catalog_url = "", .zone = {}}, clock_).value();
  }
  void SetUp() override {
    open();
    server_ = hub_->servers().add("web-01").value();
    const std::string code = hub_->people().pairing_code().value();
    ASSERT_EQ(hub_->people().pair(kOwnerChat, 7, "Ann", code).value(), PairOutcome::kBecameOwner);
    ASSERT_TRUE(ingest(1));
  }
  Result<IngestReport> ingest(double value) {
    clock_.advance(10s);
    const IngestIdentity who = hub_->servers().authenticate(server_.token).value();
    const std::string body = "mem used_percent=" + std::to_string(value) + "\n";
    std::promise<Result<IngestReport>> done;
    hub_->ingest().write(who, wire::parse_line_protocol(body, wire::Precision::kNanoseconds),
                         [&](Result<IngestReport> report) { done.set_value(std::move(report)); });
    return done.get_future().get();
  }
  Result<void> maintain() { return dynamic_cast<store::EmbeddedStore&>(hub_->store()).maintain(); }
  double newest() { return hub_->query().status(server_.server.id).values.at(0).value; }
  void fill() { disk_.fail_from(1, 2'000'000'000); }
  // What the delivery loop does, once a second.
  void deliver_for(Duration duration) {
    for (Duration t = 0s; t < duration; t += 1s) {
      hub_->disk_watch().look(notifier_);
      (void)hub_->outbox().deliver(notifier_);
      clock_.advance(1s);
    }
  }

  FaultyVfs disk_{FaultyVfs::kForAll};
  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  TestNotifier notifier_;
  std::unique_ptr<Hub> hub_;
  NewServer server_;
};

TEST_F(FullDiskTest, TheOwnerIsToldOnceThatItIsFullAndOnceThatItIsOver) {
  fill();
  ASSERT_EQ(ingest(2).error().code, ErrorCode::kUnavailable);
  deliver_for(2min);
  ASSERT_EQ(notifier_.texts.size(), 1u) << "told without the outbox, which is on the same disk";
  EXPECT_NE(notifier_.texts[0].find("can't store samples"), std::string::npos) << notifier_.texts[0];
  EXPECT_NE(notifier_.texts[0].find("full"), std::string::npos) << notifier_.texts[0];
  EXPECT_DOUBLE_EQ(newest(), 1) << "queries go on";

  disk_.repair();
  ASSERT_TRUE(maintain());
  ASSERT_TRUE(ingest(3));
  deliver_for(2min);
  ASSERT_EQ(notifier_.texts.size(), 2u);
  EXPECT_NE(notifier_.texts[1].find("stores samples again"), std::string::npos) << notifier_.texts[1];
  EXPECT_DOUBLE_EQ(newest(), 3);
  EXPECT_EQ(hub_->outbox().undelivered(), 0u);
}

TEST_F(FullDiskTest, ADiskThatComesAndGoesIsOneStory) {
  for (int i = 0; i < 5; ++i) {
    fill();
    ASSERT_FALSE(ingest(2));
    deliver_for(20s);
    disk_.repair();
    ASSERT_TRUE(maintain());
    deliver_for(20s);
  }
  EXPECT_EQ(notifier_.texts.size(), 1u);
  deliver_for(2min);
  EXPECT_EQ(notifier_.texts.size(), 2u);
}

TEST_F(FullDiskTest, WithTelegramAwayTooTheMessagesComeInOrderWhenBothAreBack) {
  notifier_.failure = DeliveryFailure{DeliveryFailure::Kind::kRetry, "no network", 10s};
  fill();
  ASSERT_FALSE(ingest(2));
  deliver_for(2min);
  EXPECT_LE(notifier_.attempts, 6) << "Telegram is not hammered";
  disk_.repair();
  ASSERT_TRUE(maintain());
  deliver_for(2min);
  notifier_.failure.reset();
  deliver_for(10min);
  ASSERT_EQ(notifier_.texts.size(), 2u);
  EXPECT_NE(notifier_.texts[0].find("can't store"), std::string::npos);
  EXPECT_NE(notifier_.texts[1].find("again"), std::string::npos);
}

TEST_F(FullDiskTest, AMessageWhoseDeliveryCantBeNotedIsNotSentAgain) {
  ASSERT_TRUE(hub_->outbox().add(kOwnerChat, "hello"));
  fill();
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(hub_->outbox().deliver(notifier_));
    clock_.advance(1s);
  }
  EXPECT_EQ(notifier_.texts, std::vector<std::string>{"hello"});
  disk_.repair();
  EXPECT_EQ(hub_->outbox().deliver(notifier_).value(), 1u);
  EXPECT_EQ(hub_->outbox().undelivered(), 0u);
  EXPECT_EQ(notifier_.texts.size(), 1u);
}

TEST_F(FullDiskTest, AHubThatIsRestartedMeanwhileDoesNotSayItAgain) {
  const Timestamp began = clock_.now();
  fill();
  ASSERT_FALSE(ingest(2));
  deliver_for(10s);
  disk_.repair();  // a small row finds room; the store has not tried again
  deliver_for(2s);
  for (int restarts = 0; restarts < 2; ++restarts) {
    fill();
    open();
    deliver_for(2min);  // nothing was written: nobody knows whether it is over
    ASSERT_FALSE(ingest(3));
    deliver_for(2min);
    EXPECT_EQ(notifier_.texts.size(), 1u);
  }
  disk_.repair();
  open();
  ASSERT_TRUE(ingest(4));
  const Duration lasted = clock_.now() - began;
  deliver_for(2min);
  ASSERT_EQ(notifier_.texts.size(), 2u);
  EXPECT_NE(notifier_.texts[1].find("stores samples again"), std::string::npos) << notifier_.texts[1];
  EXPECT_NE(notifier_.texts[1].find(format_duration(lasted - 10s)), std::string::npos) << notifier_.texts[1];

  open();
  ASSERT_TRUE(ingest(5));
  deliver_for(2min);
  EXPECT_EQ(notifier_.texts.size(), 2u) << "that it is over is said once, too";
}

TEST_F(FullDiskTest, WhatNobodyCouldBeToldIsToldAfterARestart) {
  notifier_.failure = DeliveryFailure{DeliveryFailure::Kind::kRetry, "no network", 10s};
  fill();
  ASSERT_FALSE(ingest(2));
  deliver_for(10s);
  open();
  notifier_.failure.reset();
  ASSERT_FALSE(ingest(3));
  deliver_for(10s);
  EXPECT_EQ(notifier_.texts.size(), 1u);
}

TEST_F(FullDiskTest, AHubThatStartsOnAFullDiskAnswersQueriesAndRecovers) {
  fill();
  ASSERT_FALSE(ingest(2));
  open();
  EXPECT_DOUBLE_EQ(newest(), 1) << "nothing acknowledged is lost";
  ASSERT_FALSE(ingest(3));
  deliver_for(10s);
  EXPECT_EQ(notifier_.texts.size(), 1u);
  disk_.repair();
  ASSERT_TRUE(maintain());
  EXPECT_TRUE(ingest(4));
  EXPECT_DOUBLE_EQ(newest(), 4);
}

}  // namespace
}  // namespace mps::service
