#include "chart/document.h"

#include <algorithm>
#include <cairo-pdf.h>
#include <fmt/format.h>

#include "chart/heatmap.h"
#include "chart/overview.h"
#include "chart/page_flow.h"
#include "chart/surface.h"
#include "chart/time_series.h"

namespace mps::chart {
namespace {

constexpr size_t kPagesMax = 1000;
constexpr double kPointsPerUnit = 0.30;  // of a chart: its 28-unit labels become 8.4 points
constexpr size_t kFiguresInRow = 6;

const Palette& palette() {
  return palette_of(Theme::kLight);
}

// Puts the sections of a document into a flow of pages.
class DocumentLayout {
 public:
  struct OutlineItem {
    std::string text;
    size_t page;  // from 1
    double top;
  };
  const std::vector<OutlineItem>& outline() const { return outline_; }

  DocumentLayout(PageFlow& flow, Canvas& measure, const ReportDocument& document, const PrintLook& look)
      : flow_(flow), measure_(measure), document_(document), look_(look) {}

  void place_all() {
    place_title();
    for (size_t i = 0; i < document_.sections.size() && flow_.pages() <= kPagesMax; ++i) {
      std::visit([this](const auto& section) { place(section); }, document_.sections[i]);
    }
  }

 private:
  TextStyle style(double size, Colour colour, bool bold = false) const { return {size, colour, bold}; }

  void place_lines(const std::vector<std::string>& lines, const TextStyle& text, const std::string& link = "",
                   double indent = 0) {
    const double height = text.size * look_.line;
    for (const std::string& line : lines) {
      flow_.place(height, [line, text, link, indent](Canvas& canvas, const Box& box) {
        const Link tag(canvas.cairo(), line.empty() ? "" : link);
        canvas.text(line, {box.left + indent, (box.top + box.bottom) / 2}, text);
      });
    }
  }

  void place_title() {
    const TextStyle title = style(look_.title, palette().ink, true);
    if (!document_.title.empty()) {
      place_lines(measure_.wrap(document_.title, title, flow_.width()), title, document_.link);
    }
    const TextStyle subtitle = style(look_.body, palette().muted);
    if (!document_.subtitle.empty()) {
      place_lines(measure_.wrap(document_.subtitle, subtitle, flow_.width()), subtitle);
    }
    flow_.space(look_.body * 0.6);
  }

  void place(const Heading& heading) {
    const double size = heading.level <= 1 ? 14 : heading.level == 2 ? 11.5 : 10;
    const TextStyle text = style(size, palette().ink, true);
    flow_.space(size * 0.9);
    flow_.keep_together(size * look_.line + look_.body * 6);  // not alone at a page's end
    const auto lines = measure_.wrap(heading.text, text, flow_.width());
    outline_.push_back({heading.text, flow_.pages(), flow_.y()});
    place_lines(lines, text);
    flow_.space(size * 0.25);
  }

  void place(const Paragraph& paragraph) {
    const bool linked = !paragraph.link.empty();
    const TextStyle text = style(look_.body, linked ? palette().line(0) : colour_of(paragraph.tone));
    place_lines(measure_.wrap(paragraph.text, text, flow_.width()), text, paragraph.link);
    flow_.space(look_.body * 0.45);
  }

  void place(const BulletList& list) {
    const TextStyle text = style(look_.body, palette().ink);
    const double indent = look_.body * 1.1;
    for (const std::string& item : list.items) {
      const double height = look_.body * look_.line;
      flow_.keep_together(height);
      flow_.place(0, [text, height](Canvas& canvas, const Box& box) {
        canvas.dot({box.left + text.size * 0.35, box.top + height / 2}, text.size * 0.16, palette().muted);
      });
      place_lines(measure_.wrap(item, text, flow_.width() - indent), text, "", indent);
      flow_.space(look_.body * 0.2);
    }
    flow_.space(look_.body * 0.3);
  }

  void place(const KeyFigures& all) {
    for (size_t begin = 0; begin < all.figures.size(); begin += kFiguresInRow) {
      const size_t end = std::min(begin + kFiguresInRow, all.figures.size());
      flow_.space(look_.body * 0.5);
      flow_.place(47, [this, &all, begin, end](Canvas& canvas, const Box& box) {
        const double width = (box.width() + 8) / static_cast<double>(end - begin);
        for (size_t i = begin; i < end; ++i) {
          const double left = box.left + static_cast<double>(i - begin) * width;
          draw_figure(canvas, {left, box.top, left + width - 8, box.bottom}, all.figures[i]);
        }
      });
      flow_.space(look_.body * 0.5);
    }
  }

