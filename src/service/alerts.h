#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "alert/evaluator.h"
#include "alert/no_data.h"
#include "service/incident_log.h"
#include "service/query.h"
#include "service/rule_book.h"
#include "service/servers.h"

namespace mps::service {

// Rules over every server: evaluated on what arrived, incidents opened and closed, and announced in the same
// transaction. Thread-safe.
//
// A round looks at the newest two samples of every watched series, which the store has in memory; it reads further only
// where something was missed (a restart, samples that were kept by an agent, late ones) and matters. While a server is
// silent, and until it has sent what it had kept, its other rules neither fire nor repeat; while a critical rule fires,
// the warning on the same series does not.
class Alerts {
 public:
  Alerts(Servers& servers, RuleBook& rules, const Query& query, IncidentLog& incidents, const Clock& clock);
  ~Alerts();

  // Reads the open incidents. Call once, before anything else; the rules are to be loaded already.
  Result<void> load();

  // A round over all servers. Returns how many messages it put into the outbox.
  Result<size_t> evaluate();
  // The same where it is time for one: 10 s after the last, or 1 s where some rule is shorter than a minute or the
  // rules have changed. To be called every second.
  Result<size_t> evaluate_if_due();

  std::vector<EffectiveRule> rules_of(ServerId server) const;
  // Of all kinds, oldest first.
  std::vector<catalog::Incident> open_incidents() const;
  // Is the server silent, by its no-data rule?
  bool is_silent(ServerId server) const;
  uint64_t rounds() const { return rounds_; }

 private:
  struct Watch;
  struct SilenceWatch;
  struct ChannelPlan;
  struct Plan;
  struct Change;
  struct Round;

  // alert_plans.cpp: what to look at, kept until servers, tags, rules or series change.
  void refresh_plans(Round& round);
  void plan_channels(Plan& plan) const;
  void plan_rules(Plan& plan, Round& round);
  void adopt_orphans(Plan& plan, Round& round);

  void look(Plan& plan, Round& round) const;
  static void notice_lag(Plan& plan, Timestamp now);
  static void notice_pause(Plan& plan, Timestamp now);
  void look_for_silence(Plan& plan, bool heard, Round& round) const;
  void look_at(Plan& plan, ChannelPlan& channel, Round& round) const;
  std::vector<Reading> readings_of(const Plan& plan, const ChannelPlan& channel, TimeRange range) const;
  std::vector<Meanwhile> meanwhile(Plan& plan, Timestamp since, Timestamp now) const;
  Result<size_t> write(Round& round);

  static constexpr Duration kRound = std::chrono::seconds(10), kShortRound = std::chrono::seconds(1);

  Servers& servers_;
  RuleBook& rules_;
  const Query& query_;
  IncidentLog& incidents_;
  const Clock& clock_;

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Plan>> plans_;
  std::unordered_map<int64_t, Plan*> plan_of_;
  std::vector<store::SeriesRef> refs_;  // of all watched channels, plan by plan
  std::vector<store::NewestSamples> newest_;
  std::vector<catalog::Incident> orphans_;  // open ones whose server has no plan yet
  std::vector<QuietEnd> unended_;           // those that could not be ended yet, since the disk was full
  bool first_round_ = true;
  uint64_t servers_version_ = 0, rules_version_ = 0;
  Timestamp started_at_{}, evaluated_at_{};
  Duration interval_ = kRound;
  std::atomic<uint64_t> rounds_{0};
};

}  // namespace mps::service
