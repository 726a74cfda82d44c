#pragma once

#include <vector>

// Where things go. Pure functions.
namespace mps::chart {

struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

// Positions at least `gap` apart and inside [low, high] that are together nearest (least squares) to the wanted ones,
// in the order of `wanted`, which may be unsorted. Where [low, high] is too short for all of them, they are evenly
// spread over it.
std::vector<double> spread(const std::vector<double>& wanted, double gap, double low, double high);

}  // namespace mps::chart
