#include "gateway/route.h"

namespace mps::gateway {

std::function<void(const Call&, Reply)> answering(std::function<Result<Response>(const Call&)> answer) {
  return [answer = std::move(answer)](const Call& call, const Reply& reply) {
    Result<Response> response = answer(call);
    reply(response ? std::move(*response) : problem(response.error()));
  };
}

}  // namespace mps::gateway
