#include <fmt/format.h>
#include <gmock/gmock.h>

#include "telegram/screens/rule_scope.h"
#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace std::chrono_literals;

class ThresholdsTest : public Conversation {
 protected:
  ThresholdsTest() {
    pair();
    db_ = add_server("db 1");
    web_ = add_server("web-1");
    EXPECT_TRUE(hub_->servers().tag(web_, {"web"}));
    report(db_);
    report(web_);
  }
  Replies press_and_show(const std::string& data) {
    const auto pressed = press(data);
    return pressed.screen == nullptr ? Replies() : dialogue_->show(pressed);
  }
  Replies press_button(const Replies& replies, std::string_view text) {
    for (const InlineButton& each : buttons(replies)) {
      if (each.text == text) return press_and_show(each.callback_data);
    }
    ADD_FAILURE() << "no button " << text;
    return {};
  }
  // The rule in force for the resource of the server; "" where it is off.
  std::string in_force(ServerId server, std::string_view resource, std::string_view instance = "") {
    const auto rules = hub_->rules().effective(*hub_->servers().find(server));
    for (const auto* rule : service::rules_for(rules, *find_resource(resource), instance)) {
      if (rule->rule.kind == alert::Kind::kThreshold && rule->rule.severity == alert::Severity::kWarning)
        return fmt::format("{} {} {}", rule->rule.threshold, rule->rule.hold / 1s, rule->origin);
    }
    return "";
  }
  ServerId db_, web_;
};

TEST_F(ThresholdsTest, WhoseRulesIsAskedWhereThereAreSeveral) {
  const Replies replies = say("/thresholds");
  EXPECT_EQ(text_of(replies), kEnglish.rules_whose);
  EXPECT_THAT(text_of(press_button(replies, "All servers")), HasSubstr("Rules of all servers"));
  EXPECT_THAT(text_of(press_button(replies, "group web")), HasSubstr("Rules of group web"));
  EXPECT_THAT(text_of(press_button(replies, "db 1")), HasSubstr("Rules of db 1"));
}

TEST_F(ThresholdsTest, TheRulesInForceAreShownWithWhereTheyComeFrom) {
  say("/rules");
  const std::string html = ask("/rules db 1");
  EXPECT_THAT(html, HasSubstr("CPU above 90 % for 5m <i>(default)</i>"));
  EXPECT_THAT(html, HasSubstr("no data for 3m"));
  EXPECT_THAT(html, HasSubstr("Load above 2.00 per core for 10m"));
  EXPECT_THAT(html, HasSubstr("‼️ Disk above 95 % for 5m"));
}

TEST_F(ThresholdsTest, ATypedRuleIsTriedFirstAndSetByAPress) {
  const Replies tried = say("/thresholds db 1 cpu 85 for 10m");
  EXPECT_THAT(text_of(tried), HasSubstr("<b>db 1</b>: CPU above 85 % for 10m"));
  EXPECT_THAT(text_of(tried), HasSubstr("would have fired: <b>0</b>"));
  EXPECT_EQ(in_force(db_, "cpu"), "90 300 default");
  const Replies set = press_button(tried, "✅ Set it");
  EXPECT_THAT(text_of(set), HasSubstr("✅ Set: CPU above 85 % for 10m"));
  EXPECT_TRUE(set.at(0).in_place);
  EXPECT_EQ(in_force(db_, "cpu"), "85 600 server");
  EXPECT_EQ(in_force(web_, "cpu"), "90 300 default");
}

TEST_F(ThresholdsTest, ThePreviewCountsWhatTheSamplesSay) {
  for (int i = 0; i < 3; ++i) {
    for (int minute = 0; minute <= 12; ++minute) {
      clock_.advance(1min);
      report(db_, 0s, 5.0);
    }
    for (int minute = 0; minute < 70; ++minute) {
      clock_.advance(1min);
      report(db_, 0s, 80.0);
    }
  }
  EXPECT_THAT(ask("/thresholds db 1 cpu 90 for 10m"), HasSubstr("would have fired: <b>3</b>"));
  EXPECT_THAT(ask("/thresholds db 1 cpu 96 for 10m"), HasSubstr("would have fired: <b>0</b>"));
  EXPECT_THAT(ask("/thresholds all cpu 90 for 10m"), HasSubstr("Most often: db 1 3"));
}

TEST_F(ThresholdsTest, EveryPartOfARuleIsAPress) {
  Replies screen = press_button(say("/rules db 1"), "RAM");
  EXPECT_THAT(text_of(screen), HasSubstr("RAM above 90 % for 5m"));
  screen = press_button(press_button(screen, "80 %"), "30m");
  EXPECT_THAT(text_of(screen), HasSubstr("RAM above 80 % for 30m"));
  screen = press_button(screen, "‼️ As critical");
  EXPECT_THAT(text_of(screen), HasSubstr("‼️ RAM above 80 % for 30m"));
  press_button(press_button(screen, "As a warning"), "✅ Set it");
  EXPECT_EQ(in_force(db_, "ram"), "80 1800 server");
}

