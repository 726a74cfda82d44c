#pragma once

#include <atomic>
#include <functional>
#include <map>

#include "catalog/cards.h"
#include "catalog/outbox.h"
#include "service/card_writer.h"
#include "service/notifier.h"
#include "service/people.h"
#include "service/report_schedule.h"

namespace mps::service {

// How delivery goes, for /metrics and /health.
struct DeliveryStats {
  size_t waiting = 0;
  Duration oldest_waits{};  // how long the oldest has waited
  uint64_t delivered = 0, failed = 0, attempts_failed = 0;
  double delay_seconds_sum = 0;  // of those delivered, from the writing of the row to the receiver's yes
  size_t chats_gone = 0;         // of Telegram: those that blocked the bot or removed it
  std::string trouble;           // what the newest attempt failed with; "" after one that did not
};

// Delivery of the outbox: at least once, in order within a chat. A message may come twice only when the process ends
// between the receiver's OK and our note of it, and then says that it may. While the note can't be written (the disk is
// full), it is kept in memory, and the messages behind it wait.
//
// Cards are written when they leave, so that they say how things stand then. What waited while Telegram could not be
// reached is sent afterwards: each message with its own time, or, where there are more than kSumAbove for a chat,
// summed up in one.
class Outbox {
 public:
  static constexpr size_t kSumAbove = 5;
  static constexpr Duration kSumAfter = std::chrono::minutes(5);
  // A list too long for a message comes as a file too, once it has grown.
  static constexpr Duration kListAfter = std::chrono::seconds(35);

  // Writes the message of a "report" row from its order when it leaves.
  using WriteReport = std::function<Result<ReportSchedule::Written>(const std::string& order)>;

  Outbox(catalog::Database& database, People& people, const CardWriter& writer, const Clock& clock,
         WriteReport write_report = {})
      : database_(database),
        rows_(database),
        cards_(database),
        people_(people),
        writer_(writer),
        clock_(clock),
        write_report_(std::move(write_report)) {}

  // A message to one chat, such as an answer that must not get lost.
  Result<void> add(int64_t chat_id, const std::string& html);

  // A group became a supergroup: see service/chat_move.h.
  Result<void> move_chat(int64_t from, int64_t to);

  // Sends what is due in a channel. Returns how many rows it is done with. One thread a channel.
  Result<size_t> deliver(Notifier& notifier, const std::string& channel = "telegram");

  // How a chat is to be written to.
  Reader reader_in(int64_t chat) const { return writer_.reader_in(chat); }

  size_t undelivered();
  uint64_t delivered_total() const { return telegram_.delivered + webhook_.delivered; }
  uint64_t failed_total() const { return telegram_.failed + webhook_.failed; }
  // Asks the catalog.
  DeliveryStats stats(const std::string& channel);
  // From memory: what waits is as of the last delivery, a second ago while a hub runs.
  DeliveryStats known_stats(const std::string& channel);

 private:
  struct Done {
    int64_t message_id = 0;
    Timestamp at{};
    bool has_photo = false;
    std::string shown;     // of a card
    bool was_cut = false;  // of a list
  };
  struct Attempt {
    std::optional<OutgoingMessage> message;  // nothing: there is nothing left to say
    Done done;
  };
  struct Counters {
    std::atomic<uint64_t> delivered{0}, failed{0}, attempts_failed{0};
    std::atomic<int64_t> delay_ns_sum{0};
    std::mutex mutex;
    std::string trouble;
    size_t waiting = 0, chats_gone = 0;
    std::optional<Timestamp> oldest;
  };

  Result<void> sum_up(int64_t chat);
  Result<bool> deliver_one(const catalog::OutboxRow& row, Notifier& notifier);
  Result<Attempt> prepare(const catalog::OutboxRow& row);
  Result<void> prepare_card(const catalog::OutboxRow& row, catalog::Card card, Attempt& attempt);
  Result<void> prepare_report(Attempt& attempt) const;
  Result<void> prepare_list(const catalog::Card& card, Attempt& attempt);
  Result<bool> note_failure(const catalog::OutboxRow& row, const DeliveryFailure& failure);
  Result<void> note_delivered(const catalog::OutboxRow& row, const Done& done);
  Result<void> note_on_card(const catalog::OutboxRow& row, const Done& done);
  void tell_that_chat_is_gone(int64_t chat, const std::string& why);
  void note_waiting(const std::string& channel);
  Result<size_t> deliver_due(Notifier& notifier, const std::string& channel);
  Counters& counters(const std::string& channel) { return channel == "webhook" ? webhook_ : telegram_; }

  catalog::Database& database_;
  catalog::Outbox rows_;
  catalog::Cards cards_;
  People& people_;
  const CardWriter& writer_;
  const Clock& clock_;
  WriteReport write_report_;
  Counters telegram_, webhook_;
  std::mutex unnoted_mutex_;
  std::map<int64_t, Done> unnoted_;  // by row
};

}  // namespace mps::service
