#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

// The safetensors file format (github.com/huggingface/safetensors): header length as u64 little endian, a JSON header,
// then the numbers. Float32 alone.
namespace mps::forecast {

struct NamedTensor {
  std::string name;
  std::vector<size_t> shape;
  std::vector<float> values;  // row by row
};

struct Safetensors {
  std::vector<NamedTensor> tensors;             // in file order
  std::map<std::string, std::string> metadata;  // "__metadata__"

  const NamedTensor* find(std::string_view name) const;
};

std::string write_safetensors(const Safetensors& file);

// Fails with kCorrupt where lengths, offsets or the header make no sense (or the file is over 1 GiB),
// kInvalidArgument for tensors that are not F32.
Result<Safetensors> read_safetensors(std::string_view bytes);

}  // namespace mps::forecast
