#include "chart/canvas.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace mps::chart {
namespace {

// Roboto where it is installed; Pango finds another font for every script that it lacks.
constexpr const char* kFamilies = "Roboto, DejaVu Sans, sans-serif";
constexpr size_t kTextBytesMax = 1000, kWrappedBytesMax = 20'000;

PangoLayout* new_layout(cairo_t* cairo) {
  PangoLayout* layout = pango_cairo_create_layout(cairo);
  // Unhinted: a text is as wide in a PDF as in a PNG, and at every scale.
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  PangoContext* context = pango_layout_get_context(layout);
  pango_cairo_context_set_font_options(context, options);
  pango_context_set_round_glyph_positions(context, FALSE);
  cairo_font_options_destroy(options);
  return layout;
}

double channel(Colour colour, int shift) {
  return static_cast<double>(colour.rgb >> shift & 0xFFu) / 255;
}

}  // namespace

namespace {

// Valid UTF-8 of at most `bytes_max`, in which only `kept` of the control characters is left.
std::string cleaned(std::string_view text, size_t bytes_max, char kept) {
  std::string line = valid_utf8(text.substr(0, bytes_max * 2));
  if (line.size() > bytes_max) {
    size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0u) == 0x80u) --end;
    line.resize(end);
  }
  for (char& c : line) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (control && c != kept) c = ' ';
  }
  return line;
}

}  // namespace

std::string printable(std::string_view text) {
  return cleaned(text, kTextBytesMax, ' ');
}

Canvas::Canvas(cairo_t* cairo, double device_scale)
    : cairo_(cairo), device_scale_(device_scale), layout_(new_layout(cairo)) {}

void Canvas::set_font(const TextStyle& style) {
  PangoFontDescription* font = pango_font_description_from_string(kFamilies);
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout_.get(), font);
  pango_font_description_free(font);
}

std::vector<std::string> Canvas::wrap(std::string_view text, const TextStyle& style, double width) {
  set_font(style);
  const std::string clean = cleaned(text, kWrappedBytesMax, '\n');
  pango_layout_set_ellipsize(layout_.get(), PANGO_ELLIPSIZE_NONE);
  pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_width(layout_.get(), static_cast<int>(std::max(width, 1.0) * PANGO_SCALE));
  pango_layout_set_text(layout_.get(), clean.data(), static_cast<int>(clean.size()));
  std::vector<std::string> lines;
  for (GSList* item = pango_layout_get_lines_readonly(layout_.get()); item != nullptr; item = item->next) {
    const auto* line = static_cast<const PangoLayoutLine*>(item->data);
    lines.push_back(clean.substr(static_cast<size_t>(line->start_index), static_cast<size_t>(line->length)));
    while (!lines.back().empty() && lines.back().back() == ' ') lines.back().pop_back();
  }
  return lines;
}

PangoRectangle Canvas::lay_out(std::string_view text, const TextStyle& style) {
  set_font(style);
  const std::string line = printable(text);
  pango_layout_set_width(layout_.get(), -1);
  pango_layout_set_text(layout_.get(), line.data(), static_cast<int>(line.size()));
  PangoRectangle extents;
  pango_layout_get_extents(layout_.get(), nullptr, &extents);
  if (extents.width > style.width_max * PANGO_SCALE) {
    pango_layout_set_ellipsize(layout_.get(), PANGO_ELLIPSIZE_END);
    pango_layout_set_width(layout_.get(), static_cast<int>(std::max(style.width_max, 1.0) * PANGO_SCALE));
    pango_layout_get_extents(layout_.get(), nullptr, &extents);
  }
  return extents;
}

double Canvas::text_width(std::string_view text, const TextStyle& style) {
  const auto [known, added] = widths_.try_emplace({std::string(text), style.size, style.bold, style.width_max});
  if (added) known->second = static_cast<double>(lay_out(text, style).width) / PANGO_SCALE;
  return known->second;
}

