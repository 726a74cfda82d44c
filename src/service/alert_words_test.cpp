#include "service/alert_words.h"

#include <cstddef>
#include <gmock/gmock.h>

#include "testing/message_rig.h"

// What comes by itself, in the language of the chat and by its clock.
namespace mps::service {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

class AlertWordsTest : public MessagesTest {
 protected:
  void SetUp() override {
    MessagesTest::SetUp();
    settings_.emplace(*rig_->database, TimeZone());
  }
  void russian(int64_t chat) {
    settings_->set_language(chat, "ru").value();
    settings_->set_zone(chat, "Asia/Yekaterinburg").value();
  }
  void add_chat(int64_t chat) { rig_->people.add_chat(chat, 0, "team", 0).value(); }
  const OutgoingMessage& newest(int64_t chat) {
    const auto found =
        std::ranges::find(telegram_.sent.rbegin(), telegram_.sent.rend(), chat, &OutgoingMessage::chat_id);
    if (found == telegram_.sent.rend()) throw std::runtime_error("nothing was sent there");
    return *found;
  }
  std::string edited(int64_t chat) {
    const auto found =
        std::ranges::find(telegram_.edits.rbegin(), telegram_.edits.rend(), chat, &OutgoingMessage::chat_id);
    return found == telegram_.edits.rend() ? "" : found->html;
  }

  std::optional<ChatSettings> settings_;
};

// The sentences, in the order of the declaration, but for what comes in pairs and the function.
std::vector<std::string_view> sentences(const AlertWords& words) {
  constexpr size_t kBefore = offsetof(AlertWords, is_one) / sizeof(std::string_view);
  constexpr size_t kAfter =
      (offsetof(AlertWords, steps) - offsetof(AlertWords, acknowledge)) / sizeof(std::string_view);
  const auto at = [&](size_t offset) {
    return reinterpret_cast<const std::string_view*>(reinterpret_cast<const char*>(&words) + offset);
  };
  std::vector<std::string_view> all(at(0), at(0) + kBefore);
  all.insert(all.end(), at(offsetof(AlertWords, acknowledge)), at(offsetof(AlertWords, acknowledge)) + kAfter);
  return all;
}

std::set<std::string_view> places(std::string_view text) {
  std::set<std::string_view> found;
  for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1))
    found.insert(text.substr(open, text.find('}', open) - open + 1));
  return found;
}

TEST(AlertWordsTable, LanguagesHoldTheSameSentencesWithTheSamePlaces) {
  const auto english = sentences(alert_words("en")), russian = sentences(alert_words("ru"));
  ASSERT_EQ(english.size(), russian.size());
  EXPECT_EQ(english.front(), "en");
  EXPECT_EQ(english.back(), alert_words("en").disk_well);
  for (size_t i = 0; i < english.size(); ++i) {
    EXPECT_FALSE(english[i].empty()) << i;
    EXPECT_EQ(places(english[i]), places(russian[i])) << english[i];
  }
  EXPECT_EQ(alert_words("ru").step("snooze over"), "отсрочка закончилась");
  EXPECT_EQ(alert_words("en").step("firing"), "firing");
  EXPECT_EQ(&alert_words("xx"), &alert_words("en"));
}

TEST(AlertWordsTable, RussianCountsServersAsRussiansDo) {
  const auto& words = alert_words("ru");
  for (const size_t one : {1u, 21u, 101u}) EXPECT_TRUE(words.is_one(one)) << one;
  for (const size_t many : {0u, 2u, 5u, 11u, 111u}) EXPECT_FALSE(words.is_one(many)) << many;
}

TEST_F(AlertWordsTest, EachChatReadsOfTheSameIncidentInItsLanguageAndByItsClock) {
  add_chat(43);
  russian(43);
  auto incident = fire(add_server("web"), "critical");
  run_for(2s);
  EXPECT_THAT(newest(42).html,
              HasSubstr("<b>web</b>: CPU is over 90 % (critical)\nnow <b>97 %</b>, peak 97 %, since 13:55"));
  EXPECT_THAT(newest(43).html,
              HasSubstr("<b>web</b>: Процессор больше 90 % (критично)\nсейчас <b>97 %</b>, пик 97 %, с 18:55 (5 мин)"));
  EXPECT_EQ(newest(43).buttons[0][0].text, "Принять");
  EXPECT_EQ(newest(43).buttons[1][2].text, "До утра");
  rig_->book.acknowledge(incident.id, "Ann").value();
  run_for(2s);
  EXPECT_THAT(edited(42), HasSubstr("Acknowledged by Ann, 14:00"));
  EXPECT_THAT(edited(43), HasSubstr("Принято: Ann, 19:00"));
  resolve(incident);
  run_for(7s);
  EXPECT_THAT(edited(43), HasSubstr("Процессор снова в норме: 20 %\nбыло больше 90 % с 18:55, 5 мин"));
}

TEST_F(AlertWordsTest, ListsRemindersAndDigestsAreInTheLanguageToo) {
  russian(42);
  std::vector<catalog::Incident> incidents;
  for (int i = 0; i < 3; ++i) incidents.push_back(fire(add_server("web-" + std::to_string(i))));
  run_for(10s);
  EXPECT_THAT(telegram_.shown[100],
              HasSubstr("🔴 <b>3 из 3 серверов: Процессор</b>\n🔴 <b>web-0</b> Процессор 97 % (больше 90 %), с 18:55"));
  clock_.advance(30min);
  repeat(incidents[0]);
  run_for(2s);
  EXPECT_THAT(newest(42).html, HasSubstr("<b>Всё ещё 3 из 3 серверов: Процессор</b>"));
  set_quiet("19:00", "20:00", "Asia/Yekaterinburg");
  fire(add_server("night"));
  run_for(40min, 10s);
  EXPECT_THAT(newest(42).html,
              HasSubstr("<b>Тихие часы закончились</b>. Сработало: 1, прошло: 0, ещё продолжается: 1"));
}

