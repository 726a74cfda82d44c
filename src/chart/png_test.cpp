#include "chart/png.h"

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <vector>

#include "chart/surface.h"
#include "testing/picture.h"

namespace mps::chart {
namespace {

using testing::decode_png;

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
    const Picture back = decode_png(encode_png(picture.view()).value());
    EXPECT_EQ(back.width, width);
    EXPECT_EQ(back.height, height);
    EXPECT_EQ(back.pixels, picture.pixels);
  }
}

TEST(Png, KeepsFrequentColoursAndApproximatesRareOnes) {
  Picture picture{Pixels(100 * 100, 0x0072B2), 100, 100};
  for (size_t i = 0; i < 2000; ++i)
    picture.pixels[i] = static_cast<uint32_t>(i % 1000 * 255 / 999) * 0x010101;  // greys
  for (size_t i = 2000; i < 4000; ++i) picture.pixels[i] = 0xFFFFFF;
  std::mt19937 random(7);
  for (size_t i = 4000; i < 4400; ++i) picture.pixels[i] = 0x800000 + static_cast<uint32_t>(random() % 0x400000);
  const Picture back = decode_png(encode_png(picture.view()).value());
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
  const Pixels pixels = {0xAA112233, 0xBB112233, 0xDEADBEEF, 0x00445566, 0xFF112233, 0xDEADBEEF};
  const Picture back = decode_png(encode_png({pixels, 2, 2, 3}).value());
  EXPECT_EQ(back.pixels, (Pixels{0x112233, 0x112233, 0x445566, 0x112233}));
}

}  // namespace
}  // namespace mps::chart
