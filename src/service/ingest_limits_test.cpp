#include <future>
#include <gtest/gtest.h>

#include "service/ingest.h"
#include "store/embedded/embedded_store.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

// Ingest over a store and a catalog of its own, with small limits.
class IngestLimitsTest : public ::testing::Test {
 protected:
  Result<IngestReport> write(const std::string& token, const std::string& body, const wire::Limits& limits = {}) {
    std::promise<Result<IngestReport>> done;
    auto parsed = wire::parse_line_protocol(body, wire::Precision::kNanoseconds, limits);
    ingest_.write(servers_.authenticate(token).value(), std::move(parsed),
                  [&](Result<IngestReport> report) { done.set_value(std::move(report)); });
    return done.get_future().get();
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  std::unique_ptr<store::EmbeddedStore> store_ =
      store::open_embedded_store({.path = folder_.path() / "samples.db", .series_per_server_max = 3}, clock_).value();
  std::unique_ptr<catalog::Database> database_ =
      catalog::Database::open("sqlite3://" + (folder_.path() / "catalog.db").string()).value();
  Servers servers_{*database_, *store_, clock_, {.servers_per_fleet_token_max = 2}};
  Ingest ingest_{servers_, *store_, clock_, {}};
};

TEST_F(IngestLimitsTest, AFleetTokenRegistersSoManyServersAndNoMore) {
  const std::string fleet = servers_.add_fleet_token("rack 1").value().token;
  const IngestReport report = write(fleet, "m,host=a v=1\nm,host=b v=2\nm,host=c v=3\nm,host=a v=4\n").value();
  EXPECT_EQ(report.values_accepted, 3u);
  ASSERT_EQ(report.errors.size(), 1u);
  EXPECT_EQ(report.errors[0].line, 3u);
  EXPECT_NE(report.errors[0].reason.find("its 2 servers already"), std::string::npos) << report.errors[0].reason;
  EXPECT_EQ(ingest_.counters().points_over_limit, 1u);
  EXPECT_FALSE(servers_.find("c"));
}

TEST_F(IngestLimitsTest, WhoMayNotWaitIsToldWhereNewServersWouldHaveToBeRegistered) {
  const IngestIdentity fleet = servers_.authenticate(servers_.add_fleet_token("rack 1").value().token).value();
  std::vector<Result<IngestReport>> reports;
  std::promise<void> stored;
  Ingest::Done done = [&](Result<IngestReport> report) {
    reports.push_back(std::move(report));
    stored.set_value();
  };
  const auto write_to = [&](const char* body, Ingest::Waiting waiting) {
    return ingest_.write(fleet, wire::parse_line_protocol(body, wire::Precision::kNanoseconds), done, waiting);
  };
  EXPECT_FALSE(write_to("m,host=a v=1\nm,host=b v=2\n", Ingest::Waiting::kNever));
  EXPECT_FALSE(servers_.find("a")) << "nothing is done";
  EXPECT_EQ(ingest_.counters().requests, 0u);
  ASSERT_TRUE(done) << "the caller goes on with it elsewhere";
  servers_.register_hosts(fleet.fleet_token, {"a", "a", " bad", "b"}).value();
  EXPECT_TRUE(write_to("m,host=a v=1\nm,host=b v=2\nm,host=c v=3\nm,host=a v=4\n", Ingest::Waiting::kNever))
      << "a server that will never be registered is no reason to wait";
  stored.get_future().get();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].value().values_accepted, 3u);
  EXPECT_EQ(reports[0].value().errors.at(0).line, 3u);
}

TEST_F(IngestLimitsTest, AServerHasSoManySeriesAndNoMore) {
  const NewServer a = servers_.add("a").value();
  ASSERT_TRUE(write(a.token, "m v=1,w=2\n"));
  const auto refused = write(a.token, "m v=1,x=2,y=3\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(ingest_.counters().over_series, 1u);
  EXPECT_EQ(store_->list_series(a.server.id).size(), 2u) << "nothing of the request is stored";
  EXPECT_TRUE(write(a.token, "m v=1,x=2\n"));
}

TEST_F(IngestLimitsTest, LinesOverALimitAreCountedByIt) {
  const NewServer a = servers_.add("a").value();
  const wire::Limits small{.line_bytes = 20, .tags = 1, .fields = 1, .name_bytes = 5};
  const IngestReport report =
      write(a.token, "m v=1\nm,a=1,b=2 v=1\nm v=1,w=1\nnnnnnn v=1\nm v=00000000000000000001\n", small).value();
  EXPECT_EQ(report.values_accepted, 1u);
  EXPECT_EQ(report.points_rejected, 4u);
  const Ingest::Counters& counters = ingest_.counters();
  EXPECT_EQ(counters.points_malformed, 4u);
  EXPECT_EQ(counters.over_tags, 1u);
  EXPECT_EQ(counters.over_fields, 1u);
  EXPECT_EQ(counters.over_name_bytes, 1u);
  EXPECT_EQ(counters.over_line_bytes, 1u);
}

}  // namespace
}  // namespace mps::service
