#include <fmt/format.h>
#include <gmock/gmock.h>
#include <thread>

#include "base/gzip.h"
#include "telegram/screens/common.h"
#include "telegram/telegraf_conf.h"
#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class ServerScreensTest : public Conversation {
 protected:
  ServerScreensTest() { pair(); }
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
  // As the bot does with the message of the last reply.
  void keep_last(const Replies& replies) {
    ASSERT_TRUE(replies.back().living.has_value());
    const auto& living = *replies.back().living;
    ASSERT_TRUE(renewals_->begin(
        {{kOwner, 0, {}}, MessageId(9), living.command, living.arguments, living.user, clock_.now()}, living.first));
  }
  void live(Duration time) {
    for (const Timestamp end = clock_.now() + time; clock_.now() < end;) {
      clock_.set(std::min(renewals_->next_due(), end));
      renewals_->tick([this](const Renewal& renewal) { return dialogue_->renew(renewal); },
                      [this](ChatId, MessageId, const MessageContent& content) -> ApiResult<> {
                        edits.push_back(content.html);
                        return {};
                      },
                      [](ChatId, const std::function<void()>& task) {
                        task();
                        return true;
                      });
    }
  }
  std::vector<std::string> edits;
};

TEST_F(ServerScreensTest, ConnectWaitsForTheFirstSamplesAndSaysWhenTheyCame) {
  const Replies replies = say("/connect web <1>");
  ASSERT_EQ(replies.size(), 4u);
  EXPECT_EQ(replies[2].content.document->name, "mps-agent.service");
  EXPECT_THAT(replies[2].content.document->content, HasSubstr("--hub http://hub:8080 --token-file %d/token"));
  EXPECT_THAT(replies[3].content.html, HasSubstr("Waiting for the first samples of <b>web &lt;1&gt;</b>"));
  keep_last(replies);
  live(1min);
  EXPECT_TRUE(edits.empty());
  report(hub_->servers().find("web <1>")->id);
  live(12s);
  ASSERT_EQ(edits.size(), 1u);
  EXPECT_THAT(edits[0], HasSubstr("<b>web &lt;1&gt;</b>: first samples arrived, "));
  live(10min);
  EXPECT_EQ(edits.size(), 1u);
}

TEST_F(ServerScreensTest, AfterFiveMinutesOfNothingItSaysWhatToCheckOnceAndWaitsOn) {
  keep_last(say("/connect web"));
  live(4min + 50s);
  EXPECT_TRUE(edits.empty());
  restart();
  live(10min);
  ASSERT_EQ(edits.size(), 1u);
  EXPECT_THAT(edits[0], HasSubstr("Check these three things"));
  EXPECT_THAT(edits[0], HasSubstr("curl http://hub:8080/ping"));
  report(hub_->servers().find("web")->id);
  live(5s);
  ASSERT_EQ(edits.size(), 2u);
  EXPECT_THAT(edits[1], HasSubstr("first samples arrived"));
}

TEST_F(ServerScreensTest, TheUnitDoublesPercentSigns) {
  EXPECT_THAT(agent_unit("http://hub/%20"), HasSubstr("--hub http://hub/%%20 "));
}

TEST_F(ServerScreensTest, DetailsRenameAcrossARestart) {
  const ServerId id = add_server("web");
  report(id, 7s);
  EXPECT_THAT(ask("/servers web"), HasSubstr("Last samples: 7s ago"));
  const Replies question = press_button(say("/servers web"), "✏️ Rename");
  ASSERT_TRUE(std::holds_alternative<ForceReply>(question.at(0).content.markup));
  restart();
  EXPECT_THAT(ask("front <end>"), HasSubstr("<b>front &lt;end&gt;</b>"));
  EXPECT_EQ(hub_->servers().find("front <end>")->id, id);
  EXPECT_FALSE(hub_->servers().find("web"));
  restart();
  EXPECT_EQ(hub_->servers().find("front <end>")->id, id);
  EXPECT_THAT(ask("/status front <end>"), HasSubstr("CPU: <b>"));
}

TEST_F(ServerScreensTest, ANameThatIsTakenIsRefused) {
  add_server("web");
  add_server("db");
  press_button(say("/servers web"), "✏️ Rename");
  EXPECT_THAT(ask("db"), HasSubstr("That did not work: there is a server named 'db' already"));
}

