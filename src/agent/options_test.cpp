#include "agent/options.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <unistd.h>

#include "agent/hub_url.h"

namespace mps::agent {
namespace {

using ::testing::HasSubstr;

using Variables = std::map<std::string, std::string>;

Result<Options> parse(std::vector<const char*> arguments, const Variables& variables = {}) {
  return parse_options(arguments, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

TEST(AgentOptions, ComeFromTheCommandLine) {
  const auto options = parse({"--hub", "http://h:1", "--token=abc", "--interval", "30s", "--once", "--hostname",
                              "web-01", "--proc", "/host/proc", "--root=/host", "--buffer-mib", "2"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->hub, "http://h:1");
  EXPECT_EQ(options->token, "abc");
  EXPECT_EQ(options->interval, std::chrono::seconds(30));
  EXPECT_TRUE(options->once);
  EXPECT_FALSE(options->to_stdout);
  EXPECT_EQ(options->hostname, "web-01");
  EXPECT_EQ(options->roots.proc, "/host/proc");
  EXPECT_EQ(options->roots.root, "/host");
  EXPECT_EQ(options->buffer_bytes, 2u << 20);
}

TEST(AgentOptions, ComeFromTheEnvironmentToo) {
  const auto options = parse({}, {{"MPS_HUB", "http://h:1"},
                                  {"MPS_TOKEN", "abc"},
                                  {"MPS_AGENT_INTERVAL", "1m"},
                                  {"MPS_AGENT_ONCE", "1"},
                                  {"MPS_AGENT_STDOUT", "false"}});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->hub, "http://h:1");
  EXPECT_EQ(options->interval, std::chrono::minutes(1));
  EXPECT_TRUE(options->once);
  EXPECT_FALSE(options->to_stdout);
}

TEST(AgentOptions, TheCommandLineWinsThenTheNarrowerVariable) {
  const Variables variables = {{"MPS_HUB", "http://wide"}, {"MPS_AGENT_HUB", "http://narrow"}, {"MPS_TOKEN", "t"}};
  EXPECT_EQ(parse({}, variables)->hub, "http://narrow");
  EXPECT_EQ(parse({"--hub", "http://line"}, variables)->hub, "http://line");
}

TEST(AgentOptions, TheTokenFileIsReadAndTrimmed) {
  const std::string path = ::testing::TempDir() + "mps_agent_token_" + std::to_string(::getpid());
  std::ofstream(path) << "  secret\n";
  EXPECT_EQ(parse({"--hub", "http://h", "--token-file", path.c_str()})->token, "secret");
  std::ofstream(path, std::ios::trunc) << "\n";
  EXPECT_THAT(parse({"--hub", "http://h", "--token-file", path.c_str()}).error().message, HasSubstr("is empty"));
  std::filesystem::remove(path);
  EXPECT_EQ(parse({"--hub", "http://h", "--token-file", path.c_str()}).error().code, ErrorCode::kNotFound);
}

TEST(AgentOptions, SayWhatIsWrong) {
  const auto message = [](std::vector<const char*> arguments) {
    const auto options = parse(std::move(arguments));
    return options ? std::string("nothing") : options.error().message;
  };
  EXPECT_THAT(message({}), HasSubstr("where is the hub?"));
  EXPECT_THAT(message({"--hub", "http://h"}), HasSubstr("MPS_TOKEN"));
  EXPECT_THAT(message({"--hub", "ftp://h", "--token", "t"}), HasSubstr("not the address of a hub"));
  EXPECT_THAT(message({"--hub"}), HasSubstr("needs a value: --hub URL"));
  EXPECT_THAT(message({"--nonsense"}), HasSubstr("'--nonsense' is not an option"));
  EXPECT_THAT(message({"loose"}), HasSubstr("'loose' is not an option"));
  EXPECT_THAT(message({"--interval", "10"}), HasSubstr("10s"));
  EXPECT_THAT(message({"--interval", "100ms"}), HasSubstr("at least 1s"));
  EXPECT_THAT(message({"--buffer-mib", "0"}), HasSubstr("1 to 4096"));
  EXPECT_THAT(message({"--hub", "http://h", "--token", "a b"}), HasSubstr("blanks"));
  EXPECT_EQ(message({"--help"}), "nothing");
  EXPECT_EQ(message({"--stdout"}), "nothing");
}

TEST(AgentOptions, AVariableThatIsWrongIsNamed) {
  const auto options = parse({"--stdout"}, {{"MPS_AGENT_INTERVAL", "soon"}});
  ASSERT_FALSE(options);
  EXPECT_THAT(options.error().message, HasSubstr("MPS_AGENT_INTERVAL"));
}

TEST(AgentOptions, TheHelpNamesEveryOption) {
  for (const char* option :
       {"--hub URL", "--token TOKEN", "--token-file", "--interval", "--once", "--stdout", "MPS_TOKEN"}) {
    EXPECT_THAT(usage(), HasSubstr(option));
  }
}

TEST(HubUrl, ReadsAddresses) {
  const auto url = HubUrl::parse("http://127.0.0.1:8080");
  ASSERT_TRUE(url);
  EXPECT_FALSE(url->tls);
  EXPECT_EQ(url->host, "127.0.0.1");
  EXPECT_EQ(url->port, "8080");
  EXPECT_EQ(url->path, "/api/v2/write");
  EXPECT_EQ(url->authority(), "127.0.0.1:8080");

  const auto behind_proxy = HubUrl::parse("https://example.com/mps/");
  ASSERT_TRUE(behind_proxy);
  EXPECT_TRUE(behind_proxy->tls);
  EXPECT_EQ(behind_proxy->port, "443");
  EXPECT_EQ(behind_proxy->path, "/mps/api/v2/write");
  EXPECT_EQ(behind_proxy->authority(), "example.com");

  const auto v6 = HubUrl::parse("http://[::1]:8080");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
  EXPECT_EQ(v6->authority(), "[::1]:8080");
  EXPECT_EQ(HubUrl::parse("hub:9000")->authority(), "hub:9000");
}

TEST(HubUrl, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", "http://", "ftp://h", "http://h:", "http://h:0", "http://h:65536", "http://h:x", "http://u@h",
        "http://h/?a=b", "http://h/#x", "http://[::1", "http://[::1]x", "http://a b"}) {
    EXPECT_FALSE(HubUrl::parse(text)) << text;
  }
}

}  // namespace
}  // namespace mps::agent
