#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>

namespace mps::log {

void start(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("mps");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(logger);
}

}  // namespace mps::log
