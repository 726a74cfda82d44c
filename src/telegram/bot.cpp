#include "telegram/bot.h"

#include <charconv>
#include <fmt/format.h>
#include <thread>

#include "base/log.h"
#include "telegram/chat_workers.h"
#include "telegram/dialogue.h"
#include "telegram/menus.h"
#include "telegram/message_sender.h"
#include "telegram/poller.h"
#include "telegram/webhook_keeper.h"
#include "telegram/webhook_receiver.h"

namespace mps::telegram {
namespace {

// Pictures take a processor for a while: what answers presses and receives updates goes first.
constexpr int kScreensNice = 5, kRenewalsNice = 10;
constexpr auto kLastAnswersWithin = std::chrono::milliseconds(500);
constexpr auto kIntroduceAgainAfter = std::chrono::seconds(30);
constexpr auto kMenusEvery = std::chrono::seconds(2);

class SettingsOffsetStore final : public OffsetStore {
 public:
  explicit SettingsOffsetStore(service::Hub& hub) : hub_(hub) {}

  Result<int64_t> load() override {
    MPS_TRY(const auto text, hub_.settings().get(kUpdateOffset));
    if (!text) return int64_t{0};
    int64_t offset = 0;
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), offset);
    if (failure != std::errc() || end != text->data() + text->size())
      return Error{ErrorCode::kCorrupt, fmt::format("the setting {} is not a number: '{}'", kUpdateOffset, *text)};
    return offset;
  }

  Result<void> save(int64_t offset) override { return hub_.settings().set(kUpdateOffset, std::to_string(offset)); }

 private:
  service::Hub& hub_;
};

void announce_pairing(service::Hub& hub, const std::string& bot_name) {
  const auto code = hub.people().pairing_code();
  if (!code) return;
  log::info("Nobody is paired with the Telegram bot yet: open https://t.me/{}?start={} or send it the code {}",
            bot_name, *code, *code);
}

service::DeliveryFailure to_failure(const ApiError& error) {
  using Kind = service::DeliveryFailure::Kind;
  switch (error.kind) {
    case ApiErrorKind::kChatGone:
      return {Kind::kChatGone, error.description, {}};
    case ApiErrorKind::kMessageGone:
      return {Kind::kMessageGone, error.description, {}};
    case ApiErrorKind::kChatMigrated:
      return {Kind::kChatMoved, error.description, {}, static_cast<int64_t>(*error.migrate_to)};
    case ApiErrorKind::kRefused:
    case ApiErrorKind::kBadMarkup:
      return {Kind::kRejected, error.description, {}};
    default:
      return {Kind::kRetry, error.description, error.retry_after.value_or(Duration::zero())};
  }
}

std::optional<UploadFile> to_upload(const std::optional<service::OutgoingFile>& file) {
  if (!file) return std::nullopt;
  return UploadFile{file->name, file->content_type, file->content};
}

MessageContent content_of(const service::OutgoingMessage& message) {
  InlineKeyboard keyboard;
  for (const auto& row : message.buttons) {
    keyboard.emplace_back();
    for (const service::MessageButton& button : row) keyboard.back().push_back({button.text, button.action});
  }
  MessageContent content{message.html, {}, to_upload(message.picture), to_upload(message.document)};
  content.keeps_picture = message.edits_picture;
  if (!keyboard.empty()) content.markup = std::move(keyboard);
  return content;
}

}  // namespace

// In the order in which they must go, from the last to the first: the poller feeds the workers, which use the rest.
struct Bot::Parts {
  Parts(const BotOptions& options, service::Hub& the_hub)
      : hub(the_hub),
        api{options.token, options.api_url},
        questions(the_hub),
        renewals(the_hub),
        dialogue(Services{the_hub, questions, renewals, options.hub_url, options.version, the_hub.clock().now()},
                 CallbackSigner(options.token)),
        sender(api, the_hub.clock()),
        offsets(the_hub),
        presses(options.workers),
        workers(options.workers, kScreensNice),
        renewers(options.workers, kRenewalsNice),
        introduction([this](std::stop_token stop) { introduce(stop); }),
        renewing([this](std::stop_token stop) { renew(stop); }) {
    const auto handler = [this](const Update& update) { receive(update); };
    if (options.webhook_url.empty()) {
      poller.emplace(api, PollerOptions(), offsets, hub.clock(), handler);
      return;
    }
    const std::string secret = webhook_secret(options.token);
    receiver.emplace(hub, secret, handler);
    hub.update_door().open(*receiver);
    keeper.emplace(api, options.webhook_url, secret, hub.clock());
  }

