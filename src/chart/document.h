#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "chart/scene.h"

// Printed documents: text, tables and charts flow down the pages of a PDF. Nothing here knows what a report says.
namespace mps::chart {

enum class Paper { kA4, kLetter };
enum class Tone { kPlain, kMuted, kGood, kWarning, kBad };

struct Heading {
  std::string text;
  int level = 2;  // 1 is large; all levels stand in the PDF's outline
};

struct Paragraph {
  std::string text;  // line breaks stay
  Tone tone = Tone::kPlain;
  std::string link = {};  // a URI that the text leads to; "" for none
};

struct BulletList {
  std::vector<std::string> items;
};

// Large figures side by side, at most six in a row.
struct KeyFigure {
  std::string label;      // "CPU"
  std::string value;      // "42 %"
  std::string note = {};  // "yesterday 38 %"; "" for none
  Tone tone = Tone::kPlain;
};
struct KeyFigures {
  std::vector<KeyFigure> figures;
};

struct Cell {
  Cell(std::string cell_text = "", Tone cell_tone = Tone::kPlain) : text(std::move(cell_text)), tone(cell_tone) {}
  Cell(const char* cell_text) : text(cell_text) {}
  std::string text;
  Tone tone = Tone::kPlain;
};
// Column widths follow from the texts; long texts are wrapped, never cut. The head is repeated on every page.
struct Table {
  struct Column {
    std::string title;
    bool number = false;  // stands right
  };
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // cells missing at the end are empty
};

// Charts side by side, in the light theme whatever the scenes say. Fonts are as large as the text's.
struct ChartRow {
  std::vector<std::variant<TimeSeriesScene, OverviewScene, HeatmapScene>> charts;
  double height = 150;  // points
};

struct PageBreak {};

using Section = std::variant<Heading, Paragraph, BulletList, KeyFigures, Table, ChartRow, PageBreak>;

struct ReportDocument {
  std::string title, subtitle;  // at the top of the first page; the title is the PDF's title too
  std::string author, subject;  // metadata
  Timestamp created;            // metadata
  std::string footer;           // at the left of every page's foot; the page's number is at the right
  std::string link;             // of the title; "" for none
  Paper paper = Paper::kA4;
  std::vector<Section> sections;
};

// A PDF file with selectable text, embedded fonts, metadata, links and an outline. Equal documents give equal bytes
// on machines with equal fonts and libraries. Thread-safe. Fails with kInvalidArgument on scenes that no picture can
// show, with kLimitExceeded beyond 1,000 pages, with kInternal when a library refuses.
Result<std::string> to_pdf(const ReportDocument& document);

}  // namespace mps::chart
