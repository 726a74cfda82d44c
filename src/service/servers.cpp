#include "service/servers.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/text.h"
#include "catalog/day_forecasts.h"
#include "catalog/incidents.h"
#include "catalog/opinions.h"
#include "catalog/predictions.h"
#include "catalog/rules.h"

namespace mps::service {
namespace {

constexpr size_t kNameMax = 200, kTagMax = 100;

Result<void> check_name(std::string_view name) {
  const bool printable = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  const bool trimmed = !name.empty() && name.front() != ' ' && name.back() != ' ';
  if (!trimmed || name.size() > kNameMax || !printable || valid_utf8(name) != name) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format(
            "'{}' is not a name for a server: use 1 to {} bytes of text without line breaks or spaces at the ends",
            valid_utf8(name.substr(0, kNameMax)), kNameMax)};
  }
  return {};
}

Result<void> check_tag(std::string_view tag) {
  const bool plain = std::all_of(tag.begin(), tag.end(), [](unsigned char c) { return c > 0x20 && c != 0x7F; });
  if (!tag.empty() && tag.size() <= kTagMax && plain && valid_utf8(tag) == tag) return {};
  return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is not a tag: use 1 to {} bytes of text without spaces",
                                                        valid_utf8(tag.substr(0, kTagMax)), kTagMax)};
}

std::vector<std::string> sorted(std::vector<std::string> tags) {
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

std::string new_token() {
  return "mps_" + random_token(24);
}

Error removed_meanwhile() {
  return {ErrorCode::kNotFound, "this server was removed meanwhile"};
}

}  // namespace

Servers::Servers(catalog::Database& database, store::SampleStore& store, const Clock& clock, Options options)
    : database_(database), servers_(database), tokens_(database), store_(store), clock_(clock), options_(options) {}

Result<void> Servers::load() {
  const std::lock_guard changing(changing_);
  MPS_TRY(const auto servers, servers_.list());
  for (const Server& server : servers) remember(server);
  MPS_TRY(const auto tokens, tokens_.list());
  for (const catalog::Token& token : tokens) remember(token);
  return {};
}

void Servers::remember(const Server& server) {
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] = by_id_.try_emplace(static_cast<int64_t>(server.id));
  if (!is_new && known->second.fleet_token != 0) --servers_of_fleet_token_[known->second.fleet_token];
  if (server.fleet_token != 0) ++servers_of_fleet_token_[server.fleet_token];
  known->second = by_name_[server.name] = server;
  ++version_;
}

void Servers::remember(const catalog::Token& token) {
  const std::lock_guard lock(mutex_);
  const bool of_fleet = token.server == ServerId{};
  identities_[token.hash] = IngestIdentity{token.server, of_fleet ? token.id : 0};
  if (of_fleet) fleet_tokens_[token.id] = {token.id, token.name, token.created_at, 0};
}

Result<NewServer> Servers::add(std::string_view name, const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) MPS_TRY_VOID(check_tag(tag));
  const std::lock_guard changing(changing_);
  NewServer added{{}, new_token()};
  catalog::Token token;
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY(added.server, register_server(name, 0));
    added.server.tags = sorted(tags);
    MPS_TRY_VOID(servers_.set_tags(added.server.id, added.server.tags));
    MPS_TRY(token, store_token({0, "", "", added.server.id}, added.token));
    return {};
  }));
  remember(added.server);
  remember(token);
  return added;
}

Result<Server> Servers::register_server(std::string_view name, int64_t fleet_token) {
  MPS_TRY_VOID(check_name(name));
  return servers_.add(std::string(name), fleet_token, clock_.now());
}

Result<catalog::Token> Servers::store_token(catalog::Token token, std::string_view text) {
  token.hash = sha256_hex(text);
  return tokens_.add(token, clock_.now());
}

std::vector<Server> Servers::list() const {
  std::vector<Server> servers;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, server] : by_id_) servers.push_back(server);
  }
  std::sort(servers.begin(), servers.end(), [](const Server& a, const Server& b) { return a.name < b.name; });
  return servers;
}

Result<Server> Servers::find(std::string_view name) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  }
  std::string known;
  for (const Server& server : list()) {
    if (known.size() > 200) {
      known += ", ...";
      break;
    }
    known += (known.empty() ? "" : ", ") + server.name;
  }
  return Error{ErrorCode::kNotFound,
               fmt::format("there is no server named '{}'; {}", valid_utf8(name),
                           known.empty() ? "there is none at all yet: add one first" : "there are: " + known)};
}

