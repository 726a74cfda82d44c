#pragma once

#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "catalog/servers.h"
#include "catalog/tokens.h"
#include "store/sample_store.h"

namespace mps::service {

using catalog::Server;

struct NewServer {
  Server server;
  std::string token;  // shown once: only its hash is kept
};

// One token for many servers, which their `host` tag names.
struct FleetToken {
  int64_t id = 0;
  std::string name;  // several may have the same
  Timestamp created_at;
  size_t servers = 0;  // that write by it
};

struct NewFleetToken {
  FleetToken record;
  std::string token;  // shown once
};

// Whom an ingest token speaks for.
struct IngestIdentity {
  ServerId server{};        // of a server token; 0 for a fleet token
  int64_t fleet_token = 0;  // id of the fleet token; 0 for a server token
};

// The monitored servers and the tokens that may write for them. Thread-safe. Whatever only asks is answered from memory
// and never waits for the catalog, not even while somebody else changes it.
class Servers {
 public:
  struct Options {
    size_t servers_per_fleet_token_max = 10'000;
  };

  Servers(catalog::Database& database, store::SampleStore& store, const Clock& clock, Options options);
  // Reads what the catalog holds. Call once, before anything else.
  Result<void> load();

  // Names: 1 to 200 bytes of valid UTF-8 without control characters. Fails with kInvalidArgument, kAlreadyExists.
  Result<NewServer> add(std::string_view name, const std::vector<std::string>& tags = {});
  std::vector<Server> list() const;                  // sorted by name
  Result<Server> find(std::string_view name) const;  // kNotFound names the servers there are
  std::optional<Server> find(ServerId id) const;
  // Another name for the same server: its samples, rules and incidents stay. Fails with kInvalidArgument (also for one
  // that a fleet token registered: its `host` tag names it), kAlreadyExists, kNotFound.
  Result<Server> rename(ServerId id, std::string_view name);
  // A new token; the old one stops working at once.
  Result<std::string> rotate_token(ServerId id);
  // Adds tags, or takes them away. Returns those that it has then. Fails with kInvalidArgument: a tag is 1 to 100 bytes
  // of text without spaces.
  Result<std::vector<std::string>> tag(ServerId id, const std::vector<std::string>& tags);
  Result<std::vector<std::string>> untag(ServerId id, const std::vector<std::string>& tags);
  // Changes whenever a server comes or goes, or its tags change.
  uint64_t version() const { return version_; }
  // Forgets the server with its samples, tokens and rules. Its incidents end, and are kept under its name for as long
  // as others.
  Result<void> remove(ServerId id);
  // Called in the transaction that removes a server, before anything of it is gone. It must not ask this object.
  using BeforeRemoval = std::function<Result<void>(const Server&)>;
  void before_removal(BeforeRemoval call) { before_removal_ = std::move(call); }

  Result<NewFleetToken> add_fleet_token(std::string_view name);
  std::vector<FleetToken> fleet_tokens() const;  // the oldest first
  // It stops working at once. Its servers and their samples stay; another fleet token that names one of them takes it
  // over. kNotFound.
  Result<FleetToken> remove_fleet_token(int64_t id);

  // Fails with kUnauthenticated.
  Result<IngestIdentity> authenticate(std::string_view token) const;
  // The same for whoever knows the token's SHA-256 (sha256_hex) already.
  Result<IngestIdentity> authenticate_hash(const std::string& hash) const;
  // The server that `host` names under a fleet token, or why it can name none: kPermissionDenied, kLimitExceeded,
  // kInvalidArgument. Nothing where register_hosts would register it, or take it over from a token that is gone.
  std::optional<Result<ServerId>> find_host(int64_t fleet_token, std::string_view host) const;
  // Registers or takes over those of `hosts` that can be, all in one transaction; ask find_host for the others. Fails,
  // with none registered, where the catalog does.
  Result<void> register_hosts(int64_t fleet_token, const std::vector<std::string>& hosts);

 private:
  Result<Server> register_server(std::string_view name, int64_t fleet_token);
  Result<catalog::Token> store_token(catalog::Token token, std::string_view text);
  Result<void> set_tags(const Server& server);
  void forget_tokens(ServerId id);
  bool is_orphan(const Server& server) const;  // its fleet token is gone; under the mutex
  Result<Server> register_or_take_over(const std::string& host, int64_t fleet_token);
  void forget(ServerId id);
  size_t room_of(int64_t fleet_token) const;  // how many servers it may still register
  void remember(const Server& server);
  void remember(const catalog::Token& token);

  catalog::Database& database_;
  catalog::Servers servers_;
  catalog::Tokens tokens_;
  store::SampleStore& store_;
  const Clock& clock_;
  Options options_;
  BeforeRemoval before_removal_;
  std::atomic<uint64_t> version_{1};
  std::mutex changing_;       // held by whoever changes something, for as long as the catalog takes
  mutable std::mutex mutex_;  // of what follows, held for moments alone
  // Looked up by whatever is a text.
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, IngestIdentity> identities_;  // by hash of the token
  boost::unordered_flat_map<std::string, Server, TextHash, std::equal_to<>> by_name_;
  std::unordered_map<int64_t, Server> by_id_;
  std::unordered_map<int64_t, size_t> servers_of_fleet_token_;
  std::map<int64_t, FleetToken> fleet_tokens_;  // their `servers` are counted above
};

}  // namespace mps::service
