#include "store/embedded/engine.h"

// What is read when the store opens.
namespace mps::store {

Result<void> Engine::load_names() {
  MPS_TRY_VOID(load_groups());
  return load_servers();
}

Result<void> Engine::load_groups() {
  Database& database = storage_.database();
  MPS_TRY(Statement groups, database.prepare("SELECT id, server, name, columns, newest FROM series_group ORDER BY id"));
  for (;;) {
    MPS_TRY(const bool row, groups.step());
    if (!row) break;
    const auto columns = decode_columns(groups.bytes(3));
    if (!columns) return Error{ErrorCode::kCorrupt, "table series_group is damaged; restore a backup"};
    MPS_TRY(Group* const group, table_.load_group(static_cast<GroupId>(groups.integer(0)), ServerId{groups.integer(1)},
                                                  groups.bytes(2), *columns));
    decode_newest(groups.bytes(4), *group);
  }
  MPS_TRY(const int64_t used,
          database.query_integer("SELECT max(seq) FROM sqlite_sequence WHERE name = 'series_group'"));
  table_.set_next_group(static_cast<GroupId>(used) + 1);
  return {};
}

Result<void> Engine::load_servers() {
  const auto each_row = [this](const char* sql,
                               const std::function<void(Server&, const Statement&)>& visit) -> Result<void> {
    MPS_TRY(Statement select, storage_.database().prepare(sql));
    for (;;) {
      MPS_TRY(const bool row, select.step());
      if (!row) return {};
      visit(table_.server(ServerId{select.integer(0)}), select);
    }
  };
  MPS_TRY_VOID(
      each_row("SELECT server, sealed_seq, last_seen FROM server_state", [this](Server& server, const Statement& row) {
        server.sealed_seq = row.integer(1);
        server.last_seen = row.integer(2);
        last_seq_ = std::max(last_seq_, server.sealed_seq);
      }));
  MPS_TRY_VOID(each_row("SELECT server, span FROM rollup_due", [this](Server& server, const Statement& row) {
    server.rollup_due[row.integer(1)] = ++changes_;
  }));
  return each_row("SELECT server, name, time, value FROM attribute", [](Server& server, const Statement& row) {
    server.attributes[std::string(row.bytes(1))] = {Timestamp(Duration(row.integer(2))), std::string(row.bytes(3))};
  });
}

void Engine::replay() {
  const auto result = storage_.each_journal([this](int64_t seq, std::string_view record) {
    apply(seq, record, true);
    last_seq_ = std::max(last_seq_, seq);
  });
  if (!result) fail(result.error());
  trim_before_ = first_needed_seq();
  {
    const std::lock_guard lock(ready_mutex_);
    ready_ = true;
  }
  ready_changed_.notify_all();
}

}  // namespace mps::store
