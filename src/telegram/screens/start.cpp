#include "telegram/screens/all.h"

namespace mps::telegram {
namespace {

Replies show_start(const Request&, Services& services) {
  return say(std::string(services.texts.welcome));
}

}  // namespace

const Screen kStartScreen{"start", &Texts::menu_start, Role::kViewer, show_start};

}  // namespace mps::telegram
