#include "gateway/prometheus_text.h"

#include <fmt/format.h>

namespace mps::gateway {
namespace {

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

}  // namespace

void PrometheusText::metric(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void PrometheusText::sample(Labels labels, double value) {
  text_ += name_;
  char before = '{';
  for (const auto& [label, of] : labels) {
    fmt::format_to(std::back_inserter(text_), "{}{}=\"{}\"", before, label, escaped(of));
    before = ',';
  }
  if (labels.size() > 0) text_ += '}';
  fmt::format_to(std::back_inserter(text_), " {}\n", value);
}

void PrometheusText::counter(std::string_view name, std::string_view help, double value) {
  metric(name, "counter", help);
  sample({}, value);
}

void PrometheusText::gauge(std::string_view name, std::string_view help, double value) {
  metric(name, "gauge", help);
  sample({}, value);
}

}  // namespace mps::gateway
