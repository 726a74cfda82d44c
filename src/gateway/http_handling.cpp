// A connection's request between its header and its answer: whether it may go on, and which thread handles it.
#include <charconv>
#include <fmt/format.h>
#include <future>

#include "base/log.h"
#include "gateway/content_encoding.h"
#include "gateway/http_ticket.h"
#include "gateway/problem.h"

namespace mps::gateway {
namespace {

constexpr auto kLargeBodyWait = std::chrono::seconds(5);  // for the answer to one, before the next is begun

}  // namespace

bool HttpConnection::admitted() {
  admission_asked_ = true;
  if (!shared_.admit) return true;
  request_ = reader_.request();
  request_.remote = remote_;
  request_.memory = &memory_;
  Admission admission = shared_.admit(request_);
  body_bytes_max_ = admission.body_bytes_max;
  if (!admission.refusal) return true;
  ServerShared::count(shared_.requests);
  response_ = std::move(*admission.refusal);
  release_body();
  return false;
}

// What a body's header says of its length counts before the body does.
std::optional<HttpFailure> HttpConnection::over_body_limit() const {
  if (!reader_.header_done() || body_bytes_max_ >= shared_.options.body_bytes_max) return std::nullopt;
  const std::string_view said = reader_.request().header("Content-Length");
  size_t length = 0;
  std::from_chars(said.data(), said.data() + said.size(), length);
  if (std::max(length, reader_.body_size()) <= body_bytes_max_) return std::nullopt;
  return HttpFailure{413, "request too large",
                     fmt::format("the body is over {} bytes, which is all that is taken here", body_bytes_max_)};
}

void HttpConnection::begin_handling() {
  request_ = reader_.request();
  request_.remote = remote_;
  request_.memory = &memory_;
  phase_ = Phase::kHandling;
  deadline_ = SteadyTime::max();
  answered_ = false;
}

void HttpConnection::handle() {
  begin_handling();
  auto ticket = std::make_shared<Ticket>(loop_.shared_from_this(), shared_from_this());
  const size_t inline_max = shared_.options.large_body_bytes;
  const std::string_view encoding = request_.header("Content-Encoding");
  handling_ = true;
  if (!encoding.empty() && !admission_asked_ && !admitted()) {
    ticket->answer(std::move(response_));
  } else if (request_.body.size() > inline_max) {
    hand_to_worker(ticket);
  } else {
    const size_t limit = std::min(shared_.options.unpacked_bytes_max, body_bytes_max_);
    const auto body = unpack_body(encoding, request_.body, std::min(limit, inline_max), unpacked_);
    if (body)
      call_handler(*body, ticket);
    else if (body.error().status == 413 && limit > inline_max)
      hand_to_worker(ticket);
    else
      ticket->answer(refusal_of_body(body.error()));
  }
  ticket.reset();  // whose handler has dropped its Reply is answered for
  handling_ = false;
}

void HttpConnection::call_handler(std::string_view body, const std::shared_ptr<Ticket>& ticket) {
  request_.body = body;
  ServerShared::count(shared_.requests);
  try {
    shared_.handler(request_, [ticket](Response r) { ticket->answer(std::move(r)); });
  } catch (const std::exception& e) {
    log::error("gateway: {} {} failed: {}", request_.method, request_.path, e.what());
  }
}

void HttpConnection::hand_to_worker(const std::shared_ptr<Ticket>& ticket) {
  if (shared_.workers->run([this, ticket] { handle_large(ticket); })) return;
  ServerShared::count(shared_.large_bodies_refused);
  ticket->answer(refusal_of({503, "unavailable", "the server is busy with large bodies: try again soon"}));
}

// By the worker, while the loop waits for the answer. The ticket keeps the connection.
void HttpConnection::handle_large(const std::shared_ptr<Ticket>& ticket) {
  ServerShared::count(shared_.large_bodies);
  try {
    const size_t limit = std::min(shared_.options.unpacked_bytes_max, body_bytes_max_);
    const auto body = unpack_body(request_.header("Content-Encoding"), request_.body, limit, unpacked_);
    if (!body) return ticket->answer(refusal_of_body(body.error()));
    if (!hold(unpacked_.size()))
      return ticket->answer(refusal_of({503, "unavailable", "the server is busy with large bodies: try again soon"}));
    const auto answered = std::make_shared<std::promise<void>>();
    std::shared_ptr<Ticket> last(ticket.get(), [answered, ticket](Ticket*) { answered->set_value(); });
    call_handler(*body, last);
    last.reset();
    // Else the store would be handed all of them at once, in one commit that everybody waits for.
    (void)answered->get_future().wait_for(kLargeBodyWait);
  } catch (const std::exception& e) {
    log::error("gateway: {} {} failed: {}", request_.method, request_.path, e.what());
  }
}

Response HttpConnection::refusal_of(const HttpFailure& failure) {
  ServerShared::count(shared_.requests_refused);
  const bool of_api = reader_.header_done() && reader_.request().path.starts_with("/api/v1/");
  return of_api ? problem(failure.status, failure.message) : to_response(failure);
}

Response HttpConnection::refusal_of_body(const HttpFailure& failure) {
  if (failure.status == 413) ServerShared::count(shared_.bodies_unpack_too_large);
  return refusal_of(failure);
}

}  // namespace mps::gateway
