#pragma once

#include <atomic>
#include <boost/json/fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/http_client.h"
#include "telegram/api_error.h"
#include "telegram/types.h"
#include "telegram/update.h"

namespace mps::telegram {

struct BotApiOptions {
  std::string token;                                  // from @BotFather: "123456:AbC..."
  std::string base_url = "https://api.telegram.org";  // or an emulator, or a local Bot API server
  Duration timeout = std::chrono::seconds(30);        // of one call; a long poll's own waiting time comes on top
};

// The Telegram Bot API over HTTP (https://core.telegram.org/bots/api), as far as we use it. Every text is in HTML parse
// mode; one that does not parse is sent again as plain text. Nothing here waits or retries otherwise: that is up to
// MessageSender and Poller. No error text and no log line ever holds the token.
//
// One call at a time: give each thread its own.
class BotApi {
 public:
  // `stop`, when set to true by another thread, ends the call that is under way within a second, with kStopped. It
  // must outlive this.
  explicit BotApi(BotApiOptions options, const std::atomic<bool>* stop = nullptr);

  ApiResult<BotUser> get_me();
  // kConflict's remedy: a bot with a webhook can't poll. Pending updates are kept.
  ApiResult<> delete_webhook();
  // From now on updates are posted to `url`, one after the other, with `secret` in a header.
  ApiResult<> set_webhook(const std::string& url, const std::string& secret);
  ApiResult<WebhookInfo> get_webhook_info();
  // The menu of commands that the app offers: for `language` ("" for everybody without one of their own), in `chat`
  // alone or everywhere.
  ApiResult<> set_my_commands(std::span<const BotCommand> commands, const std::string& language = "",
                              std::optional<ChatId> chat = std::nullopt);
  // That of a chat alone: it is again as everywhere.
  ApiResult<> delete_my_commands(ChatId chat);

  // Waits up to `wait` (Telegram caps it at 50 s) for updates from `offset` on; a positive offset confirms all those
  // below it.
  ApiResult<std::vector<Update>> get_updates(int64_t offset, std::chrono::seconds wait);

  ApiResult<MessageId> send(const Destination& to, const MessageContent& content);
  // Puts `content` in the place of a message. An edit that changes nothing is a success. Fails with kMessageGone where
  // only a new message will do. A document can't be edited in: kRefused.
  ApiResult<> edit(ChatId chat, MessageId message, const MessageContent& content);
  // Every press of a button must be answered, or the app shows a clock. One that expired is a success.
  ApiResult<> answer_callback_query(const std::string& query_id, const std::string& text = "");

 private:
  ApiResult<boost::json::value> call(const std::string& method, HttpRequest request);
  ApiResult<boost::json::value> call(const std::string& method, const boost::json::object& fields);
  ApiResult<boost::json::value> upload(const std::string& method, const boost::json::object& fields,
                                       const std::string& part_name, const UploadFile& file);
  ApiResult<boost::json::value> send_once(const MessageContent& content, boost::json::object fields);
  ApiResult<boost::json::value> edit_once(const MessageContent& content, boost::json::object fields);
  std::string without_token(std::string text) const;

  BotApiOptions options_;
  const std::atomic<bool>* stop_;
  HttpClient http_;
};

}  // namespace mps::telegram
