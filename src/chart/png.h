#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/error.h"

namespace mps::chart {

// Pixels as Cairo keeps them: 0xXXRRGGBB, rows from the top.
struct PixelView {
  std::span<const uint32_t> pixels;  // stride * height, at least
  int width = 0, height = 0;
  int stride = 0;  // pixels from one row to the next
};

// A PNG file (ISO/IEC 15948) with a palette of at most 96 colours: exact where the picture has no more, otherwise rare
// colours become their nearest neighbours. A chart is a few flat colours and their blends at edges, so
// that this is three to five times smaller, and faster, than 24 bits a pixel. Fails with kInternal where it can't be
// compressed.
Result<std::string> encode_png(const PixelView& picture);

}  // namespace mps::chart
