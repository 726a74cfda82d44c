#include "chart/chart.h"

#include "chart/heatmap.h"
#include "chart/overview.h"
#include "chart/surface.h"
#include "chart/time_series.h"

namespace mps::chart {
namespace {

// A scene as a function that draws it, its title and what the PDF's date says: the newest time in it.
struct Drawing {
  Draw draw;
  std::string title;
  Timestamp created;
};

Draw on_background(Theme theme, Draw draw) {
  return [theme, draw = std::move(draw)](Canvas& canvas, const Box& box) {
    canvas.fill(box, palette_of(theme).background);
    draw(canvas, box);
  };
}

Drawing drawing_of(const TimeSeriesScene& scene) {
  const auto draw = [&scene](Canvas& canvas, const Box& box) {
    draw_time_series(canvas, box, scene, Look{}, scene.theme, scene.words);
  };
  return {on_background(scene.theme, draw), scene.title, scene.now.value_or(scene.grid.end())};
}

Drawing drawing_of(const OverviewScene& scene) {
  const auto draw = [&scene](Canvas& canvas, const Box& box) { draw_overview(canvas, box, scene); };
  const Timestamp end = scene.panels.empty() ? Timestamp() : scene.panels.front().grid.end();
  return {on_background(scene.theme, draw), scene.title, end};
}

Drawing drawing_of(const HeatmapScene& scene) {
  const auto draw = [&scene](Canvas& canvas, const Box& box) { draw_heatmap(canvas, box, scene); };
  return {on_background(scene.theme, draw), scene.title, scene.grid.end()};
}

Drawing drawing_of(const SparklineScene& scene) {
  const auto draw = [&scene](Canvas& canvas, const Box& box) { draw_sparkline(canvas, box, scene); };
  return {on_background(scene.theme, draw), "", Timestamp()};
}

Result<void> check(const SparklineScene&) {
  return {};
}

template <class Scene>
Result<std::string> png_of(const Scene& scene) {
  MPS_TRY_VOID(check(scene));
  MPS_TRY(const Picture picture, draw_pixels({scene.width, scene.height}, drawing_of(scene).draw));
  return encode_png(picture.view());
}

template <class Scene>
Result<std::string> pdf_of(const Scene& scene) {
  MPS_TRY_VOID(check(scene));
  const Drawing drawing = drawing_of(scene);
  return draw_pdf({scene.width, scene.height}, {drawing.title, "", "", drawing.created}, drawing.draw);
}

}  // namespace

Result<std::string> to_png(const TimeSeriesScene& scene) {
  return png_of(scene);
}

Result<std::string> to_png(const OverviewScene& scene) {
  return png_of(scene);
}

Result<std::string> to_png(const HeatmapScene& scene) {
  return png_of(scene);
}

Result<std::string> to_png(const SparklineScene& scene) {
  return png_of(scene);
}

Result<std::string> to_pdf(const TimeSeriesScene& scene) {
  return pdf_of(scene);
}

Result<std::string> to_pdf(const OverviewScene& scene) {
  return pdf_of(scene);
}

Result<std::string> to_pdf(const HeatmapScene& scene) {
  return pdf_of(scene);
}

Result<std::string> to_pdf(const SparklineScene& scene) {
  return pdf_of(scene);
}

}  // namespace mps::chart
