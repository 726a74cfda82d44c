#include "telegram/callback_signer.h"

#include <cassert>
#include <fmt/format.h>

#include "base/crypto.h"
#include "telegram/html.h"

namespace mps::telegram {
namespace {

constexpr size_t kSignatureSize = 8;

}  // namespace

CallbackSigner::CallbackSigner(std::string_view bot_token) : key_(sha256_hex(fmt::format("buttons:{}", bot_token))) {}

std::string CallbackSigner::signature(ChatId chat, UserId presser, std::string_view data) const {
  return sha256_hex(fmt::format("{}:{}:{}:{}", key_, static_cast<int64_t>(chat), static_cast<int64_t>(presser), data))
      .substr(0, kSignatureSize);
}

std::string CallbackSigner::sign(ChatId chat, UserId presser, std::string_view data) const {
  assert(data.size() + kSignatureSize + 1 <= kCallbackDataMaxBytes);
  return fmt::format("{} {}", signature(chat, presser, data), data);
}

std::optional<CallbackSigner::Verified> CallbackSigner::verify(ChatId chat, UserId user,
                                                               std::string_view signed_data) const {
  if (signed_data.size() <= kSignatureSize || signed_data[kSignatureSize] != ' ') return std::nullopt;
  const auto data = signed_data.substr(kSignatureSize + 1);
  for (const UserId presser : {kEverybody, user}) {
    if (constant_time_equal(signature(chat, presser, data), signed_data.substr(0, kSignatureSize)))
      return Verified{std::string(data), presser};
  }
  return std::nullopt;
}

Markup CallbackSigner::sign(ChatId chat, UserId presser, Markup markup) const {
  if (auto* keyboard = std::get_if<InlineKeyboard>(&markup)) {
    for (auto& row : *keyboard) {
      for (InlineButton& button : row) button.callback_data = sign(chat, presser, button.callback_data);
    }
  }
  return markup;
}

}  // namespace mps::telegram
