#include "store/embedded/integers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "store/embedded/range_coder.h"

namespace mps::store {
namespace {

constexpr uint8_t kOrderMask = 3, kAllZero = 4, kDivided = 8, kReferred = 16;
constexpr double kFactorMax = 1 << 24;
constexpr uint64_t kReferenceBits = 48, kStepBits = 16;  // of what a reference, or order 2, adds to the header

__extension__ typedef __int128 int128;

// `factor` has 32 binary places.
int64_t predicted_step(int64_t reference_step, int64_t factor) {
  const int128 product = static_cast<int128>(reference_step) * factor + (int64_t{1} << 31);
  return static_cast<int64_t>(product >> 32);
}

// How a sequence is turned into residuals.
struct Plan {
  unsigned order = 0;                    // 0: from the first value; 1: steps; 2: differences of steps
  const Reference* reference = nullptr;  // with order 1
  int64_t factor = 0;
};

size_t first_coded(const Plan& plan) {
  return plan.order == 2 ? 2 : 1;
}

void residuals(std::span<const int64_t> v, const Plan& plan, std::vector<int64_t>& out) {
  out.clear();
  for (size_t i = first_coded(plan); i < v.size(); ++i) {
    int64_t r = wrapped_minus(v[i], plan.order == 0 ? v[0] : v[i - 1]);
    if (plan.order == 2) r = wrapped_minus(r, wrapped_minus(v[i - 1], v[i - 2]));
    if (plan.reference != nullptr) {
      const auto& x = plan.reference->values;
      r = wrapped_minus(r, predicted_step(wrapped_minus(x[i], x[i - 1]), plan.factor));
    }
    out.push_back(r);
  }
}

uint64_t divisor(std::span<const int64_t> residual) {
  uint64_t common = 0;
  for (const int64_t r : residual) {
    const uint64_t size = r < 0 ? 0 - static_cast<uint64_t>(r) : static_cast<uint64_t>(r);
    if (common != 0 && size % common == 0) continue;
    common = std::gcd(common, size);
    if (common == 1) return 1;
  }
  return common;
}

// Bits that the residuals will take, roughly.
uint64_t cost(std::span<const int64_t> residual) {
  const uint64_t common = divisor(residual);
  uint64_t bits = common > 1 ? 24 : 0;
  const unsigned spared = common > 1 ? static_cast<unsigned>(std::bit_width(common)) - 1 : 0;
  for (const int64_t r : residual) {
    const auto width = static_cast<unsigned>(std::bit_width(zigzag(r)));
    bits += width == 0 ? 0 : width - std::min(width - 1, spared) + 1;
  }
  return bits;
}

// Least squares of the steps: step(v) = factor * step(x). Nothing when they are hardly related.
std::optional<int64_t> fit(std::span<const int64_t> v, std::span<const int64_t> x) {
  double xx = 0, xy = 0, yy = 0;
  for (size_t i = 1; i < v.size(); ++i) {
    const auto dx = static_cast<double>(wrapped_minus(x[i], x[i - 1])),
               dy = static_cast<double>(wrapped_minus(v[i], v[i - 1]));
    xx += dx * dx, xy += dx * dy, yy += dy * dy;
  }
  if (xx == 0 || yy == 0 || xy * xy < 0.3 * xx * yy) return std::nullopt;
  const double factor = xy / xx;
  if (!(std::fabs(factor) < kFactorMax)) return std::nullopt;
  return std::llrint(factor * 4294967296.0);
}

// Widths of residuals in a binary tree, the bit below the leading one with a model of its own; the rest is noise.
class ResidualModel {
 public:
  static constexpr unsigned kWidthBitsMax = 7;

  // No residual is wider than 2^width_bits - 1.
  explicit ResidualModel(unsigned width_bits) : width_bits_(width_bits) {}

  template <class Code>  // Code: bit(model, bit) and direct(bits, count), returning what was coded
  uint64_t code(Code& coder, uint64_t u) {
    const uint64_t width = this->width(coder, static_cast<uint64_t>(std::bit_width(u)));
    context_ = width == 0 ? 0 : 1;
    if (width <= 1 || width > 64) return width == 0 ? 0 : 1;
    const auto rest = static_cast<unsigned>(width) - 2;
    const auto second = static_cast<uint64_t>(coder.bit(second_bits_[width], (u >> rest & 1) != 0));
    const uint64_t low = rest == 0 ? 0 : coder.direct(u & ((uint64_t{1} << rest) - 1), rest);
    return (uint64_t{2} | second) << rest | low;
  }

 private:
  template <class Code>
  uint64_t width(Code& coder, uint64_t symbol) {
    uint64_t node = 1;
    for (unsigned i = width_bits_; i-- > 0;) {
      node = node << 1 | static_cast<uint64_t>(coder.bit(widths_[context_][node], (symbol >> i & 1) != 0));
    }
    return node - (uint64_t{1} << width_bits_);
  }

