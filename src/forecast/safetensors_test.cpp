#include "forecast/safetensors.h"

#include <gtest/gtest.h>

namespace mps::forecast {
namespace {

Safetensors sample() {
  Safetensors file;
  file.metadata["k\"ey"] = "väl\nue";
  file.tensors = {{"a", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"b", {}, {7}}, {"empty", {0, 4}, {}}};
  return file;
}

std::string file_of(std::string header, std::string data) {
  std::string bytes(8, '\0');
  for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> (8 * i) & 0xff);
  return bytes + header + data;
}

ErrorCode error_of(const std::string& bytes) {
  const auto result = read_safetensors(bytes);
  return result ? ErrorCode::kInternal : result.error().code;
}

TEST(Safetensors, WhatIsWrittenIsReadBack) {
  const auto read = read_safetensors(write_safetensors(sample())).value();
  EXPECT_EQ(read.metadata, sample().metadata);
  ASSERT_EQ(read.tensors.size(), 3u);
  EXPECT_EQ(read.find("a")->shape, (std::vector<size_t>{2, 3}));
  EXPECT_EQ(read.find("a")->values, sample().tensors[0].values);
  EXPECT_EQ(read.find("b")->values, std::vector<float>{7});
  EXPECT_TRUE(read.find("empty")->values.empty());
  EXPECT_EQ(read.find("c"), nullptr);
}

TEST(Safetensors, TheBytesAreThoseOfTheFormat) {
  Safetensors file;
  file.tensors = {{"x", {1}, {1.0f}}};
  const std::string header = R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  const auto padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  EXPECT_EQ(write_safetensors(file), file_of(padded, std::string("\0\0\x80\x3f", 4)));
}

TEST(Safetensors, DamageIsNamedNotRead) {
  const std::string data(8, 'x');
  const auto tensor = [&](const char* entry) { return error_of(file_of(std::string("{\"t\":") + entry + "}", data)); };
  EXPECT_EQ(error_of(""), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of("1234567"), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of(std::string(8, '\xff')), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of(file_of("[]", "")), ErrorCode::kCorrupt);
  EXPECT_EQ(error_of(file_of("{", "")), ErrorCode::kCorrupt);
  EXPECT_EQ(tensor("1"), ErrorCode::kCorrupt);
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[2]})"), ErrorCode::kCorrupt);
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), ErrorCode::kCorrupt);
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[3],"data_offsets":[0,12]})"), ErrorCode::kCorrupt);
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), ErrorCode::kCorrupt);
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"), ErrorCode::kCorrupt);
  EXPECT_EQ(tensor(R"({"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,8]})"), ErrorCode::kCorrupt);
  EXPECT_EQ(tensor(R"({"dtype":"F16","shape":[4],"data_offsets":[0,8]})"), ErrorCode::kInvalidArgument);
}

TEST(Safetensors, EveryPrefixOfAFileIsRefused) {
  const auto bytes = write_safetensors(sample());
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(read_safetensors(std::string_view(bytes).substr(0, length))) << length;
  }
}

}  // namespace
}  // namespace mps::forecast
