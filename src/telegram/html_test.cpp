#include "telegram/html.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace mps::telegram {
namespace {

TEST(HtmlTest, CountsWhatAReaderSeesInUtf16Units) {
  EXPECT_EQ(visible_length("<b>a&lt;b</b>"), 3u);
  EXPECT_EQ(visible_length("\xF0\x9F\x98\x80"), 2u);  // an emoji
  EXPECT_EQ(visible_length("\xD0\xB6\xE2\x82\xAC"), 2u);
  EXPECT_EQ(visible_length(""), 0u);
}

TEST(HtmlTest, LeavesAShortTextAsItIs) {
  EXPECT_EQ(cut_html("<b>four</b>", 4), "<b>four</b>");
}

TEST(HtmlTest, CutsBetweenCharactersAndClosesOpenTags) {
  EXPECT_EQ(cut_html("<b>ab<i>cdef</i></b>", 4), "<b>ab<i>c\xE2\x80\xA6</i></b>");
  EXPECT_EQ(cut_html("<a href=\"x\">abcdef</a>", 3), "<a href=\"x\">ab\xE2\x80\xA6</a>");
  EXPECT_EQ(cut_html("a&lt;bcd", 3), "a&lt;\xE2\x80\xA6");
}

TEST(HtmlTest, NeverCutsAnEmojiInTwo) {
  const std::string cut = cut_html("ab\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 4);
  EXPECT_EQ(cut, "ab\xE2\x80\xA6");
  EXPECT_LE(visible_length(cut), 4u);
}

TEST(HtmlTest, EveryCutOfALongTextIsWithinItsLimit) {
  std::string html;
  for (int i = 0; i < 200; ++i) html += "<b>x&amp;<i>\xF0\x9F\x98\x80</i></b>\n";
  for (size_t limit = 1; limit < 300; ++limit) {
    const std::string cut = cut_html(html, limit);
    EXPECT_LE(visible_length(cut), limit);
    size_t open = 0, closed = 0;
    for (size_t at = 0; (at = cut.find('<', at)) != std::string::npos; ++at) ++(cut[at + 1] == '/' ? closed : open);
    EXPECT_EQ(open, closed) << cut;
  }
}

TEST(HtmlTest, PlainTextIsWhatTheReaderSees) {
  EXPECT_EQ(plain_text("<b>1 &lt; 2</b> &amp; more"), "1 < 2 & more");
  EXPECT_EQ(plain_text(escape_html("<script> & \"x\"")), "<script> & \"x\"");
}

TEST(HtmlTest, CutsPlainTextWithoutReadingItAsMarkup) {
  EXPECT_EQ(cut_plain("<b>x</b>", 4), "<b>\xE2\x80\xA6");
  EXPECT_EQ(cut_plain("short", 5), "short");
}

}  // namespace
}  // namespace mps::telegram
