#include "telegram/bot.h"

#include <boost/json.hpp>
#include <condition_variable>
#include <deque>
#include <gmock/gmock.h>

#include "telegram/menus.h"
#include "testing/jumping_clock.h"
#include "testing/scripted_http_server.h"
#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using mps::testing::ScriptedAnswer;
using mps::testing::ScriptedHttpServer;
using mps::testing::SeenRequest;
using ::testing::HasSubstr;
using Kind = service::DeliveryFailure::Kind;
namespace json = boost::json;

// The Bot API as far as a bot's life needs it: hands out queued updates, remembers the calls, fails on demand.
class BotTest : public Conversation {
 protected:
  BotTest() {
    pair();
    server_ = std::make_unique<ScriptedHttpServer>([this](const SeenRequest& request) { return answer(request); });
  }
  ~BotTest() override { bot_.reset(); }

  void start() { bot_ = std::make_unique<Bot>(BotOptions{"1:token", server_->url(), "http://hub:8080", 2}, *hub_); }

  ScriptedAnswer answer(const SeenRequest& request) {
    const std::string method = request.target.substr(request.target.rfind('/') + 1);
    const std::lock_guard lock(mutex_);
    if (method == "getUpdates") {
      if (updates_.empty()) return {0, "", {}, ScriptedAnswer::Fault::kHang};
      const std::string update = updates_.front();
      updates_.pop_front();
      return {200, R"({"ok":true,"result":[)" + update + "]}"};
    }
    calls_.emplace_back(method, request.body);
    called_.notify_all();
    if (!failure_.body.empty()) return failure_;
    return {200, R"({"ok":true,"result":{"message_id":77,"username":"mps_bot"}})"};
  }

  // The newest call of it that holds `part`.
  std::string wait_for(const std::string& method, const std::string& part = "") {
    std::unique_lock lock(mutex_);
    std::string body;
    const bool came = called_.wait_for(lock, std::chrono::seconds(20), [&] {
      for (const auto& [name, text] : calls_) {
        if (name == method && text.find(part) != std::string::npos) body = text;
      }
      return !body.empty();
    });
    EXPECT_TRUE(came) << method;
    return body;
  }

  std::string update_of_press(const std::string& data) {
    const auto markup = dialogue_->sign(kOwner, InlineKeyboard{{{"x", data}}});
    return fmt::format(R"({{"update_id":5,"callback_query":{{"id":"q1","from":{{"id":42}},"data":"{}","message":)"
                       R"({{"message_id":9,"chat":{{"id":42,"type":"private"}},"text":"old"}}}}}})",
                       std::get<InlineKeyboard>(markup)[0][0].callback_data);
  }

  std::mutex mutex_;
  std::condition_variable called_;
  std::deque<std::string> updates_;
  std::vector<std::pair<std::string, std::string>> calls_;
  ScriptedAnswer failure_;
  std::unique_ptr<ScriptedHttpServer> server_;
  std::unique_ptr<Bot> bot_;
};

std::string update_of_text(const std::string& text) {
  return fmt::format(R"({{"update_id":4,"message":{{"message_id":8,"from":{{"id":42,"first_name":"Ann"}},)"
                     R"("chat":{{"id":42,"type":"private"}},"text":"{}"}}}})",
                     text);
}

TEST_F(BotTest, SetsTheMenuOfStrangersAndThoseOfTheChatsThatItKnows) {
  hub_->people().add_chat(-100, 0, "team", 0).value();
  hub_->chat_settings().set_language(-100, "ru").value();
  hub_->people().add_chat(77, 0, "gets messages alone", 1).value();
  start();
  const auto menu_in = [&](const std::string& what) {
    return json::parse(wait_for("setMyCommands", what)).as_object();
  };
  EXPECT_EQ(menu_in(R"("language_code":"ru")").at("commands").as_array().size(), 1u);
  const auto owners = menu_in(R"("chat_id":42)");
  EXPECT_EQ(owners.at("commands").as_array().size(), menu_of(service::Role::kOwner, kEnglish).size());
  EXPECT_EQ(owners.at("scope").at("type").as_string(), "chat");
  EXPECT_THAT(json::serialize(menu_in(R"("chat_id":-100)")), HasSubstr("Все серверы"));
  const std::lock_guard lock(mutex_);
  for (const auto& [name, body] : calls_) EXPECT_THAT(body, ::testing::Not(HasSubstr(R"("chat_id":77)")));
}

TEST_F(BotTest, FollowsAGroupThatBecomesASupergroup) {
  hub_->people().add_chat(-100, 0, "team", 0).value();
  updates_.push_back(R"({"update_id":5,"message":{"message_id":1,"chat":{"id":-100,"type":"group"},)"
                     R"("migrate_to_chat_id":-1007}})");
  start();
  while (!hub_->people().knows_chat(-1007)) std::this_thread::yield();
  EXPECT_FALSE(hub_->people().knows_chat(-100));
}

