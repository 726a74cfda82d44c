#include "chart/png.h"

#include <algorithm>
#include <cstring>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "chart/pixels.h"

namespace mps::chart {
namespace {

constexpr size_t kPaletteMax = 96;
constexpr uint32_t kRgb = 0xFFFFFFu;
constexpr uint32_t kLevel = 1;
constexpr uint8_t kFilterNone = 0, kFilterUp = 2;

// A colour of the picture, how many pixels have it, and the colour of the palette that stands for it.
struct Entry {
  uint32_t colour = 0, count = 0;
  uint32_t index = 0;
  int distance = std::numeric_limits<int>::max();
};

// Numbers the colours of a picture in the order in which they are met. A hash table; grows by doubling, never shrinks.
class ColourNumbers {
 public:
  uint32_t operator[](uint32_t colour) {
    if (entries_.size() * 2 >= slots_.size()) grow();
    uint32_t& slot = find(slots_, colour);
    if (slot == kEmpty) {
      slot = static_cast<uint32_t>(entries_.size());
      entries_.push_back({colour});
    }
    return slot;
  }

  std::vector<Entry>& entries() { return entries_; }

 private:
  static constexpr uint32_t kEmpty = ~0u;

  uint32_t& find(std::vector<uint32_t>& slots, uint32_t colour) {
    const size_t mask = slots.size() - 1;
    size_t at = (colour * 2654435761u) >> 7 & mask;
    while (slots[at] != kEmpty && entries_[slots[at]].colour != colour) at = (at + 1) & mask;
    return slots[at];
  }

  void grow() {
    std::vector<uint32_t> larger(slots_.size() * 2, kEmpty);
    for (uint32_t number = 0; number < entries_.size(); ++number) find(larger, entries_[number].colour) = number;
    slots_ = std::move(larger);
  }

