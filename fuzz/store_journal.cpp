#include <cstdint>
#include <cstdlib>
#include <string>

#include "store/embedded/crc32c.h"
#include "store/embedded/group.h"
#include "store/embedded/journal.h"

namespace {

// Rows into heads, as the engine does, and out again.
struct Heads final : mps::store::JournalVisitor {
  void on_row(mps::store::GroupId group, int64_t time, std::span<const uint32_t> columns,
              std::span<const mps::Value> values) override {
    for (const uint32_t column : columns) {
      if (column > 1000) return;  // the engine knows how many columns a group has
    }
    heads[group % 4].append(time, columns, values);
    values_in += values.size();
  }
  void on_text(mps::ServerId, int64_t, std::string_view, std::string_view) override {}
  mps::store::HeadStream heads[4];
  size_t values_in = 0;
};

}  // namespace

// Any bytes behind a good checksum: an error or rows, no crash; and a head gives back as many values as it took.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string record(1, '\1');
  record.append(reinterpret_cast<const char*>(data), size);
  mps::store::append_u32(record, mps::store::crc32c(record));
  Heads heads;
  (void)mps::store::decode_record(record, heads);
  size_t values_out = 0;
  for (const auto& head : heads.heads) {
    head.visit(
        [&](int64_t, std::span<const uint32_t>, std::span<const mps::Value> values) { values_out += values.size(); });
  }
  if (values_out != heads.values_in) std::abort();
  return 0;
}