TEST_F(ThresholdsTest, OffIsSetLikeEverythingElse) {
  press_button(press_button(press_button(say("/rules db 1"), "RAM"), "Off"), "✅ Set it");
  EXPECT_EQ(in_force(db_, "ram"), "");
  EXPECT_THAT(ask("/rules db 1"), HasSubstr("RAM: off"));
}

TEST_F(ThresholdsTest, ForATagAndForAll) {
  press_button(say("/thresholds tag:web cpu 70 1m"), "✅ Set it");
  EXPECT_EQ(in_force(web_, "cpu"), "70 60 tag web");
  press_button(say("/thresholds all cpu 60 2m"), "✅ Set it");
  EXPECT_EQ(in_force(web_, "cpu"), "70 60 tag web");
  EXPECT_EQ(in_force(db_, "cpu"), "60 120 all");
}

TEST_F(ThresholdsTest, AMountPointMayHaveARuleOfItsOwn) {
  const Replies tried = say("/thresholds db 1 disk /<b> 60");
  EXPECT_THAT(text_of(tried), HasSubstr("Disk /&lt;b&gt; above 60 %"));
  press_button(tried, "✅ Set it");
  EXPECT_EQ(in_force(db_, "disk", "/<b>"), "60 300 server");
  EXPECT_EQ(in_force(db_, "disk", "/"), "85 300 default");
}

TEST_F(ThresholdsTest, APresetIsShownBeforeItIsSetAndLeavesAgain) {
  const Replies shown = press_button(say("/rules db 1"), "Strict");
  EXPECT_THAT(text_of(shown), HasSubstr("CPU above 80 % for 5m"));
  EXPECT_EQ(in_force(db_, "cpu"), "90 300 default");
  const Replies set = press_button(shown, "✅ Set it");
  EXPECT_EQ(in_force(db_, "cpu"), "80 300 server");
  EXPECT_EQ(in_force(db_, "load"), "1.5 300 server");
  const Replies sure = press_button(set, "Back to the default");
  EXPECT_EQ(in_force(db_, "cpu"), "80 300 server") << "it is asked first";
  press_button(sure, "Back to the default");
  EXPECT_EQ(in_force(db_, "cpu"), "90 300 default");
  EXPECT_THAT(ask("/thresholds db 1 calm"), HasSubstr("CPU above 95 %"));
}

TEST_F(ThresholdsTest, InWordsAcrossARestartAndUntilItIsARule) {
  const Replies question = press_button(say("/rules db 1"), "✏️ In words…");
  ASSERT_TRUE(std::holds_alternative<ForceReply>(question.at(0).content.markup));
  restart();
  EXPECT_THAT(ask("gpu 85"), HasSubstr("Begin with a resource: cpu, ram"));
  EXPECT_THAT(ask("cpu"), HasSubstr("After <code>cpu</code> comes a number"));
  EXPECT_THAT(ask("cpu 85 or so"), HasSubstr("don't understand <code>or so</code>"));
  EXPECT_THAT(ask("cpu 140"), HasSubstr("CPU is never beyond 140 %"));
  EXPECT_THAT(ask("ram 90% 5м"), HasSubstr("<b>db 1</b>: RAM above 90 % for 5m"));
}

TEST_F(ThresholdsTest, EveryButtonFits) {
  const ServerId longest = add_server(std::string(200, 'x'));
  ASSERT_TRUE(hub_->servers().tag(longest, {std::string(100, 't')}));
  for (const auto& screen : {say("/rules"), say("/rules all"), say("/rules all disk_write 1,5GB/s 366d critical"),
                             say("/rules all net_rx < 123456789 10h")}) {
    EXPECT_THAT(buttons(screen), Not(IsEmpty()));
    for (const auto& each : buttons(screen)) EXPECT_LE(each.callback_data.size(), 55u) << each.callback_data;
  }
}

TEST_F(ThresholdsTest, HostileArgumentsDoNoHarm) {
  for (const char* data : {"rules 1 !", "rules 1 ! cpu>1e999 5 w", "rules 1 P", "rules 1 P x", "rules t000000 D",
                           "rules 99 D", "rules 1 = > > >", "rules x"})
    EXPECT_NE(text_of(press_and_show(data)), "") << data;
  EXPECT_THAT(hub_->rules().set_rules(), IsEmpty());
}

}  // namespace
}  // namespace mps::telegram
