#include "store/influxdb/journal_reader.h"

#include <algorithm>
#include <unordered_map>

#include "base/log.h"
#include "store/embedded/journal.h"
#include "store/embedded/storage.h"

namespace mps::store {
namespace {

struct RowOfGroup {
  GroupId group;
  int64_t time;
  friend bool operator==(const RowOfGroup&, const RowOfGroup&) = default;
};
struct HashRow {
  size_t operator()(const RowOfGroup& row) const {
    return static_cast<size_t>(row.time) * 0x9E3779B97F4A7C15u + row.group;
  }
};

// Gathers points; what comes later takes the place of what was there.
class PointGatherer final : public JournalVisitor {
 public:
  PointGatherer(std::vector<JournalPoint>& points, uint64_t& samples) : points_(points), samples_(samples) {}

  void on_row(GroupId group, int64_t time, std::span<const uint32_t> columns, std::span<const Value> values) override {
    samples_ += values.size();
    const auto [place, is_new] = places_.try_emplace({group, time}, points_.size());
    if (is_new) points_.push_back({group, time, {}});
    auto& fields = points_[place->second].fields;
    for (size_t i = 0; i < values.size(); ++i) {
      const uint32_t column = columns.empty() ? static_cast<uint32_t>(i) : columns[i];
      const auto known = is_new ? fields.end()
                                : std::find_if(fields.begin(), fields.end(),
                                               [column](const auto& field) { return field.first == column; });
      if (known != fields.end()) {
        known->second = values[i];
      } else {
        fields.emplace_back(column, values[i]);
      }
    }
  }
  void on_text(ServerId, int64_t, std::string_view, std::string_view) override {}

 private:
  std::vector<JournalPoint>& points_;
  uint64_t& samples_;
  std::unordered_map<RowOfGroup, size_t, HashRow> places_;
};

class SampleCounter final : public JournalVisitor {
 public:
  explicit SampleCounter(uint64_t& samples) : samples_(samples) {}
  void on_row(GroupId, int64_t, std::span<const uint32_t>, std::span<const Value> values) override {
    samples_ += values.size();
  }
  void on_text(ServerId, int64_t, std::string_view, std::string_view) override {}

 private:
  uint64_t& samples_;
};

}  // namespace

Result<JournalReader> JournalReader::open(const std::filesystem::path& path) {
  JournalReader reader;
  MPS_TRY(reader.database_, Database::open(path.string(), "", true));
  MPS_TRY(reader.select_,
          reader.database_.prepare("SELECT seq, data FROM journal WHERE seq > ? AND seq > 0 ORDER BY seq"));
  MPS_TRY(reader.select_group_,
          reader.database_.prepare("SELECT server, name, columns FROM series_group WHERE id = ?"));
  return reader;
}

Result<JournalPiece> JournalReader::read_after(int64_t seq, size_t points_max) {
  JournalPiece piece;
  PointGatherer gatherer(piece.points, piece.read.samples);
  const auto gather = [&]() -> Result<void> {
    select_.bind(1, seq);
    for (;;) {
      MPS_TRY(const bool row, select_.step());
      if (!row) return {};
      if (piece.points.size() >= points_max) {
        piece.more = true;
        return {};
      }
      if (const auto read = decode_record(select_.bytes(1), gatherer); !read)
        log::error("journal record {}: {}", select_.integer(0), read.error().message);
      piece.last_seq = select_.integer(0);
      piece.read.bytes += select_.bytes(1).size();
    }
  };
  // One transaction, so that names and records are of one moment.
  MPS_TRY_VOID(database_.execute("BEGIN"));
  auto result = gather();
  select_.reset();
  std::vector<JournalPoint> known;
  for (JournalPoint& point : piece.points) {
    if (!result) break;
    uint32_t columns = 0;
    for (const auto& [column, value] : point.fields) columns = std::max(columns, column + 1);
    const auto names = find_group(point.group, columns);
    if (!names) result = names.error();
    if (!names || *names == nullptr) continue;
    piece.samples += point.fields.size();
    known.push_back(std::move(point));
  }
  piece.points = std::move(known);
  if (const auto ended = database_.execute("COMMIT"); !ended && result) result = ended.error();
  if (!result) return result.error();
  piece.read.last_seq = piece.last_seq;
  return piece;
}

// Null for a group that was removed with its server.
Result<const GroupNames*> JournalReader::find_group(GroupId group, size_t columns) {
  const auto kept = groups_.find(group);
  if (kept != groups_.end() && kept->second.columns.size() >= columns) return &kept->second;
  select_group_.bind(1, group);
  MPS_TRY(const bool row, select_group_.step());
  if (!row) return nullptr;
  GroupNames names;
  names.server = ServerId{select_group_.integer(0)};
  auto key = SeriesKey::parse(std::string(select_group_.bytes(1)) + " -");  // the field that group_text leaves out
  const auto fields = decode_columns(select_group_.bytes(2));
  select_group_.reset();
  if (!key || !fields || fields->size() < columns) {
    log::error("series group {} is damaged; its samples are not sent on", group);
    return nullptr;
  }
  names.key = std::move(*key);
  names.key.field.clear();
  names.columns = *fields;
  return &(groups_[group] = std::move(names));
}

Result<JournalReader::Extent> JournalReader::extent() {
  Extent extent;
  MPS_TRY(extent.first, database_.query_integer("SELECT coalesce(min(seq), 0) FROM journal WHERE seq > 0"));
  MPS_TRY(extent.last, database_.query_integer("SELECT max(coalesce((SELECT max(seq) FROM journal), 0), "
                                               "coalesce((SELECT max(sealed_seq) FROM server_state), 0))"));
  return extent;
}

Result<JournalAmount> JournalReader::amount_after(int64_t seq) {
  JournalAmount amount;
  SampleCounter counter(amount.samples);
  select_.bind(1, seq);
  for (;;) {
    const auto row = select_.step();
    if (!row || !*row) select_.reset();
    if (!row) return row.error();
    if (!*row) return amount;
    (void)decode_record(select_.bytes(1), counter);  // whoever sends it says what is damaged
    amount.last_seq = select_.integer(0);
    amount.bytes += select_.bytes(1).size();
  }
}

}  // namespace mps::store
