#include <fmt/format.h>

#include "telegram/html.h"
#include "telegram/screens/all.h"

namespace mps::telegram {
namespace {

// What the sender may use, and nothing else.
Replies show_help(const Request& request, Services& services) {
  const Texts& texts = services.texts;
  std::string html;
  for (const Screen& screen : screens()) {
    if (screen.menu == nullptr || screen.role > request.role) continue;
    html +=
        fmt::format("/{} {}\n", screen.command,
                    screen.help != nullptr ? std::string(texts.*screen.help) : "- " + std::string(texts.*screen.menu));
  }
  html +=
      "\n" + std::string(texts.help_names) + "\n" + fill(texts.help_role, {{"role", title_of(request.role, texts)}});
  return say(std::move(html));
}

}  // namespace

const Screen kHelpScreen{"help", &Texts::menu_help, Role::kViewer, show_help, nullptr, nullptr, &Texts::help_help};

}  // namespace mps::telegram
