#pragma once

#include "gateway/api_servers.h"

// What the REST API takes and answers about rules, incidents and silences.
namespace mps::gateway::api {

inline constexpr Limits kKindLimits{.values = "threshold|no_data|prediction|anomaly"};
inline constexpr Limits kDirectionLimits{.values = "above|below"};
inline constexpr Limits kSeverityLimits{.values = "warning|critical"};
inline constexpr Limits kInstanceLimits{.length_max = 200};
inline constexpr Limits kGroupLimits{.length_min = 1, .length_max = 100};
inline constexpr Limits kNumberLimits{.min = -1e15, .max = 1e15};
inline constexpr Limits kWhyLimits{.length_max = 500};

struct RuleWish {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "RuleWish";
  static constexpr FieldDoc kDocs[] = {
      {"server", "for this server; without it and `tag` for all", kServerNameLimits},
      {"tag", "for every server that bears it", kGroupLimits},
      {"kind",
       "threshold is the default; no_data: the server is silent; prediction: the forecast's 80 % band crosses "
       "the threshold; anomaly: outside the forecast's 99 % band",
       kKindLimits},
      {"resource", "cpu, ram, disk ...; none for no_data", kResourceLimits, "cpu"},
      {"instance", "of disk this mount point; without it each", kInstanceLimits},
      {"direction", "above is the default", kDirectionLimits},
      {"severity", "warning is the default, of no_data critical", kSeverityLimits},
      {"threshold", "in the unit of the resource", kNumberLimits, "90"},
      {"clear", "it is over on the other side of this; the default is the threshold", kNumberLimits},
      {"hold", "how long it must last; 5m is the default, of no_data 3m", {}, "5m"},
      {"repeat", "people are reminded this often while it lasts; 60m is the default", {}, "60m"},
      {"within", "of a prediction: how far ahead", {}, "24h"},
      {"per_core", "the thresholds are for each core that the server has"},
      {"off", "asks for nothing: puts the same rule of a broader scope aside"}};
  std::optional<std::string> server, tag, kind, resource, instance, direction, severity;
  std::optional<double> threshold, clear;
  std::optional<Span> hold, repeat, within;
  std::optional<bool> per_core, off;
};
BOOST_DESCRIBE_STRUCT(RuleWish, (),
                      (server, tag, kind, resource, instance, direction, severity, threshold, clear, hold, repeat,
                       within, per_core, off))

struct RuleName {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {{"server", "for this server; without it and `tag` for all", kServerNameLimits},
                                       {"tag", "for every server that bears it", kGroupLimits},
                                       {"kind", "threshold is the default", kKindLimits},
                                       {"resource", "none for no_data", kResourceLimits, "cpu"},
                                       {"instance", "of disk this mount point", kInstanceLimits},
                                       {"direction", "above is the default", kDirectionLimits},
                                       {"severity", "warning is the default, of no_data critical", kSeverityLimits}};
  std::optional<std::string> server, tag, kind, resource, instance, direction, severity;
};
BOOST_DESCRIBE_STRUCT(RuleName, (), (server, tag, kind, resource, instance, direction, severity))

struct Rule {
  static constexpr std::string_view kSchema = "Rule";
  static constexpr FieldDoc kDocs[] = {{"server", "null: for all, or for a tag"},
                                       {"tag", "null: for all, or for a server"},
                                       {"origin", "default, all, tag ..., server: whose rule it is"},
                                       {"text", "for people"},
                                       {"kind", "threshold, no_data, prediction, anomaly"},
                                       {"resource", "null of no_data"},
                                       {"instance", "null: each"}};
  std::optional<std::string> server, tag;
  std::string origin;
  std::string text;
  std::string kind;
  std::optional<std::string> resource, instance;
  std::string direction;
  std::string severity;
  double threshold = 0, clear = 0;
  Span hold, repeat;
  std::optional<Span> within;
  bool per_core = false, off = false;
};
BOOST_DESCRIBE_STRUCT(Rule, (),
                      (server, tag, origin, text, kind, resource, instance, direction, severity, threshold, clear, hold,
                       repeat, within, per_core, off))

struct RuleList {
  static constexpr std::string_view kSchema = "RuleList";
  static constexpr FieldDoc kDocs[] = {{"set", "by people"},
                                       {"defaults", "that every server has unless others are set"}};
  std::vector<Rule> set, defaults;
};
BOOST_DESCRIBE_STRUCT(RuleList, (), (set, defaults))

struct EffectiveRules {
  static constexpr std::string_view kSchema = "EffectiveRules";
  static constexpr FieldDoc kDocs[] = {{"rules", "in force: server before tag before all before default"}};
  std::string server;
  std::vector<Rule> rules;
};
BOOST_DESCRIBE_STRUCT(EffectiveRules, (), (server, rules))

struct PreviewedIncident {
  static constexpr std::string_view kSchema = "PreviewedIncident";
  static constexpr FieldDoc kDocs[] = {{"ended_at", "null: it lasts"},
                                       {"expected", "of a prediction: for when it was foreseen"},
                                       {"came_true", "of a prediction; null where it is not known yet"}};
  std::string instance;
  Rfc3339 fired_at;
  std::optional<Rfc3339> ended_at;
  std::optional<double> peak;
  std::optional<Rfc3339> expected;
  std::optional<bool> came_true;
};
BOOST_DESCRIBE_STRUCT(PreviewedIncident, (), (instance, fired_at, ended_at, peak, expected, came_true))

struct RulePreview {
  static constexpr std::string_view kSchema = "RulePreview";
  static constexpr FieldDoc kDocs[] = {{"from", "of the samples that were looked at"},
                                       {"readings", "how many there are"},
                                       {"suggested", "the most watchful threshold that fires once a week at most"},
                                       {"note", "about what was assumed, or empty"}};
  std::string text;
  Rfc3339 from, to;
  uint64_t readings = 0;
  std::vector<PreviewedIncident> incidents;
  std::optional<double> suggested;
  std::string note;
};
BOOST_DESCRIBE_STRUCT(RulePreview, (), (text, from, to, readings, incidents, suggested, note))

struct IncidentsQuery {
  static constexpr bool kRequest = true;
  static constexpr FieldDoc kDocs[] = {{"open", "only those that fire; false is the default"},
                                       {"limit", "of one page; 100 is the default", {.min = 1, .max = 1000}},
                                       {"cursor", kCursorMeaning, kCursorLimits}};
  std::optional<bool> open;
  std::optional<int64_t> limit;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(IncidentsQuery, (), (open, limit, cursor))

struct Incident {
  static constexpr std::string_view kSchema = "Incident";
  static constexpr FieldDoc kDocs[] = {
      {"state", "firing, acknowledged, snoozed or resolved", {.values = "firing|acknowledged|snoozed|resolved"}},
      {"resource", "null where it is about the server as a whole"},
      {"instance", "the mount point; empty where there is one"},
      {"peak", "the worst value so far"},
      {"breached_at", "the first sample beyond the threshold"},
      {"expected_at", "of a prediction: when the threshold is reached"},
      {"ended_why", "where it did not end by itself; else empty"}};
  int64_t id = 0;
  std::string state;
  std::string server;
  std::string kind;
  std::string severity;
  std::optional<std::string> resource;
  std::string instance;
  std::string direction;
  std::optional<double> threshold, peak;
  Rfc3339 breached_at, fired_at;
  std::optional<Rfc3339> resolved_at, acknowledged_at;
  std::string acknowledged_by;
  std::optional<Rfc3339> snoozed_until, expected_at;
  bool flapping = false;
  std::string ended_why;
};
BOOST_DESCRIBE_STRUCT(Incident, (),
                      (id, state, server, kind, severity, resource, instance, direction, threshold, peak, breached_at,
                       fired_at, resolved_at, acknowledged_at, acknowledged_by, snoozed_until, expected_at, flapping,
                       ended_why))

struct IncidentList {
  static constexpr std::string_view kSchema = "IncidentList";
  static constexpr FieldDoc kDocs[] = {{"incidents", "the newest first"},
                                       {"next", "the cursor of the next page; null on the last"}};
  std::vector<Incident> incidents;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(IncidentList, (), (incidents, next))

struct IncidentStep {
  static constexpr std::string_view kSchema = "IncidentStep";
  static constexpr FieldDoc kDocs[] = {{"what", "pending, firing, acknowledged, snoozed, escalated, resolved ..."},
                                       {"who", "empty where the hub itself did it"}};
  Rfc3339 at;
  std::string what;
  std::string who;
};
BOOST_DESCRIBE_STRUCT(IncidentStep, (), (at, what, who))

struct IncidentWithSteps {
  static constexpr std::string_view kSchema = "IncidentWithSteps";
  Incident incident;
  std::vector<IncidentStep> steps;
};
BOOST_DESCRIBE_STRUCT(IncidentWithSteps, (), (incident, steps))

struct SnoozeWish {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "SnoozeWish";
  static constexpr FieldDoc kDocs[] = {{"until", "no reminders before this; or say `lasts`"},
                                       {"lasts", "for how long; 1h is the default", {}, "1h"}};
  std::optional<Rfc3339> until;
  std::optional<Span> lasts;
};
BOOST_DESCRIBE_STRUCT(SnoozeWish, (), (until, lasts))

struct SilenceWish {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "SilenceWish";
  static constexpr FieldDoc kDocs[] = {{"server", "of this server; without it and `tag` of all", kServerNameLimits},
                                       {"tag", "of the servers that bear it", kGroupLimits},
                                       {"resource", "of this resource; without it of all", kResourceLimits},
                                       {"kind", "of this kind of rule; without it of all", kKindLimits},
                                       {"begins_at", "now is the default"},
                                       {"ends_at", "or say `lasts`"},
                                       {"lasts", "for how long; 1h is the default", {}, "1h"},
                                       {"why", "the reason, for people", kWhyLimits}};
  std::optional<std::string> server, tag, resource, kind;
  std::optional<Rfc3339> begins_at, ends_at;
  std::optional<Span> lasts;
  std::optional<std::string> why;
};
BOOST_DESCRIBE_STRUCT(SilenceWish, (), (server, tag, resource, kind, begins_at, ends_at, lasts, why))

struct Silence {
  static constexpr std::string_view kSchema = "Silence";
  static constexpr FieldDoc kDocs[] = {{"maintenance", "planned work: nothing is learned from its samples"},
                                       {"server", "null: of all, or of a tag"}};
  int64_t id = 0;
  bool maintenance = false;
  std::optional<std::string> server, tag, resource, kind;
  Rfc3339 begins_at, ends_at;
  std::string why;
  std::string who;
};
BOOST_DESCRIBE_STRUCT(Silence, (), (id, maintenance, server, tag, resource, kind, begins_at, ends_at, why, who))

struct SilenceList {
  static constexpr std::string_view kSchema = "SilenceList";
  static constexpr FieldDoc kDocs[] = {{"silences", "those that are not over"}};
  std::vector<Silence> silences;
};
BOOST_DESCRIBE_STRUCT(SilenceList, (), (silences))

}  // namespace mps::gateway::api
