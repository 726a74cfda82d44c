#include "base/tar.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>

#include "testing/temporary_folder.h"

namespace mps {
namespace {

const Timestamp kWhen(std::chrono::seconds(1'795'334'400));

std::string archive_of(const std::string& name, const std::string& content) {
  std::string bytes = encode_tar_header({name, content.size()}, kWhen) + content;
  bytes.append(tar_padding(content.size()), '\0');
  return bytes.append(2 * kTarBlock, '\0');
}

TEST(Tar, AHeaderComesBack) {
  for (const uint64_t size :
       {uint64_t{0}, uint64_t{513}, uint64_t{077777777777}, uint64_t{1} << 33, uint64_t{1} << 60}) {
    const auto entry = decode_tar_header(encode_tar_header({"models/server-7.safetensors", size}, kWhen));
    ASSERT_TRUE(entry && *entry) << size;
    EXPECT_EQ((*entry)->name, "models/server-7.safetensors");
    EXPECT_EQ((*entry)->size, size);
  }
}

// The example of docs/format/backup.md.
TEST(Tar, TheDocumentedHeaderIsWritten) {
  const std::string header = encode_tar_header({"MPS-BACKUP", 34}, kWhen);
  EXPECT_EQ(header.substr(0, 12), std::string("MPS-BACKUP\0\0", 12));
  EXPECT_EQ(header.substr(100, 8), std::string("0000600\0", 8));
  EXPECT_EQ(header.substr(124, 24), std::string("00000000042\00015300520400\0", 24));
  EXPECT_EQ(header.substr(156, 1), "0");
  EXPECT_EQ(header.substr(257, 8), std::string("ustar\00000", 8));
}

TEST(Tar, ContentIsPaddedToBlocks) {
  EXPECT_EQ(tar_padding(0), 0u);
  EXPECT_EQ(tar_padding(1), 511u);
  EXPECT_EQ(tar_padding(512), 0u);
  EXPECT_EQ(tar_padding(513), 511u);
}

TEST(Tar, TheEndIsABlockOfZeros) {
  const auto end = decode_tar_header(std::string(kTarBlock, '\0'));
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, std::nullopt);
}

bool operator==(const TarEntry& a, const TarEntry& b) {
  return a.name == b.name && a.size == b.size;
}

TEST(Tar, EveryFlippedByteOfAHeaderIsSeen) {
  const std::string header = encode_tar_header({"samples.db", 12345}, kWhen);
  for (size_t i = 0; i < header.size(); ++i) {
    std::string damaged = header;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x11);
    const auto entry = decode_tar_header(damaged);
    EXPECT_TRUE(!entry || (*entry && **entry == TarEntry{"samples.db", 12345})) << "byte " << i;
  }
}

TEST(Tar, WhatIsNoPlainFileIsRefused) {
  std::string link = encode_tar_header({"samples.db", 0}, kWhen);
  link[156] = '2';  // a symbolic link
  link[153] += 2;   // and its checksum
  EXPECT_EQ(decode_tar_header(link).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(decode_tar_header("short").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(decode_tar_header(std::string(kTarBlock, 'x')).error().code, ErrorCode::kCorrupt);
}

TEST(Tar, TheProgramTarReadsIt) {
  testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "a.tar", std::ios::binary) << archive_of("models/hello.txt", "hello\n");
  const std::string command =
      "cd " + folder.path().string() + " && tar -xf a.tar && test \"$(cat models/hello.txt)\" = hello";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace mps
