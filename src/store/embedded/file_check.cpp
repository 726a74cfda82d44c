#include <fmt/format.h>
#include <map>

#include "base/file.h"
#include "base/text.h"
#include "store/embedded/chunk.h"
#include "store/embedded/database.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/journal.h"
#include "store/embedded/storage.h"

// What is done with the whole file, over a connection of its own.
namespace mps::store {
namespace {

struct NullVisitor final : JournalVisitor {
  void on_row(GroupId, int64_t, std::span<const uint32_t>, std::span<const Value>) override {}
  void on_text(ServerId, int64_t, std::string_view, std::string_view) override {}
};

const char* name_of(Tier tier) {
  return tier == Tier::kRaw ? "raw" : tier == Tier::kFiveMinutes ? "5 minutes" : "1 hour";
}

Result<void> check_chunk(std::string_view bytes, int64_t first, int64_t last) {
  MPS_TRY(const ChunkView chunk, ChunkView::open(bytes));
  MPS_TRY(const auto times, chunk.times());
  for (const int64_t time : times) {
    if (time < first || time > last)
      return Error{ErrorCode::kCorrupt, "a chunk has samples of a time that its block does not tell of"};
  }
  std::vector<Sample> samples;
  for (const uint32_t column : chunk.columns()) {
    samples.clear();
    MPS_TRY_VOID(chunk.read(column, {Timestamp::min(), Timestamp::max()}, samples));
  }
  return {};
}

// Reads every table as it stood at one moment, and notes what is broken.
class FileCheck {
 public:
  FileCheck(const Database& database, std::vector<std::string>& broken) : database_(database), broken_(broken) {}

  Result<void> run() {
    MPS_TRY_VOID(database_.execute("BEGIN"));
    MPS_TRY(const int64_t application, database_.query_integer("PRAGMA application_id"));
    if (application != kApplicationId) return Error{ErrorCode::kCorrupt, "this is no sample store"};
    MPS_TRY_VOID(check_pages());
    MPS_TRY_VOID(check_groups());
    MPS_TRY_VOID(check_journal());
    return check_blocks();
  }

 private:
  Result<void> check_pages() {
    MPS_TRY(Statement pages, database_.prepare("PRAGMA quick_check"));
    for (;;) {
      MPS_TRY(const bool row, pages.step());
      if (!row) return {};
      if (pages.bytes(0) != "ok") broken_.emplace_back(pages.bytes(0));
    }
  }

  Result<void> check_groups() {
    MPS_TRY(Statement groups, database_.prepare("SELECT id, name, columns FROM series_group"));
    for (;;) {
      MPS_TRY(const bool row, groups.step());
      if (!row) return {};
      groups_[static_cast<GroupId>(groups.integer(0))] = groups.bytes(1);
      if (!decode_columns(groups.bytes(2)))
        broken_.push_back(fmt::format("group {} ({}): the names of its series are damaged", groups.integer(0),
                                      valid_utf8(groups.bytes(1))));
    }
  }

  Result<void> check_journal() {
    MPS_TRY(Statement journal, database_.prepare("SELECT seq, data FROM journal"));
    NullVisitor nobody;
    for (;;) {
      MPS_TRY(const bool row, journal.step());
      if (!row) return {};
      if (const auto record = decode_record(journal.bytes(1), nobody); !record)
        broken_.push_back(fmt::format("journal record {}: {}", journal.integer(0), record.error().message));
    }
  }

  Result<void> check_blocks() {
    MPS_TRY(Statement blocks, database_.prepare("SELECT id, server, tier, first_time, last_time, first_group, "
                                                "last_group, data FROM block ORDER BY id"));
    for (;;) {
      MPS_TRY(const bool row, blocks.step());
      if (!row) return {};
      check_block(blocks);
    }
  }

  void check_block(const Statement& row) {
    const int64_t first = row.integer(3), last = row.integer(4);
    const std::string where = fmt::format("block {} of server {} ({}, {} to {})", row.integer(0), row.integer(1),
                                          name_of(Tier{row.integer(2)}), format_rfc3339(Timestamp(Duration(first))),
                                          format_rfc3339(Timestamp(Duration(last))));
    const auto chunks = decode_block(row.bytes(7));
    if (!chunks) return broken_.push_back(where + ": " + chunks.error().message);
    for (const GroupChunk& chunk : *chunks) {
      const auto group = groups_.find(chunk.group);
      const bool told = group != groups_.end() && chunk.group >= row.integer(5) && chunk.group <= row.integer(6);
      const auto sound = told ? check_chunk(chunk.bytes, first, last)
                              : Error{ErrorCode::kCorrupt, "the block does not tell of this group"};
      if (!sound) {
        broken_.push_back(fmt::format("{}, group {} ({}): {}", where, chunk.group,
                                      told ? valid_utf8(group->second) : "unknown", sound.error().message));
      }
    }
  }

  const Database& database_;
  std::vector<std::string>& broken_;
  std::map<GroupId, std::string> groups_;  // with their names
};

}  // namespace

Result<void> copy_sample_file(const std::filesystem::path& from, const std::filesystem::path& to,
                              const std::string& vfs) {
  std::error_code missing;
  if (std::filesystem::exists(to, missing))
    return Error{ErrorCode::kAlreadyExists, fmt::format("{} is already there", to.string())};
  MPS_TRY(const Database database, Database::open(from.string(), vfs, true));
  MPS_TRY(Statement copy, database.prepare("VACUUM INTO ?"));
  const std::string path = to.string();
  MPS_TRY_VOID(copy.bind_text(1, path).run());
  return sync_to_disk(to);
}

std::vector<std::string> check_sample_file(const std::filesystem::path& path, const std::string& vfs) {
  std::vector<std::string> broken;
  const auto walk = [&]() -> Result<void> {
    MPS_TRY(const Database database, Database::open(path.string(), vfs, true));
    return FileCheck(database, broken).run();
  };
  if (const auto walked = walk(); !walked) broken.push_back(walked.error().message);
  return broken;
}

}  // namespace mps::store
