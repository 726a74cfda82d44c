#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "metric/resource.h"
#include "service/hub.h"
#include "telegram/dialogue.h"
#include "telegram/html.h"
#include "testing/batches.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"

// For the tests of this folder: one person talking with the dialogue of a real hub, without any network.
namespace mps::telegram {

inline constexpr ChatId kOwner{42};

class Conversation : public ::testing::Test {
 protected:
  Conversation() { open(); }

  void open() {
    service::HubOptions options;
    options.data = folder_.path();
    options.store_url = store_url_;
    auto opened = service::Hub::open(options, clock_);
    if (!opened) throw std::runtime_error(opened.error().message);
    hub_ = std::move(*opened);
    questions_ = std::make_unique<PendingQuestions>(*hub_);
    renewals_ = std::make_unique<Renewals>(*hub_);
    dialogue_ = std::make_unique<Dialogue>(
        Services{*hub_, *questions_, *renewals_, "http://hub:8080", "1.0", clock_.now()}, CallbackSigner("1:token"));
  }

  // Everything in memory is gone, everything on disk stays.
  void restart() {
    dialogue_.reset();
    renewals_.reset();
    questions_.reset();
    hub_.reset();
    open();
  }

  static IncomingMessage message(std::string text, ChatId chat = kOwner, bool is_private = true) {
    IncomingMessage message;
    message.id = MessageId(1);
    message.chat = chat;
    message.is_private = is_private;
    message.from = {UserId(static_cast<int64_t>(chat)), "ann", "Ann <3", "en"};
    message.text = std::move(text);
    return message;
  }

  Replies say(std::string text, ChatId chat = kOwner) { return dialogue_->on_message(message(std::move(text), chat)); }

  // The text of the only reply; "" where there was none.
  std::string ask(std::string text, ChatId chat = kOwner) { return text_of(say(std::move(text), chat)); }

  static std::string text_of(const Replies& replies) { return replies.empty() ? "" : replies.front().content.html; }

  void pair() { ASSERT_NE(ask("/start " + *hub_->people().pairing_code()), ""); }

  ServerId add_server(std::string_view name) { return hub_->servers().add(name)->server.id; }

  Dialogue::Press press(const std::string& data, ChatId chat = kOwner) {
    const Markup markup = dialogue_->sign(chat, InlineKeyboard{{{"x", data}}});
    return press_signed(std::get<InlineKeyboard>(markup).at(0).at(0).callback_data, chat);
  }

  Dialogue::Press press_signed(std::string data, ChatId chat = kOwner) {
    CallbackQuery query;
    query.id = "1";
    query.from.id = UserId(static_cast<int64_t>(chat));
    query.chat = chat;
    query.message = MessageId(9);
    query.data = std::move(data);
    return dialogue_->on_press(query);
  }

  // One reading of each resource that the status shows, `age` ago.
  void report(ServerId server, Duration age = Duration::zero(), double cpu_idle = 58.25) {
    using V = Value;
    const Timestamp time = clock_.now() - age;
    mps::testing::BatchBuilder batch;
    batch.add(server, time, "cpu", {{"cpu", "cpu-total"}}, {{"usage_idle", V::of_float(cpu_idle)}});
    batch.add(server, time, "mem", {}, {{"used_percent", V::of_float(61.5)}});
    batch.add(server, time, "disk", {{"path", "/"}}, {{"used_percent", V::of_float(12)}});
    batch.add(server, time, "disk", {{"path", "/<b>"}}, {{"used_percent", V::of_float(77)}});
    batch.add(server, time, "system", {}, {{"load1", V::of_float(0.5)}, {"uptime", V::of_integer(90061)}});
    ASSERT_TRUE(hub_->store().append_and_wait(batch.batch()));
  }

  static std::vector<InlineButton> buttons(const Replies& replies) {
    std::vector<InlineButton> all;
    for (const Reply& reply : replies) {
      if (const auto* keyboard = std::get_if<InlineKeyboard>(&reply.content.markup)) {
        for (const auto& row : *keyboard) all.insert(all.end(), row.begin(), row.end());
      }
    }
    return all;
  }

  mps::testing::TemporaryFolder folder_;
  mps::testing::FakeClock clock_;
  std::string store_url_;  // of the next open
  std::unique_ptr<service::Hub> hub_;
  std::unique_ptr<PendingQuestions> questions_;
  std::unique_ptr<Renewals> renewals_;
  std::unique_ptr<Dialogue> dialogue_;
};

}  // namespace mps::telegram