  const unsigned width_bits_;
  std::array<std::array<BitModel, 1 << kWidthBitsMax>, 2> widths_;
  std::array<BitModel, 65> second_bits_;
  unsigned context_ = 0;
};

struct Writing {
  RangeEncoder rc;
  bool bit(BitModel& model, bool bit) {
    rc.bit(model, bit);
    return bit;
  }
  uint64_t direct(uint64_t bits, unsigned count) {
    rc.direct(bits, count);
    return bits;
  }
};

struct Reading {
  RangeDecoder rc;
  bool bit(BitModel& model, bool) { return rc.bit(model); }
  uint64_t direct(uint64_t, unsigned count) { return rc.direct(count); }
};

Plan choose_plan(std::span<const int64_t> v, std::span<const Reference> references, std::vector<int64_t>& residual) {
  Plan best;
  uint64_t cost_best = ~uint64_t{0};
  const auto consider = [&](const Plan& plan) {
    residuals(v, plan, residual);
    const uint64_t header = plan.reference != nullptr ? kReferenceBits : plan.order == 2 ? kStepBits : 0;
    if (const uint64_t bits = header + cost(residual); bits < cost_best) best = plan, cost_best = bits;
  };
  consider({1});
  if (cost_best == 0) return {0};  // constant
  consider({0});
  consider({2});
  for (const Reference& reference : references) {
    if (cost_best == 0) break;
    const auto factor = fit(v, reference.values);
    if (factor) consider({1, &reference, *factor});
  }
  return best;
}

struct Header {
  uint8_t flags = 0;
  uint32_t reference = 0;
  int64_t factor = 0, first = 0, step = 0;
  uint64_t common = 1;
};

Header read_header(ByteReader& in) {
  Header h;
  h.flags = in.byte();
  if ((h.flags & kReferred) != 0) {
    h.reference = static_cast<uint32_t>(in.varint());
    h.factor = in.signed_varint();
  }
  h.first = in.signed_varint();
  if ((h.flags & kOrderMask) == 2) h.step = in.signed_varint();
  if ((h.flags & kDivided) != 0) h.common = in.varint();
  return h;
}

void write_residuals(std::span<const int64_t> residual, uint64_t common, std::string& out) {
  const auto coded = [common](int64_t r) { return zigzag(common > 1 ? r / static_cast<int64_t>(common) : r); };
  uint64_t all = 0;
  for (const int64_t r : residual) all |= coded(r);
  const auto width_bits = static_cast<unsigned>(std::bit_width(static_cast<unsigned>(std::bit_width(all))));
  out += static_cast<char>(width_bits);
  Writing writing{RangeEncoder(out)};
  ResidualModel model(width_bits);
  for (const int64_t r : residual) model.code(writing, coded(r));
  writing.rc.finish();
}

}  // namespace

bool encode_integers(std::span<const int64_t> values, std::span<const Reference> references, std::string& out) {
  thread_local std::vector<int64_t> residual;
  const Plan plan = choose_plan(values, references, residual);
  residuals(values, plan, residual);
  uint64_t common = divisor(residual);
  if (common > static_cast<uint64_t>(INT64_MAX)) common = 1;
  const bool all_zero = common == 0;
  const size_t flags_at = out.size();
  out += static_cast<char>(plan.order | (all_zero ? kAllZero : 0) | (common > 1 ? kDivided : 0) |
                           (plan.reference != nullptr ? kReferred : 0));
  if (plan.reference != nullptr) {
    append_varint(out, plan.reference->column);
    append_varint(out, zigzag(plan.factor));
  }
  append_varint(out, zigzag(values[0]));
  if (plan.order == 2) append_varint(out, zigzag(values.size() > 1 ? wrapped_minus(values[1], values[0]) : 0));
  if (common > 1) append_varint(out, common);
  if (!all_zero) write_residuals(residual, common, out);
  return (out[flags_at] & kReferred) != 0;
}

std::optional<uint32_t> reference_of(std::string_view code) {
  if (code.empty() || (static_cast<uint8_t>(code[0]) & kReferred) == 0) return std::nullopt;
  ByteReader in(code);
  const Header header = read_header(in);
  return in.ok() ? std::optional(header.reference) : std::nullopt;
}

bool decode_integers(std::string_view code, std::span<const int64_t> reference, std::span<int64_t> values) {
  ByteReader in(code);
  const Header h = read_header(in);
  const unsigned order = h.flags & kOrderMask;
  const bool referred = (h.flags & kReferred) != 0;
  if (!in.ok() || values.empty() || order > 2 || (referred && reference.size() != values.size())) return false;
  const bool all_zero = (h.flags & kAllZero) != 0;
  const unsigned width_bits = all_zero ? 0 : in.byte();
  if (width_bits > ResidualModel::kWidthBitsMax) return false;
  Reading reading{RangeDecoder(in.bytes(in.left()))};
  ResidualModel model(width_bits);
  values[0] = h.first;
  int64_t step = h.step;
  if (order == 2 && values.size() > 1) values[1] = wrapped_plus(h.first, step);
  for (size_t i = order == 2 ? 2 : 1; i < values.size(); ++i) {
    int64_t r = 0;
    if (!all_zero) {
      r = unzigzag(model.code(reading, 0));
      if (h.common > 1) r = static_cast<int64_t>(static_cast<uint64_t>(r) * h.common);
    }
    if (referred) r = wrapped_plus(r, predicted_step(wrapped_minus(reference[i], reference[i - 1]), h.factor));
    if (order == 2) r = step = wrapped_plus(step, r);
    values[i] = wrapped_plus(order == 0 ? h.first : values[i - 1], r);
  }
  return true;
}

}  // namespace mps::store
