#pragma once

#include <string_view>

#include "service/ingest.h"

namespace mps::service {

enum class BodyFormat { kLineProtocol, kTelegrafJson };

// Parses the body of a write request and writes its points: see Ingest::write. `precision`, of line protocol alone, is
// that of its stamps: "ns", "us", "ms", "s" or "" (ns); another fails with kInvalidArgument. `body` is not used after
// the call. False, with nothing done, where it would have to wait and must not.
bool ingest_body(Ingest& ingest, const IngestIdentity& who, std::string_view body, BodyFormat format,
                 std::string_view precision, Ingest::Done& done, Ingest::Waiting waiting);

}  // namespace mps::service
