#include "telegram/screens/server_details.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/rule_input.h"
#include "telegram/screens/common.h"
#include "telegram/screens/first_samples.h"
#include "telegram/screens/rule_scope.h"

namespace mps::telegram {
namespace {

constexpr size_t kDetailTagsMax = 12;

InlineButton act_button(std::string_view text, const service::Server& server, std::string_view rest) {
  return server_button(text, "servers", server.id, rest);
}

std::string tags_of(const service::Server& server, Services& services) {
  std::string tags;
  for (const std::string& tag : server.tags) tags += (tags.empty() ? "" : ", ") + tag;
  return tags.empty() ? std::string(services.texts.no_tags) : escape_html(cut_plain(tags, 300));
}

Reply details_of(const service::Server& server, const std::string& news, Services& services) {
  const Texts& texts = services.texts;
  std::string html = news.empty() ? "" : news + "\n\n";
  html += fill(texts.server_details, {{"mark", mark_of(state_of(server, services))},
                                      {"name", escape_html(server.name)},
                                      {"since", services.words.moment(server.created_at, services.zone)},
                                      {"age", age_of(services.hub.query().last_seen(server.id), services)},
                                      {"tags", tags_of(server, services)},
                                      {"rules", std::to_string(set_in({server.id, ""}, services).size())}});
  InlineKeyboard keyboard{
      {server_button(texts.button_status, "status", server.id), server_button(texts.button_graph, "graph", server.id),
       server_button(texts.button_rules, "rules", server.id)},
      {act_button(texts.button_rename, server, "rename"), act_button(texts.button_tag, server, "tag")}};
  std::vector<InlineButton> untags;
  for (const std::string& tag : server.tags) {
    if (untags.size() < kDetailTagsMax) untags.push_back(act_button("✖ " + tag, server, "untag " + mark_of_name(tag)));
  }
  for (auto& row : in_rows(std::move(untags), 3)) keyboard.push_back(std::move(row));
  keyboard.push_back(
      {act_button(texts.button_rotate, server, "rotate"), act_button(texts.button_remove_server, server, "remove")});
  return {{std::move(html), std::move(keyboard), {}, {}}, true, {}};
}

Replies ask_details(const Request& request, const service::Server& server, std::string_view what,
                    std::string_view question, std::string_view placeholder, Services& services) {
  const auto asked = services.questions.ask(request.chat, request.from.id,
                                            fmt::format("servers {} {}", static_cast<int64_t>(server.id), what));
  if (!asked) return say(fill(services.texts.failure, {{"reason", reason_of(asked.error(), services.texts)}}));
  return {{{fill(question, {{"name", escape_html(server.name)}}), ForceReply{std::string(placeholder)}, {}, {}},
           false,
           {}}};
}

// Asks, with the one button that does it.
Reply are_you_sure(const service::Server& server, std::string html, std::string_view button, std::string_view rest,
                   Services& services) {
  InlineKeyboard keyboard{{act_button(button, server, rest)}, {act_button(services.texts.button_keep, server, "")}};
  return {{std::move(html), std::move(keyboard), {}, {}}, true, {}};
}

std::string what_is_lost(const service::Server& server, std::string_view pattern, Services& services) {
  const auto last_seen = services.hub.query().last_seen(server.id);
  const auto all = services.hub.alerts().open_incidents();
  const auto open = std::count_if(all.begin(), all.end(), [&](const auto& i) { return i.server == server.id; });
  return fill(pattern, {{"name", escape_html(server.name)},
                        {"since", services.words.moment(server.created_at, services.zone)},
                        {"age", age_of(last_seen, services)},
                        {"rules", std::to_string(set_in({server.id, ""}, services).size())},
                        {"open", std::to_string(open)}});
}

Result<Reply> untag_marked(const Request& request, const service::Server& server, const std::string& mark,
                           Services& services) {
  const auto found = std::find_if(server.tags.begin(), server.tags.end(),
                                  [&](const std::string& tag) { return mark_of_name(tag) == mark; });
  if (found == server.tags.end()) return details_of(server, "", services);
  const std::string tag = *found;
  MPS_TRY_VOID(services.hub.servers().untag(server.id, {tag}));
  note(request, services, service::Change::kServerChanged, fmt::format("{}: without tag {}", server.name, tag));
  return details_of(*services.hub.servers().find(server.id), fill(services.texts.untagged, {{"tag", escape_html(tag)}}),
                    services);
}

Result<Reply> rename_to(const Request& request, const service::Server& server, const std::string& name,
                        Services& services) {
  MPS_TRY(const auto renamed, services.hub.servers().rename(server.id, name));
  note(request, services, service::Change::kServerChanged, fmt::format("{} is {} now", server.name, name));
  return details_of(renamed, fill(services.texts.renamed, {{"old", escape_html(server.name)}}), services);
}

Result<Reply> tag_with(const Request& request, const service::Server& server, std::string names, Services& services) {
  std::replace(names.begin(), names.end(), ',', ' ');
  std::vector<std::string> tags;
  while (!names.empty()) tags.push_back(take_word(names));
  MPS_TRY_VOID(services.hub.servers().tag(server.id, tags));
  note(request, services, service::Change::kServerChanged,
       fmt::format("{}: tag {}", server.name, fmt::join(tags, ", ")));
  return details_of(*services.hub.servers().find(server.id), "", services);
}

Result<Replies> rotate(const Request& request, const service::Server& server, Services& services) {
  MPS_TRY(const std::string token, services.hub.servers().rotate_token(server.id));
  note(request, services, service::Change::kTokenMade, server.name);
  return connection_of(request, server, token, &Texts::connected_anew, services);
}

Result<Replies> one_reply(Result<Reply> reply) {
  if (!reply) return reply.error();
  return Replies{std::move(*reply)};
}

Result<Replies> remove_for_good(const Request& request, const service::Server& server, Services& services) {
  MPS_TRY_VOID(services.hub.servers().remove(server.id));
  note(request, services, service::Change::kServerRemoved, server.name);
  return Replies{{{fill(services.texts.removed, {{"name", escape_html(server.name)}}), {}, {}, {}}, true, {}}};
}

Result<Replies> press_server(const Request& request, const service::Server& server, std::string rest,
                             Services& services) {
  const Texts& texts = services.texts;
  const std::string what = take_word(rest);
  if (what == "rename")
    return ask_details(request, server, what, texts.ask_new_name, texts.ask_name_placeholder, services);
  if (what == "tag") return ask_details(request, server, what, texts.ask_tag, texts.ask_tag_placeholder, services);
  if (what == "untag") return one_reply(untag_marked(request, server, rest, services));
  if (what == "rotate")
    return one_reply(are_you_sure(server, what_is_lost(server, texts.rotate_sure, services), texts.button_rotate,
                                  "rotate!", services));
  if (what == "rotate!") return rotate(request, server, services);
  if (what == "remove")
    return one_reply(are_you_sure(server, what_is_lost(server, texts.remove_sure, services), texts.button_remove_server,
                                  "remove!", services));
  if (what == "remove!")
    return one_reply(are_you_sure(server, what_is_lost(server, texts.remove_really, services),
                                  texts.button_remove_for_good, "remove!!", services));
  if (what == "remove!!") return remove_for_good(request, server, services);
  return Replies{details_of(server, "", services)};
}

}  // namespace

bool changes_server(std::string rest) {
  return !take_word(rest).empty();
}

Replies show_server(const Request& request, const service::Server& server, std::string rest, Services& services) {
  Result<Replies> replies = Replies();
  if (request.asked.empty()) {
    replies = press_server(request, server, rest, services);
  } else if (rest == "rename") {
    replies = one_reply(rename_to(request, server, answer_of(request), services));
  } else {
    replies = one_reply(tag_with(request, server, answer_of(request), services));
  }
  if (replies) return std::move(*replies);
  return say(fill(services.texts.failure, {{"reason", reason_of(replies.error(), services.texts)}}));
}

}  // namespace mps::telegram
