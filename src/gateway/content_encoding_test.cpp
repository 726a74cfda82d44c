#include "gateway/content_encoding.h"

#include <gtest/gtest.h>
#include <string>
#include <zlib.h>

#include "base/gzip.h"

namespace mps::gateway {
namespace {

constexpr size_t kMax = 1 << 20;

std::string zlib_packed(std::string_view data) {
  uLongf size = compressBound(static_cast<uLong>(data.size()));
  std::string out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
           static_cast<uLong>(data.size()));
  out.resize(size);
  return out;
}

TEST(UnpackBody, ReadsGzipZlibAndPlainBodies) {
  ByteBuffer scratch;
  for (const size_t size : {size_t{0}, size_t{1}, size_t{5000}, size_t{300000}, kMax}) {
    const std::string text(size, 'x');
    EXPECT_EQ(unpack_body("", text, kMax, scratch).value(), text);
    EXPECT_EQ(unpack_body("identity", text, kMax, scratch).value(), text);
    EXPECT_EQ(unpack_body("GZip", gzip(text), kMax, scratch).value(), text);
    EXPECT_EQ(unpack_body("deflate", zlib_packed(text), kMax, scratch).value(), text);
    EXPECT_EQ(unpack_body("gzip", gzip(text) + gzip("and more"), kMax + 8, scratch).value(), text + "and more");
  }
}

TEST(UnpackBody, StopsAGzipBombAtTheLimit) {
  const std::string bomb = gzip(std::string(8 << 20, '\0'), 9);
  ASSERT_LT(bomb.size(), 100000u);
  ByteBuffer scratch;
  const auto body = unpack_body("gzip", bomb, kMax, scratch);
  ASSERT_TRUE(body.has_error());
  EXPECT_EQ(body.error().status, 413);
  EXPECT_LT(scratch.capacity(), 4 * kMax);
}

TEST(UnpackBody, NamesDamage) {
  ByteBuffer scratch;
  const std::string packed = gzip("cpu usage=1 1\n");
  EXPECT_EQ(unpack_body("gzip", "", kMax, scratch).value(), "") << "a GET may have the header, and no body";
  for (size_t kept = 1; kept < packed.size(); ++kept) {
    const auto body = unpack_body("gzip", packed.substr(0, kept), kMax, scratch);
    ASSERT_TRUE(body.has_error()) << kept;
    EXPECT_EQ(body.error().status, 400);
  }
  std::string broken = packed;
  broken[broken.size() - 6] ^= 1;  // the checksum
  EXPECT_EQ(unpack_body("gzip", broken, kMax, scratch).error().status, 400);
  EXPECT_EQ(unpack_body("gzip", "plain text", kMax, scratch).error().status, 400);
  EXPECT_EQ(unpack_body("br", "x", kMax, scratch).error().status, 415);
  EXPECT_EQ(unpack_body("gzip", packed, kMax, scratch).value(), "cpu usage=1 1\n") << "after failures all works again";
}

}  // namespace
}  // namespace mps::gateway
