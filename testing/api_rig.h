#pragma once

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "gateway/gateway.h"
#include "testing/fake_clock.h"
#include "testing/raw_http_client.h"
#include "testing/temporary_folder.h"

// For the tests of the REST API: a real hub behind its real door, and tokens of each role.
namespace mps::gateway {

class ApiRig : public ::testing::Test {
 protected:
  ApiRig() {
    hub_ = service::Hub::open({.data = folder_.path(), .store_url = "", .catalog_url = "", .zone = {}}, clock_).value();
    (void)hub_->store().last_seen(ServerId{});  // waits until it is ready
    for (const auto role :
         {service::Role::kViewer, service::Role::kOperator, service::Role::kAdmin, service::Role::kOwner})
      tokens_.push_back(hub_->api_tokens().add(service::name_of(role), role, std::nullopt, "the test").value().token);
    ingest_token_ = hub_->servers().add("web-01", {"web"}).value().token;
    serve({.version = "0.1.0"});
  }
  void serve(const GatewayOptions& options) {
    gateway_.reset();
    gateway_ = Gateway::start(options, *hub_).value();
  }
  const std::string& token(service::Role role) const { return tokens_[static_cast<size_t>(role)]; }

  std::string request(std::string_view method, std::string_view target, const std::string& token, std::string_view body,
                      std::string_view headers) const {
    const std::string bearer = token.empty() ? "" : fmt::format("Authorization: Bearer {}\r\n", token);
    return fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{}{}\r\n{}", method, target,
                       body.size(), bearer, headers, body);
  }
  // As the owner.
  testing::RawResponse ask(std::string_view method, std::string_view target, std::string_view body = "",
                           std::string_view headers = "") {
    return ask_as(token(service::Role::kOwner), method, target, body, headers);
  }
  testing::RawResponse ask_as(const std::string& token, std::string_view method, std::string_view target,
                              std::string_view body = "", std::string_view headers = "") {
    return testing::RawHttpClient(gateway_->port())
        .ask(request(method, target, token, body, headers), method == "HEAD");
  }
  boost::json::value get(std::string_view target) {
    const auto answer = ask("GET", target);
    EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
    return boost::json::parse(answer.body);
  }
  int write(std::string_view lines) { return ask_as(ingest_token_, "POST", "/api/v2/write?precision=s", lines).status; }
  int64_t at(Duration ago = {}) {
    return std::chrono::floor<std::chrono::seconds>(clock_.now() - ago).time_since_epoch().count();
  }

  mps::testing::TemporaryFolder folder_;
  mps::testing::FakeClock clock_;
  std::unique_ptr<service::Hub> hub_;
  std::vector<std::string> tokens_;  // by role
  std::string ingest_token_;         // of web-01
  std::unique_ptr<Gateway> gateway_;
};

}  // namespace mps::gateway
