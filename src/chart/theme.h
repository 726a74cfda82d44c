#pragma once

#include <array>
#include <cstdint>

#include "chart/scene.h"

namespace mps::chart {

// 0xRRGGBB.
struct Colour {
  uint32_t rgb = 0;
  friend bool operator==(const Colour&, const Colour&) = default;
};

// `amount` of `a` over `b`: 1 is `a`.
Colour mix(Colour a, Colour b, double amount);

// The colours of one theme. All are opaque, so that a picture needs few of them. Lines follow Okabe and Ito's set for
// colour-blind readers, each moved to a lightness that stands off the background.
struct Palette {
  Colour background;
  Colour ink;          // title
  Colour muted;        // axis labels, small print
  Colour grid;         // lines behind the figures
  Colour grid_strong;  // midnights, the axis
  Colour forecast;
  Colour threshold;
  Colour incident;  // the shade behind the figures
  std::array<Colour, 8> lines;

  Colour line(size_t i) const { return lines[i % lines.size()]; }
};

const Palette& palette_of(Theme theme);

}  // namespace mps::chart
