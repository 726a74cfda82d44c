#include "chart/chart.h"

#include "chart/surface.h"
#include "chart/time_series.h"

namespace mps::chart {
namespace {

Draw drawing_of(const TimeSeriesScene& scene) {
  return [&scene](Canvas& canvas, const Box& box) {
    canvas.fill(box, palette_of(scene.theme).background);
    draw_time_series(canvas, box, scene, Look{}, scene.theme, scene.words);
  };
}

}  // namespace

Result<std::string> to_png(const TimeSeriesScene& scene) {
  MPS_TRY_VOID(check(scene));
  MPS_TRY(const Picture picture, draw_pixels({scene.width, scene.height}, drawing_of(scene)));
  return encode_png(picture.view());
}

Result<std::string> to_pdf(const TimeSeriesScene& scene) {
  MPS_TRY_VOID(check(scene));
  return draw_pdf({scene.width, scene.height}, scene.title, drawing_of(scene));
}

}  // namespace mps::chart
