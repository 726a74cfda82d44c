#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/api_access.h"
#include "gateway/idempotency.h"
#include "gateway/route.h"
#include "gateway/worker_pool.h"

namespace mps::gateway {

// Finds the route of a request, checks who asks, and counts the answers. Thread-safe once made.
class Router {
 public:
  struct Count {
    const Route* route;
    int status;
    uint64_t answers;
  };

  struct Workers {
    WorkerPool& for_moments;  // handle the routes that take time
    WorkerPool& for_long;     // and those that take long
  };
  // What it is given must outlive its requests.
  Router(std::vector<Route> routes, ApiAccess& access, Workers workers, const Clock& clock);
  ~Router();

  // What the header alone decides: 401, 403, 404, 405, 429, and how large the body may be.
  Admission admit(const Request& request) const;
  // HEAD is answered as GET. 404, 405 (with Allow), 401, 403, 429 and 503 (all workers busy) are problem details. What
  // is asked of a route with a role by GET bears an ETag; by POST it may bear an Idempotency-Key.
  void handle(const Request& request, Reply reply) const;

  std::span<const Route> routes() const { return routes_; }
  std::vector<Count> counts() const;  // those above zero

 private:
  struct Match;
  struct Counters;
  Match match(std::string_view method, std::string_view path) const;
  Response no_route(std::string_view path) const;
  void count(const Route& route, int status) const;
  // Who asks, into the call, and the reply with what goes with a role; false where the answer is given already.
  bool let_in(const Route& route, Call& call, Reply& reply) const;
  bool begin_once(const Call& call, Reply& reply) const;
  void run(const Route& route, Call call, Reply reply) const;

  const std::vector<Route> routes_;
  ApiAccess& access_;
  const Workers workers_;
  const Clock& clock_;
  mutable IdempotencyKeys keys_{{}};
  std::vector<std::vector<std::string_view>> segments_;  // of each route's path
  std::unordered_map<std::string, size_t> fixed_;        // "GET /ping" -> index, of paths without {name}
  std::unique_ptr<Counters[]> counters_;
};

}  // namespace mps::gateway