TEST_F(BotTest, AnswersACommand) {
  add_server("web");
  updates_.push_back(update_of_text("/servers"));
  start();
  const std::string body = wait_for("sendMessage");
  EXPECT_THAT(body, HasSubstr("<b>web</b>"));
  const auto keyboard = json::parse(body).at("reply_markup").at("inline_keyboard").as_array();
  EXPECT_LE(keyboard[0].at(0).at("callback_data").as_string().size(), kCallbackDataMaxBytes);
}

TEST_F(BotTest, AnswersAPressAndEditsInPlace) {
  report(add_server("web"));
  updates_.push_back(update_of_press("status 1"));
  start();
  EXPECT_THAT(wait_for("answerCallbackQuery"), HasSubstr(R"("callback_query_id":"q1")"));
  const std::string body = wait_for("editMessageText");
  EXPECT_THAT(body, HasSubstr(R"("message_id":9)"));
  EXPECT_THAT(body, HasSubstr("CPU: <b>"));
}

TEST_F(BotTest, APictureDoesNotTakeThePlaceOfAText) {
  report(add_server("web"));
  updates_.push_back(update_of_press("graph 1 cpu"));
  start();
  EXPECT_THAT(wait_for("sendPhoto"), HasSubstr("\x89PNG"));
}

TEST_F(BotTest, KeepsItsPlaceInTheUpdatesAcrossRestarts) {
  updates_.push_back(update_of_text("/servers"));
  start();
  wait_for("sendMessage");
  bot_.reset();
  EXPECT_EQ(*hub_->settings().get("telegram.offset"), "5");
}

TEST_F(BotTest, DeliversTheOutboxAsAReply) {
  start();
  const auto delivered = bot_->deliver({1, 42, "<b>CPU</b> is over 90 %", 31});
  ASSERT_TRUE(delivered);
  EXPECT_EQ(delivered->message_id, 77);
  EXPECT_THAT(wait_for("sendMessage"), HasSubstr(R"("reply_parameters":{"message_id":31)"));
}

struct Failure {
  int code;
  const char* description;
  const char* parameters;
  Kind kind;
  int retry_after_s;
};

class BotFailureTest : public BotTest, public ::testing::WithParamInterface<Failure> {};

TEST_P(BotFailureTest, TellsTheOutboxWhatToDo) {
  failure_ = {GetParam().code, fmt::format(R"({{"ok":false,"error_code":{},"description":"{}","parameters":{}}})",
                                           GetParam().code, GetParam().description, GetParam().parameters)};
  start();
  const auto delivered = bot_->deliver({1, 42, "text", {}});
  ASSERT_FALSE(delivered);
  EXPECT_EQ(delivered.error().kind, GetParam().kind) << delivered.error().message;
  EXPECT_EQ(delivered.error().retry_after, std::chrono::seconds(GetParam().retry_after_s));
}

INSTANTIATE_TEST_SUITE_P(
    All, BotFailureTest,
    ::testing::Values(Failure{429, "Too Many Requests", R"({"retry_after":8})", Kind::kRetry, 8},
                      Failure{500, "Internal Server Error", "{}", Kind::kRetry, 0},
                      Failure{401, "Unauthorized", "{}", Kind::kRetry, 0},
                      Failure{403, "Forbidden: bot was blocked by the user", "{}", Kind::kChatGone, 0},
                      Failure{400, "Bad Request: chat not found", "{}", Kind::kChatGone, 0},
                      Failure{400, "Bad Request: message text is empty", "{}", Kind::kRejected, 0}));

TEST_F(BotTest, ABlockedBotStopsNotifications) {
  EXPECT_EQ(hub_->people().alert_chats().size(), 1u);
  updates_.push_back(R"({"update_id":5,"my_chat_member":{"chat":{"id":42},"new_chat_member":{"status":"kicked"}}})");
  updates_.push_back(update_of_text("/nothing"));
  start();
  while (!hub_->people().alert_chats().empty()) std::this_thread::yield();
}

TEST_F(BotTest, GoesDownInTheMiddleOfALongPoll) {
  start();
  wait_for("setMyCommands");
  const auto begin = steady_now();
  bot_.reset();
  EXPECT_LT(steady_now() - begin, std::chrono::seconds(5));
}

TEST_F(BotTest, AnUnreachableTelegramIsNotFatal) {
  server_.reset();
  bot_ = std::make_unique<Bot>(BotOptions{"1:token", "http://127.0.0.1:1", "http://hub", 2}, *hub_);
  EXPECT_EQ(bot_->deliver({1, 42, "text", {}}).error().kind, Kind::kRetry);
  while (!bot_->problem()) std::this_thread::yield();
  EXPECT_EQ(bot_->problem()->find("1:token"), std::string::npos);
}

}  // namespace
}  // namespace mps::telegram