TEST_F(ServerScreensTest, AServerOfAFleetTokenIsNotRenamed) {
  const std::string token = hub_->servers().add_fleet_token("rack")->token;
  const auto identity = *hub_->servers().authenticate(token);
  ASSERT_TRUE(hub_->servers().register_hosts(identity.fleet_token, {"h1"}));
  const ServerId id = hub_->servers().find("h1")->id;
  EXPECT_EQ(hub_->servers().rename(id, "other").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ServerScreensTest, TagsComeAndGo) {
  const ServerId id = add_server("web");
  press_button(say("/servers web"), "+ Tag");
  const Replies tagged = say("front, eu");
  EXPECT_EQ(hub_->servers().find(id)->tags, (std::vector<std::string>{"eu", "front"}));
  press_button(tagged, "✖ eu");
  EXPECT_EQ(hub_->servers().find(id)->tags, (std::vector<std::string>{"front"}));
}

TEST_F(ServerScreensTest, ANewTokenIsAskedForAndTheOldOneIsDead) {
  const auto added = *hub_->servers().add("web");
  const Replies sure = press_button(say("/servers web"), "🔑 New token");
  EXPECT_THAT(text_of(sure), HasSubstr("stops working at once"));
  EXPECT_TRUE(hub_->servers().authenticate(added.token));
  const Replies anew = press_button(sure, "🔑 New token");
  EXPECT_FALSE(hub_->servers().authenticate(added.token));
  ASSERT_EQ(anew.size(), 4u);
  const std::string html = anew[0].content.html;
  const size_t begin = html.find("<code>") + 6;
  EXPECT_TRUE(hub_->servers().authenticate(html.substr(begin, html.find("</code>") - begin)));
}

TEST_F(ServerScreensTest, RemovingAsksTwiceAndSaysWhatIsLost) {
  const ServerId id = add_server("web");
  report(id);
  const Replies first = press_button(say("/servers web"), "🗑 Remove…");
  EXPECT_THAT(text_of(first), HasSubstr("all of its samples since Sun 22 Nov 08:00"));
  const Replies second = press_button(first, "🗑 Remove…");
  EXPECT_THAT(text_of(second), HasSubstr("can't be undone"));
  EXPECT_TRUE(hub_->servers().find(id));
  EXPECT_THAT(text_of(press_button(second, "Keep it")), HasSubstr("<b>web</b>"));
  press_button(second, "🗑 Yes, remove all of it");
  EXPECT_FALSE(hub_->servers().find(id));
  EXPECT_NE(text_of(press_button(second, "🗑 Yes, remove all of it")), "") << "pressed again";
}

TEST_F(ServerScreensTest, TheFleetLineCountsAndTagsFilter) {
  report(add_server("fresh"));
  report(add_server("silent"), 10min);
  const ServerId tagged = add_server("never");
  ASSERT_TRUE(hub_->servers().tag(tagged, {"web"}));
  const Replies all = say("/servers");
  EXPECT_THAT(text_of(all), HasSubstr("🟢 up: 1 · 🟠 firing: 0 · 🔴 down: 1 · ⚪ nothing yet: 1"));
  const Replies web = press_button(all, "#web");
  EXPECT_THAT(text_of(web), HasSubstr("Servers</b>: 1"));
  EXPECT_THAT(text_of(web), Not(HasSubstr("silent")));
  EXPECT_THAT(ask("/servers tag:web"), HasSubstr("Servers</b>: 1"));
  EXPECT_THAT(ask("/servers tag:<x>"), HasSubstr("No server has the tag <b>&lt;x&gt;</b>"));
}

TEST_F(ServerScreensTest, ManyServersHavePagesWorstFirst) {
  for (int i = 10; i < 55; ++i) report(add_server(fmt::format("s{}", i)), i == 54 ? 10min : 1s);
  const Replies first = say("/servers");
  EXPECT_THAT(text_of(first), HasSubstr("s54"));
  EXPECT_THAT(text_of(first), Not(HasSubstr("s30")));
  const Replies last = press_button(press_button(first, "Next"), "Next");
  EXPECT_THAT(text_of(last), HasSubstr("s53"));
  for (const auto& each : buttons(first)) EXPECT_LE(each.callback_data.size(), 55u);
}

TEST_F(ServerScreensTest, StatusHasTheDayBesideTheMoment) {
  const ServerId id = add_server("web");
  for (int minute = 300; minute >= 0; --minute) report(id, minute * 1min, minute < 60 ? 20.0 : 60.0);
  const std::string html = ask("/status web");
  EXPECT_THAT(html, HasSubstr("CPU: <b>80 %</b> ↗ <i>24 h: mean 48 %, max 80 %</i>"));
  EXPECT_THAT(html, HasSubstr("RAM: <b>62 %</b> → <i>"));
}

TEST_F(ServerScreensTest, OfManyMountPointsTheFullestAreShown) {
  const ServerId id = add_server("web");
  mps::testing::BatchBuilder batch;
  for (int i = 0; i < 9; ++i) {
    batch.add(id, clock_.now(), "disk", {{"path", fmt::format("/m{}", i)}},
              {{"used_percent", Value::of_float(10 + 10.0 * i)}});
  }
  ASSERT_TRUE(hub_->store().append_and_wait(batch.batch()));
  const std::string html = ask("/status web");
  EXPECT_LT(html.find("Disk /m8"), html.find("Disk /m4"));
  EXPECT_THAT(html, Not(HasSubstr("Disk /m3")));
  EXPECT_THAT(html, HasSubstr("and 4 emptier mount points"));
}

TEST_F(ServerScreensTest, ExportIsPlainWhileItIsSmallAndPackedWhenItIsBig) {
  const ServerId id = add_server("web/1");
  EXPECT_THAT(ask("/export web/1 24h"), HasSubstr("Nothing of <b>web/1</b>"));
  for (int i = 0; i < 10; ++i) report(id, i * 1min);
  const Replies small = say("/export web/1 1h");
  ASSERT_TRUE(small.at(0).content.document.has_value());
  EXPECT_THAT(small[0].content.document->content, StartsWith("time,measurement,tags,field,value\n"));
  EXPECT_THAT(small[0].content.document->name, StartsWith("web_1-20261122T0700-20261122T0800.csv"));
  for (int i = 0; i < 4000; ++i) report(id, i * 10s);
  const Replies big = say("/export web/1 24 ч");
  const auto& file = *big.at(0).content.document;
  EXPECT_TRUE(file.name.ends_with(".csv.gz"));
  const auto csv = gunzip(file.content, 100 << 20);
  ASSERT_TRUE(csv);
  EXPECT_GT(std::count(csv->begin(), csv->end(), '\n'), 20'000);
  EXPECT_THAT(ask("/export web/1 whenever"), HasSubstr("<code>whenever</code> is no stretch of time"));
}

TEST_F(ServerScreensTest, AboutTellsVersionHealthAndQueue) {
  add_server("web");
  clock_.advance(90min);
  const std::string html = ask("/about");
  EXPECT_THAT(html, HasSubstr("<b>MPS 1.0</b>"));
  EXPECT_THAT(html, HasSubstr("Up for: 1h 30m"));
  EXPECT_THAT(html, HasSubstr("Servers: 1"));
  EXPECT_THAT(html, HasSubstr("Messages waiting: 0"));
  EXPECT_THAT(html, Not(HasSubstr("InfluxDB")));
}

TEST_F(ServerScreensTest, AboutTellsHowFarInfluxIs) {
  store_url_ = "influxdb://127.0.0.1:1/mps";  // nobody listens there
  restart();
  EXPECT_THAT(ask("/about"), HasSubstr("InfluxDB: has everything"));
  report(add_server("web"));
  while (hub_->store().stats().forwarding->retries == 0) {  // an attempt comes a second after the samples
    clock_.advance(1s);
    std::this_thread::yield();
  }
  EXPECT_THAT(ask("/about"), AllOf(HasSubstr("🟠 InfluxDB does not answer, nothing is lost: "),
                                   HasSubstr("InfluxDB: has everything as of Sun 22 Nov 08:00; 6 samples (")));
}

}  // namespace
}  // namespace mps::telegram
