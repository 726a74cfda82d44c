#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/embedded/database.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/group.h"

// The tables of samples.db and what is written to them: docs/format/chunk.md, "Tables".
namespace mps::store {

inline constexpr int64_t kApplicationId = 0x4D505331;  // "MPS1"

enum class Tier : int64_t { kRaw = 0, kFiveMinutes = 1, kHour = 2 };

// A row of table `block`: chunks of groups first_group .. last_group of a server.
struct BlockRow {
  Tier tier = Tier::kRaw;
  int64_t first_time = 0, last_time = 0;
  GroupId first_group = 0, last_group = 0;
  std::string data;
};

// No block reaches over a multiple of this (since 1970), so that a query knows how far before its range a block may
// begin.
inline constexpr int64_t kBlockSpanNs = 302'400'000'000'000;  // half a week: 1,008 samples at 5 minutes

// A group's columns and newest samples as bytes, and back.
std::string encode_columns(const Group& group);
std::optional<std::vector<std::string>> decode_columns(std::string_view bytes);
std::string encode_newest(const Group& group);
void decode_newest(std::string_view bytes, Group& group);

// The one connection that writes. Every method but open, begin and commit belongs into a transaction. Not thread-safe.
class Storage {
 public:
  static Result<Storage> open(const EmbeddedOptions& options);

  Result<void> begin() { return begin_.run(); }
  Result<void> commit() { return commit_.run(); }
  void roll_back();

  Result<void> insert_journal(int64_t seq, std::string_view record);
  // The oldest of the records before `seq`, a moment's worth of them; whether there are more.
  Result<bool> delete_some_journal_before(int64_t seq);
  // The records in order; the text lives during the call.
  Result<void> each_journal(const std::function<void(int64_t seq, std::string_view record)>& visit);

  Result<void> save_group(const Group& group);  // names, and the newest samples
  Result<void> insert_block(ServerId server, const BlockRow& block);
  Result<void> save_server(const Server& server, int64_t sealed_seq);  // with its attributes
  Result<void> remove_server(ServerId server);
  // Blocks that end before; raw ones only once they are rolled up.
  Result<void> expire(Tier tier, int64_t before, int rows_max);

  // Half-weeks of a server whose raw samples have changed since they were rolled up.
  Result<void> insert_rollup_due(ServerId server, int64_t span);
  // Puts `blocks`, of the tiers above raw, in the place of the span's old ones; it is due no more.
  Result<void> replace_rollups(ServerId server, int64_t span, std::span<const BlockRow> blocks);
  // Writes and removes something, to see whether the disk takes it.
  Result<void> probe();
  // Gives free pages back to the file system when there are many, a moment's worth of them; whether there are more.
  // Outside of transactions.
  Result<bool> vacuum_some();

  // Rows that statements have changed since the last call.
  int64_t take_changes();

  Database& database() { return database_; }

 private:
  Result<void> make_tables();
  Result<void> prepare_all();

  Database database_;
  int64_t changes_seen_ = 0;
  Statement begin_, commit_, insert_journal_, oldest_journal_, delete_journal_, save_group_, insert_block_,
      save_server_, save_attribute_, expire_, insert_rollup_due_, delete_rollup_due_, delete_rollups_;
};

}  // namespace mps::store
