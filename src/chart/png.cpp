#include "chart/png.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <vector>
#include <zlib.h>

namespace mps::chart {
namespace {

constexpr size_t kPaletteMax = 96;
constexpr uint32_t kRgb = 0xFFFFFFu;

// A hash table from colours to what is known about them; grows by doubling, never shrinks.
class ColourTable {
 public:
  uint32_t& operator[](uint32_t colour) {
    if (used_ * 2 >= slots_.size()) grow();
    Slot& slot = find(slots_, colour);
    if (slot.colour == kEmpty) {
      slot.colour = colour;
      ++used_;
    }
    return slot.value;
  }

  std::vector<std::pair<uint32_t, uint32_t>> entries() const {
    std::vector<std::pair<uint32_t, uint32_t>> all;
    for (const Slot& slot : slots_) {
      if (slot.colour != kEmpty) all.emplace_back(slot.colour, slot.value);
    }
    return all;
  }

 private:
  static constexpr uint32_t kEmpty = 0xFF000000u;  // no RGB value
  struct Slot {
    uint32_t colour = kEmpty;
    uint32_t value = 0;
  };

  static Slot& find(std::vector<Slot>& slots, uint32_t colour) {
    const size_t mask = slots.size() - 1;
    size_t at = (colour * 2654435761u) >> 7 & mask;
    while (slots[at].colour != colour && slots[at].colour != kEmpty) at = (at + 1) & mask;
    return slots[at];
  }

  void grow() {
    std::vector<Slot> larger(slots_.size() * 2);
    for (const Slot& slot : slots_) {
      if (slot.colour != kEmpty) find(larger, slot.colour) = slot;
    }
    slots_ = std::move(larger);
  }

  std::vector<Slot> slots_{1024};
  size_t used_ = 0;
};

// Calls `run(row, colour, begin, end)` for every run of equal pixels.
template <class Run>
void for_each_run(const PixelView& picture, Run run) {
  for (int y = 0; y < picture.height; ++y) {
    const uint32_t* row = picture.pixels.data() + static_cast<size_t>(y) * static_cast<size_t>(picture.stride);
    for (int begin = 0, end = 0; begin < picture.width; begin = end) {
      const uint32_t colour = row[begin] & kRgb;
      while (end < picture.width && (row[end] & kRgb) == colour) ++end;
      run(y, colour, begin, end);
    }
  }
}

int distance(uint32_t a, uint32_t b) {
  const auto channel = [](uint32_t colour, int shift) { return static_cast<int>(colour >> shift & 0xFFu); };
  const int red = channel(a, 16) - channel(b, 16), green = channel(a, 8) - channel(b, 8),
            blue = channel(a, 0) - channel(b, 0);
  return 3 * red * red + 6 * green * green + blue * blue;  // about what an eye weighs
}

// A colour of the picture, how many pixels have it, and the colour of the palette that stands for it.
struct Entry {
  uint32_t colour = 0, count = 0;
  uint32_t index = 0;
  int distance = std::numeric_limits<int>::max();
};

// Chooses the palette greedily: the next colour is the one whose pixels suffer most from those chosen so far. Leaves in
// each entry which one stands for it. Ties go to the smaller value.
std::vector<uint32_t> choose_palette(std::vector<Entry>& entries) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.colour < b.colour; });
  const auto most = [](const Entry& a, const Entry& b) { return a.count < b.count; };
  auto next = std::max_element(entries.begin(), entries.end(), most);
  std::vector<uint32_t> palette;
  while (next != entries.end() && palette.size() < kPaletteMax) {
    const uint32_t chosen = next->colour, index = static_cast<uint32_t>(palette.size());
    palette.push_back(chosen);
    uint64_t worst = 0;
    next = entries.end();
    for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
      if (const int to_chosen = distance(entry->colour, chosen); to_chosen < entry->distance) {
        entry->distance = to_chosen;
        entry->index = index;
      }
      const uint64_t harm = static_cast<uint64_t>(entry->count) * static_cast<uint64_t>(entry->distance);
      if (harm > worst) {
        worst = harm;
        next = entry;
      }
    }
  }
  return palette;
}

// One filter byte (0: none) and one palette index a pixel, row by row.
std::string to_indices(const PixelView& picture, ColourTable& indices) {
  const size_t row_bytes = static_cast<size_t>(picture.width) + 1;
  std::string rows(row_bytes * static_cast<size_t>(picture.height), '\0');
  for_each_run(picture, [&](int y, uint32_t colour, int begin, int end) {
    char* row = rows.data() + static_cast<size_t>(y) * row_bytes + 1;
    std::fill(row + begin, row + end, static_cast<char>(indices[colour]));
  });
  return rows;
}

Result<std::string> deflate_rows(const std::string& rows) {
  std::string packed(compressBound(rows.size()), '\0');
  uLongf size = packed.size();
  constexpr int kLevel = 6;
  const int code = compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                             reinterpret_cast<const Bytef*>(rows.data()), rows.size(), kLevel);
  if (code != Z_OK) return Error{ErrorCode::kInternal, "zlib could not compress a picture"};
  packed.resize(size);
  return packed;
}

void append_u32(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFFu));
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_u32(out, static_cast<uint32_t>(data.size()));
  const size_t begin = out.size();
  out.append(type).append(data);
  const auto checked = reinterpret_cast<const Bytef*>(out.data() + begin);
  append_u32(out, static_cast<uint32_t>(crc32(0, checked, static_cast<uInt>(out.size() - begin))));
}

std::string header_of(const PixelView& picture) {
  std::string header;
  append_u32(header, static_cast<uint32_t>(picture.width));
  append_u32(header, static_cast<uint32_t>(picture.height));
  header.append({8, 3, 0, 0, 0});  // 8 bits, palette, deflate, standard filters, not interlaced
  return header;
}

}  // namespace

Result<std::string> encode_png(const PixelView& picture) {
  ColourTable counts;  // later: indices
  for_each_run(picture,
               [&](int, uint32_t colour, int begin, int end) { counts[colour] += static_cast<uint32_t>(end - begin); });
  std::vector<Entry> entries;
  for (const auto& [colour, count] : counts.entries()) entries.push_back({colour, count});
  const std::vector<uint32_t> palette = choose_palette(entries);
  for (const Entry& entry : entries) counts[entry.colour] = entry.index;
  MPS_TRY(const std::string packed, deflate_rows(to_indices(picture, counts)));

  std::string colours;
  for (const uint32_t colour : palette) {
    for (int shift = 16; shift >= 0; shift -= 8) colours.push_back(static_cast<char>(colour >> shift & 0xFFu));
  }
  std::string file = "\x89PNG\r\n\x1a\n";
  append_chunk(file, "IHDR", header_of(picture));
  append_chunk(file, "PLTE", colours);
  append_chunk(file, "IDAT", packed);
  append_chunk(file, "IEND", "");
  return file;
}

}  // namespace mps::chart
