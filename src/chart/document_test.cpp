#include "chart/document.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <numeric>
#include <unistd.h>

#include "chart/page_flow.h"

namespace mps::chart {
namespace {

// What `command FILE -` prints about the document, or nothing where poppler-utils is not installed.
std::string printed_by(const std::string& command, const std::string& file) {
  const std::string path = testing::TempDir() + "document_test_" + std::to_string(getpid()) + ".pdf";
  std::ofstream(path, std::ios::binary) << file;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " " + path + " - 2>/dev/null").c_str(), "r"),
                                                   pclose);
  std::string text;
  std::array<char, 4096> buffer;
  for (size_t n = 0; pipe && (n = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;)
    text.append(buffer.data(), n);
  std::remove(path.c_str());
  return text;
}

std::string text_of(const ReportDocument& document) {
  const Result<std::string> file = to_pdf(document);
  EXPECT_TRUE(file) << file.error().message;
  return file ? printed_by("pdftotext -layout", *file) : "";
}

size_t pages_of(const std::string& file) {
  size_t pages = 0;
  for (size_t at = 0; (at = file.find("/Type /Page %", at)) != std::string::npos; ++at) ++pages;
  return pages;
}

ReportDocument small() {
  ReportDocument document;
  document.title = "web-1 · daily report";
  document.created = std::chrono::sys_days(std::chrono::year(2026) / 3 / 11);
  document.footer = "MPS";
  document.sections.push_back(KeyFigures{{{"CPU", "42.5 %", "day before 38 %"}}});
  document.sections.push_back(Paragraph{"Всё спокойно."});
  return document;
}

TEST(Document, HasTextThatCanBeSelected) {
  ReportDocument document = small();
  document.sections.push_back(Heading{"Disks"});
  document.sections.push_back(Table{{{"mount"}, {"used", true}}, {{"/", "91 %"}, {"/home", "12 %"}}});
  document.sections.push_back(BulletList{{"Look at /"}});
  const std::string text = text_of(document);
  if (text.empty()) GTEST_SKIP() << "pdftotext is not installed";
  for (const char* wanted :
       {"web-1 · daily report", "42.5 %", "day before 38 %", "Всё спокойно.", "Disks", "91 %", "/home", "Look at /"}) {
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << " in\n" << text;
  }
}