TEST_F(AlertWordsTest, SilencePredictionsAndAnomaliesReadWellInBoth) {
  russian(43);
  const Reader en = reader_of("en", TimeZone()), ru = reader_of(settings_->of(43));
  Subject subject{open_incident(add_server("web"), "warning", "disk"), "web", find_resource("disk")};
  subject.incident.instance = "/var";
  const Timestamp now = clock_.now();
  subject.incident.kind = "prediction";
  subject.incident.threshold = 100;
  subject.incident.expected_at = now + 48h;
  EXPECT_THAT(incident_line(subject, now, en), HasSubstr("Disk /var full at 14:00 Sat"));
  EXPECT_THAT(incident_line(subject, now, ru), HasSubstr("Диск /var: ожидается заполнение в 19:00 сб"));
  subject.incident.expected_at = now + 240h;
  EXPECT_THAT(incident_line(subject, now, ru), HasSubstr("в 19:00 06 дек"));
  subject.incident.kind = "anomaly";
  EXPECT_THAT(incident_text(subject, now, ru), HasSubstr("Диск /var: необычно"));
  subject.incident.kind = "no_data";
  EXPECT_THAT(incident_text(subject, now, ru), HasSubstr("нет данных «Диск /var» с 18:55"));
  subject.resource = nullptr;
  subject.incident.instance.clear();
  EXPECT_THAT(incident_text(subject, now, ru), HasSubstr("<b>web</b>: молчит с 18:55\nуже 5 мин"));
  subject.incident.resolved_at = now;
  EXPECT_THAT(incident_text(subject, now, ru), HasSubstr("снова присылает данные\nмолчание: с 18:55, 5 мин"));
}

TEST_F(AlertWordsTest, AChatHearsOnlyOfTheServersOfItsTagAndOneThatWantsNoneOfNothing) {
  for (const int64_t chat : {-1, -2, -3}) add_chat(chat);
  settings_->set_alerts(-1, "tag db").value();
  settings_->set_alerts(-2, "none").value();
  const ServerId database = rig_->servers.add("db-1", {"db"})->server.id;
  fire(database);
  clock_.advance(1min);
  fire(add_server("web-1"));
  run_for(2s);
  const auto heard = [&](int64_t chat) {
    std::vector<std::string> servers;
    for (const auto& message : telegram_.sent) {
      if (message.chat_id == chat) servers.push_back(message.html.find("db-1") != std::string::npos ? "db-1" : "web-1");
    }
    return servers;
  };
  EXPECT_THAT(heard(42), ElementsAre("db-1", "web-1"));
  EXPECT_THAT(heard(-1), ElementsAre("db-1"));
  EXPECT_TRUE(heard(-2).empty());
  EXPECT_THAT(heard(-3), ElementsAre("db-1", "web-1"));
}

TEST_F(AlertWordsTest, MessagesGoToTheTopicOfTheGroupAndEditsNeedNone) {
  add_chat(-1);
  settings_->set_thread(-1, 7).value();
  auto incident = fire(add_server("web"));
  run_for(2s);
  EXPECT_EQ(newest(-1).thread_id, 7);
  EXPECT_EQ(newest(42).thread_id, 0);
  resolve(incident);
  run_for(7s);
  for (const auto& edit : telegram_.edits) EXPECT_EQ(edit.thread_id, 0);
}

TEST_F(AlertWordsTest, AfterAnOutageTheNotesAreInTheLanguageOfTheChat) {
  russian(42);
  telegram_.down_until = clock_.now() + 4min;
  fire(add_server("web"));
  run_for(6min, 10s);
  ASSERT_EQ(telegram_.sent.size(), 1u);
  EXPECT_THAT(telegram_.sent[0].html,
              AllOf(HasSubstr("<i>Написано в 19:00, раньше отправить не удалось.</i>"), Not(HasSubstr("Written"))));
}

TEST(AlertTextTest, PrecisionIsToldOnceSomethingWasJudged) {
  EXPECT_EQ(precision_text({3, 1, 2}, alert_words("en")), "Of such predictions in 90 days 3 of 4 came true");
  EXPECT_THAT(precision_text({3, 1, 2}, alert_words("ru")), AllOf(HasSubstr("3"), HasSubstr("4")));
  EXPECT_EQ(precision_text({0, 0, 5}, alert_words("en")), "");
}

TEST_F(AlertWordsTest, OfAPredictionItIsSaidWhetherItCameTrue) {
  Subject subject{{}, "db-1", find_resource("disk")};
  subject.incident.kind = "prediction";
  subject.incident.instance = "/";
  subject.incident.threshold = 95;
  subject.incident.value = 40;
  subject.incident.breached_at = clock_.now() - 3h;
  subject.incident.resolved_at = clock_.now();
  const Reader reader = reader_of("en", TimeZone());
  subject.incident.peak = 94.9;
  EXPECT_THAT(incident_text(subject, clock_.now(), reader), HasSubstr("Disk / is no longer foreseen to be over 95 %"));
  subject.incident.peak = 96;
  EXPECT_THAT(incident_text(subject, clock_.now(), reader),
              AllOf(HasSubstr("Disk / was over 95 %, as foreseen, and is back to 40 %"), HasSubstr("peak 96 %")));
}

}  // namespace
}  // namespace mps::service
