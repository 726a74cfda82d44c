#include "telegram/rule_input.h"

#include <gtest/gtest.h>

namespace mps::telegram {
namespace {

using alert::Direction, alert::Severity;
using namespace std::chrono_literals;
using Missing = TypedRule::Missing;

class RuleInputTest : public ::testing::Test {
 protected:
  RuleInputTest() {
    for (const auto& spec : service::RuleBook::default_rules())
      current_.push_back({spec.resource, spec.rule, "default", spec.instance, spec.per_core, spec.off});
  }
  TypedRule typed(const std::string& text) const { return read_rule(text, current_, mounts_); }
  service::RuleSpec rule(const std::string& text) const {
    const auto read = typed(text);
    EXPECT_TRUE(read.rule.has_value()) << text << ": " << read.what;
    return read.rule.value_or(service::RuleSpec());
  }
  std::vector<service::EffectiveRule> current_;
  std::vector<std::string> mounts_ = {"/", "/data", "/mnt/My Disk"};
};

TEST_F(RuleInputTest, ThresholdAndTime) {
  for (const char* text : {"cpu 85 for 10m", "CPU > 85% 10m", "cpu>85 10m", "cpu above 85 % for 10 min",
                           "процессор 85 10 мин", "цп выше 85 в течение 10 минут", "cpu 10m 85"}) {
    const auto spec = rule(text);
    EXPECT_EQ(spec.resource->name, "cpu") << text;
    EXPECT_EQ(spec.rule.threshold, 85) << text;
    EXPECT_EQ(spec.rule.clear, 85) << text;
    EXPECT_EQ(spec.rule.hold, 10min) << text;
    EXPECT_EQ(spec.rule.severity, Severity::kWarning) << text;
  }
}

TEST_F(RuleInputTest, WhatIsNotSaidStaysAsItIs) {
  const auto spec = rule("disk 70");
  EXPECT_EQ(spec.rule.clear, 69) << "the gap stays";
  EXPECT_EQ(spec.rule.repeat, 24h);
  EXPECT_EQ(rule("load 3 per core").rule.hold, 10min);
  EXPECT_TRUE(rule("load 3 per core").per_core);
  EXPECT_FALSE(rule("load 3").per_core);
}

TEST_F(RuleInputTest, MountPoints) {
  EXPECT_EQ(rule("disk / 90").instance, "/");
  EXPECT_EQ(rule("диск /data 90%").instance, "/data");
  EXPECT_EQ(rule("disk /mnt/My Disk 90 5м").instance, "/mnt/My Disk");
  EXPECT_EQ(rule("disk 90").instance, "");
  EXPECT_EQ(typed("disk /nowhere 90").what, "/nowhere 90");
}

TEST_F(RuleInputTest, DirectionSeverityAndOff) {
  EXPECT_EQ(rule("ram < 10").rule.direction, Direction::kBelow);
  EXPECT_EQ(rule("память ниже 10").rule.direction, Direction::kBelow);
  EXPECT_EQ(rule("disk 97 critical").rule.severity, Severity::kCritical);
  EXPECT_EQ(rule("net_rx 50 MB/s").rule.threshold, 50e6);
  EXPECT_TRUE(rule("swap off").off);
  EXPECT_TRUE(rule("подкачка выкл").off);
  EXPECT_EQ(rule("silent 5m").rule.hold, 5min);
  EXPECT_EQ(rule("silent 5m").rule.kind, alert::Kind::kNoData);
  EXPECT_EQ(rule("тишина 10 минут").resource, nullptr);
}

TEST_F(RuleInputTest, WhatIsMissingIsNamed) {
  EXPECT_EQ(typed("").missing, Missing::kResource);
  EXPECT_EQ(typed("gpu 90").missing, Missing::kResource);
  EXPECT_EQ(typed("cpu").missing, Missing::kNumber);
  EXPECT_EQ(typed("cpu for 5m").missing, Missing::kNumber);
  EXPECT_EQ(typed("silent").missing, Missing::kNumber);
  EXPECT_EQ(typed("cpu 85 please").what, "please");
  EXPECT_EQ(typed("cpu 85 90").what, "90");
  EXPECT_EQ(typed("cpu -5").what, "-5");
}

TEST_F(RuleInputTest, ButtonsCarryTheWholeRule) {
  for (const char* text : {"cpu 85 for 10m", "disk /mnt/My Disk 90 5m", "load 2.5 per core", "swap off", "silent 5m",
                           "ram below 10 critical", "disk_write 1,5gb 366d"}) {
    const auto spec = rule(text);
    const std::string argument = rule_argument(spec);
    EXPECT_LE(argument.size(), 40u) << argument;
    const auto read = read_rule_argument(argument, current_, mounts_);
    ASSERT_TRUE(read.has_value()) << argument;
    EXPECT_EQ(read->resource, spec.resource) << argument;
    EXPECT_EQ(read->instance, spec.instance) << argument;
    EXPECT_EQ(read->off, spec.off) << argument;
    EXPECT_EQ(read->per_core, spec.per_core) << argument;
    if (!spec.off) {
      EXPECT_EQ(read->rule, spec.rule) << argument;
    }
  }
}

TEST_F(RuleInputTest, HostileArgumentsAreNoRules) {
  for (const char* text : {"", "cpu", "cpu>85", "cpu>85 600", "gpu>85 600 w", "cpu>x 600 w", "cpu>85 -1 w",
                           "cpu>-5 600 w", "cpu>85 600 w #000000", "> > >", "cpu>85 1e99 w"})
    EXPECT_FALSE(read_rule_argument(text, current_, mounts_).has_value()) << text;
}

}  // namespace
}  // namespace mps::telegram
