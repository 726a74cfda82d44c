#include <fmt/format.h>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

constexpr Duration kWorthTelling = std::chrono::seconds(10);

// What is wrong with the hub, a line each.
std::string troubles(const store::StoreStats& store, const service::DeliveryStats& delivery, Services& services) {
  const Texts& texts = services.texts;
  std::string lines;
  if (!store.ready) lines += "\n" + std::string(texts.about_replaying);
  if (store.read_only) lines += "\n" + fill(texts.about_read_only, {{"reason", escape_html(store.trouble)}});
  if (store.forwarding && !store.forwarding->trouble.empty())
    lines += "\n" + fill(texts.influxdb.lost, {{"reason", escape_html(cut_plain(store.forwarding->trouble, 300))}});
  if (!delivery.trouble.empty())
    lines += "\n" + fill(texts.about_delivery, {{"reason", escape_html(cut_plain(delivery.trouble, 300))}});
  return lines.empty() ? "\n" + std::string(texts.about_healthy) : lines;
}

// How far the samples are on their way to InfluxDB. What waits for a second only is as good as there.
std::string forwarding_line(const store::ForwardingStats& sent, Services& services) {
  if (!sent.behind || (sent.trouble.empty() && sent.oldest_waits(services.hub.clock().now()) < kWorthTelling))
    return std::string(services.texts.influxdb.has_all);
  return fill(services.texts.influxdb.late, {{"time", services.words.moment(sent.as_of, services.zone)},
                                             {"samples", std::to_string(sent.samples_waiting)},
                                             {"bytes", services.words.size(static_cast<double>(sent.bytes_waiting))}});
}

Replies show_about(const Request&, Services& services) {
  auto& hub = services.hub;
  const store::StoreStats store = hub.store().stats();
  const service::DeliveryStats delivery = hub.outbox().known_stats("telegram");
  const Duration up = std::chrono::floor<std::chrono::seconds>(hub.clock().now() - services.started_at);
  std::string html = fill(services.texts.about_title, {{"version", services.version}});
  html += troubles(store, delivery, services);
  html += "\n" +
          fill(services.texts.about_figures, {{"uptime", services.words.duration(up)},
                                              {"servers", std::to_string(hub.servers().list().size())},
                                              {"series", std::to_string(store.series)},
                                              {"bytes", services.words.size(static_cast<double>(store.bytes_on_disk))},
                                              {"waiting", std::to_string(delivery.waiting)},
                                              {"delivered", std::to_string(delivery.delivered)},
                                              {"incidents", std::to_string(hub.alerts().open_incidents().size())}});
  if (store.forwarding) html += "\n" + forwarding_line(*store.forwarding, services);
  if (delivery.waiting > 0) {
    const auto oldest = std::chrono::floor<std::chrono::seconds>(delivery.oldest_waits);
    html += "\n" + fill(services.texts.about_oldest, {{"age", services.words.duration(oldest)}});
  }
  InlineKeyboard keyboard{{{std::string(services.texts.button_refresh), "about"}}};
  return {{{std::move(html), std::move(keyboard), {}, {}}, true, {}}};
}

}  // namespace

const Screen kAboutScreen{.command = "about",
                          .menu = &Texts::menu_about,
                          .role = Role::kViewer,
                          .show = show_about,
                          .help = &Texts::help_about};

}  // namespace mps::telegram
