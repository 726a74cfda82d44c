// Silences, quiet hours and maintenance windows.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "testing/message_rig.h"

namespace mps::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

TEST_F(MessagesTest, ASilenceHoldsBackWhatItCoversAndTellsWhatStillFiresWhenItEnds) {
  const ServerId web = add_server("web"), db = add_server("db");
  rig_->servers.tag(web, {"front"}).value();
  Silence silence;
  silence.tag = "front";
  silence.resource = "cpu";
  silence.begins_at = clock_.now();
  silence.ends_at = clock_.now() + 1h;
  rig_->muting.add(silence, clock_.now()).value();
  auto heals = fire(web);
  auto lasts = fire(open_incident(web));
  const auto other_resource = fire(open_incident(web, "warning", "ram"));
  run_for(31s);
  fire(db);
  run_for(2s);
  ASSERT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.sent[0].html, HasSubstr("<b>web</b>: RAM is over 90 %"));
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("<b>db</b>: CPU is over 90 %"));
  resolve(heals);
  repeat(lasts);
  open();
  run_for(1h, 10s);
  ASSERT_EQ(telegram_.sent.size(), 3u);
  EXPECT_THAT(telegram_.sent[2].html, HasSubstr("<b>web</b>: CPU is over 90 %"));
  EXPECT_TRUE(telegram_.edits.empty());
  silence.ends_at = clock_.now();
  EXPECT_EQ(rig_->muting.add(silence, clock_.now()).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(rig_->muting.end(1, clock_.now()).error().code, ErrorCode::kNotFound);
}

TEST_F(MessagesTest, QuietHoursAcrossMidnightLetCriticalOnesThroughAndEndInOneDigest) {
  set_quiet("22:00", "07:00", "Europe/Berlin");  // 21:00 to 06:00 UTC
  std::vector<ServerId> servers;
  for (int i = 0; i < 5; ++i) servers.push_back(add_server(fmt::format("s{}", i)));
  auto before = fire(servers[0]);
  run_for(2s);
  clock_.set(parse_time("2026-11-26T21:30:00Z").value());
  repeat(before);
  auto heals = fire(servers[1]);
  auto lasts = fire(servers[2]);
  run_for(5s);
  EXPECT_EQ(telegram_.sent.size(), 1u);
  clock_.set(parse_time("2026-11-27T01:00:00Z").value());
  auto critical = fire(servers[3], "critical");
  resolve(heals);
  run_for(5s);
  ASSERT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("<b>s3</b>: CPU is over 90 % (critical)"));
  open();
  clock_.set(parse_time("2026-11-27T05:59:50Z").value());
  run_for(5s);
  EXPECT_EQ(telegram_.sent.size(), 2u);
  run_for(10s);
  ASSERT_EQ(telegram_.sent.size(), 3u) << "one digest";
  EXPECT_THAT(telegram_.sent[2].html, HasSubstr("<b>Quiet hours are over</b>: 2 fired, 1 healed, 1 still fires"));
  EXPECT_THAT(telegram_.sent[2].html, HasSubstr("🔴 <b>s2</b> CPU 97 % (over 90 %), since"));
  EXPECT_THAT(telegram_.sent[2].html, HasSubstr("🟢 <b>s1</b> CPU, "));
  EXPECT_EQ(telegram_.sent[2].buttons[0][0].text, "Acknowledge");
  resolve(lasts);
  run_for(10s);
  EXPECT_THAT(telegram_.edits.back().html, HasSubstr("2 fired, 2 healed, 0 still fire")) << "the digest lives on";
  EXPECT_EQ(telegram_.sent.size(), 3u);
}

