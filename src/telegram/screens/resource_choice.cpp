#include "telegram/screens/resource_choice.h"

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/screens/common.h"

namespace mps::telegram {

ResourceChoice choose_resource(const std::string& name, Services& services) {
  if (name.empty()) return {&resources().front(), {}};
  if (const Resource* found = find_resource(lower_case(name))) return {found, {}};
  std::string known;
  for (const Resource& resource : resources()) known += (known.empty() ? "" : ", ") + std::string(resource.name);
  return {nullptr, say(fill(services.texts.unknown_resource, {{"name", escape_html(name)}, {"known", known}}))};
}

}  // namespace mps::telegram
