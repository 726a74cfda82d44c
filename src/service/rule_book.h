#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "alert/rule.h"
#include "catalog/rules.h"
#include "metric/resource.h"
#include "service/servers.h"

namespace mps::service {

inline constexpr const char* kDemoTag = "demo";  // of servers that never were: their silence is no news

// Whom a rule is for: one server, all servers with a tag, or (where both are empty) all.
struct RuleScope {
  ServerId server{};
  std::string tag;
};

// A rule as a person sets it.
struct RuleSpec {
  RuleScope scope;
  const Resource* resource = nullptr;  // null for Kind::kNoData
  std::string instance;                // a mount point, or "" for all of them
  alert::Rule rule;
  bool per_core = false;  // thresholds are multiplied by the server's cores
  bool off = false;       // asks for nothing, and puts aside the rules of broader scopes
};

// A rule that is in force for a server.
struct EffectiveRule {
  const Resource* resource = nullptr;
  alert::Rule rule;
  std::string origin;    // "default", "all", "tag web", "server"
  std::string instance;  // "" for all mount points that no other rule of the same kind names
  bool per_core = false;
  bool off = false;
};

// The rules that people have set, over the defaults that a new server has.
//
// Rules are the same thing where kind, resource, direction and severity are (of silence: whatever the severity): of
// those the narrowest scope is in force: server before tag before all before default; within a scope a mount point
// before all of them; of several tags the rule that fires first. Thread-safe.
class RuleBook {
 public:
  explicit RuleBook(catalog::Database& database) : rules_(database) {}
  Result<void> load();

  // Replaces the same rule of the same scope and instance. Fails with kInvalidArgument, naming what is wrong.
  Result<void> set(const RuleSpec& spec);
  // What set() would say of it.
  static Result<void> valid(const RuleSpec& spec);
  // Fails with kNotFound where nobody has set it.
  Result<void> remove(const RuleSpec& spec);
  std::vector<RuleSpec> set_rules() const;
  static std::vector<RuleSpec> default_rules();

  // In the order of the catalogue of resources, what concerns the whole server first. Those that are off are among
  // them: one of an instance hides the one of all instances.
  std::vector<EffectiveRule> effective(const Server& server) const;

  // Changes whenever a rule does.
  uint64_t version() const { return version_; }

 private:
  Result<void> reload_locked();

  mutable catalog::Rules rules_;
  mutable std::mutex mutex_;
  std::vector<RuleSpec> set_;
  std::atomic<uint64_t> version_{1};
};

// Of a server's effective rules those that watch `instance` of `resource`, without those that are off.
std::vector<const EffectiveRule*> rules_for(const std::vector<EffectiveRule>& rules, const Resource& resource,
                                            std::string_view instance);

}  // namespace mps::service
