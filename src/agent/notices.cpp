#include "agent/notices.h"

namespace mps::agent {

void Notices::problem(std::string_view topic, std::string_view problem) {
  const auto known = problems_.find(topic);
  if (known != problems_.end() && known->second == problem) return;
  problems_.insert_or_assign(std::string(topic), std::string(problem));
  print_(problem);
}

void Notices::solved(std::string_view topic, std::string_view relief) {
  const auto known = problems_.find(topic);
  if (known == problems_.end()) return;
  problems_.erase(known);
  print_(relief);
}

}  // namespace mps::agent
