#include "telegram/update.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace mps::telegram {
namespace {

std::vector<Update> parse(std::string_view text) {
  return parse_updates(boost::json::parse(text));
}

TEST(UpdateTest, ReadsAMessage) {
  const auto updates = parse(R"([{"update_id":10,"message":{"message_id":3,"date":1795334400,
      "chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"Ann","username":"ann","language_code":"ru"},
      "text":"/start abc"}}])");
  ASSERT_EQ(updates.size(), 1u);
  EXPECT_EQ(updates[0].id, 10);
  const auto& message = std::get<IncomingMessage>(updates[0].content);
  EXPECT_EQ(message.text, "/start abc");
  EXPECT_EQ(message.chat, ChatId(42));
  EXPECT_TRUE(message.is_private);
  EXPECT_EQ(message.from.user_name, "ann");
  EXPECT_EQ(message.from.language, "ru");
}

TEST(UpdateTest, KeepsIdsBeyondFiftyThreeBits) {
  const auto updates = parse(R"([{"update_id":9223372036854775806,"message":{"message_id":9007199254740993,
      "chat":{"id":-1009007199254740993,"type":"supergroup"},"message_thread_id":5,"text":"x"}}])");
  ASSERT_EQ(updates.size(), 1u);
  EXPECT_EQ(updates[0].id, 9223372036854775806);
  const auto& message = std::get<IncomingMessage>(updates[0].content);
  EXPECT_EQ(message.id, MessageId(9007199254740993));
  EXPECT_EQ(message.chat, ChatId(-1009007199254740993));
  EXPECT_EQ(message.thread_id, 5);
  EXPECT_FALSE(message.is_private);
}

TEST(UpdateTest, ReadsThePressOfAButton) {
  const auto updates = parse(R"([{"update_id":11,"callback_query":{"id":"777","from":{"id":42},"data":"status 1",
      "message":{"message_id":8,"chat":{"id":42,"type":"private"},"text":"old"}}}])");
  const auto& query = std::get<CallbackQuery>(updates.at(0).content);
  EXPECT_EQ(query.id, "777");
  EXPECT_EQ(query.data, "status 1");
  EXPECT_EQ(query.message, MessageId(8));
  EXPECT_TRUE(query.message_has_text);
}

TEST(UpdateTest, APressOnAnInaccessibleMessageStillCounts) {
  const auto updates = parse(R"([{"update_id":11,"callback_query":{"id":777,"from":{"id":42},"data":"x"}}])");
  const auto& query = std::get<CallbackQuery>(updates.at(0).content);
  EXPECT_EQ(query.id, "777");
  EXPECT_EQ(query.chat, ChatId(0));
}

TEST(UpdateTest, UnknownKindsKeepTheirIdAndUnknownFieldsAreIgnored) {
  const auto updates = parse(R"([{"update_id":12,"business_thing":{"x":[1,2]}},{"update_id":13,"message":
      {"message_id":1,"chat":{"id":42,"type":"private","new":{}},"sticker":{"emoji":"x"}}}])");
  ASSERT_EQ(updates.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(updates[0].content));
  EXPECT_EQ(std::get<IncomingMessage>(updates[1].content).text, "");
}

TEST(UpdateTest, SurvivesWrongTypesEverywhere) {
  for (const char* text : {"null", "{}", "[1,null,\"x\"]", R"([{"update_id":"no"}])", R"([{"message":{}}])"}) {
    EXPECT_TRUE(parse(text).empty()) << text;
  }
  const auto updates = parse(R"([{"update_id":1,"message":{"message_id":{},"chat":[],"from":3,"text":7}},
                                 {"update_id":2,"callback_query":{"id":{},"message":[]}}, {"update_id":3,"message":9}])");
  ASSERT_EQ(updates.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(updates[0].content));
}

TEST(UpdateTest, SortsById) {
  const auto updates = parse(R"([{"update_id":3},{"update_id":1},{"update_id":2}])");
  ASSERT_EQ(updates.size(), 3u);
  EXPECT_EQ(updates[0].id, 1);
  EXPECT_EQ(updates[2].id, 3);
}

TEST(UpdateTest, SeesAGroupMoveAndABlockedBot) {
  const auto updates = parse(R"([
      {"update_id":1,"message":{"message_id":1,"chat":{"id":-5,"type":"group"},"migrate_to_chat_id":-1001234567890}},
      {"update_id":2,"my_chat_member":{"chat":{"id":42},"new_chat_member":{"status":"kicked"}}},
      {"update_id":3,"my_chat_member":{"chat":{"id":42},"new_chat_member":{"status":"member"}}}])");
  EXPECT_EQ(std::get<ChatMigrated>(updates.at(0).content).to, ChatId(-1001234567890));
  EXPECT_EQ(std::get<BotBlocked>(updates.at(1).content).chat, ChatId(42));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(updates.at(2).content));
}

}  // namespace
}  // namespace mps::telegram
