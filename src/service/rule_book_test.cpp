#include "service/rule_book.h"

#include <gtest/gtest.h>

#include "testing/temporary_folder.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;
using alert::Severity;

class RuleBookTest : public ::testing::Test {
 protected:
  RuleBookTest() { book_->load().value(); }
  void reopen() {
    book_ = std::make_unique<RuleBook>(*database_);
    book_->load().value();
  }
  static RuleSpec spec(RuleScope scope, const char* resource, double above, std::string instance = "") {
    return {std::move(scope), find_resource(resource), std::move(instance), {above, above, 1min, 10min}};
  }
  // What is in force for a channel: "90 default", one line each.
  std::string in_force(const char* resource, const char* instance = "") const {
    std::string text;
    const auto effective = book_->effective(web_);
    for (const EffectiveRule* rule : rules_for(effective, *find_resource(resource), instance)) {
      if (rule->rule.kind != alert::Kind::kThreshold) continue;
      text += std::to_string(static_cast<int>(rule->rule.threshold)) + " " + rule->origin + "\n";
    }
    return text;
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<catalog::Database> database_ =
      catalog::Database::open("sqlite3://" + (folder_.path() / "catalog.db").string()).value();
  std::unique_ptr<RuleBook> book_ = std::make_unique<RuleBook>(*database_);
  const Server web_{ServerId(7), "web", {}, 0, {"eu", "web"}};
};

TEST_F(RuleBookTest, ANewServerHasDefaults) {
  EXPECT_EQ(in_force("cpu"), "90 default\n");
  EXPECT_EQ(in_force("disk", "/"), "85 default\n95 default\n");
  EXPECT_EQ(in_force("load"), "2 default\n");
  EXPECT_EQ(in_force("net_rx"), "");
  const EffectiveRule silence = book_->effective(web_).front();
  EXPECT_EQ(silence.rule.kind, alert::Kind::kNoData);
  EXPECT_EQ(silence.rule.hold, 3min);
}

TEST_F(RuleBookTest, ServerComesBeforeTagBeforeAllBeforeDefault) {
  book_->set(spec({}, "cpu", 70)).value();
  EXPECT_EQ(in_force("cpu"), "70 all\n");
  book_->set(spec({{}, "db"}, "cpu", 10)).value();
  EXPECT_EQ(in_force("cpu"), "70 all\n") << "not its tag";
  book_->set(spec({{}, "web"}, "cpu", 60)).value();
  EXPECT_EQ(in_force("cpu"), "60 tag web\n");
  book_->set(spec({{}, "eu"}, "cpu", 55)).value();
  EXPECT_EQ(in_force("cpu"), "55 tag eu\n") << "of two tags the one that fires first";
  book_->set(spec({ServerId(7), ""}, "cpu", 97)).value();
  book_->set(spec({ServerId(8), ""}, "cpu", 11)).value();
  reopen();
  EXPECT_EQ(in_force("cpu"), "97 server\n");
  book_->remove(spec({ServerId(7), ""}, "cpu", 0)).value();
  EXPECT_EQ(in_force("cpu"), "55 tag eu\n");
}

TEST_F(RuleBookTest, SeveritiesAndDirectionsAreRulesOfTheirOwn) {
  RuleSpec critical = spec({}, "cpu", 99);
  critical.rule.severity = Severity::kCritical;
  book_->set(critical).value();
  RuleSpec idle = spec({}, "cpu", 1);
  idle.rule.direction = alert::Direction::kBelow;
  book_->set(idle).value();
  EXPECT_EQ(in_force("cpu"), "90 default\n99 all\n1 all\n");
}

TEST_F(RuleBookTest, AMountPointComesBeforeAllOfThemInOneScopeButNotBeforeANarrowerScope) {
  book_->set(spec({}, "disk", 70, "/data")).value();
  EXPECT_EQ(in_force("disk", "/data"), "70 all\n95 default\n");
  EXPECT_EQ(in_force("disk", "/"), "85 default\n95 default\n");
  book_->set(spec({}, "disk", 80)).value();
  EXPECT_EQ(in_force("disk", "/data"), "70 all\n95 default\n");
  book_->set(spec({ServerId(7), ""}, "disk", 50)).value();
  EXPECT_EQ(in_force("disk", "/data"), "50 server\n95 default\n");
  book_->set(spec({ServerId(7), ""}, "disk", 40, "/data")).value();
  EXPECT_EQ(in_force("disk", "/data"), "40 server\n95 default\n");
  EXPECT_EQ(in_force("disk", "/"), "50 server\n95 default\n");
}

TEST_F(RuleBookTest, ARuleThatIsOffPutsBroaderOnesAside) {
  RuleSpec off = spec({ServerId(7), ""}, "cpu", 0);
  off.off = true;
  book_->set(off).value();
  EXPECT_EQ(in_force("cpu"), "");
  const auto effective = book_->effective(web_);
  EXPECT_TRUE(std::any_of(effective.begin(), effective.end(), [](const EffectiveRule& rule) { return rule.off; }))
      << "but people see it";
  book_->remove(off).value();
  EXPECT_EQ(in_force("cpu"), "90 default\n");
}

TEST_F(RuleBookTest, OfSilenceThereIsOneRuleWhateverItsSeverity) {
  const auto silences = [&] {
    std::string text;
    for (const EffectiveRule& rule : book_->effective(web_)) {
      if (rule.rule.kind == alert::Kind::kNoData)
        text += std::to_string(rule.rule.hold / 1min) + " " + std::string(alert::name_of(rule.rule.severity)) + "\n";
    }
    return text;
  };
  EXPECT_EQ(silences(), "3 critical\n");
  RuleSpec silence{{}, nullptr, "", {.hold = 10min, .kind = alert::Kind::kNoData}};
  book_->set(silence).value();
  EXPECT_EQ(silences(), "10 warning\n");
  silence.rule.severity = Severity::kCritical;
  book_->set(silence).value();
  EXPECT_EQ(silences(), "10 critical\n");
  silence.rule.severity = Severity::kWarning;
  book_->remove(silence).value();
  EXPECT_EQ(silences(), "3 critical\n");
}

TEST_F(RuleBookTest, WhatCanNeverWorkIsRefusedWithWords) {
  const auto refusal = [&](const RuleSpec& wrong) {
    const auto result = book_->set(wrong);
    return result ? std::string("accepted") : result.error().message;
  };
  RuleSpec wrong = spec({}, "cpu", 70);
  wrong.rule.clear = 80;
  EXPECT_NE(refusal(wrong).find("clear"), std::string::npos);
  wrong.rule.direction = alert::Direction::kBelow;
  EXPECT_EQ(refusal(wrong), "accepted") << "below 70, over at 80";
  EXPECT_NE(refusal(spec({}, "cpu", 100)).find("never above 100 %"), std::string::npos);
  EXPECT_NE(refusal(spec({}, "cpu", 5, "/data")).find("instances"), std::string::npos);
  RuleSpec quick = spec({}, "cpu", 70);
  quick.rule.hold = 999ms;
  EXPECT_NE(refusal(quick).find("1s"), std::string::npos);
  quick.rule.hold = 1s;
  EXPECT_EQ(refusal(quick), "accepted");
  const auto nothing = book_->remove(spec({}, "ram", 1));
  EXPECT_EQ(nothing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(nothing.error().message.find("--off"), std::string::npos);
}

}  // namespace
}  // namespace mps::service
