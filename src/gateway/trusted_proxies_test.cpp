#include "gateway/trusted_proxies.h"

#include <gtest/gtest.h>

namespace mps::gateway {
namespace {

std::string client(const std::vector<std::string>& trusted, std::string_view remote, std::vector<Header> headers) {
  Request request{};
  request.remote = remote;
  request.headers = headers;
  return TrustedProxies::parse(trusted)->client_of(request);
}

TEST(TrustedProxies, AStrangerSpeaksForThemselvesWhateverTheySay) {
  EXPECT_EQ(client({}, "198.51.100.1", {{"X-Forwarded-For", "10.0.0.1"}}), "198.51.100.1");
  EXPECT_EQ(client({"10.0.0.0/8"}, "198.51.100.1", {{"X-Forwarded-For", "127.0.0.1"}}), "198.51.100.1");
}

TEST(TrustedProxies, AProxySpeaksForWhomItHeardFromLast) {
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.1.2.3", {{"X-Forwarded-For", "127.0.0.1, 203.0.113.7"}}), "203.0.113.7");
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.1.2.3", {{"x-forwarded-for", "203.0.113.7 , 10.9.9.9"}}), "203.0.113.7");
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.1.2.3", {{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-For", "203.0.113.7"}}),
            "203.0.113.7");
  EXPECT_EQ(client({"127.0.0.1"}, "127.0.0.1", {{"X-Forwarded-For", "203.0.113.7:4711"}}), "203.0.113.7");
  EXPECT_EQ(client({"127.0.0.1"}, "127.0.0.1", {{"X-Forwarded-For", "[2001:db8::1]:4711"}}), "2001:db8::1");
  EXPECT_EQ(client({"127.0.0.1"}, "127.0.0.1", {{"X-Forwarded-For", "somebody"}}), "somebody");
  EXPECT_EQ(client({"127.0.0.1"}, "127.0.0.1", {{"X-Forwarded-For", ",,"}}), "");
  EXPECT_EQ(client({"127.0.0.1"}, "127.0.0.1", {}), "127.0.0.1");
}

TEST(TrustedProxies, NetworksOfBothKindsMatchToTheBit) {
  const auto proxies = std::vector<std::string>{"10.0.0.0/9", "fd00::/7", "192.0.2.7"};
  const std::vector<Header> forwarded = {{"X-Forwarded-For", "203.0.113.7"}};
  for (const char* trusted : {"10.127.0.1", "fc00::1", "::ffff:10.1.1.1", "192.0.2.7"})
    EXPECT_EQ(client(proxies, trusted, forwarded), "203.0.113.7") << trusted;
  for (const char* stranger : {"10.128.0.1", "fb00::1", "192.0.2.8", "unknown"})
    EXPECT_EQ(client(proxies, stranger, forwarded), stranger);
}

TEST(TrustedProxies, WhatIsNoNetworkIsNamed) {
  for (const char* wrong : {"", "proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "fd00::/129", "10.0.0.0/8x"}) {
    const auto parsed = TrustedProxies::parse({wrong});
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_NE(parsed.error().message.find("10.0.0.0/8"), std::string::npos);
  }
}

TEST(TrustedProxies, OneClientOfIpv6IsCountedOnce) {
  EXPECT_EQ(network_of("2001:db8::1"), network_of("2001:db8::ffff:1"));
  EXPECT_NE(network_of("2001:db8::1"), network_of("2001:db8:0:1::1"));
  EXPECT_NE(network_of("192.0.2.1"), network_of("192.0.2.2"));
}

}  // namespace
}  // namespace mps::gateway
