#pragma once

#include <string>
#include <string_view>

// Tokens and digests, over OpenSSL.
namespace mps {

// Lower-case hex of the SHA-256 digest.
std::string sha256_hex(std::string_view data);

// `bytes` random bytes from the operating system as URL-safe base64 without padding. Aborts when there is no entropy.
std::string random_token(size_t bytes);

// Takes the same time wherever the first difference is.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace mps
