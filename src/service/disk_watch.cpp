#include "service/disk_watch.h"

#include <charconv>
#include <fmt/format.h>
#include <set>

#include "base/log.h"
#include "base/text.h"

namespace mps::service {
namespace {

constexpr Duration kTryAgain = std::chrono::seconds(30);
constexpr size_t kWaitingMax = 100;
constexpr const char* kToldOf = "full_disk_told_of";  // nanoseconds since 1970: since when it was

std::string full_text(const std::string& trouble, const Reader& reader) {
  return say(reader.words.disk_full, fmt::arg("trouble", escape_html(trouble)));
}

std::string over_text(Duration lasted, const Reader& reader) {
  return say(reader.words.disk_well, fmt::arg("lasted", reader.figures.duration(lasted)));
}

}  // namespace

void DiskWatch::look(Notifier& notifier) {
  if (!recalled_) recall();
  look_at_store();
  std::set<int64_t> stuck;  // chats whose earlier message waits: theirs keep their order
  std::deque<Waiting> left;
  for (Waiting& message : waiting_) {
    if (!stuck.contains(message.chat_id) && pass_on(message, notifier)) continue;
    stuck.insert(message.chat_id);
    left.push_back(std::move(message));
  }
  waiting_ = std::move(left);
  if (waiting_.empty() && kept_ != since_) remember();
}

void DiskWatch::recall() {
  const auto found = settings_.get(kToldOf);
  if (!found) return;  // asked again at the next look
  recalled_ = true;
  if (!*found) return;
  int64_t nanoseconds = 0;
  std::from_chars((*found)->data(), (*found)->data() + (*found)->size(), nanoseconds);
  kept_ = since_ = Timestamp(Duration(nanoseconds));
  unproven_ = true;
}

// Only once everybody has been told: what waits in memory alone would be lost with it.
void DiskWatch::remember() {
  const auto done =
      since_ ? settings_.set(kToldOf, std::to_string(since_->time_since_epoch().count())) : settings_.remove(kToldOf);
  if (done) kept_ = since_;  // on a full disk it is tried again at the next look
}

void DiskWatch::look_at_store() {
  const store::StoreStats stats = store_.stats();
  const Timestamp now = clock_.now();
  if (stats.read_only) {
    well_from_.reset();
    unproven_ = false;
    if (since_) return;
    since_ = now;
    return tell([&](const Reader& reader) { return full_text(stats.trouble, reader); });
  }
  if (unproven_ && stats.commits == 0) return;
  unproven_ = false;
  if (!since_) return;
  if (!well_from_) well_from_ = now;
  if (now - *well_from_ < kSettled) return;
  const Duration lasted = *well_from_ - *since_;
  tell([&](const Reader& reader) { return over_text(lasted, reader); });
  since_.reset();
  well_from_.reset();
}

void DiskWatch::tell(const std::function<std::string(const Reader&)>& text) {
  for (const int64_t chat : people_.alert_chats()) {
    if (waiting_.size() < kWaitingMax) waiting_.push_back({chat, text(outbox_.reader_in(chat)), {}});
  }
}

bool DiskWatch::pass_on(Waiting& message, Notifier& notifier) {
  const Timestamp now = clock_.now();
  if (outbox_.add(message.chat_id, message.html)) return true;
  if (now < message.not_before) return false;
  const auto outcome = notifier.deliver({0, message.chat_id, message.html, std::nullopt});
  if (outcome) return true;
  const DeliveryFailure failure = outcome.error();
  log::warn("chat {} could not be told about the disk: {}", message.chat_id, failure.message);
  if (failure.kind != DeliveryFailure::Kind::kRetry) return true;
  message.not_before = now + std::max(kTryAgain, failure.retry_after);
  return false;
}

}  // namespace mps::service