  void draw_figure(Canvas& canvas, const Box& box, const KeyFigure& figure) const {
    canvas.fill_smooth(box, mix(palette().grid, palette().background, 0.55));
    canvas.fill_smooth({box.left, box.top, box.left + 2.5, box.bottom},
                       figure.tone == Tone::kPlain ? palette().line(0) : colour_of(figure.tone));
    const double left = box.left + 9, width = std::max(1.0, box.right - 4 - left);
    const auto line = [&](const std::string& text, double y, TextStyle text_style) {
      const double natural = canvas.text_width(text, text_style);
      if (natural > width) text_style.size *= std::max(width / natural * 0.99, 0.6);  // smaller rather than cut
      text_style.width_max = width;
      canvas.text(text, {left, y}, text_style);
    };
    line(figure.label, box.top + 9, style(look_.small, palette().muted));
    line(figure.value, box.top + 24, style(15, colour_of(figure.tone), true));
    line(figure.note, box.top + 39, style(look_.small - 0.5, palette().muted));
  }

  void place(const Table& table) {
    place_table(flow_, measure_, table, look_);
    flow_.space(look_.body * 0.8);
  }

  void place(const ChartRow& row) {
    if (row.charts.empty()) return;
    const double height = std::clamp(row.height, 20.0, flow_.height());
    flow_.place(height, [&row](Canvas& canvas, const Box& box) {
      const double between = 14;
      const double width = (box.width() + between) / static_cast<double>(row.charts.size());
      for (size_t i = 0; i < row.charts.size(); ++i) {
        cairo_save(canvas.cairo());
        cairo_translate(canvas.cairo(), box.left + static_cast<double>(i) * width, box.top);
        cairo_scale(canvas.cairo(), kPointsPerUnit, kPointsPerUnit);
        {
          Canvas chart(canvas.cairo(), 1);
          const Box inside{0, 0, (width - between) / kPointsPerUnit, box.height() / kPointsPerUnit};
          std::visit([&](const auto& scene) { draw_chart(chart, inside, scene); }, row.charts[i]);
        }
        cairo_restore(canvas.cairo());
      }
    });
    flow_.space(look_.body);
  }

  static void draw_chart(Canvas& canvas, const Box& box, const TimeSeriesScene& scene) {
    Look look;
    look.margin = 0;
    look.title = 34;
    look.line = 3.5;
    draw_time_series(canvas, box, scene, look, Theme::kLight, scene.words);
  }
  static void draw_chart(Canvas& canvas, const Box& box, OverviewScene scene) {
    scene.theme = Theme::kLight;
    draw_overview(canvas, box, scene);
  }
  static void draw_chart(Canvas& canvas, const Box& box, HeatmapScene scene) {
    scene.theme = Theme::kLight;
    draw_heatmap(canvas, box, scene);
  }

  void place(const PageBreak&) { flow_.break_page(); }

  PageFlow& flow_;
  Canvas& measure_;
  const ReportDocument& document_;
  const PrintLook& look_;
  std::vector<OutlineItem> outline_;
};

Result<void> check(const ReportDocument& document) {
  for (const Section& section : document.sections) {
    const auto* row = std::get_if<ChartRow>(&section);
    if (row == nullptr) continue;
    for (const auto& chart : row->charts) {
      MPS_TRY_VOID(std::visit([](const auto& scene) { return chart::check(scene); }, chart));
    }
  }
  return {};
}

void draw_footer(Canvas& canvas, const std::string& text, size_t page, size_t pages, double width, double height,
                 const PrintLook& look) {
  const double y = height - look.margin;
  TextStyle style{look.small, palette().muted};
  style.width_max = width - 2 * look.margin - 60;
  canvas.text(text, {look.margin, y}, style);
  style.align = Align::kRight;
  canvas.text(fmt::format("{} / {}", page + 1, pages), {width - look.margin, y}, style);
}

}  // namespace

Result<std::string> to_pdf(const ReportDocument& document) {
  MPS_TRY_VOID(check(document));
  const bool a4 = document.paper == Paper::kA4;
  const double width = a4 ? 595.28 : 612, height = a4 ? 841.89 : 792;
  const PrintLook look;
  std::string file;
  const SurfacePtr surface = new_pdf_surface(file, width, height);
  set_metadata(surface.get(), {document.title, document.author, document.subject, document.created});
  const CairoPtr cairo(cairo_create(surface.get()));
  {
    Canvas canvas(cairo.get(), 1);
    PageFlow flow(width, height, look);
    DocumentLayout layout(flow, canvas, document, look);
    layout.place_all();
    if (flow.pages() > kPagesMax) {
      return Error{ErrorCode::kLimitExceeded, fmt::format("a report has more than {} pages", kPagesMax)};
    }
    for (size_t page = 0; page < flow.pages(); ++page) {
      flow.draw_page(page, canvas);
      draw_footer(canvas, document.footer, page, flow.pages(), width, height, look);
      cairo_show_page(cairo.get());
    }
    for (const auto& item : layout.outline()) {
      const std::string target = fmt::format("page={} pos=[0 {:.1f}]", item.page, item.top);
      cairo_pdf_surface_add_outline(surface.get(), CAIRO_PDF_OUTLINE_ROOT, printable(item.text).c_str(), target.c_str(),
                                    CAIRO_PDF_OUTLINE_FLAG_OPEN);
    }
  }
  MPS_TRY_VOID(finish(cairo.get(), surface.get()));
  return file;
}

}  // namespace mps::chart
