#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/read_access.h"
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

  // `workers` handles the routes that take time and must outlive the router's requests.
  Router(std::vector<Route> routes, ReadAccess read_access, WorkerPool& workers);
  ~Router();

  // HEAD is answered as GET. 404, 405 (with Allow), 401, 403 and 503 (all workers busy) are problem details.
  void handle(const Request& request, Reply reply) const;

  std::span<const Route> routes() const { return routes_; }
  std::vector<Count> counts() const;  // those above zero

 private:
  struct Match;
  struct Counters;
  Match match(std::string_view method, std::string_view path) const;
  Response no_route(std::string_view path) const;

  const std::vector<Route> routes_;
  const ReadAccess read_access_;
  WorkerPool& workers_;
  std::vector<std::vector<std::string_view>> segments_;  // of each route's path
  std::unordered_map<std::string, size_t> fixed_;        // "GET /ping" -> index, of paths without {name}
  std::unique_ptr<Counters[]> counters_;
};

}  // namespace mps::gateway
