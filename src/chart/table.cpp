#include <algorithm>
#include <memory>
#include <numeric>

#include "chart/page_flow.h"

namespace mps::chart {
namespace {

constexpr double kColumnGap = 12, kRowPadding = 2.4;

// A table with its widths decided.
class TableLayout {
 public:
  TableLayout(Canvas& measure, const Table& table, const PrintLook& look, double width) : table_(table), look_(look) {
    const size_t count = table.columns.size();
    std::vector<double> natural(count);
    for (size_t i = 0; i < count; ++i) natural[i] = measure.text_width(table.columns[i].title, head_style());
    for (const auto& row : table.rows) {
      for (size_t i = 0; i < std::min(count, row.size()); ++i) {
        natural[i] = std::max(natural[i], measure.text_width(row[i].text, cell_style(row[i])) + 0.5);
      }
    }
    const double gaps = kColumnGap * static_cast<double>(count - 1);
    widths_ = share_width(natural, std::max(1.0, width - gaps));
    stretch(width - gaps);
  }

  TextStyle head_style() const { return {look_.small, palette_of(Theme::kLight).muted, true}; }
  TextStyle cell_style(const Cell& cell) const { return {look_.body, colour_of(cell.tone), cell.tone == Tone::kBad}; }

  std::vector<std::vector<std::string>> wrap_head(Canvas& measure) const {
    std::vector<std::vector<std::string>> cells;
    for (size_t i = 0; i < widths_.size(); ++i) {
      cells.push_back(measure.wrap(table_.columns[i].title, head_style(), widths_[i]));
    }
    return cells;
  }

  std::vector<std::vector<std::string>> wrap_row(Canvas& measure, const std::vector<Cell>& row) const {
    std::vector<std::vector<std::string>> cells(widths_.size());
    for (size_t i = 0; i < std::min(row.size(), widths_.size()); ++i) {
      cells[i] = measure.wrap(row[i].text, cell_style(row[i]), widths_[i]);
    }
    return cells;
  }

  static size_t lines_in(const std::vector<std::vector<std::string>>& cells) {
    size_t most = 1;
    for (const auto& lines : cells) most = std::max(most, lines.size());
    return most;
  }

  double height_of(size_t lines, double size) const {
    return static_cast<double>(lines) * size * look_.line + 2 * kRowPadding;
  }

  void draw_line_of_cells(Canvas& canvas, const Box& box, const std::vector<std::vector<std::string>>& cells,
                          const std::function<TextStyle(size_t)>& style_of) const {
    double x = box.left;
    for (size_t i = 0; i < widths_.size(); ++i) {
      TextStyle style = style_of(i);
      const bool right = table_.columns[i].number;
      style.align = right ? Align::kRight : Align::kLeft;
      style.width_max = widths_[i] + kColumnGap;
      double y = box.top + kRowPadding + style.size * look_.line / 2;
      for (const std::string& line : cells[i]) {
        canvas.text(line, {right ? x + widths_[i] : x, y}, style);
        y += style.size * look_.line;
      }
      x += widths_[i] + kColumnGap;
    }
  }

 private:
  // Room that is left goes to the columns of text, or to all when there are none.
  void stretch(double available) {
    const double rest = available - std::accumulate(widths_.begin(), widths_.end(), 0.0);
    const auto texts = std::count_if(table_.columns.begin(), table_.columns.end(),
                                     [](const Table::Column& column) { return !column.number; });
    for (size_t i = 0; rest > 0 && i < widths_.size(); ++i) {
      if (texts == 0) widths_[i] += rest / static_cast<double>(widths_.size());
      if (texts > 0 && !table_.columns[i].number) widths_[i] += rest / static_cast<double>(texts);
    }
  }

  const Table& table_;
  const PrintLook& look_;
  std::vector<double> widths_;
};

void place_head(PageFlow& flow, Canvas& measure, const std::shared_ptr<TableLayout>& layout, const PrintLook& look) {
  const auto cells = layout->wrap_head(measure);
  const double height = layout->height_of(TableLayout::lines_in(cells), look.small);
  flow.place(height, [layout, cells](Canvas& canvas, const Box& box) {
    layout->draw_line_of_cells(canvas, box, cells, [&](size_t) { return layout->head_style(); });
    canvas.polyline(std::vector<Point>{{box.left, box.bottom}, {box.right, box.bottom}},
                    {palette_of(Theme::kLight).grid_strong, 0.8, {}});
  });
}

}  // namespace

std::vector<double> share_width(const std::vector<double>& natural, double available) {
  std::vector<double> widths = natural;
  // The largest width that every column may have so that all fit: columns below it keep their own.
  double share = available / static_cast<double>(std::max<size_t>(1, natural.size()));
  if (std::accumulate(natural.begin(), natural.end(), 0.0) <= available) return widths;
  for (size_t round = 0; round < natural.size(); ++round) {
    double kept = 0, wide = 0;
    for (const double width : natural) (width <= share ? kept : wide) += width <= share ? width : 1;
    if (wide == 0) break;
    share = (available - kept) / wide;
  }
  for (double& width : widths) width = std::min(width, share);
  return widths;
}

void place_table(PageFlow& flow, Canvas& measure, const Table& table, const PrintLook& look) {
  if (table.columns.empty()) return;
  const auto layout = std::make_shared<TableLayout>(measure, table, look, flow.width());
  flow.keep_together(look.body * 5);
  place_head(flow, measure, layout, look);
  for (const std::vector<Cell>& row : table.rows) {
    const auto cells = layout->wrap_row(measure, row);
    const double height = layout->height_of(TableLayout::lines_in(cells), look.body);
    if (height > flow.left() && !flow.at_top()) {
      flow.break_page();
      place_head(flow, measure, layout, look);
    }
    flow.place(height, [layout, cells, &row](Canvas& canvas, const Box& box) {
      layout->draw_line_of_cells(canvas, box, cells,
                                 [&](size_t i) { return layout->cell_style(i < row.size() ? row[i] : Cell()); });
      canvas.polyline(std::vector<Point>{{box.left, box.bottom}, {box.right, box.bottom}},
                      {palette_of(Theme::kLight).grid, 0.5, {}});
    });
  }
}

}  // namespace mps::chart
