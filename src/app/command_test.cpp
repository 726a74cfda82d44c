#include "app/command.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace mps::app {
namespace {

class SilentTerminal final : public Terminal {
 public:
  void out(std::string_view text) override { said += text; }
  void err(std::string_view text) override { said += text; }
  bool shows_progress() const override { return false; }
  Result<std::string> read_file(const std::string&) override { return Error{ErrorCode::kNotFound, "no files here"}; }
  Result<void> write_file(const std::string&, std::string_view) override { return {}; }
  std::string said;
};

TEST(Command, ServeTakesRetentionFromFlagsAndTheEnvironment) {
  ::setenv("MPS_RETAIN_5M", "100d", 1);
  ::setenv("MPS_FUTURE_MAX", "1h", 1);
  SilentTerminal terminal;
  Invocation invocation;
  const auto parsed = parse_arguments({"serve", "--retain-raw", "7d"}, invocation, terminal);
  ::unsetenv("MPS_RETAIN_5M");
  ::unsetenv("MPS_FUTURE_MAX");
  ASSERT_EQ(parsed, ParseOutcome::kRun) << terminal.said;
  EXPECT_TRUE(invocation.is_serve);
  EXPECT_EQ(invocation.serve.retain_raw, "7d");
  EXPECT_EQ(invocation.serve.retain_5m, "100d");
  EXPECT_EQ(invocation.serve.retain_1h, "1825d");
  EXPECT_EQ(invocation.serve.future_max, "1h");
}

TEST(Command, BackupRestoreAndDoctorNeedNoHub) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"backup", "a.tar"}, {"restore", "a.tar"}, {"doctor"}}) {
    SilentTerminal terminal;
    Invocation invocation;
    ASSERT_EQ(parse_arguments(arguments, invocation, terminal), ParseOutcome::kRun) << terminal.said;
    EXPECT_TRUE(invocation.run_alone) << arguments[0];
    EXPECT_FALSE(invocation.run_on_hub) << arguments[0];
  }
  SilentTerminal terminal;
  Invocation invocation;
  EXPECT_EQ(parse_arguments({"backup"}, invocation, terminal), ParseOutcome::kWrongUse) << "which file?";
}

}  // namespace
}  // namespace mps::app
