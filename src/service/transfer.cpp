#include "service/transfer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.h"
#include "metric/resource.h"
#include "wire/line_writer.h"

namespace mps::service {
namespace {

constexpr size_t kRowsPerBatch = 2000;
constexpr size_t kExportPieceBytes = 64 << 10;

const Resource* resource_of_column(const std::string& column, const std::map<std::string, std::string>& mapping) {
  if (const auto named = mapping.find(column); named != mapping.end()) return find_resource(named->second);
  for (const Resource& resource : resources()) {
    if (std::find(resource.csv_columns.begin(), resource.csv_columns.end(), column) != resource.csv_columns.end())
      return &resource;
  }
  return nullptr;
}

Result<void> check_mapping(const TimeTable& table, const std::map<std::string, std::string>& mapping) {
  for (const auto& [column, resource] : mapping) {
    if (std::find(table.columns.begin(), table.columns.end(), column) == table.columns.end()) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("the file has no column '{}'; it has: {}", column, fmt::join(table.columns, ", "))};
    }
    if (find_resource(resource) != nullptr) continue;
    std::string known;
    for (const Resource& each : resources()) known += (known.empty() ? "" : ", ") + std::string(each.name);
    return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is not a resource; there are: {}", resource, known)};
  }
  return {};
}

struct MappedColumn {
  size_t index;
  const Resource* resource;
};

size_t add_row(const TimeTable& table, const std::vector<MappedColumn>& columns, size_t row, ServerId server,
               Duration shift, PointBatch& batch) {
  Point point;
  point.measurement = "imported";
  point.server = server;
  point.time = table.times[row] + shift;
  point.fields_begin = static_cast<uint32_t>(batch.all_fields.size());
  for (const MappedColumn& column : columns) {
    const double value = table.values[column.index][row];
    if (std::isfinite(value)) batch.all_fields.push_back({column.resource->name, Value::of_float(value)});
  }
  point.fields_end = static_cast<uint32_t>(batch.all_fields.size());
  const size_t count = point.fields_end - point.fields_begin;
  if (count > 0) batch.points.push_back(point);
  return count;
}

// The series of one measurement and set of tags.
struct Group {
  const SeriesKey* key;
  std::vector<const SeriesKey*> fields;
};

std::vector<Group> group_series(const std::vector<SeriesKey>& series) {
  std::vector<Group> groups;
  for (const SeriesKey& key : series) {  // sorted: those of one group stand together
    if (groups.empty() || groups.back().key->measurement != key.measurement || groups.back().key->tags != key.tags)
      groups.push_back({&key, {}});
    groups.back().fields.push_back(&key);
  }
  return groups;
}

std::string value_text(const Value& value) {
  switch (value.type()) {
    case ValueType::kFloat:
      return format_number(value.as_double());
    case ValueType::kInteger:
      return std::to_string(value.as_integer());
    case ValueType::kUnsigned:
      return std::to_string(value.bits());
    case ValueType::kBoolean:
      break;
  }
  return value.bits() != 0 ? "true" : "false";
}

// Collects output and hands it on in pieces.
class Writer {
 public:
  explicit Writer(const std::function<void(std::string_view)>& write) : write_(write) {}
  ~Writer() { flush(); }
  std::string& buffer() { return buffer_; }
  void flush_if_full() {
    if (buffer_.size() >= kExportPieceBytes) flush();
  }
  void flush() {
    if (!buffer_.empty()) write_(buffer_);
    buffer_.clear();
  }

 private:
  const std::function<void(std::string_view)>& write_;
  std::string buffer_;
};

using Columns = std::vector<std::vector<Sample>>;  // of the fields of one group

void write_lines(const Group& group, const Columns& columns, const Server& server, Writer& out) {
  std::vector<Tag> tags;
  for (const auto& [name, value] : group.key->tags) tags.push_back({name, value});
  tags.push_back({"host", server.name});
  std::sort(tags.begin(), tags.end(), [](const Tag& a, const Tag& b) { return a.name < b.name; });
  std::vector<size_t> next(columns.size(), 0);
  for (;;) {
    std::optional<Timestamp> time;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (next[i] < columns[i].size() && (!time || columns[i][next[i]].time < *time)) time = columns[i][next[i]].time;
    }
    if (!time) return;
    std::vector<Field> fields;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (next[i] < columns[i].size() && columns[i][next[i]].time == *time)
        fields.push_back({group.fields[i]->field, columns[i][next[i]++].value});
    }
    wire::append_line(out.buffer(), group.key->measurement, tags, fields, time, wire::Unsigned::kSuffix);
    out.flush_if_full();
  }
}

void write_cells(const Group& group, const Columns& columns, Writer& out) {
  std::string tags;
  for (const auto& [name, value] : group.key->tags) tags += (tags.empty() ? "" : ",") + name + "=" + value;
  const std::string measurement = csv_cell(group.key->measurement), tag_cell = csv_cell(tags);
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::string field = csv_cell(group.fields[i]->field);
    for (const Sample& sample : columns[i]) {
      fmt::format_to(std::back_inserter(out.buffer()), "{},{},{},{},{}\n", format_rfc3339(sample.time), measurement,
                     tag_cell, field, value_text(sample.value));
      out.flush_if_full();
    }
  }
}

}  // namespace

Duration shift_to_now(const TimeTable& table, Timestamp now) {
  const Duration cell = std::chrono::minutes(5);
  return (now - table.times.back()) / cell * cell;
}

Result<ImportReport> import_table(store::SampleStore& store, ServerId server, const TimeTable& table,
                                  const std::map<std::string, std::string>& mapping, Duration shift, Timestamp now) {
  MPS_TRY_VOID(check_mapping(table, mapping));
  ImportReport report;
  std::vector<MappedColumn> columns;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (const Resource* resource = resource_of_column(table.columns[i], mapping)) {
      columns.push_back({i, resource});
      report.mapped[table.columns[i]] = resource->name;
    } else {
      report.columns_left_out.push_back(table.columns[i]);
    }
  }
  if (columns.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("no column belongs to a resource; say which one does: --map COLUMN=RESOURCE (columns: {})",
                             fmt::join(table.columns, ", "))};
  }
  if (table.times.back() + shift > now + std::chrono::minutes(10)) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("the file ends at {}, in the future; --shift-to-now moves it",
                                                          format_rfc3339(table.times.back() + shift))};
  }
  report.range = {table.times.front() + shift, table.times.back() + shift + Duration(1)};
  for (size_t row = 0; row < table.times.size();) {
    PointBatch batch;
    for (const size_t end = std::min(row + kRowsPerBatch, table.times.size()); row < end; ++row) {
      report.samples += add_row(table, columns, row, server, shift, batch);
    }
    if (!batch.points.empty()) MPS_TRY_VOID(store.append_and_wait(batch));
  }
  return report;
}

Result<void> export_server(const store::SampleStore& store, const Server& server, TimeRange range, ExportFormat format,
                           const std::function<void(std::string_view)>& write) {
  const std::vector<SeriesKey> series = store.list_series(server.id);
  Writer out(write);
  if (format == ExportFormat::kCsv) out.buffer() += "time,measurement,tags,field,value\n";
  for (const Group& group : group_series(series)) {
    Columns columns;
    for (const SeriesKey* key : group.fields) {
      MPS_TRY(columns.emplace_back(), store.read(server.id, *key, range));
    }
    if (format == ExportFormat::kCsv) {
      write_cells(group, columns, out);
    } else {
      write_lines(group, columns, server, out);
    }
  }
  return {};
}

}  // namespace mps::service
