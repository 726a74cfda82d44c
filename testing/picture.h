#pragma once

#include <algorithm>
#include <array>
#include <cairo.h>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

#include "chart/surface.h"

// Pictures in tests: read back by another hand, and held against those in docs/gallery.
namespace mps::testing {

// Decoded by libpng, through Cairo.
inline chart::Picture decode_png(const std::string& file) {
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
  const chart::SurfacePtr surface(cairo_image_surface_create_from_png_stream(read, &reader));
  EXPECT_EQ(cairo_surface_status(surface.get()), CAIRO_STATUS_SUCCESS);
  chart::Picture picture;
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

// How far two pictures of the same size are apart, by means of squares of 8 x 8 pixels: what smooths an edge otherwise
// hardly counts, a line or a word that is missing does.
struct PictureDifference {
  double mean = 0;  // of all squares and colours, of 255
  double far = 0;   // share of squares in which some colour differs by more than 24
  bool is_small() const { return mean < 1.5 && far < 0.005; }
};

inline PictureDifference difference_of(const chart::Picture& a, const chart::Picture& b) {
  constexpr int kSide = 8;
  PictureDifference difference;
  if (a.width != b.width || a.height != b.height) return {255, 1};
  double squares = 0;
  const auto mean_at = [&](const chart::Picture& picture, int left, int top) {
    std::array<double, 3> sum{};
    double count = 0;
    for (int y = top; y < std::min(top + kSide, picture.height); ++y) {
      for (int x = left; x < std::min(left + kSide, picture.width); ++x, ++count) {
        for (size_t c = 0; c < 3; ++c) sum[c] += picture.at(x, y) >> (8 * c) & 0xFFu;
      }
    }
    for (double& each : sum) each /= count;
    return sum;
  };
  for (int top = 0; top < a.height; top += kSide) {
    for (int left = 0; left < a.width; left += kSide, ++squares) {
      const auto one = mean_at(a, left, top), other = mean_at(b, left, top);
      double most = 0;
      for (size_t c = 0; c < 3; ++c) {
        difference.mean += std::abs(one[c] - other[c]) / 3;
        most = std::max(most, std::abs(one[c] - other[c]));
      }
      difference.far += most > 24 ? 1 : 0;
    }
  }
  difference.mean /= squares;
  difference.far /= squares;
  return difference;
}

// docs/gallery of the tree that the test runs in; empty where there is none.
inline std::filesystem::path gallery_folder() {
  for (auto folder = std::filesystem::current_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / "docs/gallery/README.md")) return folder / "docs/gallery";
  }
  return {};
}

// Where the gallery shows a picture of that name, is it this one, give or take how fonts are smoothed?
inline void expect_as_in_gallery(const std::string& name, const std::string& png) {
  const auto path = gallery_folder() / name;
  if (!std::filesystem::exists(path)) return;
  std::ifstream in(path, std::ios::binary);
  const std::string shown((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const PictureDifference difference = difference_of(decode_png(png), decode_png(shown));
  EXPECT_TRUE(difference.is_small())
      << name << " is not what " << path.string() << " shows: the mean difference is " << difference.mean
      << " of 255, in " << 100 * difference.far
      << " % of it there is something else. Look at it; if it is better, run tools/gallery";
}

}  // namespace mps::testing
