#include "store/embedded/column.h"

#include <algorithm>

#include "store/embedded/decimal.h"
#include "store/embedded/range_coder.h"

namespace mps::store {
namespace {

constexpr uint8_t kSparse = 1, kManyRuns = 2;  // flags below the kind of the only run
// Kinds of run: the value types, then decimals of 0, 1, 2 ... digits.
constexpr uint8_t kDecimalKind = 4;
constexpr uint8_t kKindMax = kDecimalKind + kDecimalDigitsMax;

// The floats of a run as decimals of the fewest digits that hold all of them exactly; -1 where there are none.
int to_decimals(std::span<const Value> run, std::vector<int64_t>& out) {
  int digits = 0;
  for (size_t i = 0; i < run.size();) {
    if (to_decimal(run[i].as_double(), digits, out[i])) {
      ++i;
      continue;
    }
    digits = decimal_digits(run[i].as_double(), digits);
    if (digits < 0) return -1;
    i = 0;  // with more digits from the start; this happens a few times at most
  }
  return digits;
}

uint8_t to_integers(std::span<const Value> run, std::vector<int64_t>& out) {
  out.resize(run.size());
  const auto type = run[0].type();
  const int digits = type == ValueType::kFloat ? to_decimals(run, out) : -1;
  if (digits >= 0) return static_cast<uint8_t>(kDecimalKind + digits);
  for (size_t i = 0; i < run.size(); ++i) out[i] = static_cast<int64_t>(run[i].bits());
  return static_cast<uint8_t>(type);
}

Value from_integer(uint8_t kind, int64_t v) {
  if (kind >= kDecimalKind) return Value::of_float(from_decimal(v, kind - kDecimalKind));
  return Value::from_bits(static_cast<ValueType>(kind), static_cast<uint64_t>(v));
}

size_t run_length(std::span<const Value> values) {
  const auto other = [type = values[0].type()](const Value& v) { return v.type() != type; };
  return static_cast<size_t>(std::find_if(values.begin(), values.end(), other) - values.begin());
}

void write_presence(std::span<const uint8_t> present, std::string& out) {
  std::string bits;
  RangeEncoder rc(bits);
  std::array<BitModel, 2> models;
  bool before = true;
  for (const uint8_t flag : present) {
    rc.bit(models[before], flag != 0);
    before = flag != 0;
  }
  rc.finish();
  append_text(out, bits);
}

size_t read_presence(std::string_view bits, size_t rows, std::vector<uint8_t>& present) {
  RangeDecoder rc(bits);
  std::array<BitModel, 2> models;
  present.resize(rows);
  bool before = true;
  size_t count = 0;
  for (uint8_t& flag : present) {
    flag = before = rc.bit(models[before]);
    count += flag;
  }
  return count;
}

struct Parsed {
  uint8_t head = 0;
  size_t count = 0;  // of present values
  std::string_view body;
};

bool parse(std::string_view code, size_t rows, Parsed& parsed, std::vector<uint8_t>& present) {
  ByteReader in(code);
  parsed.head = in.byte();
  parsed.count = rows;
  present.clear();
  if ((parsed.head & kSparse) != 0) parsed.count = read_presence(in.text(), rows, present);
  parsed.body = in.bytes(in.left());
  return in.ok();
}

bool decode_run(uint8_t kind, std::string_view code, std::span<const int64_t> reference, std::vector<int64_t>& integers,
                size_t count, std::vector<Value>& out) {
  if (kind > kKindMax || count == 0) return false;
  integers.resize(count);
  if (!decode_integers(code, reference, integers)) return false;
  for (const int64_t v : integers) out.push_back(from_integer(kind, v));
  return true;
}

bool decode_runs(ByteReader in, size_t count, std::vector<Value>& out) {
  std::vector<int64_t> integers;
  while (!in.at_end()) {
    const uint8_t kind = in.byte();
    const uint64_t length = in.varint();
    if (length > count - out.size()) return false;
    if (!decode_run(kind, in.text(), {}, integers, length, out)) return false;
  }
  return in.ok() && out.size() == count;
}

// The integers of the column that another one refers to.
bool read_referred(std::string_view code, size_t rows, std::vector<int64_t>& out) {
  Parsed parsed;
  std::vector<uint8_t> present;
  if (!parse(code, rows, parsed, present) || (parsed.head & (kSparse | kManyRuns)) != 0) return false;
  out.resize(rows);
  return !reference_of(parsed.body) && decode_integers(parsed.body, {}, out);
}

// Puts the values where their rows are.
void spread(ColumnValues& column) {
  std::vector<Value> spread_out(column.present.size());
  size_t next = 0;
  for (size_t i = 0; i < spread_out.size(); ++i) {
    if (column.present[i] != 0) spread_out[i] = column.values[next++];
  }
  column.values = std::move(spread_out);
}

}  // namespace

CodedColumn encode_column(const ColumnValues& column, size_t begin, size_t end, std::span<const Reference> references,
                          std::string& out) {
  std::span<const Value> values = std::span(column.values).subspan(begin, end - begin);
  std::span<const uint8_t> present;
  if (!column.present.empty()) present = std::span(column.present).subspan(begin, end - begin);
  const bool sparse = std::find(present.begin(), present.end(), 0) != present.end();
  std::vector<Value> dense;
  if (sparse) {
    for (size_t i = 0; i < values.size(); ++i) {
      if (present[i] != 0) dense.push_back(values[i]);
    }
    values = dense;
  }
  const bool many = run_length(values) < values.size();
  CodedColumn coded;
  if (!many) {
    const uint8_t kind = to_integers(values, coded.integers);
    out += static_cast<char>(kind << 2 | (sparse ? kSparse : 0));
    if (sparse) write_presence(present, out);
    const bool refers = encode_integers(coded.integers, sparse ? std::span<const Reference>() : references, out);
    coded.may_be_referred = !sparse && !refers;
    return coded;
  }
  out += static_cast<char>(kManyRuns | (sparse ? kSparse : 0));
  if (sparse) write_presence(present, out);
  for (std::span<const Value> rest = values; !rest.empty();) {
    const size_t length = run_length(rest);
    std::string code;
    out += static_cast<char>(to_integers(rest.first(length), coded.integers));
    encode_integers(coded.integers, {}, code);
    append_varint(out, length);
    append_text(out, code);
    rest = rest.subspan(length);
  }
  return coded;
}

bool decode_column(std::string_view code, size_t rows, const CodeOf& code_of, ColumnValues& out) {
  Parsed parsed;
  out.values.clear();
  if (!parse(code, rows, parsed, out.present) || parsed.count == 0) return false;
  if ((parsed.head & kManyRuns) != 0) {
    if (!decode_runs(ByteReader(parsed.body), parsed.count, out.values)) return false;
  } else {
    std::vector<int64_t> reference, integers;
    const auto referred = reference_of(parsed.body);
    if (referred && !read_referred(code_of(*referred), rows, reference)) return false;
    if (!decode_run(parsed.head >> 2, parsed.body, reference, integers, parsed.count, out.values)) return false;
  }
  if (!out.present.empty()) spread(out);
  return true;
}

}  // namespace mps::store
