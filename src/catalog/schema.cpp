#include "catalog/schema.h"

#include <array>

namespace mps::catalog {
namespace {

// Ids are never used twice (AUTOINCREMENT): samples and messages of a removed server must not become somebody else's.
constexpr std::array kMigrations = {std::string_view(R"sql(
CREATE TABLE server (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  fleet_token BIGINT NOT NULL);
CREATE TABLE token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  server BIGINT NOT NULL,
  created_at BIGINT NOT NULL);
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL);
CREATE TABLE chat (
  chat_id BIGINT PRIMARY KEY,
  user_id BIGINT NOT NULL,
  user_name TEXT NOT NULL,
  role TEXT NOT NULL,
  gone BIGINT NOT NULL,
  created_at BIGINT NOT NULL);
CREATE TABLE rule (
  server BIGINT NOT NULL,
  resource TEXT NOT NULL,
  above DOUBLE PRECISION NOT NULL,
  clear DOUBLE PRECISION NOT NULL,
  hold BIGINT NOT NULL,
  repeat_every BIGINT NOT NULL,
  PRIMARY KEY (server, resource));
CREATE TABLE incident (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  server BIGINT NOT NULL,
  resource TEXT NOT NULL,
  instance TEXT NOT NULL,
  threshold DOUBLE PRECISION NOT NULL,
  peak DOUBLE PRECISION NOT NULL,
  breached_at BIGINT NOT NULL,
  fired_at BIGINT NOT NULL,
  notified_at BIGINT NOT NULL,
  resolved_at BIGINT NOT NULL);
CREATE INDEX incident_open ON incident (resolved_at);
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id BIGINT NOT NULL,
  incident BIGINT NOT NULL,
  html TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  failure TEXT NOT NULL);
CREATE INDEX outbox_waiting ON outbox (ended_at, chat_id);
CREATE INDEX outbox_incident ON outbox (incident);
)sql"),
                                    std::string_view(R"sql(
ALTER TABLE incident ADD COLUMN kind TEXT NOT NULL DEFAULT 'threshold';
ALTER TABLE incident ADD COLUMN severity TEXT NOT NULL DEFAULT 'warning';
)sql"),
                                    std::string_view(R"sql(
CREATE TABLE alert_rule (
  server BIGINT NOT NULL,
  tag TEXT NOT NULL,
  kind TEXT NOT NULL,
  resource TEXT NOT NULL,
  instance TEXT NOT NULL,
  direction TEXT NOT NULL,
  severity TEXT NOT NULL,
  off BIGINT NOT NULL,
  threshold DOUBLE PRECISION NOT NULL,
  clear DOUBLE PRECISION NOT NULL,
  per_core BIGINT NOT NULL,
  hold BIGINT NOT NULL,
  repeat_every BIGINT NOT NULL,
  within BIGINT NOT NULL,
  PRIMARY KEY (server, tag, kind, resource, instance, direction, severity));
INSERT INTO alert_rule SELECT server, '', 'threshold', resource, '', 'above', 'warning', 0, above, clear, 0, hold,
  repeat_every, 0 FROM rule;
DROP TABLE rule;
CREATE TABLE server_tag (
  server BIGINT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (server, tag));
CREATE TABLE prediction (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  incident BIGINT NOT NULL,
  server BIGINT NOT NULL,
  resource TEXT NOT NULL,
  instance TEXT NOT NULL,
  direction TEXT NOT NULL,
  threshold DOUBLE PRECISION NOT NULL,
  made_at BIGINT NOT NULL,
  expected BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  came_at BIGINT NOT NULL);
CREATE INDEX prediction_outcome ON prediction (outcome, made_at);
)sql")};

}  // namespace

std::span<const std::string_view> migrations() {
  return kMigrations;
}

}  // namespace mps::catalog
