#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "alert/evaluator.h"
#include "catalog/incidents.h"
#include "catalog/rules.h"
#include "service/announcements.h"
#include "service/query.h"
#include "service/servers.h"

namespace mps::service {

// Rules over every server: evaluated on what arrived, incidents opened and closed, and announced in the same
// transaction. Thread-safe.
class Alerts {
 public:
  Alerts(catalog::Database& database, Servers& servers, const Query& query, Announcements& announcements,
         const Clock& clock);

  // Reads rules and open incidents. Call once, before anything else.
  Result<void> load();

  struct EffectiveRule {
    const Resource* resource;
    alert::Rule rule;
    std::string origin;  // "default", "all", "server"
  };
  // Per-server rules override those for all, which override the defaults of the catalogue of resources.
  std::vector<EffectiveRule> rules_of(ServerId server) const;
  std::vector<catalog::RuleRow> list_rules() const;
  // `server` 0: all. Fails with kInvalidArgument, naming what is wrong.
  Result<void> set_rule(ServerId server, const Resource& resource, const alert::Rule& rule);
  Result<void> remove_rule(ServerId server, const Resource& resource);

  // One round over all servers. Returns how many messages it put into the outbox.
  Result<size_t> evaluate();

  std::vector<catalog::Incident> open_incidents() const;
  uint64_t rounds() const { return rounds_; }
  // True where a rule's hold time is so short that a round every 10 s would be late for it.
  bool wants_short_rounds() const;

 private:
  using Key = std::tuple<ServerId, std::string, std::string>;  // server, resource, instance
  struct Watch {
    alert::RuleState state;
    std::optional<catalog::Incident> incident;
  };
  std::vector<EffectiveRule> rules_of_locked(ServerId server) const;
  Result<size_t> evaluate_rule(const Server& server, const EffectiveRule& rule);
  Result<size_t> apply(const Server& server, const EffectiveRule& rule, const Key& key, Watch& watch,
                       const alert::Evaluation& evaluation);

  catalog::Database& database_;
  mutable catalog::Rules rules_;
  mutable catalog::Incidents incidents_;
  Servers& servers_;
  const Query& query_;
  Announcements& announcements_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<Key, Watch> watches_;
  std::vector<catalog::RuleRow> rule_rows_;
  std::atomic<uint64_t> rounds_{0};
};

}  // namespace mps::service
