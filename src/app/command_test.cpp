#include "app/command.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>

#include "service/hub.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"

namespace mps::app {
namespace {

using namespace std::chrono_literals;

class SilentTerminal : public Terminal {
 public:
  void out(std::string_view text) override { said += text; }
  void err(std::string_view text) override { said += text; }
  bool shows_progress() const override { return false; }
  Result<std::string> read_file(const std::string&) override { return Error{ErrorCode::kNotFound, "no files here"}; }
  Result<void> write_file(const std::string&, std::string_view) override { return {}; }
  Result<TypedLine> read_line(Duration) override { return TypedLine{}; }
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

class ConfigFile : public ::testing::Test {
 protected:
  ParseOutcome parse(std::string_view text, std::vector<std::string> more = {}) {
    const std::string path = (folder_.path() / "mps.toml").string();
    std::ofstream(path) << text;
    more.insert(more.begin(), {"serve", "--config", path});
    invocation_ = {};
    terminal_.said.clear();
    return parse_arguments(more, invocation_, terminal_);
  }
  testing::TemporaryFolder folder_;
  Invocation invocation_;
  SilentTerminal terminal_;
};

TEST_F(ConfigFile, GivesWhatNeitherTheCommandLineNorTheEnvironmentSays) {
  ::setenv("MPS_RETAIN_5M", "100d", 1);
  const auto parsed = parse(
      "listen = \"127.0.0.1:1\"  # a comment\ntime-zone = 'Europe/Berlin'\nretain-raw = \"7d\"\nretain-5m = \"9d\"\n",
      {"--retain-raw", "8d"});
  ::unsetenv("MPS_RETAIN_5M");
  ASSERT_EQ(parsed, ParseOutcome::kRun) << terminal_.said;
  EXPECT_TRUE(invocation_.is_serve);
  EXPECT_EQ(invocation_.serve.listen, "127.0.0.1:1");
  EXPECT_EQ(invocation_.common.time_zone, "Europe/Berlin");
  EXPECT_EQ(invocation_.serve.retain_raw, "8d");
  EXPECT_EQ(invocation_.serve.retain_5m, "100d");
}

TEST_F(ConfigFile, ThatSaysWhatNobodyKnowsIsRefusedByName) {
  EXPECT_EQ(parse("lisen = \"127.0.0.1:1\"\n"), ParseOutcome::kWrongUse);
  EXPECT_NE(terminal_.said.find("'lisen' is not an option"), std::string::npos) << terminal_.said;
  EXPECT_EQ(parse("[serve]\nlisten = \"127.0.0.1:1\"\n"), ParseOutcome::kWrongUse);
  EXPECT_EQ(parse("config = \"other.toml\"\n"), ParseOutcome::kWrongUse);
  Invocation invocation;
  EXPECT_EQ(parse_arguments({"serve", "--config", (folder_.path() / "none").string()}, invocation, terminal_),
            ParseOutcome::kWrongUse);
}

TEST(Command, ATrainingEndsWhenItsTerminalIsGone) {
  class GoneTerminal final : public SilentTerminal {
   public:
    GoneTerminal() { gone_.request_stop(); }
    std::stop_token stop() const override { return gone_.get_token(); }

   private:
    std::stop_source gone_;
  };
  testing::TemporaryFolder folder;
  testing::FakeClock clock;
  const auto hub = service::Hub::open({folder.path(), "", "", TimeZone(), 210min}, clock).value();
  hub->servers().add("web").value();
  GoneTerminal terminal;
  Invocation invocation;
  ASSERT_EQ(parse_arguments({"train", "--all"}, invocation, terminal), ParseOutcome::kRun) << terminal.said;
  EXPECT_EQ(invocation.run_on_hub(*hub, terminal).error().message, "the training was stopped");
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
