#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mps::gateway {

// "%20" -> " ". Nothing where a '%' is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text);

// The parameters of a query string, or of an application/x-www-form-urlencoded body: "a=1&b=x+y". What can't be decoded
// is taken as it stands.
class Parameters {
 public:
  Parameters() = default;
  explicit Parameters(std::string_view encoded);

  // The first value of that name.
  std::optional<std::string> find(std::string_view name) const;
  // All values of that name, in order.
  std::vector<std::string> all(std::string_view name) const;
  // The first, "" where it is absent.
  std::string get(std::string_view name) const { return find(name).value_or(""); }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

// RFC 4648, with or without padding. Nothing where it is not base64.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace mps::gateway
