#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "gateway/route.h"
#include "metric/resource.h"

// What the routes that show figures share.
namespace mps::gateway {

extern const RouteParameter kServerName;  // {name} in the path

RouteAnswer refused(int status, std::string_view description);
// And every way in which a reader can be refused.
std::vector<RouteAnswer> with_refusals(RouteAnswer good);

// A GET for readers, handled by a worker.
Route reading(std::string_view path, std::string_view summary, std::vector<RouteParameter> parameters,
              std::vector<RouteAnswer> answers, std::function<Result<Response>(const Call&)> answer);

// Of the query's `resource`. kInvalidArgument names those that there are.
Result<const Resource*> resource_of(const Call& call);

}  // namespace mps::gateway
