#include "telegram/texts.h"

namespace mps::telegram {

const Texts& texts_in(std::string_view language) {
  return language == "ru" ? kRussian : kEnglish;
}

std::string_view title_of(service::Role role, const Texts& texts) {
  switch (role) {
    case service::Role::kOwner:
      return texts.role_owner;
    case service::Role::kAdmin:
      return texts.role_admin;
    case service::Role::kOperator:
      return texts.role_operator;
    case service::Role::kViewer:
      break;
  }
  return texts.role_viewer;
}

}  // namespace mps::telegram