std::optional<Server> Servers::find(ServerId id) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_id_.find(static_cast<int64_t>(id));
  return found == by_id_.end() ? std::nullopt : std::optional(found->second);
}

Result<Server> Servers::rename(ServerId id, std::string_view name) {
  MPS_TRY_VOID(check_name(name));
  const std::lock_guard changing(changing_);
  std::optional<Server> server = find(id);
  if (!server) return removed_meanwhile();
  if (server->name == name) return *server;
  if (server->fleet_token != 0) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} is named by the `host` tag that its agent sends; change that on the server itself",
                             server->name)};
  }
  if (find(name)) return Error{ErrorCode::kAlreadyExists, fmt::format("there is a server named '{}' already", name)};
  MPS_TRY_VOID(servers_.rename(id, std::string(name)));
  {
    const std::lock_guard lock(mutex_);
    by_name_.erase(server->name);
  }
  server->name = name;
  remember(*server);
  return *server;
}

void Servers::forget_tokens(ServerId id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(identities_, [&](const auto& entry) { return entry.second.server == id; });
}

Result<std::string> Servers::rotate_token(ServerId id) {
  const std::lock_guard changing(changing_);
  const std::string text = new_token();
  catalog::Token token;
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY_VOID(tokens_.remove_of(id));
    MPS_TRY(token, store_token({0, "", "", id}, text));
    return {};
  }));
  forget_tokens(id);
  remember(token);
  return text;
}

Result<void> Servers::set_tags(const Server& server) {
  MPS_TRY_VOID(servers_.set_tags(server.id, server.tags));
  remember(server);
  return {};
}

Result<std::vector<std::string>> Servers::tag(ServerId id, const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) MPS_TRY_VOID(check_tag(tag));
  const std::lock_guard changing(changing_);
  std::optional<Server> server = find(id);
  if (!server) return removed_meanwhile();
  server->tags.insert(server->tags.end(), tags.begin(), tags.end());
  server->tags = sorted(std::move(server->tags));
  MPS_TRY_VOID(set_tags(*server));
  return server->tags;
}

Result<std::vector<std::string>> Servers::untag(ServerId id, const std::vector<std::string>& tags) {
  const std::lock_guard changing(changing_);
  std::optional<Server> server = find(id);
  if (!server) return removed_meanwhile();
  std::erase_if(server->tags, [&](const std::string& tag) { return std::count(tags.begin(), tags.end(), tag) > 0; });
  MPS_TRY_VOID(set_tags(*server));
  return server->tags;
}

Result<void> Servers::remove(ServerId id) {
  const std::lock_guard changing(changing_);
  const auto known = find(id);
  if (!known) return Error{ErrorCode::kNotFound, "this server was removed meanwhile"};
  const Server server = *known;
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    if (before_removal_) MPS_TRY_VOID(before_removal_(server));
    MPS_TRY_VOID(tokens_.remove_of(id));
    MPS_TRY_VOID(catalog::Incidents(database_).keep_name(id, server.name));
    MPS_TRY_VOID(catalog::DayForecasts(database_).remove_of(id));
    MPS_TRY_VOID(catalog::Opinions(database_).remove_of(id));
    MPS_TRY_VOID(catalog::Rules(database_).remove_of(id));
    MPS_TRY_VOID(catalog::Predictions(database_).remove_of(id));
    return servers_.remove(id);
  }));
  forget_tokens(id);
  forget(id);
  return store_.remove_server(id);
}

void Servers::forget(ServerId id) {
  const std::lock_guard lock(mutex_);
  const auto found = by_id_.find(static_cast<int64_t>(id));
  if (found == by_id_.end()) return;
  if (found->second.fleet_token != 0) --servers_of_fleet_token_[found->second.fleet_token];
  by_name_.erase(found->second.name);
  by_id_.erase(found);
  ++version_;
}

Result<NewFleetToken> Servers::add_fleet_token(std::string_view name) {
  MPS_TRY_VOID(check_name(name));
  const std::lock_guard changing(changing_);
  const std::string text = new_token();
  MPS_TRY(const catalog::Token token, store_token({0, "", std::string(name), {}}, text));
  remember(token);
  return NewFleetToken{{token.id, token.name, token.created_at, 0}, text};
}

