#pragma once

#include <cairo.h>
#include <map>
#include <memory>
#include <pango/pangocairo.h>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "chart/layout.h"
#include "chart/theme.h"

namespace mps::chart {

struct Point {
  double x = 0, y = 0;
};

enum class Align { kLeft, kCentre, kRight };
enum class Anchor { kMiddle, kTop, kBaseline };  // which part of the first line stands at y

struct TextStyle {
  double size = 28;
  Colour colour;
  bool bold = false;
  Align align = Align::kLeft;
  Anchor anchor = Anchor::kMiddle;
  double width_max = 1e6;  // longer texts end in an ellipsis
};

struct StrokeStyle {
  Colour colour;
  double width = 1;
  std::span<const double> dashes = {};
  bool fast = false;  // for lines of very many points: edges smoothed with 17 levels rather than 256
};

// Shapes and text on a Cairo context, in the context's own units. It borrows the context. One thread at a time.
class Canvas {
 public:
  // `device_scale`: device pixels a unit, for what is sharp only when it lies on whole pixels.
  Canvas(cairo_t* cairo, double device_scale);

  double device_scale() const { return device_scale_; }
  cairo_t* cairo() const { return cairo_; }
  double text_width(std::string_view text, const TextStyle& style);
  // Draws one line of text and returns its width. Line breaks and control characters count as spaces; invalid UTF-8 is
  // shown as U+FFFD.
  double text(std::string_view text, Point at, const TextStyle& style);

  // The lines of a text in a column of `width`; line breaks in the text stay. At most 20,000 bytes of it.
  std::vector<std::string> wrap(std::string_view text, const TextStyle& style, double width);

  void fill(const Box& box, Colour colour);         // edges on whole pixels, at least one pixel wide and high
  void fill_smooth(const Box& box, Colour colour);  // edges where they are
  void fill_polygon(std::span<const Point> corners, Colour colour);
  void dot(Point centre, double radius, Colour colour);
  void polyline(std::span<const Point> points, const StrokeStyle& style);
  // Sharp: centred on the nearest pixel boundary or pixel centre, whatever suits its width.
  void horizontal(double y, double left, double right, const StrokeStyle& style);
  void vertical(double x, double top, double bottom, const StrokeStyle& style);

  // While it lives nothing is drawn outside of `box`.
  class Clip {
   public:
    Clip(Canvas& canvas, const Box& box);
    ~Clip();
    Clip(const Clip&) = delete;
    Clip& operator=(const Clip&) = delete;

   private:
    cairo_t* cairo_;
  };

 private:
  struct ObjectDeleter {
    void operator()(void* object) const { g_object_unref(object); }
  };

  void set_colour(Colour colour);
  void stroke(const StrokeStyle& style);
  double snap_centre(double at, double width) const;
  void set_font(const TextStyle& style);
  PangoRectangle lay_out(std::string_view text, const TextStyle& style);

  cairo_t* cairo_;
  double device_scale_;
  std::unique_ptr<PangoLayout, ObjectDeleter> layout_;
  // Labels are measured several times until they have found their places.
  std::map<std::tuple<std::string, double, bool, double>, double> widths_;
};

// What lies between becomes a link to `uri` in a PDF; elsewhere it is nothing.
class Link {
 public:
  Link(cairo_t* cairo, std::string_view uri);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

 private:
  cairo_t* cairo_;
};

// One line without control characters, valid UTF-8, at most 1,000 bytes.
std::string printable(std::string_view text);

}  // namespace mps::chart
