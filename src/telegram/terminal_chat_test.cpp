#include "telegram/terminal_chat.h"

#include <gmock/gmock.h>

#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using namespace std::chrono_literals;

class TerminalChatTest : public Conversation {
 protected:
  TerminalChat& chat() {
    if (!chat_) chat_ = std::make_unique<TerminalChat>(*hub_, TerminalOptions{role_, "Ann", "http://hub:8080", "1.0"});
    return *chat_;
  }

  // Everything that one line leads to.
  std::string type(std::string_view line) {
    messages_ = chat().say(line);
    std::string all;
    for (const TerminalMessage& message : messages_) all += message.text + "\n";
    return all;
  }

  // The number that stands before a button.
  static std::string number_of(const std::string& shown, std::string_view label) {
    const size_t at = shown.find("] " + std::string(label));
    if (at == std::string::npos) return "no such button";
    const size_t open = shown.rfind('[', at);
    return shown.substr(open + 1, at - open - 1);
  }

  service::Role role_ = service::Role::kOwner;
  TerminalMessages messages_;
  std::unique_ptr<TerminalChat> chat_;
};

TEST_F(TerminalChatTest, CommandsAndNumbersLeadThroughTheScreens) {
  report(add_server("db1"));
  const std::string list = type("/servers");
  EXPECT_THAT(list, HasSubstr("db1"));
  EXPECT_THAT(list, Not(HasSubstr("<b>"))) << "plain text";
  const std::string status = type(number_of(list, "db1"));
  EXPECT_THAT(status, HasSubstr("CPU: 42 %"));
  type(number_of(status, "Graph"));
  ASSERT_THAT(messages_, SizeIs(1));
  ASSERT_TRUE(messages_[0].file);
  EXPECT_EQ(messages_[0].file->name, "001-graph.png");
  EXPECT_THAT(messages_[0].file->content, HasSubstr("PNG"));
}

TEST_F(TerminalChatTest, ANumberThatIsNoButtonSaysSoAndChangesNothing) {
  report(add_server("db1"));
  const std::string list = type("/servers");
  EXPECT_EQ(type("99"), "There is no button 99 here.\n");
  EXPECT_EQ(type("0"), "There is no button 0 here.\n");
  EXPECT_THAT(type(number_of(list, "db1")), HasSubstr("CPU"));
  EXPECT_THAT(type(""), IsEmpty());
}

TEST_F(TerminalChatTest, WhereSomethingWasAskedANumberIsTheAnswer) {
  EXPECT_THAT(type("/connect"), HasSubstr("What shall the server be called?"));
  EXPECT_THAT(type("17"), HasSubstr("17 is registered"));
  EXPECT_EQ(hub_->servers().list().at(0).name, "17");
}

TEST_F(TerminalChatTest, DocumentsAreFilesAndAServerThatSendsIsNoticed) {
  type("/connect web-1");
  std::vector<std::string> files;
  for (const auto& message : messages_) {
    if (message.file) files.push_back(message.file->name);
  }
  EXPECT_THAT(files, ::testing::ElementsAre("001-telegraf.conf", "002-mps-agent.service"));
  EXPECT_THAT(chat().renew(), IsEmpty()) << "nothing new";
  report(hub_->servers().list().at(0).id);
  clock_.advance(5s);
  const auto news = chat().renew();
  ASSERT_THAT(news, SizeIs(1));
  EXPECT_THAT(news[0].text, HasSubstr("first samples arrived"));
}

TEST_F(TerminalChatTest, ALiveGraphIsDrawnAgainUntilItIsStopped) {
  const ServerId server = add_server("db1");
  report(server);
  const std::string live = type("/graph db1 cpu live");
  clock_.advance(10s);
  report(server);
  EXPECT_THAT(chat().renew(), SizeIs(1));
  type(number_of(live, "⏹ Stop"));
  clock_.advance(10s);
  EXPECT_THAT(chat().renew(), IsEmpty());
}

TEST_F(TerminalChatTest, ARoleIsRefusedWhatItMayNot) {
  role_ = service::Role::kViewer;
  EXPECT_THAT(type("/connect web-1"), HasSubstr("For that you need to be admin; here you are viewer"));
  EXPECT_THAT(hub_->servers().list(), IsEmpty());
}

TEST_F(TerminalChatTest, ItSpeaksTheLanguageThatWasChosenAndOtherChatsKeepTheirs) {
  type("/settings language ru");
  EXPECT_THAT(type("/servers"), HasSubstr("Серверов пока нет"));
  EXPECT_THAT(chat().greeting(), HasSubstr("Чат без Telegram"));
  pair();
  EXPECT_EQ(ask("/servers"), kEnglish.no_servers);
}

TEST_F(TerminalChatTest, AHostileNameCannotMoveTheCursorNorLeaveTheFolder) {
  EXPECT_EQ(printable("a\x1b[31mb\a\r\xC2\x9B"
                      "2Jc\n\xD0\xAF"),
            "a[31mb2Jc\n\xD0\xAF");
  report(add_server("../../etc/<b>x"), 1min);
  const std::string said = type("/export ../../etc/<b>x 1h");
  ASSERT_TRUE(messages_.at(0).file) << said;
  EXPECT_THAT(messages_[0].file->name, Not(HasSubstr("/")));
  EXPECT_TRUE(messages_[0].file->name.starts_with("001-")) << messages_[0].file->name;
}

TEST_F(TerminalChatTest, NobodyIsMadeAPersonByIt) {
  type("/servers");
  EXPECT_THAT(hub_->people().persons(), IsEmpty());
  EXPECT_THAT(hub_->people().chats(), IsEmpty());
  EXPECT_TRUE(hub_->people().pairing_code()) << "the first in Telegram still becomes the owner";
}

}  // namespace
}  // namespace mps::telegram
