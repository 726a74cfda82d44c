#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace mps::gateway {

// Prometheus' text format, version 0.0.4.
class PrometheusText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // Begins a metric; `type` is "counter" or "gauge".
  void metric(std::string_view name, std::string_view type, std::string_view help);
  // One sample of the metric begun last.
  void sample(Labels labels, double value);

  // A metric of one sample.
  void counter(std::string_view name, std::string_view help, double value);
  void gauge(std::string_view name, std::string_view help, double value);

  std::string take() { return std::move(text_); }

 private:
  std::string name_, text_;
};

}  // namespace mps::gateway
