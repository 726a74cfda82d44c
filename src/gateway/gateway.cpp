#include "gateway/gateway.h"

#include "gateway/router.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {

struct Gateway::Impl {
  explicit Impl(const GatewayOptions& options) : workers(options.workers, options.queries_waiting_max) {}

  std::unique_ptr<Router> router;  // outlives what the workers do for it
  WorkerPool workers;
  std::unique_ptr<HttpServer> server;  // gone first: it calls the router
};

Result<std::unique_ptr<Gateway>> Gateway::start(const GatewayOptions& options, service::Hub& hub) {
  auto impl = std::make_unique<Impl>(options);
  const Impl* self = impl.get();
  RouteContext context{hub, impl->workers, options.version,
                       [self] { return self->server ? self->server->stats() : ServerStats(); },
                       [self] { return self->router->counts(); }};
  impl->router = std::make_unique<Router>(make_routes(context), ReadAccess(options.read_token), impl->workers);
  MPS_TRY(impl->server,
          HttpServer::start(options.server, hub.clock(), [router = impl->router.get()](const Request& r, Reply reply) {
            router->handle(r, std::move(reply));
          }));
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
  impl_->server->stop();
}

}  // namespace mps::gateway
