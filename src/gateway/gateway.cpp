#include "gateway/gateway.h"

#include "gateway/router.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {

struct Gateway::Impl {
  Impl(const GatewayOptions& options, service::Hub& hub)
      : access(options.access, hub.api_tokens(), hub.servers(), hub.clock()),
        workers(options.workers, options.queries_waiting_max),
        long_workers(1, options.long_queries_waiting_max) {}

  ApiAccess access;
  std::unique_ptr<Router> router;  // outlives what the workers do for it
  WorkerPool workers, long_workers;
  std::stop_source stopping;
  std::unique_ptr<HttpServer> server;  // gone first: it calls the router
};

Result<std::unique_ptr<Gateway>> Gateway::start(const GatewayOptions& options, service::Hub& hub) {
  auto impl = std::make_unique<Impl>(options, hub);
  const Impl* self = impl.get();
  RouteContext context{hub,
                       impl->workers,
                       impl->stopping.get_token(),
                       options.version,
                       [self] { return self->server ? self->server->stats() : ServerStats(); },
                       [self] { return self->router->counts(); }};
  impl->router = std::make_unique<Router>(make_routes(context), impl->access,
                                          Router::Workers{impl->workers, impl->long_workers}, hub.clock());
  const Router* router = impl->router.get();
  MPS_TRY(impl->server, HttpServer::start(
                            options.server, hub.clock(),
                            [router](const Request& r, Reply reply) { router->handle(r, std::move(reply)); },
                            [router](const Request& r) { return router->admit(r); }));
  return std::unique_ptr<Gateway>(new Gateway(std::move(impl)));
}

Gateway::Gateway(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gateway::~Gateway() {
  stop();
}

uint16_t Gateway::port() const {
  return impl_->server->port();
}
ServerStats Gateway::stats() const {
  return impl_->server->stats();
}
void Gateway::stop() {
  impl_->stopping.request_stop();
  impl_->server->stop();
}

}  // namespace mps::gateway
