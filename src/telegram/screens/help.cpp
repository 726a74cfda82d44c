#include "telegram/screens/all.h"

namespace mps::telegram {
namespace {

Replies show(const Request&, Services& services) {
  return say(std::string(services.texts.help));
}

}  // namespace

const Screen kHelpScreen{"help", &Texts::menu_help, show};

}  // namespace mps::telegram
