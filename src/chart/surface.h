#pragma once

#include <cairo.h>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "chart/canvas.h"
#include "chart/pixels.h"
#include "chart/png.h"

// Where a picture is drawn to. `draw` paints in units of which 1280x720 fill the picture, or more of them to one side.
namespace mps::chart {

struct PictureSize {
  int width = 1280, height = 720;  // pixels

  // Pixels a unit.
  double scale() const;
  Box box() const;  // in units, from (0, 0)
};

struct PdfMetadata {
  std::string title, author, subject;  // "" for none
  Timestamp created;
};

using Draw = std::function<void(Canvas&, const Box&)>;

// Pixels that own themselves.
struct Picture {
  Pixels pixels;
  int width = 0, height = 0;
  PixelView view() const { return {pixels, width, height, width}; }
  uint32_t at(int x, int y) const { return pixels[static_cast<size_t>(y * width + x)] & 0xFFFFFFu; }
};

// Fail as chart.h says.
Result<Picture> draw_pixels(PictureSize size, const Draw& draw);
Result<std::string> draw_pdf(PictureSize size, const PdfMetadata& metadata, const Draw& draw);

struct CairoDeleter {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using CairoPtr = std::unique_ptr<cairo_t, CairoDeleter>;
using SurfacePtr = std::unique_ptr<cairo_surface_t, CairoDeleter>;

// A surface that writes a PDF into `out`, which outlives it. Sizes are in points.
SurfacePtr new_pdf_surface(std::string& out, double width, double height);
void set_metadata(cairo_surface_t* surface, const PdfMetadata& metadata);
// Writes what is left. Fails with kInternal when Cairo met an error at any time.
Result<void> finish(cairo_t* cairo, cairo_surface_t* surface);

}  // namespace mps::chart
