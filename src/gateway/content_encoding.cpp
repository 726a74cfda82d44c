#include "gateway/content_encoding.h"

#include <fmt/format.h>
#include <zlib.h>

namespace mps::gateway {
namespace {

constexpr int kGzipOrZlibWindow = 15 + 32;

// A zlib stream that is set up once per thread: setting it up costs more than unpacking a small body.
class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, kGzipOrZlibWindow) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream* restart() { return ready_ && inflateReset2(&stream_, kGzipOrZlibWindow) == Z_OK ? &stream_ : nullptr; }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

// A gzip member ends with its size; trusted no further than deflate can pack.
size_t likely_size(std::string_view packed, size_t size_max) {
  constexpr size_t kRatioMax = 1032;
  if (packed.size() < 18) return 1024;
  uint32_t said = 0;
  for (size_t i = 0; i < 4; ++i)
    said |= static_cast<uint32_t>(static_cast<unsigned char>(packed[packed.size() - 4 + i])) << (8 * i);
  return std::min({static_cast<size_t>(said) + 1, packed.size() * kRatioMax, size_max + 1, size_t{1} << 20});
}

HttpFailure damaged(std::string_view how, const z_stream& stream) {
  return {400, "invalid", fmt::format("the packed body is {} at byte {}", how, stream.total_in)};
}

HttpResult<std::string_view> inflate_all(std::string_view packed, size_t size_max, ByteBuffer& out) {
  thread_local Inflater inflater;
  z_stream* stream = inflater.restart();
  if (!stream) return HttpFailure{500, "internal error", "zlib does not start"};
  out.clear();
  stream->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream->avail_in = static_cast<uInt>(packed.size());
  size_t room = std::max<size_t>(likely_size(packed, size_max), 64);
  for (;;) {
    room = std::min(room, size_max + 1 - out.size());
    stream->next_out = reinterpret_cast<Bytef*>(out.prepare(room));
    stream->avail_out = static_cast<uInt>(room);
    const int status = inflate(stream, Z_NO_FLUSH);
    out.commit(room - stream->avail_out);
    if (out.size() > size_max)
      return HttpFailure{413, "request too large", fmt::format("the body unpacks to more than {} bytes", size_max)};
    if (status == Z_STREAM_END) {
      if (stream->avail_in == 0) return out.view();
      if (inflateReset(stream) != Z_OK) return damaged("damaged", *stream);  // another member follows
      continue;
    }
    if (status != Z_OK && status != Z_BUF_ERROR) return damaged("damaged", *stream);
    if (stream->avail_out > 0) return damaged("cut off", *stream);
    room = std::max<size_t>(out.size(), 16384);
  }
}

}  // namespace

HttpResult<std::string_view> unpack_body(std::string_view encoding, std::string_view body, size_t size_max,
                                         ByteBuffer& scratch) {
  if (body.empty() || encoding.empty() || equal_ignoring_case(encoding, "identity")) return body;
  if (equal_ignoring_case(encoding, "gzip") || equal_ignoring_case(encoding, "x-gzip") ||
      equal_ignoring_case(encoding, "deflate"))
    return inflate_all(body, size_max, scratch);
  return HttpFailure{415, "invalid",
                     fmt::format("Content-Encoding '{}' is not supported: send gzip, deflate or identity", encoding)};
}

}  // namespace mps::gateway
