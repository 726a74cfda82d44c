#pragma once

#include <string>
#include <vector>

#include "service/data_folder.h"

namespace mps::service {

struct Diagnosis {
  std::vector<std::string> broken;  // sentences that begin with the file's name; empty: all is sound
  size_t models = 0;                // that were looked at
};

// Reads everything in a data folder: that it is the user's alone, every page, journal record and chunk of the samples,
// the catalog, every model. A hub may be running on it, in this process or in another. Changes nothing.
Diagnosis examine(const DataFolder& data);

}  // namespace mps::service
