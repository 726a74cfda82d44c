#include "forecast/safetensors.h"

#include <algorithm>
#include <bit>
#include <boost/json.hpp>
#include <cstring>

namespace mps::forecast {
namespace {

namespace json = boost::json;
constexpr size_t kFileMax = size_t(1) << 30;
constexpr size_t kHeaderMax = 16 << 20;
static_assert(std::endian::native == std::endian::little, "the numbers are copied as they lie");

Error damaged(std::string_view why) {
  return {ErrorCode::kCorrupt, "the model file is damaged: " + std::string(why)};
}

Result<NamedTensor> read_tensor(std::string_view name, const json::value& entry, std::string_view data) {
  const auto* object = entry.if_object();
  const auto* type = object == nullptr ? nullptr : object->if_contains("dtype");
  const auto* shape = object == nullptr ? nullptr : object->if_contains("shape");
  const auto* place = object == nullptr ? nullptr : object->if_contains("data_offsets");
  if (type == nullptr || !type->is_string() || shape == nullptr || !shape->is_array() || place == nullptr ||
      !place->is_array() || place->get_array().size() != 2) {
    return damaged("the header does not say what tensor " + std::string(name) + " is");
  }
  if (type->get_string() != "F32") {
    return Error{ErrorCode::kInvalidArgument, "tensor " + std::string(name) + " is " + std::string(type->get_string()) +
                                                  "; a model of MPS holds F32 alone"};
  }
  NamedTensor tensor{std::string(name), {}, {}};
  size_t count = 1;
  for (const auto& side : shape->get_array()) {
    boost::system::error_code error;
    const auto length = side.to_number<uint64_t>(error);
    if (error || (length > 0 && count > kFileMax / length)) return damaged("a tensor's shape makes no sense");
    tensor.shape.push_back(length);
    count *= length;
  }
  boost::system::error_code error_from, error_to;
  const auto from = place->get_array()[0].to_number<uint64_t>(error_from);
  const auto to = place->get_array()[1].to_number<uint64_t>(error_to);
  if (error_from || error_to || from > to || to > data.size() || to - from != count * sizeof(float)) {
    return damaged("tensor " + std::string(name) + " does not fit its place in the file");
  }
  tensor.values.resize(count);
  if (count > 0) std::memcpy(tensor.values.data(), data.data() + from, count * sizeof(float));
  return tensor;
}

}  // namespace

const NamedTensor* Safetensors::find(std::string_view name) const {
  const auto it = std::find_if(tensors.begin(), tensors.end(), [&](const NamedTensor& t) { return t.name == name; });
  return it == tensors.end() ? nullptr : &*it;
}

std::string write_safetensors(const Safetensors& file) {
  json::object header;
  json::object metadata;
  for (const auto& [key, value] : file.metadata) metadata[key] = value;
  if (!metadata.empty()) header["__metadata__"] = std::move(metadata);
  uint64_t offset = 0;
  for (const auto& t : file.tensors) {
    const uint64_t size = t.values.size() * sizeof(float);
    json::array shape;
    for (const size_t side : t.shape) shape.push_back(static_cast<uint64_t>(side));
    header[t.name] = {{"dtype", "F32"}, {"shape", std::move(shape)}, {"data_offsets", {offset, offset + size}}};
    offset += size;
  }
  std::string text = json::serialize(header);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const uint64_t length = text.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  bytes += text;
  bytes.reserve(bytes.size() + offset);
  for (const auto& t : file.tensors) {
    const size_t size = t.values.size() * sizeof(float), at = bytes.size();
    bytes.resize(at + size);
    if (size > 0) std::memcpy(bytes.data() + at, t.values.data(), size);
  }
  return bytes;
}

Result<Safetensors> read_safetensors(std::string_view bytes) {
  uint64_t length = 0;
  if (bytes.size() < sizeof length || bytes.size() > kFileMax) return damaged("its size cannot be right");
  std::memcpy(&length, bytes.data(), sizeof length);
  bytes.remove_prefix(sizeof length);
  if (length > bytes.size() || length > kHeaderMax) return damaged("it ends within its header");
  boost::system::error_code error;
  const auto header = json::parse(bytes.substr(0, length), error);
  if (error || !header.is_object()) return damaged("its header is not JSON");
  const auto data = bytes.substr(length);
  Safetensors file;
  for (const auto& [name, entry] : header.get_object()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) return damaged("its metadata is not an object");
      for (const auto& [key, value] : entry.get_object()) {
        if (!value.is_string()) return damaged("its metadata holds something else than text");
        file.metadata[std::string(key)] = std::string(value.get_string());
      }
      continue;
    }
    MPS_TRY(auto tensor, read_tensor(name, entry, data));
    file.tensors.push_back(std::move(tensor));
  }
  return file;
}

}  // namespace mps::forecast