  // No new updates; the answers to those that were confirmed still go out, if that is quick.
  ~Parts() {
    stopping = true;
    introduction.request_stop();
    renewing.request_stop();
    renewing.join();
    hub.update_door().close();
    keeper.reset();
    receiver.reset();
    poller.reset();
    presses.finish(kLastAnswersWithin);
    workers.finish(kLastAnswersWithin);
    sender.stop();
  }

  void introduce(std::stop_token stop);
  bool meet(BotApi& bot_api);
  void follow(ChatId from, ChatId to);
  void renew(std::stop_token stop);
  void receive(const Update& update);
  void on_message(const IncomingMessage& message);
  void on_press(const CallbackQuery& query);
  void show_after_press(const Reply& reply, const CallbackQuery& query, UserId presser);
  void send_all(const Replies& replies, const Destination& to, UserId presser);
  void keep_alive(const Reply& reply, const Destination& to, MessageId message);
  void note_outcome(ChatId chat, const ApiError& error);
  MessageContent signed_content(const Reply& reply, ChatId chat, UserId presser) const;

  service::Hub& hub;
  BotApiOptions api;
  std::atomic<bool> stopping = false;
  PendingQuestions questions;
  Renewals renewals;
  Dialogue dialogue;
  MessageSender sender;
  SettingsOffsetStore offsets;
  ChatWorkers presses;   // answers to presses: quick, and never behind somebody's picture
  ChatWorkers workers;   // screens
  ChatWorkers renewers;  // messages that change by themselves: never before a screen
  // Either the one or the other two.
  std::optional<Poller> poller;
  std::optional<WebhookReceiver> receiver;
  std::optional<WebhookKeeper> keeper;
  std::jthread introduction, renewing;
};

// Learns the bot's name and says how to pair, as soon as Telegram answers; then keeps the menus of commands true.
void Bot::Parts::introduce(std::stop_token stop) {
  BotApi bot_api(api, &stopping);
  while (!meet(bot_api)) {
    if (!hub.clock().sleep_for(kIntroduceAgainAfter, stop)) return;
  }
  Menus menus(hub);
  if (const auto set = menus.set_for_strangers(bot_api); !set && set.error().kind != ApiErrorKind::kStopped)
    log::warn("Telegram: the menu of commands is not set ({})", set.error().description);
  do {
    menus.refresh(bot_api);
  } while (hub.clock().sleep_for(kMenusEvery, stop));
}

bool Bot::Parts::meet(BotApi& bot_api) {
  const auto me = bot_api.get_me();
  if (!me) return false;
  dialogue.set_bot_name(me->user_name);
  if (const auto kept = hub.settings().set(service::People::kBotName, me->user_name); !kept)
    log::error("{}", kept.error().message);
  log::info("Telegram: the bot is @{}", me->user_name);
  announce_pairing(hub, me->user_name);
  return true;
}

void Bot::Parts::renew(std::stop_token stop) {
  while (hub.clock().sleep_until(renewals.next_due(), stop)) {
    renewals.tick([this](const Renewal& renewal) { return dialogue.renew(renewal); },
                  [this](ChatId chat, MessageId message, const MessageContent& content) {
                    return sender.edit_last(chat, message, content);
                  },
                  [this](ChatId chat, ChatWorkers::Task task) { return renewers.post(chat, std::move(task)); });
  }
}

void Bot::Parts::receive(const Update& update) {
  if (const auto* message = std::get_if<IncomingMessage>(&update.content)) {
    workers.post(message->chat, [this, copy = *message] { on_message(copy); });
  } else if (const auto* query = std::get_if<CallbackQuery>(&update.content)) {
    on_press(*query);
  } else if (const auto* blocked = std::get_if<BotBlocked>(&update.content)) {
    hub.people().mark_gone(static_cast<int64_t>(blocked->chat));
  } else if (const auto* moved = std::get_if<ChatMigrated>(&update.content)) {
    follow(moved->from, moved->to);
  }
}

// A group became a supergroup: the same people under another number.
void Bot::Parts::follow(ChatId from, ChatId to) {
  const auto old_id = static_cast<int64_t>(from), new_id = static_cast<int64_t>(to);
  if (!hub.people().knows_chat(old_id)) return;
  const auto moved = hub.people().move_chat(old_id, new_id);
  if (!moved) log::error("{}", moved.error().message);
}

