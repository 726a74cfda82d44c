#pragma once

#include "chart/scene.h"
#include "metric/units.h"

namespace mps::service {

// Has a scene whose figures are in a resource's own unit show them as people want them.
void show_in(chart::TimeSeriesScene& scene, Units units);

}  // namespace mps::service
