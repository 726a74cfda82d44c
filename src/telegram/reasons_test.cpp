#include "telegram/reasons.h"

#include <gmock/gmock.h>

#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Reasons, WhatStandsInTheHolesIsKept) {
  EXPECT_EQ(say_like("'{}' is not a number", "'x' is not a number", "«{}» - не число"), "«x» - не число");
  EXPECT_EQ(say_like("{} has not sent {} yet", "web-1 has not sent CPU yet", "{}: {}"), "web-1: Процессор");
  EXPECT_EQ(say_like("{} yet", "not yet yet", "<{}>"), "<not yet>");
  EXPECT_EQ(say_like("no holes", "no holes", "нет"), "нет");
  for (const char* other : {"", "'x' is not a date", "'x' is not a number!", "x is not a number"})
    EXPECT_EQ(say_like("'{}' is not a number", other, "да"), "") << other;
}

TEST(Reasons, WhatNobodyTranslatedIsSaidBehindItsKind) {
  const Error error{ErrorCode::kIo, "the disk is on fire."};
  EXPECT_EQ(plain_reason_of(error, kEnglish), "the disk is on fire");
  EXPECT_EQ(plain_reason_of(error, kRussian), "ошибка хаба (the disk is on fire)");
}

// What people can get wrong in the chat is refused in their language alone.
class RussianReasons : public Conversation {
 protected:
  void SetUp() override {
    pair();
    ask("/settings language ru");
    report(add_server("web-1"));
  }
};

TEST_F(RussianReasons, RefusalsInARussianChatAreRussian) {
  for (const char* wrong :
       {"/connect web-1", "/connect   a\nb", "/report web-1 2026-13-45", "/report web-1 2030-01-01",
        "/report daily 25:00", "/report daily 08:00 Mars/Olympus", "/quiet 25:00 07:00", "/quiet 22:00 22:00",
        "/silence end 99", "/alerts ack 99", "/settings language xx", "/settings units furlongs",
        "/settings alerts some", "/maintenance end 99", "/users 99 admin", "/forecast web-1 cpu"}) {
    std::string answer = ask(wrong);
    EXPECT_THAT(answer, HasSubstr("\xD0")) << wrong;
    for (const char* english : {" is ", " not ", " the ", " there ", " are ", " no ", " must ", " has ", " yet"})
      EXPECT_THAT(answer, Not(HasSubstr(english))) << wrong;
  }
}

}  // namespace
}  // namespace mps::telegram
