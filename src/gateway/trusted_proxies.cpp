#include "gateway/trusted_proxies.h"

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <fmt/format.h>

#include "base/text.h"

namespace mps::gateway {
namespace {

namespace ip = boost::asio::ip;

// 16 bytes: IPv4 as ::ffff:a.b.c.d. "" where it is no address.
std::string bytes_of(std::string_view text) {
  boost::system::error_code failure;
  const ip::address address = ip::make_address(std::string(text), failure);
  if (failure) return {};
  const ip::address_v6 six = address.is_v6() ? address.to_v6() : ip::make_address_v6(ip::v4_mapped, address.to_v4());
  const auto bytes = six.to_bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool same_prefix(std::string_view a, std::string_view b, int bits) {
  const auto whole = static_cast<size_t>(bits / 8);
  if (a.substr(0, whole) != b.substr(0, whole)) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<unsigned char>(0xFF << (8 - bits % 8));
  return ((static_cast<unsigned char>(a[whole]) ^ static_cast<unsigned char>(b[whole])) & mask) == 0;
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "203.0.113.7:4711" and "[2001:db8::1]:4711" without the port.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  const size_t colon = text.find(':');
  return colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos ? text.substr(0, colon)
                                                                                                : text;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& networks) {
  TrustedProxies proxies;
  for (const std::string& text : networks) {
    const size_t slash = text.find('/');
    Network network{bytes_of(text.substr(0, slash)), 128};
    const bool four = text.find(':') == std::string::npos;
    bool good = !network.bytes.empty();
    if (good && slash != std::string::npos) {
      const char* end = text.data() + text.size();
      const auto read = std::from_chars(text.data() + slash + 1, end, network.prefix);
      good = read.ec == std::errc() && read.ptr == end && network.prefix >= 0 && network.prefix <= (four ? 32 : 128);
      if (four) network.prefix += 96;
    }
    if (!good) {
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("'{}' is neither an address nor a network; write 10.0.0.1 or 10.0.0.0/8", valid_utf8(text))};
    }
    proxies.networks_.push_back(std::move(network));
  }
  return proxies;
}

bool TrustedProxies::trusts(std::string_view address) const {
  if (networks_.empty()) return false;
  const std::string bytes = bytes_of(address);
  if (bytes.empty()) return false;
  for (const Network& network : networks_)
    if (same_prefix(bytes, network.bytes, network.prefix)) return true;
  return false;
}

std::string TrustedProxies::client_of(const Request& request) const {
  if (!trusts(request.remote)) return std::string(request.remote);
  std::string client(request.remote);
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!equal_ignoring_case(header->name, "X-Forwarded-For")) continue;
    std::string_view list = header->value;
    while (!list.empty()) {
      const size_t comma = list.rfind(',');
      client = without_port(trimmed(list.substr(comma == std::string_view::npos ? 0 : comma + 1)));
      if (!trusts(client)) return client;
      list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
    }
  }
  return client;
}

bool TrustedProxies::is_forwarded_by_stranger(const Request& request) const {
  const bool forwarded = !request.header("X-Forwarded-For").empty() || !request.header("Forwarded").empty();
  return forwarded && !trusts(request.remote);
}

std::string network_of(std::string_view address) {
  const std::string bytes = bytes_of(address);
  if (bytes.empty()) return std::string(address.substr(0, 64));
  if (bytes.starts_with(std::string_view("\0\0\0\0\0\0\0\0\0\0\xFF\xFF", 12))) return bytes;
  return bytes.substr(0, 8);
}

}  // namespace mps::gateway
