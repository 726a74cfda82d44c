#include "telegram/bot_api.h"

#include <boost/json.hpp>
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "testing/scripted_http_server.h"

namespace mps::telegram {
namespace {

using mps::testing::refusal;
using mps::testing::ScriptedAnswer;
using mps::testing::ScriptedHttpServer;
using mps::testing::SeenRequest;
using ::testing::HasSubstr;
using ::testing::Not;
using Fault = ScriptedAnswer::Fault;
namespace json = boost::json;

constexpr auto kToken = "123456:secret-part";

// Answers the given answers one after the other, the last one for ever.
class BotApiTest : public ::testing::Test {
 protected:
  BotApi api_that_answers(std::vector<ScriptedAnswer> answers, const std::atomic<bool>* stop = nullptr) {
    server_ = std::make_unique<ScriptedHttpServer>([answers, next = size_t{0}](const SeenRequest&) mutable {
      return answers[std::min(next++, answers.size() - 1)];
    });
    return BotApi({kToken, server_->url() + "/", std::chrono::seconds(5)}, stop);
  }
  json::object sent(size_t index) { return json::parse(server_->requests().at(index).body).as_object(); }

  std::unique_ptr<ScriptedHttpServer> server_;
};

ScriptedAnswer ok(const std::string& result) {
  return {200, R"({"ok":true,"result":)" + result + "}"};
}

MessageContent text(std::string html) {
  return {std::move(html), {}, {}, {}};
}

TEST_F(BotApiTest, AsksWhoItIsUnderTheTokensPath) {
  auto api = api_that_answers({ok(R"({"id":123456,"is_bot":true,"username":"mps_bot"})")});
  const auto me = api.get_me();
  ASSERT_TRUE(me);
  EXPECT_EQ(me->user_name, "mps_bot");
  EXPECT_EQ(server_->requests().at(0).target, fmt::format("/bot{}/getMe", kToken));
}

TEST_F(BotApiTest, SendsTextAsHtmlWithButtons) {
  auto api = api_that_answers({ok(R"({"message_id":7,"date":1795334400123,"chat":{"id":42}})")});
  const auto id = api.send({ChatId(42)}, {"<b>hi</b>", InlineKeyboard{{{"One", "a 1"}, {"Two", "a 2"}}}, {}, {}});
  ASSERT_TRUE(id);
  EXPECT_EQ(*id, MessageId(7));
  const auto body = sent(0);
  EXPECT_EQ(body.at("chat_id").as_int64(), 42);
  EXPECT_EQ(body.at("parse_mode").as_string(), "HTML");
  EXPECT_EQ(body.at("text").as_string(), "<b>hi</b>");
  EXPECT_EQ(json::serialize(body.at("reply_markup")),
            R"({"inline_keyboard":[[{"text":"One","callback_data":"a 1"},{"text":"Two","callback_data":"a 2"}]]})");
}

TEST_F(BotApiTest, AddressesATopicAndAnOlderMessage) {
  auto api = api_that_answers({ok(R"({"message_id":7})")});
  ASSERT_TRUE(api.send({ChatId(-100), 5, MessageId(3)}, text("hi")));
  EXPECT_EQ(sent(0).at("message_thread_id").as_int64(), 5);
  EXPECT_EQ(json::serialize(sent(0).at("reply_parameters")), R"({"message_id":3,"allow_sending_without_reply":true})");
}

TEST_F(BotApiTest, CutsATextThatIsTooLong) {
  auto api = api_that_answers({ok(R"({"message_id":7})")});
  ASSERT_TRUE(api.send({ChatId(42)}, text(std::string(5000, 'x'))));
  EXPECT_EQ(sent(0).at("text").as_string().size(), 4095 + 3u);
}

TEST_F(BotApiTest, SendsATextThatTelegramCanNotParseAgainAsPlainText) {
  auto api = api_that_answers(
      {refusal(400, "Bad Request: can't parse entities: Unsupported start tag"), ok(R"({"message_id":8})")});
  ASSERT_TRUE(api.send({ChatId(42)}, text("<b>1 &lt; 2</b>")));
  EXPECT_EQ(sent(1).at("text").as_string(), "1 < 2");
  EXPECT_FALSE(sent(1).contains("parse_mode"));
}

TEST_F(BotApiTest, UploadsTheBytesOfAPictureIntact) {
  std::string bytes = "\x89PNG\r\n";
  for (int i = 0; i < 70'000; ++i) bytes += static_cast<char>(i * 31);
  bytes += std::string("\r\n--\0\r\n", 7);
  auto api = api_that_answers({ok(R"({"message_id":9})")});
  ASSERT_TRUE(
      api.send({ChatId(-1001234567890123)}, {"a &amp; b", {}, UploadFile{"graph.png", "image/png", bytes}, {}}));
  const auto request = server_->requests().at(0);
  EXPECT_THAT(request.target, HasSubstr("/sendPhoto"));
  EXPECT_THAT(request.head, HasSubstr("multipart/form-data; boundary="));
  EXPECT_NE(request.body.find(bytes), std::string::npos);
  EXPECT_THAT(request.body, HasSubstr("name=\"photo\"; filename=\"graph.png\"\r\nContent-Type: image/png\r\n"));
  EXPECT_THAT(request.body, HasSubstr("name=\"chat_id\"\r\n\r\n-1001234567890123\r\n"));
  EXPECT_THAT(request.body, HasSubstr("name=\"caption\"\r\n\r\na &amp; b\r\n"));
}

TEST_F(BotApiTest, AnEditThatChangesNothingIsASuccess) {
  auto api = api_that_answers({refusal(400, "Bad Request: message is not modified: specified new message content")});
  EXPECT_TRUE(api.edit(ChatId(42), MessageId(7), text("same")));
}

TEST_F(BotApiTest, AnEditAcceptsTheEmptyResultOfAnEmulator) {
  auto api = api_that_answers({ok("null")});
  EXPECT_TRUE(api.edit(ChatId(42), MessageId(7), text("new")));
}

TEST_F(BotApiTest, EditsAPictureByUpload) {
  auto api = api_that_answers({ok("true")});
  ASSERT_TRUE(api.edit(ChatId(42), MessageId(7), {"now", {}, UploadFile{"graph.png", "image/png", "PNG"}, {}}));
  const auto request = server_->requests().at(0);
  EXPECT_THAT(request.target, HasSubstr("/editMessageMedia"));
  EXPECT_THAT(request.body,
              HasSubstr(R"({"type":"photo","media":"attach://picture","parse_mode":"HTML","caption":"now"})"));
  EXPECT_THAT(request.body, HasSubstr("name=\"picture\"; filename=\"graph.png\""));
}

TEST_F(BotApiTest, APressThatExpiredCountsAsAnswered) {
  auto api = api_that_answers(
      {refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")});
  EXPECT_TRUE(api.answer_callback_query("1"));
}

TEST_F(BotApiTest, TooManyRequestsSaysHowLongToWait) {
  auto api = api_that_answers({refusal(429, "Too Many Requests: retry after 7", R"({"retry_after":7})")});
  const auto result = api.send({ChatId(42)}, text("hi"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ApiErrorKind::kTooManyRequests);
  EXPECT_EQ(result.error().retry_after, std::chrono::seconds(7));
}

TEST_F(BotApiTest, TheWaitOfAProxyComesFromTheHeader) {
  auto api = api_that_answers({{429, "slow down", {{"Retry-After", "3"}}}});
  EXPECT_EQ(api.get_me().error().retry_after, std::chrono::seconds(3));
}

TEST_F(BotApiTest, AMigratedGroupNamesItsNewId) {
  auto api = api_that_answers({refusal(400, "Bad Request: group chat was upgraded to a supergroup chat",
                                       R"({"migrate_to_chat_id":-1009876543210987})")});
  const auto result = api.send({ChatId(-5)}, text("hi"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ApiErrorKind::kChatMigrated);
  EXPECT_EQ(result.error().migrate_to, ChatId(-1009876543210987));
}

struct Refusal {
  int code;
  const char* description;
  ApiErrorKind kind;
};

class BotApiRefusalTest : public BotApiTest, public ::testing::WithParamInterface<Refusal> {};

TEST_P(BotApiRefusalTest, IsToldApartByItsWords) {
  auto api = api_that_answers({refusal(GetParam().code, GetParam().description)});
  const auto result = api.edit(ChatId(42), MessageId(7), text("hi"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, GetParam().kind) << result.error().description;
  EXPECT_EQ(result.error().code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    All, BotApiRefusalTest,
    ::testing::Values(Refusal{400, "Bad Request: message to edit not found", ApiErrorKind::kMessageGone},
                      Refusal{400, "Bad Request: message can't be edited", ApiErrorKind::kMessageGone},
                      Refusal{400, "Bad Request: chat not found", ApiErrorKind::kChatGone},
                      Refusal{400, "Bad Request: BUTTON_DATA_INVALID", ApiErrorKind::kRefused},
                      Refusal{401, "Unauthorized", ApiErrorKind::kBadToken},
                      Refusal{404, "Not Found", ApiErrorKind::kBadToken},
                      Refusal{404, "Not Found: method not found", ApiErrorKind::kRefused},
                      Refusal{403, "Forbidden: bot was blocked by the user", ApiErrorKind::kChatGone},
                      Refusal{409, "Conflict: terminated by other getUpdates request", ApiErrorKind::kConflict},
                      Refusal{413, "Request Entity Too Large", ApiErrorKind::kRefused},
                      Refusal{500, "Internal Server Error", ApiErrorKind::kUnreachable},
                      Refusal{502, "Bad Gateway", ApiErrorKind::kUnreachable}));

TEST_F(BotApiTest, AnErrorInsideHttp200IsStillAnError) {
  auto api = api_that_answers({{200, R"({"ok":false,"error_code":403,"description":"Forbidden: bot was kicked"})"}});
  EXPECT_EQ(api.get_me().error().kind, ApiErrorKind::kChatGone);
}

TEST_F(BotApiTest, APageThatIsNotTelegramsIsNoAnswer) {
  for (const char* body : {"<html>log in to the hotel</html>", "", "[1]", R"({"ok":)"}) {
    auto api = api_that_answers({{200, body}});
    const auto result = api.get_me();
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error().kind, ApiErrorKind::kUnreachable) << body;
  }
}

TEST_F(BotApiTest, ADroppedConnectionIsUnreachableAndTheNextCallWorks) {
  auto api = api_that_answers({{0, "", {}, Fault::kDropConnection}, {0, "", {}, Fault::kDropConnection}, ok("{}")});
  EXPECT_EQ(api.get_me().error().kind, ApiErrorKind::kUnreachable);
  ApiResult<BotUser> again = api.get_me();
  if (!again) again = api.get_me();
  EXPECT_TRUE(again);
}

TEST_F(BotApiTest, NoErrorEverHoldsTheToken) {
  auto api = api_that_answers({refusal(400, fmt::format("Bad Request: odd path /bot{}/getMe", kToken))});
  EXPECT_THAT(api.get_me().error().description, Not(HasSubstr("secret-part")));
  server_.reset();
  EXPECT_THAT(api.get_me().error().description, Not(HasSubstr("secret-part")));
}

TEST_F(BotApiTest, AWrongTokenIsExplained) {
  auto api = api_that_answers({refusal(401, "Unauthorized")});
  EXPECT_THAT(api.get_me().error().description, HasSubstr("MPS_TELEGRAM_TOKEN"));
}

TEST_F(BotApiTest, StopsALongPollAtOnce) {
  std::atomic<bool> stop = false;
  auto api = api_that_answers({{0, "", {}, Fault::kHang}}, &stop);
  std::thread stopper([&] {
    while (server_->requests().empty()) std::this_thread::yield();
    stop = true;
  });
  const auto begin = steady_now();
  const auto result = api.get_updates(0, std::chrono::seconds(50));
  const auto took = steady_now() - begin;
  stopper.join();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ApiErrorKind::kStopped);
  EXPECT_LT(took, std::chrono::seconds(5));
}

TEST_F(BotApiTest, PollsFromTheOffsetAndOnlyForWhatItUnderstands) {
  auto api = api_that_answers({ok("[]")});
  ASSERT_TRUE(api.get_updates(9'007'199'254'740'999, std::chrono::seconds(90)));
  EXPECT_EQ(sent(0).at("offset").as_int64(), 9'007'199'254'740'999);
  EXPECT_EQ(sent(0).at("timeout").as_int64(), 50);
  EXPECT_EQ(json::serialize(sent(0).at("allowed_updates")), R"(["message","callback_query","my_chat_member"])");
}

}  // namespace
}  // namespace mps::telegram
