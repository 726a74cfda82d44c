#include "service/report_schedule.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "service/hub.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

// 07:00 in Moscow.
const Timestamp kEarly = parse_time("2026-11-26T04:00:00Z").value();

struct FileTaker final : Notifier {
  boost::system::result<Delivered, DeliveryFailure> deliver(const OutgoingMessage& message) override {
    if (message.document) files.push_back(*message.document);
    texts.push_back(message.html);
    return Delivered{++id};
  }
  std::vector<OutgoingFile> files;
  std::vector<std::string> texts;
  int64_t id = 0;
};

class ReportScheduleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    open();
    hub_->servers().add("web/<1>").value();
    const std::string code = hub_->people().pairing_code().value();
    ASSERT_EQ(hub_->people().pair(42, 42, "Ann", code).value(), PairOutcome::kBecameOwner);
  }
  void open() {
    hub_.reset();
    hub_ = Hub::open({folder_.path() / "data", "", "", TimeZone(), 210min}, clock_).value();
  }
  ReportSchedule& schedule() { return hub_->report_schedule(); }
  DailyReport at_eight() const {
    DailyReport wish;
    wish.zone = TimeZone::find("Europe/Moscow").value();
    wish.language = "ru";
    return wish;
  }
  size_t tick_at(Timestamp time) {
    clock_.set(time);
    return schedule().tick().value();
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_{kEarly};
  std::unique_ptr<Hub> hub_;
};

TEST_F(ReportScheduleTest, SendsYesterdayOnceADayAtTheChatsOwnTimeAlsoAcrossARestart) {
  EXPECT_EQ(schedule().tick().value(), 0u) << "nobody has asked";
  schedule().set(42, at_eight()).value();
  EXPECT_EQ(tick_at(kEarly + 59min), 0u);
  EXPECT_EQ(tick_at(kEarly + 1h), 1u);
  EXPECT_EQ(tick_at(kEarly + 1h + 1s), 0u);
  open();
  EXPECT_EQ(schedule().tick().value(), 0u);
  FileTaker taker;
  hub_->outbox().deliver(taker).value();
  ASSERT_EQ(taker.files.size(), 1u);
  EXPECT_EQ(taker.files[0].name, "servers-2026-11-25.pdf");
  EXPECT_EQ(taker.files[0].content.substr(0, 5), "%PDF-");
  EXPECT_EQ(taker.texts[0].substr(0, taker.texts[0].find('\n')), "среда, 25 ноября 2026");
  EXPECT_EQ(tick_at(kEarly + 25h), 1u) << "the next day";
}

TEST_F(ReportScheduleTest, OneThatWasMissedComesLateButNotTooLate) {
  schedule().set(42, at_eight()).value();
  EXPECT_EQ(tick_at(kEarly + 13h + 1min), 0u) << "twelve hours late: let it go";
  EXPECT_EQ(tick_at(kEarly + 24h + 12h), 1u) << "eleven hours late";
}

TEST_F(ReportScheduleTest, BeginsWithTheNextMorningAndCanBeEnded) {
  clock_.set(kEarly + 5h);
  schedule().set(42, at_eight()).value();
  EXPECT_EQ(schedule().tick().value(), 0u) << "who asks at noon does not get this morning's";
  EXPECT_EQ(schedule().of(42).value()->at, 8h);
  schedule().remove(42).value();
  EXPECT_FALSE(schedule().of(42).value());
  EXPECT_EQ(tick_at(kEarly + 25h), 0u);
  DailyReport unknown = at_eight();
  unknown.language = "tlh";
  EXPECT_EQ(schedule().set(42, unknown).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ReportScheduleTest, TheReportOfAServerThatIsGoneHoldsUpNothing) {
  DailyReport wish = at_eight();
  wish.server = hub_->servers().find("web/<1>").value().id;
  schedule().set(42, wish).value();
  EXPECT_EQ(tick_at(kEarly + 1h), 1u);
  const auto written = schedule().write("2026-11-25 en 1 UTC").value();
  EXPECT_EQ(written.file.name, "web_<1>-2026-11-25.pdf");
  EXPECT_TRUE(written.html.starts_with("web/&lt;1&gt;, Wednesday, 25 November 2026")) << written.html;
  hub_->servers().remove(wish.server).value();
  hub_->outbox().add(42, "behind it").value();
  FileTaker taker;
  hub_->outbox().deliver(taker).value();
  EXPECT_TRUE(taker.files.empty());
  ASSERT_EQ(taker.texts.size(), 1u);
  EXPECT_EQ(taker.texts[0], "behind it");
}

}  // namespace
}  // namespace mps::service
