#pragma once

#include <string>

#include "forecast/backtest.h"

namespace mps::app {

std::string backtest_text(const forecast::Backtest& result);  // the summary, for people
std::string backtest_json(const forecast::Backtest& result);  // everything but the dump

}  // namespace mps::app
