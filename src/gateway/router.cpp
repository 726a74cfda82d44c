#include "gateway/router.h"

#include <fmt/format.h>

#include "base/crypto.h"
#include "base/log.h"
#include "gateway/declare.h"
#include "gateway/entity_tag.h"

namespace mps::gateway {
namespace {

constexpr std::array kCounted{200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503};

size_t slot_of(int status) {
  for (size_t i = 0; i < kCounted.size(); ++i)
    if (kCounted[i] == status) return i;
  return kCounted.size() - 2;  // what we never answer counts as a 500
}

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  for (;;) {
    const size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool is_placeholder(std::string_view segment) {
  return segment.starts_with('{');
}

// The decoded values of the placeholders where the path fits the pattern.
std::optional<std::vector<std::string>> values_in(const std::vector<std::string_view>& pattern,
                                                  const std::vector<std::string_view>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  std::vector<std::string> values;
  for (size_t i = 0; i < path.size(); ++i) {
    if (!is_placeholder(pattern[i])) {
      if (pattern[i] != path[i]) return std::nullopt;
      continue;
    }
    auto value = percent_decode(path[i]);
    if (!value || value->empty()) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

}  // namespace

struct Router::Counters {
  std::array<std::atomic<uint64_t>, kCounted.size()> of_status{};
};

struct Router::Match {
  const Route* route = nullptr;
  std::vector<std::string> values{};
};

Router::Router(std::vector<Route> routes, ApiAccess& access, Workers workers, const Clock& clock)
    : routes_(std::move(routes)), access_(access), workers_(workers), clock_(clock) {
  for (size_t i = 0; i < routes_.size(); ++i) {
    segments_.push_back(split(routes_[i].path));
    if (routes_[i].path.find('{') == std::string_view::npos)
      fixed_.emplace(fmt::format("{} {}", routes_[i].method, routes_[i].path), i);
  }
  counters_ = std::make_unique<Counters[]>(routes_.size());
}

Router::~Router() = default;

Router::Match Router::match(std::string_view method, std::string_view path) const {
  thread_local std::string key;
  key.assign(method).append(" ").append(path);
  if (const auto it = fixed_.find(key); it != fixed_.end()) return {&routes_[it->second]};
  const auto segments = split(path);
  for (size_t i = 0; i < routes_.size(); ++i) {
    if (routes_[i].method != method) continue;
    if (auto values = values_in(segments_[i], segments)) return {&routes_[i], std::move(*values)};
  }
  return {};
}

Response Router::no_route(std::string_view path) const {
  std::string allowed;
  const auto segments = split(path);
  for (size_t i = 0; i < routes_.size(); ++i) {
    if (values_in(segments_[i], segments)) allowed += (allowed.empty() ? "" : ", ") + std::string(routes_[i].method);
  }
  if (allowed.empty()) return problem(404, "there is nothing here; GET /openapi.json lists what there is");
  Response response = problem(405, fmt::format("this path takes {}", allowed));
  response.headers.emplace_back("Allow", allowed);
  return response;
}

void Router::count(const Route& route, int status) const {
  counters_[static_cast<size_t>(&route - routes_.data())].of_status[slot_of(status)].fetch_add(
      1, std::memory_order_relaxed);
}

Admission Router::admit(const Request& request) const {
  Match found = match(request.method == "HEAD" ? "GET" : request.method, request.path);
  if (!found.route) return {.refusal = no_route(request.path)};
  const Route& route = *found.route;
  Admission admission{.body_bytes_max = route.body_bytes_max};
  const Call call{request, std::move(found.values), Parameters(request.query)};
  if (route.access == Access::kRole) {
    auto who = access_.authorise(request, route.role);
    if (auto* refusal = std::get_if<Response>(&who)) admission.refusal = std::move(*refusal);
    if (request.memory != nullptr) request.memory->counted = !admission.refusal;
  } else if (route.admit) {
    admission.refusal = route.admit(call);
  }
  if (admission.refusal) count(route, admission.refusal->status);
  return admission;
}

void Router::handle(const Request& request, Reply reply) const {
  Match found = match(request.method == "HEAD" ? "GET" : request.method, request.path);
  if (!found.route) return reply(no_route(request.path));
  Reply counted = [this, route = found.route, reply = std::move(reply)](Response response) {
    count(*route, response.status);
    reply(std::move(response));
  };
  Call call{request, std::move(found.values), Parameters(request.query)};
  if (found.route->access == Access::kRole && !let_in(*found.route, call, counted)) return;
  run(*found.route, std::move(call), std::move(counted));
}

void Router::run(const Route& route, Call call, Reply reply) const {
  if (!route.takes_time || (route.is_quick && route.is_quick())) return route.handle(call, std::move(reply));
  WorkerPool& workers = route.takes_long ? workers_.for_long : workers_.for_moments;
  const bool taken = workers.run([&route, call = std::move(call), reply] {
    try {
      route.handle(call, reply);
    } catch (const std::exception& e) {
      log::error("gateway: {} {} failed: {}", route.method, route.path, e.what());
      reply(problem(500, "the hub failed at this; its log says why"));
    }
  });
  if (!taken) reply(problem(503, "too many queries are waiting: try again soon"));
}

bool Router::let_in(const Route& route, Call& call, Reply& reply) const {
  auto who = access_.authorise(call.request, route.role);
  if (auto* refusal = std::get_if<Response>(&who)) return reply(std::move(*refusal)), false;
  call.caller = std::move(std::get<Caller>(who));
  if (auto refusal = refuse_path(route, call)) return reply(std::move(*refusal)), false;
  reply = [reply = std::move(reply)](Response response) {
    response.headers.emplace_back("Cache-Control", "private, no-cache");
    reply(std::move(response));
  };
  if (route.method == "POST") return begin_once(call, reply);
  if (route.method != "GET") return true;
  reply = [reply = std::move(reply), known = std::string(call.request.header("If-None-Match"))](Response response) {
    make_conditional(response, known);
    reply(std::move(response));
  };
  return true;
}

// With an Idempotency-Key what was done before is not done again.
bool Router::begin_once(const Call& call, Reply& reply) const {
  const std::string key(call.request.header("Idempotency-Key"));
  if (key.empty()) return true;
  const std::string fingerprint = sha256_hex(fmt::format("{}\n{}", call.request.target, call.request.body));
  if (auto known = keys_.begin(call.caller.name, key, fingerprint, clock_.now()))
    return reply(std::move(*known)), false;
  // Whoever drops the reply without an answer has done nothing that is to be remembered.
  const auto forget = [this, caller = call.caller.name, key](bool* answered) {
    if (!*answered) keys_.forget(caller, key);
    delete answered;
  };
  const std::shared_ptr<bool> answered(new bool(false), forget);
  reply = [this, reply = std::move(reply), caller = call.caller.name, key, answered](Response response) {
    *answered = response.status < 500;
    if (*answered) keys_.finish(caller, key, response);
    reply(std::move(response));
  };
  return true;
}

std::vector<Router::Count> Router::counts() const {
  std::vector<Count> counts;
  for (size_t i = 0; i < routes_.size(); ++i) {
    for (size_t s = 0; s < kCounted.size(); ++s) {
      const uint64_t answers = counters_[i].of_status[s].load(std::memory_order_relaxed);
      if (answers > 0) counts.push_back({&routes_[i], kCounted[s], answers});
    }
  }
  return counts;
}

}  // namespace mps::gateway
