#pragma once

#include <string_view>

#include "gateway/byte_buffer.h"
#include "gateway/http_failure.h"

namespace mps::gateway {

// Unpacks a body by its Content-Encoding header: "", "identity", "gzip" (also "x-gzip") or "deflate" (RFC 9110, 8.4.1).
// No body is none, whatever its encoding. The result views `body` or `scratch`. Fails with 415 for other encodings, 400
// for damaged data, 413 when the content would pass `size_max` bytes: a gzip bomb costs no more memory than that.
HttpResult<std::string_view> unpack_body(std::string_view encoding, std::string_view body, size_t size_max,
                                         ByteBuffer& scratch);

}  // namespace mps::gateway