TEST_F(MessagesTest, BeforeQuietHoursOneWarningNamesWhatIsForeseenToBreakInside) {
  set_quiet("22:00", "07:00", "UTC");
  auto foreseen = open_incident(add_server("db"), "warning", "disk");
  foreseen.kind = "prediction";
  foreseen.instance = "/";
  foreseen.threshold = 100;
  foreseen.value = 83;
  foreseen.expected_at = parse_time("2026-11-27T03:40:00Z").value();
  foreseen.expected_from = parse_time("2026-11-27T01:10:00Z").value();
  foreseen.expected_to = parse_time("2026-11-27T07:30:00Z").value();
  fire(foreseen);
  run_for(5s);
  ASSERT_EQ(telegram_.sent.size(), 1u);
  EXPECT_THAT(telegram_.sent[0].html,
              HasSubstr("<b>db</b>: Disk / full at 03:40 Fri (80 %: 01:10 - 07:30)\nnow <b>83 %"));
  clock_.set(parse_time("2026-11-26T21:44:50Z").value());
  run_for(30min);
  ASSERT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("Quiet hours begin at 22:00.</b> Foreseen to break before 07:00 Fri:"));
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("<b>db</b> Disk / full at 03:40 Fri"));
}

TEST(QuietHours, FollowTheClocksOfTheirZone) {
  const auto at = [](const char* text) { return parse_time(text).value(); };
  const catalog::QuietHours night{42, "Europe/Berlin", 22h, 7h, {}};
  EXPECT_EQ(quiet_until(night, at("2026-03-28T20:59:59Z")), std::nullopt);
  EXPECT_EQ(quiet_until(night, at("2026-03-28T21:00:00Z")), at("2026-03-29T05:00:00Z")) << "summer time: 8 hours long";
  EXPECT_EQ(quiet_until(night, at("2026-03-29T05:00:00Z")), std::nullopt);
  EXPECT_EQ(quiet_until(night, at("2026-10-24T20:00:00Z")), at("2026-10-25T06:00:00Z")) << "winter time: 10 hours long";
  EXPECT_EQ(quiet_until(night, at("2026-10-25T05:59:59Z")), at("2026-10-25T06:00:00Z"));
  // 02:30 does not come on 29 March: the change at 03:00 ends them. On 25 October it comes twice: the first ends them.
  const catalog::QuietHours half{42, "Europe/Berlin", 1h, 2h + 30min, {}};
  EXPECT_EQ(quiet_until(half, at("2026-03-29T00:30:00Z")), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(quiet_until(half, at("2026-10-25T00:10:00Z")), at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(quiet_until(half, at("2026-10-25T00:45:00Z")), std::nullopt);
  const catalog::QuietHours noon{42, "UTC", 12h, 13h, {}};
  EXPECT_EQ(quiet_until(noon, at("2026-11-26T12:59:59Z")), at("2026-11-26T13:00:00Z"));
  EXPECT_EQ(next_quiet(night, at("2026-10-24T12:00:00Z")),
            (TimeRange{at("2026-10-24T20:00:00Z"), at("2026-10-25T06:00:00Z")}));
}

TEST_F(MessagesTest, QuietHoursNeedAZoneThatExistsAndTwoTimes) {
  EXPECT_EQ(rig_->muting.set_quiet({42, "Mars/Olympus", 22h, 7h, {}}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(rig_->muting.set_quiet({42, "UTC", 22h, 22h, {}}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(rig_->muting.remove_quiet(42).error().code, ErrorCode::kNotFound);
}

TEST_F(MessagesTest, MaintenanceWindowsAreKnownByServer) {
  const ServerId web = add_server("web"), db = add_server("db");
  Silence window;
  window.maintenance = true;
  window.server = web;
  window.begins_at = clock_.now() + 1h;
  window.ends_at = clock_.now() + 3h;
  rig_->muting.add(window, clock_.now()).value();
  const TimeRange day{clock_.now(), clock_.now() + 2h};
  EXPECT_EQ(rig_->muting.maintenance(web, day).value(),
            (std::vector<TimeRange>{{window.begins_at, clock_.now() + 2h}}));
  EXPECT_TRUE(rig_->muting.maintenance(db, day).value().empty());
  clock_.advance(90min);
  fire(web);
  run_for(2s);
  EXPECT_TRUE(telegram_.sent.empty()) << "it silences too";
}

}  // namespace
}  // namespace mps::service
