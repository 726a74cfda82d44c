#pragma once

#include <string>
#include <vector>

#include "catalog/cards.h"
#include "catalog/incidents.h"
#include "service/alert_text.h"
#include "service/chat_settings.h"
#include "service/notifier.h"
#include "service/pictures.h"
#include "service/servers.h"

namespace mps::service {

// What a card says now.
struct CardContent {
  std::string html;
  std::vector<std::vector<MessageButton>> buttons;
  std::string whole_list;         // plain text, where html could not hold all of it
  std::vector<Subject> subjects;  // in the order of the list

  std::string digest() const;  // of what stands in the message: the same where an edit would change nothing
};

// Writes living messages from the incidents on them. Thread-safe; never within a transaction, since it asks for the
// names of servers.
class CardWriter {
 public:
  CardWriter(catalog::Database& database, const Servers& servers, const Pictures& pictures, const Clock& clock,
             TimeZone zone)
      : cards_(database),
        incidents_(database),
        predictions_(database),
        looks_(database, std::move(zone)),
        servers_(servers),
        pictures_(pictures),
        clock_(clock) {}

  // `is_caption`: of a picture, which holds less.
  Result<CardContent> write(const catalog::Card& card, bool is_caption) const;
  // The repeated notification about what still fires on the card; "" where nothing does.
  Result<std::string> reminder(const catalog::Card& card) const;
  // The last hours of a card about one incident, with the threshold and the forecast; nothing where there is none.
  std::optional<OutgoingFile> picture(const CardContent& content, const Reader& reader) const;

  Result<Subject> subject(int64_t incident) const;  // kNotFound where it is gone
  Subject subject(const catalog::Incident& incident) const;
  // How a chat is to be written to.
  Reader reader_in(int64_t chat) const { return reader_of(looks_.of(chat)); }
  const ChatSettings& looks() const { return looks_; }

 private:
  Result<std::vector<Subject>> subjects_on(const catalog::Card& card) const;
  std::string title(const catalog::Card& card, const std::vector<Subject>& subjects, Timestamp now,
                    const Reader& reader) const;

  mutable catalog::Cards cards_;
  mutable catalog::Incidents incidents_;
  mutable catalog::Predictions predictions_;
  ChatSettings looks_;
  const Servers& servers_;
  const Pictures& pictures_;
  const Clock& clock_;
};

}  // namespace mps::service
