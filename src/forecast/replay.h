#pragma once

#include <vector>

#include "forecast/model.h"

namespace mps::forecast {

// What would have been said of a resource at every step of time since `from`, by a model that was there then already:
// one forecast per multiple of `every` (a multiple of the horizon's cells), oldest first. The model, and the weighing
// of its methods that this begins with, may have learnt from those days. Without a model, or where it does not know the
// resource, simple methods answer, weighed at each time by what was known then; their scores are those of all that
// time. `history` is like that of Model::predict and begins weeks before `from`. Some 100 ms for a month. Fails with
// kInvalidArgument for another grid or horizon, kNotEnoughData where nothing is known of the resource.
Result<std::vector<Prediction>> replay(const Model* model, const Frame& history, std::string_view resource,
                                       Duration horizon, Timestamp from, Duration every);

}  // namespace mps::forecast
