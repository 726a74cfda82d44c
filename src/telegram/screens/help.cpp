#include "telegram/screens/all.h"

namespace mps::telegram {
namespace {

Replies show_help(const Request&, Services& services) {
  return say(std::string(services.texts.help));
}

}  // namespace

const Screen kHelpScreen{"help", &Texts::menu_help, Role::kViewer, show_help};

}  // namespace mps::telegram
