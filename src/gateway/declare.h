#pragma once

#include "gateway/api_types.h"
#include "gateway/route.h"

// Routes of the REST API, declared by described structs: Query is what a GET takes as parameters, Body what other
// requests take as JSON; both are held against the limits of their fields before the handler sees them.
namespace mps::gateway {

struct ApiRoute {
  std::string_view method;
  std::string_view path;
  std::string_view tag;
  std::string_view summary;
  service::Role role = service::Role::kViewer;
};

// Of a GET without parameters, or a request without a body.
struct Nothing {
  static constexpr bool kRequest = true;
  static constexpr std::string_view kSchema = "Nothing";
};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

// Of `{name}` and the others in a path: what they mean. A number is checked before the handler is called.
std::vector<RouteParameter> path_parameters(std::string_view path);
// The refusal where what the path says is no number, or no text.
std::optional<Response> refuse_path(const Route& route, const Call& call);
// A number in the path.
int64_t number_in_path(const Call& call, size_t index = 0);

namespace declare_detail {

// The part that no struct decides: role, path, problem details for whatever is refused.
Route plain_route(const ApiRoute& declared, std::vector<RouteAnswer> answers);
// The refusal where the body is too large, or not JSON by its own account.
std::optional<Response> refuse_body(const Request& request);
Response to_problem(const InputFault& fault);

template <class T>
std::vector<RouteParameter> query_parameters() {
  std::vector<RouteParameter> parameters;
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
    using Member = std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>;
    using Inner = typename schema_detail::Unwrapped<Member>::Inner;
    const FieldDoc& doc = schema_detail::doc_of<T>(member.name);
    Schemas none;
    using Shown = std::conditional_t<schema_detail::Unwrapped<Member>::kOptional, Inner, Member>;
    boost::json::object schema = schema_of<Shown>(none);
    schema_detail::document(schema, {doc.field, "", doc.limits});
    parameters.push_back({.name = member.name,
                          .required = !schema_detail::may_be_missing<Member>(),
                          .description = doc.meaning,
                          .example = doc.example,
                          .schema = std::move(schema)});
  });
  return parameters;
}

}  // namespace declare_detail

template <class Query>
Route api_get(const ApiRoute& declared, std::vector<RouteAnswer> answers,
              std::function<Result<Response>(const Call&, const Query&)> answer) {
  Route route = declare_detail::plain_route(declared, std::move(answers));
  for (RouteParameter& parameter : declare_detail::query_parameters<Query>())
    route.parameters.push_back(std::move(parameter));
  route.handle = answering([answer = std::move(answer)](const Call& call) -> Result<Response> {
    const auto query = read_query<Query>(call.query);
    return query ? answer(call, *query) : declare_detail::to_problem(query.error());
  });
  return route;
}

template <class Body>
Route api_change(const ApiRoute& declared, std::vector<RouteAnswer> answers,
                 std::function<Result<Response>(const Call&, const Body&)> answer) {
  Route route = declare_detail::plain_route(declared, std::move(answers));
  route.body = RouteBody{"", {"application/json"}, [](Schemas& named) { return schema_of<Body>(named); }};
  route.handle = answering([answer = std::move(answer)](const Call& call) -> Result<Response> {
    if (auto refusal = declare_detail::refuse_body(call.request)) return std::move(*refusal);
    const auto body = read_body<Body>(call.request.body);
    return body ? answer(call, *body) : declare_detail::to_problem(body.error());
  });
  return route;
}

// A DELETE, or a POST that needs no body: Query as of a GET.
template <class Query>
Route api_action(const ApiRoute& declared, std::vector<RouteAnswer> answers,
                 std::function<Result<Response>(const Call&, const Query&)> answer) {
  return api_get<Query>(declared, std::move(answers), std::move(answer));
}

Response no_content();

}  // namespace mps::gateway
