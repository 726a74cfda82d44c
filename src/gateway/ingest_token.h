#pragma once

#include <optional>
#include <string>

#include "gateway/http_message.h"
#include "gateway/url.h"

namespace mps::gateway {

// The token that a request bears in its header: "Authorization: Token X" or "Bearer X" or Basic (the password, or the
// user name where the password is empty), or "token: X".
std::optional<std::string> token_in_headers(const Request& request);

// The same, or the password of InfluxDB 1's query (?u=...&p=...).
std::optional<std::string> token_in_headers_or_query(const Request& request, const Parameters& query);

// The SHA-256 of a token: hashed anew only where the connection's last request had another one. What the hash is worth
// is to be asked every time: a token may be replaced meanwhile.
const std::string& hash_of(const std::string& token, ConnectionMemory& memory);

}  // namespace mps::gateway
