#include "service/api_tokens.h"

#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

#include "base/crypto.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class ApiTokensTest : public ::testing::Test {
 protected:
  ApiTokensTest() { open(); }
  void open() {
    tokens_.reset();
    database_ = catalog::Database::open("sqlite3://" + file().string()).value();
    tokens_.emplace(*database_, clock_);
    tokens_->load().value();
  }
  std::filesystem::path file() const { return folder_.path() / "catalog.db"; }
  Result<ApiIdentity> ask(const std::string& token) const { return tokens_->authenticate_hash(sha256_hex(token)); }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  std::unique_ptr<catalog::Database> database_;
  std::optional<ApiTokens> tokens_;
};

TEST_F(ApiTokensTest, ATokenSpeaksForItsNameAndRoleAcrossRestarts) {
  const auto made = tokens_->add("grafana", Role::kViewer, std::nullopt, "Ann").value();
  EXPECT_EQ(ask(made.token)->role, Role::kViewer);
  open();
  EXPECT_EQ(ask(made.token)->name, "grafana");
  EXPECT_EQ(ask(made.token + "x").error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(ask("").error().code, ErrorCode::kUnauthenticated);
}

TEST_F(ApiTokensTest, AnExpiredTokenSaysSoAndStopsToTheSecond) {
  const auto made = tokens_->add("ci", Role::kAdmin, 90 * 24h, "Ann").value();
  clock_.advance(90 * 24h - 1s);
  EXPECT_TRUE(ask(made.token));
  clock_.advance(1s);
  EXPECT_THAT(ask(made.token).error().message, HasSubstr("expired"));
  EXPECT_EQ(tokens_->list().size(), 1u) << "it is still listed, so that people see why a program fails";
}

TEST_F(ApiTokensTest, ARemovedTokenStopsAtOnce) {
  const auto made = tokens_->add("ci", Role::kOwner, std::nullopt, "Ann").value();
  EXPECT_EQ(tokens_->remove("ci")->role, "owner");
  EXPECT_FALSE(ask(made.token));
  EXPECT_EQ(tokens_->remove("ci").error().code, ErrorCode::kNotFound);
  open();
  EXPECT_FALSE(ask(made.token));
}

TEST_F(ApiTokensTest, OnlyTheHashIsKept) {
  const auto made = tokens_->add("ci", Role::kOwner, std::nullopt, "Ann").value();
  tokens_.reset();
  database_.reset();
  std::stringstream all;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    all << std::ifstream(entry.path()).rdbuf();
  EXPECT_THAT(all.str(), HasSubstr(sha256_hex(made.token)));
  EXPECT_THAT(all.str(), Not(HasSubstr(made.token)));
}

TEST_F(ApiTokensTest, NamesAreUniqueAndTextAndLifetimesMakeSense) {
  tokens_->add("ci", Role::kViewer, std::nullopt, "Ann").value();
  EXPECT_EQ(tokens_->add("ci", Role::kViewer, std::nullopt, "Ann").error().code, ErrorCode::kAlreadyExists);
  for (const std::string& name :
       {std::string(), std::string(" ci"), std::string("a\nb"), std::string(101, 'a'), std::string("\xFF")})
    EXPECT_EQ(tokens_->add(name, Role::kViewer, std::nullopt, "Ann").error().code, ErrorCode::kInvalidArgument) << name;
  for (const Duration lasts : {Duration(0s), Duration(-1h), Duration(24h * 36501)})
    EXPECT_EQ(tokens_->add("x", Role::kViewer, lasts, "Ann").error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace mps::service
