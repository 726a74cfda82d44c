#include <CLI/CLI.hpp>
#include <atomic>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "service/hub.h"
#include "telegram/terminal_chat.h"

// chat without a word behind it: the chat at the terminal.
namespace mps::app {
namespace {

constexpr Duration kLookEvery = std::chrono::milliseconds(200);

struct ChatWish {
  std::string role = "owner", language, who = "the command line", pictures = ".";
};

std::string hub_url(service::Hub& hub) {
  const auto known = hub.settings().get("public_url");
  return known && *known ? **known : "http://127.0.0.1:8080";
}

Result<void> print(const telegram::TerminalMessages& messages, const ChatWish& wish, const telegram::Texts& texts,
                   Terminal& terminal) {
  for (const auto& message : messages) {
    if (!message.text.empty()) terminal.out(message.text + "\n");
    if (message.file) {
      const std::string path = fmt::format("{}/{}", wish.pictures, message.file->name);
      MPS_TRY_VOID(terminal.write_file(path, message.file->content));
      const bool is_picture = message.file->content_type.starts_with("image/");
      const auto& line = is_picture ? texts.terminal.picture : texts.terminal.file;
      terminal.out(telegram::fill(line, {{"path", path}}) + "\n");
    }
    terminal.out("\n");
  }
  return {};
}

Result<void> run_chat(service::Hub& hub, Terminal& terminal, const ChatWish& wish) {
  static std::atomic<int64_t> sessions{0};
  if (!wish.language.empty()) MPS_TRY_VOID(hub.chat_settings().set_language(0, wish.language));
  telegram::TerminalChat chat(hub, {*service::find_role(wish.role), wish.who, hub_url(hub), kVersion, ++sessions});
  const bool is_person = terminal.shows_progress();
  terminal.err(chat.greeting() + "\n");
  if (is_person) terminal.err("> ");
  for (;;) {
    MPS_TRY(const TypedLine line, terminal.read_line(kLookEvery));
    if (line.kind == TypedLine::Kind::kEnd) break;
    const auto messages = line.kind == TypedLine::Kind::kLine ? chat.say(line.text) : chat.renew();
    MPS_TRY_VOID(print(messages, wish, chat.texts(), terminal));
    if (is_person && (line.kind == TypedLine::Kind::kLine || !messages.empty())) terminal.err("> ");
  }
  if (is_person) terminal.err("\n");
  return {};
}

}  // namespace

void declare_terminal_chat(CLI::App& chat, Invocation& invocation) {
  const auto wish = std::make_shared<ChatWish>();
  chat.add_option("--as", wish->role, "What whoever types may do: viewer, operator, admin or owner")
      ->check(CLI::IsMember({"viewer", "operator", "admin", "owner"}))
      ->capture_default_str();
  chat.add_option("--language", wish->language, "en or ru; default: the one that was spoken last")->type_name("CODE");
  chat.add_option("--who", wish->who, "What to call whoever types, in lists of what people did")->capture_default_str();
  chat.add_option("--pictures", wish->pictures, "The folder that pictures and documents are written to")
      ->capture_default_str()
      ->type_name("DIR");
  chat.callback([&chat, &invocation, wish] {
    if (!chat.get_subcommands().empty()) return;
    invocation.run_on_hub = [wish](service::Hub& hub, Terminal& terminal) { return run_chat(hub, terminal, *wish); };
  });
}

}  // namespace mps::app
