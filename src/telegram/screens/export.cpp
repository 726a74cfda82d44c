#include <algorithm>
#include <fmt/format.h>

#include "base/gzip.h"
#include "base/text.h"
#include "service/transfer.h"
#include "telegram/html.h"
#include "telegram/kind_input.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

// "NAME|ID [SPAN]": everything stored of a server in a stretch of time, as CSV.
namespace mps::telegram {
namespace {

constexpr size_t kPlainMax = 1'000'000;    // bytes; what is larger is packed
constexpr size_t kPackedMax = 49'000'000;  // Telegram takes 50 MB
constexpr size_t kMemberBytes = 4 << 20;   // packed piece by piece: a month of a server is hundreds of megabytes
constexpr int kLevel = 4;

// Collects what is exported: plain while it is small, else gzip members one after the other.
class Package {
 public:
  void add(std::string_view piece) {
    if (is_too_big()) return;
    raw_ += piece.size();
    buffer_ += piece;
    if (buffer_.size() >= kMemberBytes) pack();
  }
  bool is_too_big() const { return packed_.size() > kPackedMax; }
  bool is_packed() const { return raw_ > kPlainMax; }
  size_t raw() const { return raw_; }
  std::string take() {
    if (!is_packed()) return std::move(buffer_);
    pack();
    return std::move(packed_);
  }

 private:
  void pack() {
    packed_ += gzip(buffer_, kLevel);
    buffer_.clear();
  }
  std::string buffer_, packed_;
  size_t raw_ = 0;
};

std::string file_name(const service::Server& server, TimeRange range, const TimeZone& zone, bool packed) {
  std::string name = cut_plain(server.name, 60);
  for (char& c : name) {
    const bool is_plain = static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (!is_plain && c != '-' && c != '.') c = '_';
  }
  return fmt::format("{}-{}-{}.csv{}", name, zone.format(range.from, "%Y%m%dT%H%M"),
                     zone.format(range.to, "%Y%m%dT%H%M"), packed ? ".gz" : "");
}

InlineKeyboard span_keyboard(const service::Server& server, Services& services) {
  const auto button = [&](int64_t hours) {
    const std::string text = hours < 48 ? services.words.duration(std::chrono::minutes(hours * 60))
                                        : services.words.duration(std::chrono::days(hours / 24));
    return server_button(text, "export", server.id, fmt::format("{}h", hours));
  };
  return {{button(1), button(24), button(24 * 7), button(24 * 30)}};
}

Result<Replies> export_range(const service::Server& server, TimeRange range, Services& services) {
  Package package;
  const std::string name = escape_html(cut_plain(server.name, 100));
  MPS_TRY_VOID(service::export_server(services.hub.store(), server, range, service::ExportFormat::kCsv,
                                      [&](std::string_view piece) { package.add(piece); }));
  if (package.is_too_big()) return say(fill(services.texts.export_too_big, {{"name", name}}));
  const bool packed = package.is_packed();
  const size_t raw = package.raw();
  std::string content = package.take();
  if (std::count(content.begin(), content.end(), '\n') <= 1 && !packed)
    return say(fill(services.texts.export_empty, {{"name", name}}));
  std::string caption = fill(services.texts.export_caption, {{"name", name},
                                                             {"from", services.words.moment(range.from, services.zone)},
                                                             {"to", services.words.moment(range.to, services.zone)},
                                                             {"size", services.words.size(static_cast<double>(raw))}});
  return Replies{{{std::move(caption),
                   {},
                   {},
                   UploadFile{file_name(server, range, services.zone, packed), packed ? "application/gzip" : "text/csv",
                              std::move(content)}},
                  false,
                  {}}};
}

Replies show_export(const Request& request, Services& services) {
  const auto choice = choose_server(request, services, "export");
  if (!choice.server) return choice.otherwise;
  const std::string name = escape_html(cut_plain(choice.server->name, 100));
  if (choice.rest.empty()) {
    return {{{fill(services.texts.export_which, {{"name", name}}), span_keyboard(*choice.server, services), {}, {}},
             true,
             {}}};
  }
  const Timestamp now = services.hub.clock().now();
  const auto span = read_span(choice.rest, now, services.zone);
  if (!span)
    return say(fill(services.texts.span_unknown, {{"what", escape_html(cut_plain(choice.rest, 60))}}) + "\n" +
               fill(services.texts.export_which, {{"name", name}}));
  auto replies = export_range(*choice.server, span->range(now), services);
  if (replies) return std::move(*replies);
  return say(fill(services.texts.failure, {{"reason", reason_of(replies.error(), services.texts)}}));
}

}  // namespace

const Screen kExportScreen{.command = "export",
                           .menu = &Texts::menu_export,
                           .role = Role::kViewer,
                           .show = show_export,
                           .help = &Texts::help_export};

}  // namespace mps::telegram
