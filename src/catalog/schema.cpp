#include "catalog/schema.h"

#include <array>

namespace mps::catalog {
namespace {

// Ids are never used twice (AUTOINCREMENT): samples and messages of a removed server must not become somebody else's.
constexpr std::array<std::string_view, 10> kMigrations = {R"sql(
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
)sql",
                                                          R"sql(
ALTER TABLE incident ADD COLUMN kind TEXT NOT NULL DEFAULT 'threshold';
ALTER TABLE incident ADD COLUMN severity TEXT NOT NULL DEFAULT 'warning';
ALTER TABLE incident ADD COLUMN below BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN value DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN expected_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN expected_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN expected_to BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN acknowledged_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN acknowledged_by TEXT NOT NULL DEFAULT '';
ALTER TABLE incident ADD COLUMN snoozed_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN flapping BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN escalated BIGINT NOT NULL DEFAULT 0;
CREATE INDEX incident_of_server ON incident (server, resource, instance);
CREATE TABLE incident_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  incident BIGINT NOT NULL,
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  who TEXT NOT NULL);
CREATE INDEX incident_event_incident ON incident_event (incident);
CREATE TABLE card (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  has_photo BIGINT NOT NULL,
  shown TEXT NOT NULL,
  replied_at BIGINT NOT NULL,
  listed_at BIGINT NOT NULL);
CREATE INDEX card_chat ON card (chat_id, created_at);
CREATE TABLE card_incident (
  card BIGINT NOT NULL,
  incident BIGINT NOT NULL,
  PRIMARY KEY (card, incident));
CREATE INDEX card_incident_incident ON card_incident (incident);
ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT 'telegram';
ALTER TABLE outbox ADD COLUMN card BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN action TEXT NOT NULL DEFAULT 'send';
ALTER TABLE outbox ADD COLUMN trying_since BIGINT NOT NULL DEFAULT 0;
CREATE INDEX outbox_card ON outbox (card);
CREATE TABLE held_back (
  chat_id BIGINT NOT NULL,
  incident BIGINT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (chat_id, incident));
CREATE TABLE silence (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  maintenance BIGINT NOT NULL,
  server BIGINT NOT NULL,
  tag TEXT NOT NULL,
  resource TEXT NOT NULL,
  kind TEXT NOT NULL,
  begins_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  why TEXT NOT NULL,
  who TEXT NOT NULL);
CREATE TABLE quiet_hours (
  chat_id BIGINT PRIMARY KEY,
  zone TEXT NOT NULL,
  begins BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  warned_for BIGINT NOT NULL);
CREATE TABLE server_tag (
  server BIGINT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (server, tag));
ALTER TABLE chat ADD COLUMN level BIGINT NOT NULL DEFAULT 0;
)sql",
                                                          R"sql(
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
)sql",
                                                          R"sql(
CREATE TABLE day_forecast (
  server BIGINT NOT NULL,
  resource TEXT NOT NULL,
  origin BIGINT NOT NULL,
  step BIGINT NOT NULL,
  method TEXT NOT NULL,
  steps TEXT NOT NULL,
  PRIMARY KEY (server, resource, origin));
)sql",
                                                          R"sql(
CREATE TABLE chat_setting (
  chat_id BIGINT PRIMARY KEY,
  language TEXT NOT NULL,
  zone TEXT NOT NULL,
  alerts TEXT NOT NULL,
  thread_id BIGINT NOT NULL);
)sql",
                                                          R"sql(
CREATE TABLE person (
  user_id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  joined_at BIGINT NOT NULL,
  invited_by TEXT NOT NULL);
INSERT INTO person SELECT user_id, max(user_name), CASE max(role) WHEN 'owner' THEN 'owner' ELSE 'admin' END,
  min(created_at), '' FROM chat WHERE user_id <> 0 GROUP BY user_id;
CREATE TABLE invite (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  invited_by TEXT NOT NULL);
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  detail TEXT NOT NULL);
CREATE INDEX audit_at ON audit (at);
)sql",
                                                          R"sql(
ALTER TABLE incident ADD COLUMN ended_why TEXT NOT NULL DEFAULT '';
ALTER TABLE incident ADD COLUMN server_name TEXT NOT NULL DEFAULT '';
)sql",
                                                          R"sql(
CREATE TABLE forecast_opinion (
  server BIGINT NOT NULL,
  resource TEXT NOT NULL,
  origin BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  was_right BIGINT NOT NULL,
  said_at BIGINT NOT NULL,
  PRIMARY KEY (server, resource, origin, user_id));
)sql",
                                                          R"sql(
ALTER TABLE chat_setting ADD COLUMN units TEXT NOT NULL DEFAULT '';
)sql",
                                                          R"sql(
CREATE TABLE api_token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  created_by TEXT NOT NULL);
)sql"};

}  // namespace

std::span<const std::string_view> migrations() {
  return kMigrations;
}

}  // namespace mps::catalog
