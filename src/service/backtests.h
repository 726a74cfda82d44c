#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "forecast/backtest.h"

namespace mps::service {

// "file.csv:cpu" -> {"file.csv", "cpu"}; without a column the second is empty.
std::pair<std::string, std::string> split_file_and_column(const std::string& text);

// Adds a column of a CSV file (empty: every column that is not a label) to the servers of a backtest, averaged on
// 5-minute cells; columns of one file are one server. Fails with kInvalidArgument.
Result<void> add_series(std::vector<forecast::BacktestServer>& servers, const std::string& file,
                        const std::string& column, std::string_view bytes);

}  // namespace mps::service
