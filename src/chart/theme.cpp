#include "chart/theme.h"

#include <cmath>

namespace mps::chart {

Colour mix(Colour a, Colour b, double amount) {
  uint32_t mixed = 0;
  for (const int shift : {16, 8, 0}) {
    const double from = static_cast<double>(b.rgb >> shift & 0xFFu), to = static_cast<double>(a.rgb >> shift & 0xFFu);
    mixed |= static_cast<uint32_t>(std::lround(from + (to - from) * amount)) << shift;
  }
  return {mixed};
}

const Palette& palette_of(Theme theme) {
  static const Palette light = {
      .background = {0xFFFFFF},
      .ink = {0x16202A},
      .muted = {0x55606C},
      .grid = {0xE6EAEE},
      .grid_strong = {0xB4BDC6},
      .forecast = {0xC25E00},
      .threshold = {0xB3132B},
      .incident = {0xFBE3E4},
      .lines = {{{0x0072B2}, {0xD55E00}, {0x00855F}, {0xB4538F}, {0x9A6B00}, {0x3A9BD6}, {0x5B3FA0}, {0x5A6068}}},
  };
  static const Palette dark = {
      .background = {0x17212B},
      .ink = {0xF2F5F7},
      .muted = {0xA9B4BF},
      .grid = {0x26323E},
      .grid_strong = {0x55636F},
      .forecast = {0xF5A742},
      .threshold = {0xFF7B7B},
      .incident = {0x45272E},
      .lines = {{{0x56B4E9}, {0xFF8A4C}, {0x2CC79A}, {0xE58FC4}, {0xF0E442}, {0x9CC7FF}, {0xB59CF5}, {0xC3CCD4}}},
  };
  return theme == Theme::kDark ? dark : light;
}

}  // namespace mps::chart
