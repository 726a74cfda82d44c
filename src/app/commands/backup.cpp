#include "service/backup.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "base/clock.h"
#include "base/text.h"
#include "service/doctor.h"

// These three work on the files, beside a hub that may be running on them, with the rights of whoever calls them.
namespace mps::app {
namespace {

constexpr size_t kBrokenShown = 50;

service::DataFolder data_folder(const CommonOptions& common) {
  return {common.data, common.catalog_url};
}

std::string summary(const service::BackupReport& report) {
  return fmt::format("{}, {} model{}", format_bytes(static_cast<double>(report.bytes)), report.models,
                     report.models == 1 ? "" : "s");
}

Result<void> run_backup(const CommonOptions& common, const std::string& file, Terminal& terminal) {
  const SystemClock clock;
  MPS_TRY(const auto report, service::write_backup(data_folder(common), file, clock.now()));
  terminal.out(fmt::format("{}: {}\n", file, summary(report)));
  return {};
}

Result<void> run_restore(const CommonOptions& common, const std::string& file, Terminal& terminal) {
  if (!common.catalog_url.empty())
    return Error{ErrorCode::kInvalidArgument, "a backup is restored into a data folder; leave --catalog out"};
  MPS_TRY(const auto report, service::restore_backup(file, data_folder(common)));
  terminal.out(fmt::format("{}: {}; start the hub with `mps serve`\n", common.data, summary(report)));
  return {};
}

Result<void> run_doctor(const CommonOptions& common, Terminal& terminal) {
  const service::Diagnosis found = service::examine(data_folder(common));
  for (size_t i = 0; i < std::min(kBrokenShown, found.broken.size()); ++i) terminal.out(found.broken[i] + "\n");
  if (found.broken.empty()) {
    terminal.out(fmt::format("{}: samples, catalog and {} model{} are sound\n", common.data, found.models,
                             found.models == 1 ? "" : "s"));
    return {};
  }
  const size_t count = found.broken.size();
  return Error{ErrorCode::kCorrupt, fmt::format("{} fault{} in {}", count, count == 1 ? "" : "s", common.data)};
}

using RunOnFile = Result<void> (*)(const CommonOptions&, const std::string& file, Terminal&);

void declare_on_file(CLI::App& parent, Invocation& invocation, const char* name, const char* description,
                     const char* file_description, RunOnFile run) {
  CLI::App* command = add_command(parent, invocation, name, description);
  const auto file = std::make_shared<std::string>();
  command->add_option("file", *file, file_description)->required()->type_name("FILE");
  command->callback([&invocation, file, run] {
    invocation.run_alone = [&invocation, file, run](Terminal& terminal) {
      return run(invocation.common, *file, terminal);
    };
  });
}

}  // namespace

void declare_backup(CLI::App& parent, Invocation& invocation) {
  declare_on_file(parent, invocation, "backup", "Everything in the data folder as one file, also while the hub works",
                  "A tar file; one of that name is replaced when the new one is whole", run_backup);
}

void declare_restore(CLI::App& parent, Invocation& invocation) {
  declare_on_file(parent, invocation, "restore", "Put a backup into an empty data folder", "What mps backup wrote",
                  run_restore);
}

void declare_doctor(CLI::App& parent, Invocation& invocation) {
  CLI::App* command =
      add_command(parent, invocation, "doctor",
                  "Check every chunk, the journal, the catalog, the models and the folder; name what is broken");
  command->callback([&invocation] {
    invocation.run_alone = [&invocation](Terminal& terminal) { return run_doctor(invocation.common, terminal); };
  });
}

}  // namespace mps::app
