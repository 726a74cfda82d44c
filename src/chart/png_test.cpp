#include "chart/png.h"

#include <cairo.h>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <vector>

#include "chart/surface.h"

namespace mps::chart {
namespace {

// Decoded by another hand: libpng, through Cairo.
Picture decode(const std::string& file) {
  struct Reader {
    const std::string& file;
    size_t at = 0;
  } reader{file};
  const auto read = [](void* closure, unsigned char* data, unsigned int length) {
    auto& from = *static_cast<Reader*>(closure);
    if (from.at + length > from.file.size()) return CAIRO_STATUS_READ_ERROR;
    std::memcpy(data, from.file.data() + from.at, length);
    from.at += length;
    return CAIRO_STATUS_SUCCESS;
  };
  const SurfacePtr surface(cairo_image_surface_create_from_png_stream(read, &reader));
  EXPECT_EQ(cairo_surface_status(surface.get()), CAIRO_STATUS_SUCCESS);
  Picture picture;
  picture.width = cairo_image_surface_get_width(surface.get());
  picture.height = cairo_image_surface_get_height(surface.get());
  for (int y = 0; y < picture.height; ++y) {
    const unsigned char* row =
        cairo_image_surface_get_data(surface.get()) +
        static_cast<size_t>(y) * static_cast<size_t>(cairo_image_surface_get_stride(surface.get()));
    for (int x = 0; x < picture.width; ++x) {
      uint32_t pixel = 0;
      std::memcpy(&pixel, row + static_cast<size_t>(x) * 4, 4);
      picture.pixels.push_back(pixel & 0xFFFFFF);
    }
  }
  return picture;
}

Picture random_picture(uint32_t seed, int width, int height, uint32_t colours) {
  std::mt19937 random(seed);
  Picture picture{{}, width, height};
  for (int i = 0; i < width * height; ++i)
    picture.pixels.push_back(static_cast<uint32_t>(random() % colours) * 0x01F35B % 0xFFFFFF);
  return picture;
}

TEST(Png, ComesBackExactlyWhenItHasFewColours) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const int width = 1 + static_cast<int>(seed * 37 % 200), height = 1 + static_cast<int>(seed * 17 % 90);
    const Picture picture = random_picture(seed, width, height, 1 + seed * 4);
    const Picture back = decode(encode_png(picture.view()).value());
    EXPECT_EQ(back.width, width);
    EXPECT_EQ(back.height, height);
    EXPECT_EQ(back.pixels, picture.pixels);
  }
}

TEST(Png, KeepsFrequentColoursAndApproximatesRareOnes) {
  Picture picture{std::vector<uint32_t>(100 * 100, 0x0072B2), 100, 100};
  for (size_t i = 0; i < 2000; ++i)
    picture.pixels[i] = static_cast<uint32_t>(i % 1000 * 255 / 999) * 0x010101;  // greys
  for (size_t i = 2000; i < 4000; ++i) picture.pixels[i] = 0xFFFFFF;
  std::mt19937 random(7);
  for (size_t i = 4000; i < 4400; ++i) picture.pixels[i] = 0x800000 + static_cast<uint32_t>(random() % 0x400000);
  const Picture back = decode(encode_png(picture.view()).value());
  std::set<uint32_t> colours(back.pixels.begin(), back.pixels.end());
  EXPECT_LE(colours.size(), 96u);
  for (size_t i = 4400; i < back.pixels.size(); ++i) ASSERT_EQ(back.pixels[i], 0x0072B2u);
  for (size_t i = 2000; i < 4000; ++i) ASSERT_EQ(back.pixels[i], 0xFFFFFFu);
  for (size_t i = 0; i < 2000; ++i) {
    EXPECT_NEAR(static_cast<double>(back.pixels[i] >> 8 & 0xFF), static_cast<double>(picture.pixels[i] >> 8 & 0xFF),
                40);
  }
}

TEST(Png, IgnoresTheUnusedByteOfAPixelAndTheEndOfARow) {
  const std::vector<uint32_t> pixels = {0xAA112233, 0xBB112233, 0xDEADBEEF, 0x00445566, 0xFF112233, 0xDEADBEEF};
  const Picture back = decode(encode_png({pixels, 2, 2, 3}).value());
  EXPECT_EQ(back.pixels, (std::vector<uint32_t>{0x112233, 0x112233, 0x445566, 0x112233}));
}

}  // namespace
}  // namespace mps::chart
