#include <fmt/format.h>

#include "base/text.h"
#include "service/alert_text.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

// /audit: who changed what, and when.
namespace mps::telegram {
namespace {

constexpr size_t kEntriesPerPage = 15;
constexpr size_t kDetailMax = 160;
constexpr size_t kAuditUnitsMax = 4000;

std::string entry_line(const catalog::AuditEntry& entry, Services& services) {
  const auto change = service::find_change(entry.what);
  const std::string_view what =
      change ? services.texts.changes[static_cast<size_t>(*change)] : std::string_view(entry.what);
  std::string line =
      fmt::format("{} <b>{}</b>: {}", service::clock_text(entry.at, services.hub.clock().now(), services.reader()),
                  escape_html(cut_plain(entry.who, 40)), escape_html(what));
  if (!entry.detail.empty()) line += ": " + escape_html(cut_plain(entry.detail, kDetailMax));
  return line;
}

// "", "PAGE".
Replies show_audit(const Request& request, Services& services) {
  if (is_group(request.chat)) return say(std::string(services.texts.only_in_private));
  const auto number = parse_number(request.arguments);
  const size_t page = number && *number > 0 && *number < 1e6 ? static_cast<size_t>(*number) : 0;
  const auto entries = services.hub.audit().list(kEntriesPerPage, page);
  if (!entries) return say(fill(services.texts.failure, {{"reason", reason_of(entries.error(), services.texts)}}));
  std::vector<std::string> lines;
  for (const auto& entry : *entries) lines.push_back(entry_line(entry, services));
  std::vector<InlineButton> turns;
  if (page > 0) turns.push_back({std::string(services.texts.button_newer), fmt::format("audit {}", page - 1)});
  if (entries->size() == kEntriesPerPage)
    turns.push_back({std::string(services.texts.button_older), fmt::format("audit {}", page + 1)});
  InlineKeyboard keyboard;
  if (!turns.empty()) keyboard.push_back(std::move(turns));
  const std::string title(lines.empty() ? services.texts.audit_none : services.texts.audit_title);
  return {
      {{service::fit_lines(title, lines, kAuditUnitsMax, services.reader().words).html, std::move(keyboard), {}, {}},
       true}};
}

}  // namespace

const Screen kAuditScreen{"audit", &Texts::menu_audit, Role::kAdmin, show_audit, nullptr, nullptr, &Texts::help_audit};

}  // namespace mps::telegram
