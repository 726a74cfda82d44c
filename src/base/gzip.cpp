#include "base/gzip.h"

#include <cassert>
#include <fmt/format.h>
#include <memory>
#include <zlib.h>

namespace mps {

std::string gzip(std::string_view data, int level) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  [[maybe_unused]] const int opened = deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
  assert(opened == Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(data.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  [[maybe_unused]] const int done = deflate(&stream, Z_FINISH);
  assert(done == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Result<std::string> gunzip(std::string_view data, size_t size_max) {
  z_stream stream{};
  constexpr int kGzipOrZlibWindow = 15 + 32;
  if (inflateInit2(&stream, kGzipOrZlibWindow) != Z_OK) return Error{ErrorCode::kInternal, "zlib does not start"};
  const std::unique_ptr<z_stream, void (*)(z_stream*)> closer(&stream, [](z_stream* s) { inflateEnd(s); });
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  std::string out;
  size_t used = 0;
  for (;;) {
    if (used == out.size()) {
      if (out.size() > size_max)
        return Error{ErrorCode::kLimitExceeded, fmt::format("the body unpacks to more than {} bytes", size_max)};
      out.resize(std::min(size_max + 1, std::max<size_t>(16384, out.size() * 2)));
    }
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(out.size() - used);
    const int status = inflate(&stream, Z_NO_FLUSH);
    used = out.size() - stream.avail_out;
    if (status == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      inflateReset(&stream);  // another member follows
      continue;
    }
    const bool needs_room = stream.avail_out == 0 && (status == Z_OK || status == Z_BUF_ERROR);
    if (needs_room) continue;
    if (status != Z_OK || stream.avail_in == 0) {
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("the gzip data is {} at byte {}", stream.avail_in == 0 ? "cut off" : "damaged", stream.total_in)};
    }
  }
  if (used > size_max)
    return Error{ErrorCode::kLimitExceeded, fmt::format("the body unpacks to more than {} bytes", size_max)};
  out.erase(used);
  return out;
}

}  // namespace mps