TEST(Document, WrapsLongCellsAndCutsNone) {
  ReportDocument document = small();
  std::string path;
  for (int i = 0; i < 40; ++i) path += fmt::format("/folder{:02}", i);
  document.sections.push_back(Table{{{"mount"}, {"used", true}, {"why"}},
                                    {{path, "91 %",
                                      "a sentence that is a good deal longer than its column is wide, "
                                      "and yet every word of it must be there to the very end"}}});
  std::string text = text_of(document);
  if (text.empty()) GTEST_SKIP() << "pdftotext is not installed";
  for (const char* word : {"sentence", "longer", "column", "every", "very", "end"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(std::count(text.begin(), text.end(), '/'), 41) << "40, and the page's number, in\n" << text;
  EXPECT_EQ(text.find("…"), std::string::npos);
}

TEST(Document, RepeatsTheHeadOfATableOnEveryPage) {
  ReportDocument document = small();
  Table table{{{"server"}, {"state"}}, {}};
  for (int i = 0; i < 150; ++i) table.rows.push_back({fmt::format("server-{}", i), "fine"});
  document.sections.push_back(table);
  const std::string file = to_pdf(document).value();
  const size_t pages = pages_of(file);
  EXPECT_GT(pages, 2u);
  std::string text = printed_by("pdftotext -layout", file);
  if (text.empty()) GTEST_SKIP() << "pdftotext is not installed";
  size_t heads = 0;
  for (size_t at = 0; (at = text.find("state", at)) != std::string::npos; ++at) ++heads;
  EXPECT_EQ(heads, pages);
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  for (int i = 0; i < 150; ++i) EXPECT_NE(text.find(fmt::format("server-{}fine", i)), std::string::npos) << i;
  EXPECT_NE(text.find(fmt::format("{0}/{0}", pages)), std::string::npos);
}

TEST(Document, HasMetadataLinksAndAnOutline) {
  ReportDocument document = small();
  document.author = "MPS";
  document.subject = "a subject";
  document.link = "https://hub.example.net/it's";
  document.sections.push_back(Heading{"First"});
  document.sections.push_back(PageBreak{});
  document.sections.push_back(Heading{"Second"});
  const std::string file = to_pdf(document).value();
  EXPECT_EQ(file.substr(0, 5), "%PDF-");
  EXPECT_EQ(pages_of(file), 2u);
  for (const char* wanted : {"/Author (MPS)", "/Subject (a subject)", "/CreationDate (20260311000000",
                             "/URI (https://hub.example.net/it's)", "/Title (First)", "/Title (Second)"}) {
    EXPECT_NE(file.find(wanted), std::string::npos) << wanted;
  }
  EXPECT_EQ(file, to_pdf(document).value()) << "the same every time";
}

TEST(Document, StandsStrangeContents) {
  EXPECT_EQ(pages_of(to_pdf(ReportDocument()).value()), 1u);
  ReportDocument document;
  document.paper = Paper::kLetter;
  document.title = std::string(5000, 'x');
  document.link = "javascript:'\\ \x01";
  document.footer = std::string(500, 'f');
  document.sections = {Heading{""},
                       Paragraph{"\xff\xfe not UTF-8\x01\n\nsecond"},
                       Paragraph{std::string(30'000, 'w')},
                       BulletList{{"", "one"}},
                       KeyFigures{},
                       KeyFigures{std::vector<KeyFigure>(13, {std::string(200, 'l'), std::string(200, 'v'), ""})},
                       Table{},
                       Table{{{"a", true}, {"b", true}}, {{}, {"1"}, {"1", "2", "3", "4"}}},
                       Table{std::vector<Table::Column>(60, {"column"}), {std::vector<Cell>(60, "value")}},
                       ChartRow{},
                       ChartRow{{TimeSeriesScene(), HeatmapScene(), OverviewScene()}, 1e9},
                       ChartRow{{TimeSeriesScene()}, NAN},
                       PageBreak{},
                       PageBreak{}};
  EXPECT_TRUE(to_pdf(document));
}

TEST(Document, RefusesWhatItCannotPrint) {
  TimeSeriesScene scene;
  scene.grid = {Timestamp(), -Duration(5), 3};
  ReportDocument document;
  document.sections = {ChartRow{{scene}, 100}};
  EXPECT_EQ(to_pdf(document).error().code, ErrorCode::kInvalidArgument);
  document.sections = {Paragraph{"x"}};
  for (int i = 0; i < 1001; ++i) {
    document.sections.push_back(PageBreak{});
    document.sections.push_back(Paragraph{"x"});
  }
  EXPECT_EQ(to_pdf(document).error().code, ErrorCode::kLimitExceeded);
}

TEST(ShareWidth, LetsTheWidestGiveWay) {
  EXPECT_EQ(share_width({}, 100), std::vector<double>());
  EXPECT_EQ(share_width({10, 20, 30}, 100), std::vector<double>({10, 20, 30}));
  EXPECT_EQ(share_width({10, 200, 20}, 100), std::vector<double>({10, 70, 20}));
  EXPECT_EQ(share_width({10, 200, 300}, 100), std::vector<double>({10, 45, 45}));
  EXPECT_EQ(share_width({200, 300}, 100), std::vector<double>({50, 50}));
}

TEST(PageFlow, GoesOnToTheNextPageWhenAThingDoesNotFit) {
  const PrintLook look;
  PageFlow flow(595, 842, look);
  const double height = flow.height();
  const auto nothing = [](Canvas&, const Box&) {};
  flow.space(50);
  EXPECT_TRUE(flow.at_top()) << "no empty space at the top of a page";
  flow.place(height - 100, nothing);
  flow.place(100, nothing);
  EXPECT_EQ(flow.pages(), 1u);
  flow.place(1, nothing);
  EXPECT_EQ(flow.pages(), 2u);
  flow.break_page();
  flow.break_page();
  EXPECT_EQ(flow.pages(), 3u) << "an empty page is not left behind";
  flow.place(height * 3, nothing);
  EXPECT_EQ(flow.pages(), 3u) << "what fits nowhere goes to an empty page";
}

}  // namespace
}  // namespace mps::chart
