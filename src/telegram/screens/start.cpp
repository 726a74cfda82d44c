#include "telegram/screens/all.h"

namespace mps::telegram {
namespace {

Replies show(const Request&, Services& services) {
  return say(std::string(services.texts.welcome));
}

}  // namespace

const Screen kStartScreen{"start", &Texts::menu_start, show};

}  // namespace mps::telegram
