#include "telegram/texts.h"

#include <array>
#include <bit>
#include <gmock/gmock.h>
#include <set>

#include "telegram/html.h"
#include "telegram/screen.h"

namespace mps::telegram {
namespace {

constexpr size_t kCount = sizeof(Texts) / sizeof(std::string_view);
constexpr size_t kToastMax = 200, kMenuLineMax = 256;

// All of them, in the order of the declaration.
std::array<std::string_view, kCount> all_of(const Texts& texts) {
  return std::bit_cast<std::array<std::string_view, kCount>>(texts);
}

std::multiset<std::string_view> placeholders(std::string_view text) {
  std::multiset<std::string_view> found;
  for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1))
    found.insert(text.substr(open, text.find('}', open) - open + 1));
  return found;
}

std::vector<std::string_view> tags(std::string_view text) {
  std::vector<std::string_view> found;
  for (size_t open = text.find('<'); open != std::string_view::npos; open = text.find('<', open + 1))
    found.push_back(text.substr(open, text.find('>', open) - open + 1));
  std::sort(found.begin(), found.end());
  return found;
}

TEST(TextsTest, NoLanguageLacksASentence) {
  const auto english = all_of(kEnglish), russian = all_of(kRussian);
  for (size_t i = 0; i < kCount; ++i) {
    EXPECT_FALSE(english[i].empty()) << "number " << i << ", after '" << (i == 0 ? "" : english[i - 1]) << "'";
    EXPECT_FALSE(russian[i].empty()) << "for '" << english[i] << "'";
  }
}

TEST(TextsTest, PlaceholdersAndTagsAreTheSameInEveryLanguage) {
  const auto english = all_of(kEnglish), russian = all_of(kRussian);
  for (size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(placeholders(english[i]), placeholders(russian[i])) << english[i];
    EXPECT_EQ(tags(english[i]), tags(russian[i])) << english[i];
  }
}

TEST(TextsTest, RussianIsRussian) {
  const auto english = all_of(kEnglish), russian = all_of(kRussian);
  for (size_t i = 0; i < kCount; ++i) {
    const bool has_words = english[i].find(' ') != std::string_view::npos && placeholders(english[i]).empty();
    const bool is_cyrillic = russian[i].find("\xD0") != std::string_view::npos;
    EXPECT_TRUE(!has_words || is_cyrillic) << russian[i];
  }
}

TEST(TextsTest, WhatTheAppShowsForAMomentOrInTheMenuFits) {
  for (const Texts* texts : {&kEnglish, &kRussian}) {
    const std::string refused =
        fill(texts->role_needed, {{"needed", texts->role_admin}, {"own", texts->role_operator}});
    for (const std::string_view text : {texts->refusal, texts->expired_button, std::string_view(refused)})
      EXPECT_LE(visible_length(text), kToastMax) << text;
    for (const Screen& screen : screens()) {
      if (screen.menu == nullptr) continue;
      EXPECT_LE(visible_length(texts->*screen.menu), kMenuLineMax) << screen.command;
    }
  }
}

TEST(TextsTest, EveryAmpersandIsEscaped) {
  for (const Texts* texts : {&kEnglish, &kRussian}) {
    for (std::string_view text : all_of(*texts)) {
      for (size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
        const auto rest = text.substr(at);
        EXPECT_TRUE(rest.starts_with("&lt;") || rest.starts_with("&gt;") || rest.starts_with("&amp;")) << text;
      }
    }
  }
}

TEST(TextsTest, AnUnknownLanguageIsEnglish) {
  EXPECT_EQ(&texts_in("ru"), &kRussian);
  EXPECT_EQ(&texts_in("en"), &kEnglish);
  EXPECT_EQ(&texts_in("xx"), &kEnglish);
}

TEST(TextsTest, FillReplacesWhatIsNamed) {
  EXPECT_EQ(fill("{a} and {b}, {a}", {{"a", "1"}, {"b", "{a}"}}), "1 and {a}, 1");
}

}  // namespace
}  // namespace mps::telegram