void Bot::Parts::on_message(const IncomingMessage& message) {
  send_all(dialogue.on_message(message), {message.chat, message.thread_id, {}}, presser_of(message.from));
}

void Bot::Parts::on_press(const CallbackQuery& query) {
  const auto press = dialogue.on_press(query);
  const bool acts = press.screen != nullptr && press.screen->act != nullptr;
  presses.post(query.chat, [this, id = query.id, press, acts, chat = query.chat] {
    const std::string toast = acts ? dialogue.act(press) : press.toast;
    if (const auto answered = sender.answer(id, toast); !answered) note_outcome(chat, answered.error());
  });
  if (press.screen == nullptr || acts) return;
  workers.post(query.chat, [this, press, query] {
    for (const Reply& reply : dialogue.show(press)) show_after_press(reply, query, press.presser);
  });
}

void Bot::Parts::show_after_press(const Reply& reply, const CallbackQuery& query, UserId presser) {
  const Destination to{query.chat, query.thread_id, {}};
  if (!fits_in_place(reply, query)) return send_all({reply}, to, presser_of(query.from));
  const auto done = sender.replace(to, query.message, signed_content(reply, query.chat, presser));
  if (!done) return note_outcome(query.chat, done.error());
  keep_alive(reply, to, *done);
}

void Bot::Parts::keep_alive(const Reply& reply, const Destination& to, MessageId message) {
  if (!reply.living) return;
  const auto& living = *reply.living;
  const auto begun =
      renewals.begin({to, message, living.command, living.arguments, living.user, hub.clock().now()}, living.first);
  if (!begun) log::warn("Telegram: {}", begun.error().message);
}

void Bot::Parts::send_all(const Replies& replies, const Destination& to, UserId presser) {
  for (const Reply& reply : replies) {
    const auto sent = sender.send(to, signed_content(reply, to.chat, presser));
    if (!sent) return note_outcome(to.chat, sent.error());
    keep_alive(reply, to, *sent);
  }
}

void Bot::Parts::note_outcome(ChatId chat, const ApiError& error) {
  if (error.kind == ApiErrorKind::kStopped) return;
  log::warn("Telegram: an answer did not reach chat {}: {}", static_cast<int64_t>(chat), error.description);
  if (error.kind == ApiErrorKind::kChatGone) hub.people().mark_gone(static_cast<int64_t>(chat));
}

MessageContent Bot::Parts::signed_content(const Reply& reply, ChatId chat, UserId presser) const {
  MessageContent content = reply.content;
  content.markup = dialogue.sign(chat, std::move(content.markup), presser);
  return content;
}

Bot::Bot(BotOptions options, service::Hub& hub) : parts_(std::make_unique<Parts>(options, hub)) {}

Bot::~Bot() = default;

boost::system::result<service::Delivered, service::DeliveryFailure> Bot::deliver(
    const service::OutgoingMessage& message) {
  const auto chat = ChatId(message.chat_id);
  MessageContent content = content_of(message);
  content.markup = parts_->dialogue.sign(chat, std::move(content.markup));
  if (message.edits) {
    const auto edited = parts_->sender.edit_once(chat, MessageId(*message.edits), content);
    if (!edited) return to_failure(edited.error());
    return service::Delivered{*message.edits};
  }
  Destination to{chat, message.thread_id, MessageId(message.reply_to.value_or(0))};
  auto sent = parts_->sender.send_once(to, content);
  if (!sent && sent.error().kind == ApiErrorKind::kRefused && to.thread_id != 0) {
    to.thread_id = 0;  // a topic that was deleted must not keep an alert from going out
    sent = parts_->sender.send_once(to, content);
  }
  if (!sent && sent.error().migrate_to) {
    parts_->follow(to.chat, *sent.error().migrate_to);
    to.chat = *sent.error().migrate_to;
    to.reply_to = {};  // the old messages can't be answered there
    content.markup = parts_->dialogue.sign(to.chat, content_of(message).markup);
    sent = parts_->sender.send_once(to, content);
  }
  if (!sent) return to_failure(sent.error());
  return service::Delivered{static_cast<int64_t>(*sent)};
}

std::optional<std::string> Bot::problem() const {
  return parts_->poller ? parts_->poller->problem() : parts_->keeper->problem();
}

}  // namespace mps::telegram
