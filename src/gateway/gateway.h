#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "gateway/api_access.h"
#include "gateway/http_server.h"
#include "service/hub.h"

namespace mps::gateway {

struct GatewayOptions {
  ServerOptions server{};               // where to listen
  ApiAccess::Options access{};          // who may ask for what
  std::string version{};                // of the program, as /health and /openapi.json say it
  int workers = 1;                      // threads for queries and forecasts
  size_t queries_waiting_max = 256;     // beyond: 503
  size_t long_queries_waiting_max = 4;  // of backtests and exports, one at a time; beyond: 503
};

// The hub's HTTP door: ingest, REST, health, metrics, OpenAPI and the web page.
class Gateway {
 public:
  // Listens and serves until stopped. The hub must outlive it. Fails as HttpServer::start does.
  static Result<std::unique_ptr<Gateway>> start(const GatewayOptions& options, service::Hub& hub);
  ~Gateway();  // stop()
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  uint16_t port() const;
  ServerStats stats() const;
  // Lets requests under way end; see HttpServer::stop.
  void stop();

 private:
  struct Impl;
  explicit Gateway(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mps::gateway
