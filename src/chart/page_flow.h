#pragma once

#include <functional>
#include <string>
#include <vector>

#include "chart/canvas.h"
#include "chart/document.h"

namespace mps::chart {

// The sizes of print, in points.
struct PrintLook {
  double margin = 42;
  double title = 19;
  double body = 9.5;
  double small = 8;
  double line = 1.38;  // from one line to the next, of the font size
};

// Where things stand on pages. Things are placed first, with their sizes, and drawn once the pages are known.
class PageFlow {
 public:
  using DrawAt = std::function<void(Canvas&, const Box&)>;

  PageFlow(double page_width, double page_height, const PrintLook& look);

  double width() const { return page_width_ - 2 * look_.margin; }
  double height() const { return bottom_ - look_.margin; }  // of an empty page
  double left() const { return bottom_ - y_; }              // to the page's end
  double y() const { return y_; }
  bool at_top() const { return y_ <= look_.margin; }
  size_t pages() const { return pages_.size(); }

  // Puts a thing of `height` below the last one, on the next page when it does not fit.
  void place(double height, DrawAt draw);
  void space(double height);  // nothing at the top of a page
  void break_page();          // nothing at the top of a page
  // Goes to the next page unless `height` is left here.
  void keep_together(double height);

  void draw_page(size_t page, Canvas& canvas) const;

 private:
  struct Placed {
    Box box;
    DrawAt draw;
  };
  double page_width_, bottom_;
  PrintLook look_;
  double y_;
  std::vector<std::vector<Placed>> pages_{1};
};

Colour colour_of(Tone tone);

// Places a table, row by row.
void place_table(PageFlow& flow, Canvas& measure, const Table& table, const PrintLook& look);

// Widths of columns that need `natural` widths each, in `available`: as they are where that is enough, otherwise the
// widest give way. A pure function.
std::vector<double> share_width(const std::vector<double>& natural, double available);

}  // namespace mps::chart
