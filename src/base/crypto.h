#pragma once

#include <memory>
#include <string>
#include <string_view>

// Tokens and digests, over OpenSSL.
namespace mps {

// Lower-case hex of the SHA-256 digest.
std::string sha256_hex(std::string_view data);

// The same of data that comes in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void update(std::string_view piece);
  std::string hex();  // of everything so far; once, at the end

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// Lower-case hex of HMAC-SHA256 (RFC 2104).
std::string hmac_sha256_hex(std::string_view key, std::string_view data);

// `bytes` random bytes from the operating system as URL-safe base64 without padding. Aborts when there is no entropy.
std::string random_token(size_t bytes);

// Takes the same time wherever the first difference is.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace mps