std::vector<FleetToken> Servers::fleet_tokens() const {
  const std::lock_guard lock(mutex_);
  std::vector<FleetToken> tokens;
  for (const auto& [id, token] : fleet_tokens_) {
    const auto count = servers_of_fleet_token_.find(id);
    tokens.push_back(token);
    tokens.back().servers = count == servers_of_fleet_token_.end() ? 0 : count->second;
  }
  return tokens;
}

Result<FleetToken> Servers::remove_fleet_token(int64_t id) {
  const std::lock_guard changing(changing_);
  for (const FleetToken& token : fleet_tokens()) {
    if (token.id != id) continue;
    MPS_TRY_VOID(tokens_.remove(id));
    const std::lock_guard lock(mutex_);
    fleet_tokens_.erase(id);
    std::erase_if(identities_, [id](const auto& entry) { return entry.second.fleet_token == id; });
    return token;
  }
  return Error{ErrorCode::kNotFound, fmt::format("there is no fleet token {}", id)};
}

bool Servers::is_orphan(const Server& server) const {
  return server.fleet_token != 0 && !fleet_tokens_.contains(server.fleet_token);
}

Result<IngestIdentity> Servers::authenticate(std::string_view token) const {
  if (token.empty()) {
    return Error{ErrorCode::kUnauthenticated,
                 "no token was sent; send the server's token as 'Authorization: Token ...'"};
  }
  return authenticate_hash(sha256_hex(token));
}

Result<IngestIdentity> Servers::authenticate_hash(const std::string& hash) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = identities_.find(hash); found != identities_.end()) return found->second;
  return Error{ErrorCode::kUnauthenticated, "nobody issued this token; `mps server rotate NAME` makes a new one"};
}

std::optional<Result<ServerId>> Servers::find_host(int64_t fleet_token, std::string_view host) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_name_.find(host); found != by_name_.end()) {
      if (found->second.fleet_token == fleet_token) return found->second.id;
      if (!is_orphan(found->second))
        return Error{
            ErrorCode::kPermissionDenied,
            fmt::format("the server '{}' was not registered by this fleet token; send its figures with its own token",
                        valid_utf8(host))};
    }
    const auto count = servers_of_fleet_token_.find(fleet_token);
    if (count != servers_of_fleet_token_.end() && count->second >= options_.servers_per_fleet_token_max) {
      return Error{ErrorCode::kLimitExceeded,
                   fmt::format("this fleet token has its {} servers already; '{}' is not registered",
                               options_.servers_per_fleet_token_max, valid_utf8(host))};
    }
  }
  if (const auto good = check_name(host); !good) return good.error();
  return std::nullopt;
}

Result<void> Servers::register_hosts(int64_t fleet_token, const std::vector<std::string>& hosts) {
  const std::lock_guard changing(changing_);
  std::unordered_map<std::string, Server> added;
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    size_t room = room_of(fleet_token);
    for (const std::string& host : hosts) {
      if (room == 0) break;
      if (find_host(fleet_token, host) || added.contains(host)) continue;
      MPS_TRY(added[host], register_or_take_over(host, fleet_token));
      --room;
    }
    return {};
  }));
  for (const auto& [host, server] : added) {
    remember(server);
    log::info("the server '{}' is registered by a fleet token", host);
  }
  return {};
}

// Where a server of that name is known, find_host has said that it may be taken over.
Result<Server> Servers::register_or_take_over(const std::string& host, int64_t fleet_token) {
  std::optional<Server> orphan;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = by_name_.find(host); known != by_name_.end()) orphan = known->second;
  }
  if (!orphan) return register_server(host, fleet_token);
  MPS_TRY_VOID(servers_.set_fleet_token(orphan->id, fleet_token));
  orphan->fleet_token = fleet_token;
  return *orphan;
}

size_t Servers::room_of(int64_t fleet_token) const {
  const std::lock_guard lock(mutex_);
  const auto found = servers_of_fleet_token_.find(fleet_token);
  const size_t taken = found == servers_of_fleet_token_.end() ? 0 : found->second;
  return options_.servers_per_fleet_token_max - std::min(taken, options_.servers_per_fleet_token_max);
}

}  // namespace mps::service
