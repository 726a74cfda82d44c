#include "service/chat_settings.h"

#include <gmock/gmock.h>

#include "testing/temporary_folder.h"

namespace mps::service {
namespace {

using ::testing::HasSubstr;

class ChatSettingsTest : public ::testing::Test {
 protected:
  ChatSettingsTest() { open(); }
  void open() {
    settings_.reset();
    database_ = catalog::Database::open("sqlite3://" + (folder_.path() / "catalog.db").string()).value();
    settings_.emplace(*database_, TimeZone::find("Europe/Berlin").value());
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<catalog::Database> database_;
  std::optional<ChatSettings> settings_;
};

TEST_F(ChatSettingsTest, AChatThatChoseNothingIsAsTheHub) {
  const ChatLook look = settings_->of(42);
  EXPECT_EQ(look.language, "en");
  EXPECT_EQ(look.zone.name(), "Europe/Berlin");
  EXPECT_FALSE(look.chose_language || look.chose_zone || look.no_alerts);
  EXPECT_EQ(look.tag, "");
}

TEST_F(ChatSettingsTest, UnitsAreBytesUntilOthersAreChosen) {
  EXPECT_EQ(settings_->of(42).units, Units::kBytes);
  settings_->set_units(42, "bits").value();
  settings_->set_zone(42, "Asia/Yekaterinburg").value();
  open();
  EXPECT_EQ(settings_->of(42).units, Units::kBits);
  EXPECT_EQ(settings_->of(43).units, Units::kBytes);
  const auto refused = settings_->set_units(42, "furlongs");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("bytes, binary, bits"));
}

TEST_F(ChatSettingsTest, WhatAChatChoseOutlivesARestartAndLeavesOthersAlone) {
  settings_->set_language(42, "ru").value();
  settings_->set_zone(42, "Asia/Yekaterinburg").value();
  settings_->set_alerts(42, "tag front end").value();
  settings_->set_thread(42, 7).value();
  open();
  const ChatLook look = settings_->of(42);
  EXPECT_EQ(look.language, "ru");
  EXPECT_EQ(look.zone.name(), "Asia/Yekaterinburg");
  EXPECT_TRUE(look.chose_language && look.chose_zone);
  EXPECT_EQ(look.tag, "front end");
  EXPECT_EQ(look.thread_id, 7);
  EXPECT_FALSE(settings_->of(43).chose_zone);
  settings_->forget(42).value();
  EXPECT_FALSE(settings_->of(42).chose_language);
}

TEST_F(ChatSettingsTest, WhatDoesNotExistIsRefusedAndNamed) {
  EXPECT_THAT(settings_->set_language(42, "xx").error().message, HasSubstr("'xx'; there are: en, ru"));
  EXPECT_THAT(settings_->set_zone(42, "Mars/Olympus").error().message, HasSubstr("'Mars/Olympus' is not a time zone"));
  EXPECT_FALSE(settings_->set_zone(42, ""));
  EXPECT_THAT(settings_->set_alerts(42, "some").error().message, HasSubstr("all, none, tag NAME"));
  EXPECT_FALSE(settings_->set_alerts(42, "tag "));
  EXPECT_FALSE(settings_->of(42).chose_language);
}

TEST_F(ChatSettingsTest, ALanguageIsGuessedFromTheAppOnceAndNeverAgainstAChoice) {
  settings_->guess_language(42, "ru-RU").value();
  EXPECT_EQ(settings_->of(42).language, "ru");
  settings_->guess_language(42, "en").value();
  EXPECT_EQ(settings_->of(42).language, "ru");
  settings_->set_language(43, "en").value();
  settings_->guess_language(43, "ru").value();
  EXPECT_EQ(settings_->of(43).language, "en");
  EXPECT_EQ(ChatSettings::known_language("de-AT"), "en");
  EXPECT_EQ(ChatSettings::known_language("rue"), "en");  // Rusyn
}

TEST_F(ChatSettingsTest, AChatMayHearOfNothingAndOfEverythingAgain) {
  settings_->set_alerts(42, "none").value();
  EXPECT_TRUE(settings_->of(42).no_alerts);
  settings_->set_alerts(42, "").value();
  EXPECT_FALSE(settings_->of(42).no_alerts);
}

}  // namespace
}  // namespace mps::service