  std::vector<Entry> entries_;
  std::vector<uint32_t> slots_ = std::vector<uint32_t>(4096, kEmpty);
};

// Equal pixels beside each other in a row.
struct PixelRun {
  uint32_t colour = 0;  // its number
  uint32_t length = 0;
};

int run_end(const uint32_t* row, int begin, int width) {
  constexpr int kBlock = 16;  // looked at together, by vectors
  const uint32_t colour = row[begin];
  int end = begin + 1;
  while (end + kBlock <= width) {
    uint32_t differences = 0;
    for (int i = 0; i < kBlock; ++i) differences |= row[end + i] ^ colour;
    if ((differences & kRgb) != 0) break;
    end += kBlock;
  }
  while (end < width && ((row[end] ^ colour) & kRgb) == 0) ++end;
  return end;
}

// Row by row; the entries know afterwards how many pixels have each colour.
std::vector<PixelRun> runs_of(const PixelView& picture, ColourNumbers& colours) {
  std::vector<PixelRun> runs;
  for (int y = 0; y < picture.height; ++y) {
    const uint32_t* row = picture.pixels.data() + static_cast<size_t>(y) * static_cast<size_t>(picture.stride);
    for (int begin = 0, end = 0; begin < picture.width; begin = end) {
      end = run_end(row, begin, picture.width);
      runs.push_back({colours[row[begin] & kRgb], static_cast<uint32_t>(end - begin)});
    }
  }
  for (const PixelRun& run : runs) colours.entries()[run.colour].count += run.length;
  return runs;
}

int distance(uint32_t a, uint32_t b) {
  const auto channel = [](uint32_t colour, int shift) { return static_cast<int>(colour >> shift & 0xFFu); };
  const int red = channel(a, 16) - channel(b, 16), green = channel(a, 8) - channel(b, 8),
            blue = channel(a, 0) - channel(b, 0);
  return 3 * red * red + 6 * green * green + blue * blue;  // about what an eye weighs
}

// Chooses the palette greedily: the next colour is the one whose pixels suffer most from those chosen so far. Leaves in
// each entry which one stands for it. Ties go to the colour that was met first.
std::vector<uint32_t> choose_palette(std::vector<Entry>& entries) {
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

// In blocks, which become vectors.
void subtract(char* __restrict from, const char* __restrict what, size_t size) {
  constexpr size_t kBlock = 16;
  size_t i = 0;
  for (; i + kBlock <= size; i += kBlock) {
    for (size_t k = i; k < i + kBlock; ++k) from[k] = static_cast<char>(from[k] - what[k]);
  }
  for (; i < size; ++i) from[i] = static_cast<char>(from[i] - what[i]);
}

// One filter byte and one palette index a pixel, row by row, each row as the difference to that above: what goes
// straight down is zeros.
ScratchBytes to_indices(const PixelView& picture, std::span<const PixelRun> runs, std::span<const Entry> entries) {
  ScratchBytes rows((static_cast<size_t>(picture.width) + 1) * static_cast<size_t>(picture.height));
  char* to = rows.data();
  uint32_t left = 0;  // pixels of this row
  for (const PixelRun& run : runs) {
    if (left == 0) {
      *to = static_cast<char>(to == rows.data() ? kFilterNone : kFilterUp);
      ++to;
      left = static_cast<uint32_t>(picture.width);
    }
    std::memset(to, static_cast<int>(entries[run.colour].index), run.length);
    to += run.length;
    left -= run.length;
  }
  const size_t stride = static_cast<size_t>(picture.width) + 1;
  for (size_t begin = rows.size(); begin > stride; begin -= stride) {
    char* const row = &rows[begin - stride];
    subtract(row + 1, row + 1 - stride, stride - 1);
  }
  return rows;
}

Result<ScratchBytes> deflate_rows(const ScratchBytes& rows) {
  constexpr size_t kLevelBuffer = ISAL_DEF_LVL1_DEFAULT, kStoredBlock = 65535, kStoredHeader = 5, kEnds = 64;
  const auto stream = std::make_unique<isal_zstream>();  // some 80 kB
  std::vector<uint8_t> level_buffer(kLevelBuffer);
  ScratchBytes packed(rows.size() + (rows.size() / kStoredBlock + 1) * kStoredHeader + kEnds);
  isal_deflate_init(stream.get());
  stream->level = kLevel;
  stream->level_buf = level_buffer.data();
  stream->level_buf_size = kLevelBuffer;
  stream->gzip_flag = IGZIP_ZLIB;
  stream->end_of_stream = 1;
  stream->next_in = const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(rows.data()));  // it only reads
  stream->avail_in = static_cast<uint32_t>(rows.size());
  stream->next_out = reinterpret_cast<uint8_t*>(packed.data());
  stream->avail_out = static_cast<uint32_t>(packed.size());
  if (isal_deflate(stream.get()) != COMP_OK || stream->internal_state.state != ZSTATE_END)
    return Error{ErrorCode::kInternal, "a picture could not be compressed"};
  packed.resize(stream->total_out);
  return packed;
}

void append_u32(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFFu));
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_u32(out, static_cast<uint32_t>(data.size()));
  const size_t begin = out.size();
  out.append(type).append(data);
  append_u32(out, crc32_gzip_refl(0, reinterpret_cast<const uint8_t*>(out.data()) + begin, out.size() - begin));
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
  ColourNumbers numbers;
  const std::vector<PixelRun> runs = runs_of(picture, numbers);
  const std::vector<uint32_t> palette = choose_palette(numbers.entries());
  MPS_TRY(const ScratchBytes packed, deflate_rows(to_indices(picture, runs, numbers.entries())));

  std::string colours;
  for (const uint32_t colour : palette) {
    for (int shift = 16; shift >= 0; shift -= 8) colours.push_back(static_cast<char>(colour >> shift & 0xFFu));
  }
  std::string file = "\x89PNG\r\n\x1a\n";
  append_chunk(file, "IHDR", header_of(picture));
  append_chunk(file, "PLTE", colours);
  append_chunk(file, "IDAT", {packed.data(), packed.size()});
  append_chunk(file, "IEND", "");
  return file;
}

}  // namespace mps::chart
