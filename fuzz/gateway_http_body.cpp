#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/gzip.h"
#include "gateway/content_encoding.h"
#include "gateway/request_reader.h"

namespace {

using mps::gateway::ByteBuffer;
using mps::gateway::RequestReader;
using Progress = RequestReader::Progress;

constexpr RequestReader::Limits kLimits{.header_bytes_max = 4096, .header_count_max = 20, .body_bytes_max = 16384};
constexpr size_t kUnpackedMax = 65536;

void require(bool promise) {
  if (!promise) std::abort();
}

std::string unpacked(std::string_view encoding, std::string_view body) {
  ByteBuffer scratch;
  const auto content = mps::gateway::unpack_body(encoding, body, kUnpackedMax, scratch);
  if (content.has_error()) {
    const auto& failure = content.error();
    require(failure.status >= 400 && failure.status < 500 && !failure.message.empty());
    return std::to_string(failure.status);
  }
  require(content->size() <= kUnpackedMax || content->data() == body.data());
  require(scratch.capacity() <= 4 * kUnpackedMax);
  return std::string(*content);
}

// The requests that are read to their end when `bytes` come in pieces.
std::string read_requests(std::string_view bytes, size_t piece) {
  std::string story;
  RequestReader reader(kLimits);
  ByteBuffer in;
  while (!bytes.empty()) {
    in.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    Progress progress = Progress::kNeedsMore;
    while ((progress = reader.feed(in)) == Progress::kDone) {
      const auto& request = reader.request();
      require(request.body.size() <= kLimits.body_bytes_max);
      story.append(request.method).append(request.target).append("\n");
      story += unpacked(request.header("Content-Encoding"), request.body) + "\n";
      if (!reader.keep_alive()) return story;
      reader.begin();
    }
    if (progress == Progress::kFailed) {
      require(reader.failure().status >= 400 && !reader.failure().message.empty());
      return story;
    }
  }
  return story;
}

// A packed body, and the same in two members, comes back to the bit.
void round_trip(std::string_view data) {
  require(unpacked("gzip", mps::gzip(data)) == data);
  const size_t half = data.size() / 2;
  require(unpacked("x-gzip", mps::gzip(data.substr(0, half)) + mps::gzip(data.substr(half))) == data);
  (void)unpacked("deflate", data);
  (void)unpacked("gzip", data);
}

}  // namespace

// The first byte chooses: a packed body, or a connection's bytes, which read the same in whatever pieces they come.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] < 64) {
    round_trip(bytes);
  } else {
    // A header that is not complete may be refused early or late.
    const std::string whole = read_requests(bytes, bytes.size());
    require(read_requests(bytes, 1 + data[0] % 61) == whole);
  }
  return 0;
}
