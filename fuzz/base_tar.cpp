#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/tar.h"

// Any bytes as a header: no crash; and what was understood is written and read back as the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string block(mps::kTarBlock, '\0');
  std::copy(data, data + std::min(size, block.size()), block.begin());
  const auto entry = mps::decode_tar_header(block);
  if (!entry || !*entry) return 0;
  const auto again = mps::decode_tar_header(mps::encode_tar_header(**entry, {}));
  if (!again || !*again || (*again)->name != (*entry)->name || (*again)->size != (*entry)->size) std::abort();
  return 0;
}
