#include "telegram/bot_api.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "telegram/html.h"
#include "telegram/json.h"

namespace mps::telegram {
namespace {

namespace json = boost::json;

constexpr auto kPollWaitMax = std::chrono::seconds(50);

// The kinds of updates that update.h knows.
json::array allowed_updates() {
  return {"message", "callback_query", "my_chat_member"};
}

// The two ways to write a text: HTML, and, where Telegram can't read that, plain.
enum class TextMode { kHtml, kPlain };

json::array to_json(const InlineKeyboard& keyboard) {
  json::array rows;
  for (const auto& row : keyboard) {
    json::array buttons;
    for (const auto& button : row) buttons.push_back({{"text", button.text}, {"callback_data", button.callback_data}});
    rows.push_back(std::move(buttons));
  }
  return rows;
}

// BotCommandScopeChat: of everybody in one chat.
json::object scope_of(ChatId chat) {
  return {{"type", "chat"}, {"chat_id", static_cast<int64_t>(chat)}};
}

// An edit without reply_markup takes the buttons away, which is what no markup means here.
void add_markup(json::object& fields, const Markup& markup) {
  if (const auto* keyboard = std::get_if<InlineKeyboard>(&markup)) {
    fields["reply_markup"] = {{"inline_keyboard", to_json(*keyboard)}};
  } else if (const auto* reply = std::get_if<ForceReply>(&markup)) {
    json::object force{{"force_reply", true}, {"selective", true}};
    if (!reply->placeholder.empty()) force["input_field_placeholder"] = cut_plain(reply->placeholder, 64);
    fields["reply_markup"] = std::move(force);
  }
}

void add_text(json::object& fields, std::string_view name, const std::string& html, size_t limit, TextMode mode) {
  const std::string text = cut_html(html, limit);
  if (mode == TextMode::kHtml) fields["parse_mode"] = "HTML";
  fields[name] = mode == TextMode::kHtml ? text : plain_text(text);
}

json::object address(const Destination& to) {
  json::object fields{{"chat_id", static_cast<int64_t>(to.chat)}};
  if (to.thread_id != 0) fields["message_thread_id"] = to.thread_id;
  if (to.reply_to != MessageId(0)) {
    fields["reply_parameters"] = {{"message_id", static_cast<int64_t>(to.reply_to)},
                                  {"allow_sending_without_reply", true}};
  }
  return fields;
}

// A picture or a document may go without a caption.
void add_caption(json::object& fields, const std::string& html, TextMode mode) {
  if (!html.empty()) add_text(fields, "caption", html, kCaptionMax, mode);
}

// Multipart fields are texts; what has structure is written as JSON.
std::string form_field(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

ApiResult<MessageId> message_id_in(const json::value& result) {
  const auto* message = result.if_object();
  const auto id = message == nullptr ? std::nullopt : integer_at(*message, "message_id");
  if (!id) return ApiError{ApiErrorKind::kUnreachable, 0, "the answer to a sent message holds no message_id", {}, {}};
  return MessageId(*id);
}

ApiResult<> without_value(const ApiResult<json::value>& result) {
  if (!result) return result.error();
  return {};
}

// `attempt` in HTML, and once more in plain text where Telegram can't read the HTML: better plain than not at all.
template <class Attempt>
ApiResult<json::value> in_html_or_plain(const Attempt& attempt) {
  auto result = attempt(TextMode::kHtml);
  if (!result && result.error().kind == ApiErrorKind::kBadMarkup) return attempt(TextMode::kPlain);
  return result;
}

}  // namespace

BotApi::BotApi(BotApiOptions options, const std::atomic<bool>* stop) : options_(std::move(options)), stop_(stop) {
  while (options_.base_url.ends_with('/')) options_.base_url.pop_back();
}

ApiResult<BotUser> BotApi::get_me() {
  const auto result = call("getMe", json::object());
  if (!result) return result.error();
  const auto* user = result->if_object();
  if (user == nullptr) return ApiError{ApiErrorKind::kUnreachable, 0, "the answer to getMe holds no user", {}, {}};
  return BotUser{UserId(integer_at(*user, "id").value_or(0)), text_at(*user, "username")};
}

ApiResult<> BotApi::delete_webhook() {
  return without_value(call("deleteWebhook", json::object()));
}

ApiResult<> BotApi::set_webhook(const std::string& url, const std::string& secret) {
  return without_value(call("setWebhook", json::object{{"url", url},
                                                       {"secret_token", secret},
                                                       {"max_connections", 1},  // keeps them in order
                                                       {"allowed_updates", allowed_updates()}}));
}

ApiResult<WebhookInfo> BotApi::get_webhook_info() {
  const auto result = call("getWebhookInfo", json::object());
  if (!result) return result.error();
  const auto* info = result->if_object();
  if (info == nullptr)
    return ApiError{ApiErrorKind::kUnreachable, 0, "the answer to getWebhookInfo holds no information", {}, {}};
  return WebhookInfo{text_at(*info, "url"), integer_at(*info, "pending_update_count").value_or(0),
                     text_at(*info, "last_error_message")};
}

ApiResult<> BotApi::set_my_commands(std::span<const BotCommand> commands, const std::string& language,
                                    std::optional<ChatId> chat) {
  json::array list;
  for (const auto& command : commands)
    list.push_back({{"command", command.command}, {"description", command.description}});
  json::object fields{{"commands", std::move(list)}};
  if (!language.empty()) fields["language_code"] = language;
  if (chat) fields["scope"] = scope_of(*chat);
  return without_value(call("setMyCommands", fields));
}

ApiResult<> BotApi::delete_my_commands(ChatId chat) {
  return without_value(call("deleteMyCommands", json::object{{"scope", scope_of(chat)}}));
}

ApiResult<std::vector<Update>> BotApi::get_updates(int64_t offset, std::chrono::seconds wait) {
  wait = std::min(wait, kPollWaitMax);
  HttpRequest request;
  request.timeout = options_.timeout + wait;
  request.body = json::serialize(json::object{
      {"offset", offset}, {"limit", 100}, {"timeout", wait.count()}, {"allowed_updates", allowed_updates()}});
  request.headers["Content-Type"] = "application/json";
  const auto result = call("getUpdates", std::move(request));
  if (!result) return result.error();
  return parse_updates(*result);
}

ApiResult<MessageId> BotApi::send(const Destination& to, const MessageContent& content) {
  const auto result = in_html_or_plain([&](TextMode mode) {
    json::object fields = address(to);
    add_markup(fields, content.markup);
    const bool is_text = !content.photo && !content.document;
    if (is_text) add_text(fields, "text", content.html, kTextMax, mode);
    if (!is_text) add_caption(fields, content.html, mode);
    return send_once(content, std::move(fields));
  });
  if (!result) return result.error();
  return message_id_in(*result);
}

ApiResult<json::value> BotApi::send_once(const MessageContent& content, json::object fields) {
  if (content.photo) return upload("sendPhoto", fields, "photo", *content.photo);
  if (content.document) return upload("sendDocument", fields, "document", *content.document);
  fields["link_preview_options"] = {{"is_disabled", true}};
  return call("sendMessage", fields);
}

ApiResult<> BotApi::edit(ChatId chat, MessageId message, const MessageContent& content) {
  if (content.document)
    return ApiError{ApiErrorKind::kRefused, 0, "a document can't take the place of a message", {}, {}};
  const auto result = in_html_or_plain([&](TextMode mode) {
    json::object fields{{"chat_id", static_cast<int64_t>(chat)}, {"message_id", static_cast<int64_t>(message)}};
    add_markup(fields, content.markup);
    const bool is_text = !content.photo && !content.keeps_picture;
    if (is_text) add_text(fields, "text", content.html, kTextMax, mode);
    if (!content.photo && content.keeps_picture) add_caption(fields, content.html, mode);
    if (content.photo) {
      json::object media{{"type", "photo"}, {"media", "attach://picture"}};
      add_caption(media, content.html, mode);
      fields["media"] = std::move(media);
    }
    return edit_once(content, std::move(fields));
  });
  if (!result && result.error().kind == ApiErrorKind::kNotModified) return {};
  return without_value(result);
}

ApiResult<json::value> BotApi::edit_once(const MessageContent& content, json::object fields) {
  if (content.photo) return upload("editMessageMedia", fields, "picture", *content.photo);
  if (content.keeps_picture) return call("editMessageCaption", fields);
  fields["link_preview_options"] = {{"is_disabled", true}};
  return call("editMessageText", fields);
}

ApiResult<> BotApi::answer_callback_query(const std::string& query_id, const std::string& text) {
  json::object fields{{"callback_query_id", query_id}};
  if (!text.empty()) fields["text"] = cut_plain(text, kCallbackAnswerMax);
  const auto result = call("answerCallbackQuery", fields);
  if (!result && result.error().kind == ApiErrorKind::kQueryExpired) return {};
  return without_value(result);
}

ApiResult<json::value> BotApi::call(const std::string& method, const json::object& fields) {
  HttpRequest request;
  request.timeout = options_.timeout;
  request.headers["Content-Type"] = "application/json";
  request.body = json::serialize(fields);
  return call(method, std::move(request));
}

ApiResult<json::value> BotApi::upload(const std::string& method, const json::object& fields,
                                      const std::string& part_name, const UploadFile& file) {
  HttpRequest request;
  request.timeout = options_.timeout;
  for (const auto& [name, value] : fields) request.parts.push_back({std::string(name), form_field(value), "", ""});
  request.parts.push_back({part_name, file.content, file.name, file.content_type});
  return call(method, std::move(request));
}

ApiResult<json::value> BotApi::call(const std::string& method, HttpRequest request) {
  request.method = "POST";
  request.url = fmt::format("{}/bot{}/{}", options_.base_url, options_.token, method);
  const auto response = http_.send(request, stop_);
  const bool stopped = stop_ != nullptr && stop_->load();
  if (stopped && !response) return ApiError{ApiErrorKind::kStopped, 0, "shutting down", {}, {}};
  if (!response) {
    return ApiError{
        ApiErrorKind::kUnreachable, 0, without_token(fmt::format("{}: {}", method, response.error().message)), {}, {}};
  }
  json::error_code failure;
  auto body = json::parse(response->body, failure);
  auto* answer = failure ? nullptr : body.if_object();
  const auto* ok = answer == nullptr ? nullptr : answer->if_contains("ok");
  if (ok != nullptr && ok->is_bool() && ok->get_bool()) return std::move((*answer)["result"]);
  ApiError error = read_api_error(*response);
  // A page of a captive portal says 200, and is no answer of Telegram's.
  if (answer == nullptr && response->status < 400) error.kind = ApiErrorKind::kUnreachable;
  error.description = without_token(fmt::format("{}: {}", method, error.description));
  return error;
}

std::string BotApi::without_token(std::string text) const {
  if (options_.token.empty()) return text;
  for (size_t at = text.find(options_.token); at != std::string::npos; at = text.find(options_.token, at))
    text.replace(at, options_.token.size(), "<token>");
  return text;
}

}  // namespace mps::telegram
