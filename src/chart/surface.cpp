#include "chart/surface.h"

#include <algorithm>
#include <cairo-pdf.h>
#include <fmt/format.h>

#include "base/text.h"

namespace mps::chart {
namespace {

constexpr int kSideMin = 16, kSideMax = 8192;
constexpr double kPointsPerPixel = 0.5;

Result<void> check(PictureSize size) {
  const auto fits = [](int side) { return side >= kSideMin && side <= kSideMax; };
  if (fits(size.width) && fits(size.height)) return {};
  return Error{ErrorCode::kInvalidArgument, fmt::format("a picture of {}x{} pixels: each side must be {} to {}",
                                                        size.width, size.height, kSideMin, kSideMax)};
}

cairo_status_t append(void* out, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

double PictureSize::scale() const {
  return std::min(width / 1280.0, height / 720.0);
}

Box PictureSize::box() const {
  return {0, 0, width / scale(), height / scale()};
}

Result<void> finish(cairo_t* cairo, cairo_surface_t* surface) {
  cairo_status_t status = cairo_status(cairo);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface);
  if (status == CAIRO_STATUS_SUCCESS) return {};
  return Error{ErrorCode::kInternal, fmt::format("Cairo could not draw a picture: {}", cairo_status_to_string(status))};
}

Result<Picture> draw_pixels(PictureSize size, const Draw& draw) {
  MPS_TRY_VOID(check(size));
  Picture picture{{}, size.width, size.height};
  picture.pixels.resize(static_cast<size_t>(size.width) * static_cast<size_t>(size.height));
  const SurfacePtr surface(cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(picture.pixels.data()),
                                                               CAIRO_FORMAT_RGB24, size.width, size.height,
                                                               size.width * static_cast<int>(sizeof(uint32_t))));
  const CairoPtr cairo(cairo_create(surface.get()));
  cairo_scale(cairo.get(), size.scale(), size.scale());
  {
    Canvas canvas(cairo.get(), size.scale());
    draw(canvas, size.box());
  }
  MPS_TRY_VOID(finish(cairo.get(), surface.get()));
  return picture;
}

SurfacePtr new_pdf_surface(std::string& out, double width, double height) {
  return SurfacePtr(cairo_pdf_surface_create_for_stream(append, &out, width, height));
}

void set_metadata(cairo_surface_t* surface, const PdfMetadata& metadata) {
  const auto set = [surface](cairo_pdf_metadata_t which, const std::string& text) {
    if (!text.empty()) cairo_pdf_surface_set_metadata(surface, which, printable(text).c_str());
  };
  const auto whole_seconds = std::chrono::floor<std::chrono::seconds>(metadata.created);
  set(CAIRO_PDF_METADATA_TITLE, metadata.title);
  set(CAIRO_PDF_METADATA_AUTHOR, metadata.author);
  set(CAIRO_PDF_METADATA_SUBJECT, metadata.subject);
  set(CAIRO_PDF_METADATA_CREATOR, "MPS");
  set(CAIRO_PDF_METADATA_CREATE_DATE, format_rfc3339(whole_seconds));
  set(CAIRO_PDF_METADATA_MOD_DATE, format_rfc3339(whole_seconds));
}

Result<std::string> draw_pdf(PictureSize size, const PdfMetadata& metadata, const Draw& draw) {
  MPS_TRY_VOID(check(size));
  std::string file;
  const SurfacePtr surface = new_pdf_surface(file, size.width * kPointsPerPixel, size.height * kPointsPerPixel);
  set_metadata(surface.get(), metadata);
  const CairoPtr cairo(cairo_create(surface.get()));
  cairo_scale(cairo.get(), size.scale() * kPointsPerPixel, size.scale() * kPointsPerPixel);
  {
    Canvas canvas(cairo.get(), size.scale());
    draw(canvas, size.box());
  }
  MPS_TRY_VOID(finish(cairo.get(), surface.get()));
  return file;
}

}  // namespace mps::chart