double Canvas::text(std::string_view text, Point at, const TextStyle& style) {
  if (text.empty()) return 0;
  const PangoRectangle extents = lay_out(text, style);
  const double width = static_cast<double>(extents.width) / PANGO_SCALE;
  const double baseline = static_cast<double>(pango_layout_get_baseline(layout_.get())) / PANGO_SCALE;
  double x = at.x - static_cast<double>(extents.x) / PANGO_SCALE;
  if (style.align == Align::kRight) x -= width;
  if (style.align == Align::kCentre) x -= width / 2;
  double y = at.y - baseline;
  if (style.anchor == Anchor::kTop) y = at.y;
  if (style.anchor == Anchor::kMiddle) y += style.size * 0.36;  // half the height of a digit
  set_colour(style.colour);
  cairo_move_to(cairo_, x, y);
  pango_cairo_show_layout(cairo_, layout_.get());
  cairo_new_path(cairo_);
  return width;
}

void Canvas::set_colour(Colour colour) {
  cairo_set_source_rgb(cairo_, channel(colour, 16), channel(colour, 8), channel(colour, 0));
}

void Canvas::fill(const Box& box, Colour colour) {
  const auto snap = [this](double at) { return std::round(at * device_scale_) / device_scale_; };
  const double pixel = 1 / device_scale_;
  const double left = snap(box.left), top = snap(box.top);
  set_colour(colour);
  cairo_rectangle(cairo_, left, top, std::max(snap(box.right) - left, pixel), std::max(snap(box.bottom) - top, pixel));
  cairo_fill(cairo_);
}

void Canvas::fill_smooth(const Box& box, Colour colour) {
  set_colour(colour);
  cairo_rectangle(cairo_, box.left, box.top, box.width(), box.height());
  cairo_fill(cairo_);
}

void Canvas::fill_polygon(std::span<const Point> corners, Colour colour) {
  if (corners.empty()) return;
  set_colour(colour);
  for (const Point& corner : corners) cairo_line_to(cairo_, corner.x, corner.y);
  cairo_close_path(cairo_);
  cairo_fill(cairo_);
}

void Canvas::dot(Point centre, double radius, Colour colour) {
  set_colour(colour);
  cairo_arc(cairo_, centre.x, centre.y, radius, 0, 2 * M_PI);
  cairo_fill(cairo_);
}

void Canvas::stroke(const StrokeStyle& style) {
  set_colour(style.colour);
  cairo_set_line_width(cairo_, style.width);
  cairo_set_dash(cairo_, style.dashes.data(), static_cast<int>(style.dashes.size()), 0);
  cairo_set_line_cap(cairo_, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
  cairo_set_antialias(cairo_, style.fast ? CAIRO_ANTIALIAS_FAST : CAIRO_ANTIALIAS_DEFAULT);
  cairo_stroke(cairo_);
}

void Canvas::polyline(std::span<const Point> points, const StrokeStyle& style) {
  for (const Point& point : points) cairo_line_to(cairo_, point.x, point.y);
  stroke(style);
}

double Canvas::snap_centre(double at, double width) const {
  const double device_width = std::max(1.0, std::round(width * device_scale_));
  const double shift = std::fmod(device_width, 2) / 2;
  return (std::round(at * device_scale_ - shift) + shift) / device_scale_;
}

void Canvas::horizontal(double y, double left, double right, const StrokeStyle& style) {
  const double snapped = snap_centre(y, style.width);
  const Point ends[] = {{left, snapped}, {right, snapped}};
  polyline(ends, style);
}

void Canvas::vertical(double x, double top, double bottom, const StrokeStyle& style) {
  const double snapped = snap_centre(x, style.width);
  const Point ends[] = {{snapped, top}, {snapped, bottom}};
  polyline(ends, style);
}

Canvas::Clip::Clip(Canvas& canvas, const Box& box) : cairo_(canvas.cairo_) {
  cairo_save(cairo_);
  cairo_rectangle(cairo_, box.left, box.top, box.width(), box.height());
  cairo_clip(cairo_);
}

Canvas::Clip::~Clip() {
  cairo_restore(cairo_);
}

Link::Link(cairo_t* cairo, std::string_view uri) : cairo_(uri.empty() ? nullptr : cairo) {
  if (cairo_ == nullptr) return;
  std::string attributes = "uri='";
  for (const char c : printable(uri)) {
    if (c == '\'' || c == '\\') attributes += '\\';
    attributes += c;
  }
  cairo_tag_begin(cairo_, CAIRO_TAG_LINK, (attributes + "'").c_str());
}

Link::~Link() {
  if (cairo_ != nullptr) cairo_tag_end(cairo_, CAIRO_TAG_LINK);
}

}  // namespace mps::chart
