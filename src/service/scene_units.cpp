#include "service/scene_units.h"

namespace mps::service {
namespace {

void scale_all(std::vector<double>& values, double scale) {
  for (double& value : values) value *= scale;
}

}  // namespace

void show_in(chart::TimeSeriesScene& scene, Units units) {
  const ShownAs shown = shown_as(scene.unit, units);
  scene.unit = shown.unit;
  if (shown.scale == 1) return;
  for (chart::Line& line : scene.lines) scale_all(line.values, shown.scale);
  if (scene.threshold) *scene.threshold *= shown.scale;
  if (!scene.forecast) return;
  scale_all(scene.forecast->median, shown.scale);
  for (chart::Band* band : {&scene.forecast->band80, &scene.forecast->band50}) {
    scale_all(band->low, shown.scale);
    scale_all(band->high, shown.scale);
  }
}

}  // namespace mps::service
