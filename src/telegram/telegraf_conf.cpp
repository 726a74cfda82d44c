#include "telegram/telegraf_conf.h"

#include <fmt/format.h>

namespace mps::telegram {
namespace {

constexpr std::string_view kTemplate =
    R"(# Sends this machine's figures to MPS. The token names the server: keep this file to root and telegraf.
[agent]
  interval = "10s"
  round_interval = true
  metric_batch_size = 1000
  metric_buffer_limit = 100000
  flush_interval = "10s"

[[outputs.influxdb_v2]]
  urls = ["{}"]
  token = "{}"
  organization = "mps"
  bucket = "telegraf"
  content_encoding = "gzip"

[[inputs.cpu]]
  percpu = false
  totalcpu = true
  collect_cpu_time = false
[[inputs.mem]]
[[inputs.swap]]
[[inputs.system]]
[[inputs.kernel]]
[[inputs.processes]]
[[inputs.disk]]
  ignore_fs = ["tmpfs", "devtmpfs", "devfs", "iso9660", "overlay", "aufs", "squashfs"]
[[inputs.diskio]]
[[inputs.net]]
  ignore_protocol_stats = true
)";

constexpr std::string_view kUnit = R"([Unit]
Description=MPS agent: pushes the figures of this machine to a hub
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=/usr/local/bin/mps-agent --hub {} --token-file %d/token
LoadCredential=token:/etc/mps/agent.token
DynamicUser=true
Restart=always
RestartSec=5
MemoryMax=64M
NoNewPrivileges=true
CapabilityBoundingSet=
ProtectSystem=strict
PrivateTmp=true

[Install]
WantedBy=multi-user.target
)";

// In a unit file a percent sign begins a specifier.
std::string with_doubled_percents(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '%' ? "%%" : std::string(1, c);
  return out;
}

}  // namespace

std::string agent_unit(std::string_view hub_url) {
  return fmt::format(kUnit, with_doubled_percents(hub_url));
}

std::string telegraf_conf(std::string_view hub_url, std::string_view token) {
  return fmt::format(kTemplate, hub_url, token);
}

}  // namespace mps::telegram
