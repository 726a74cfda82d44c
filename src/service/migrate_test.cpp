#include "service/migrate.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "store/embedded/embedded_store.h"
#include "testing/batches.h"
#include "testing/fake_clock.h"
#include "testing/influx_server.h"
#include "testing/temporary_folder.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;
using mps::testing::BatchBuilder;
using mps::testing::FakeClock;
using mps::testing::InfluxServer;
using mps::testing::kAlways;
using mps::testing::TemporaryFolder;

const SeriesKey kMigratedCpu{"cpu", {{"cpu", "cpu-total"}}, "usage_idle"}, kMigratedMem{"mem", {}, "used"};

class MigrateTest : public ::testing::Test {
 protected:
  std::unique_ptr<store::EmbeddedStore> open(const char* name) {
    store::EmbeddedOptions options;
    options.path = folder_.path() / name;
    return std::move(*store::open_embedded_store(options, clock_));
  }
  void fill(store::SampleStore& samples, int servers) {
    for (int server = 1; server <= servers; ++server) {
      BatchBuilder builder;
      for (int i = 0; i < 1200; ++i) {
        builder.add(ServerId{server}, kMigratedCpu, {clock_.now() + i * 10s, Value::of_float(i / 8.0)});
        builder.add(ServerId{server}, kMigratedMem, {clock_.now() + i * 10s, Value::of_integer(i * server)});
      }
      ASSERT_TRUE(samples.append_and_wait(builder.batch()));
    }
  }
  Result<MigrationReport> run(History& from, History& to) {
    return migrate(from, to, progress_, "here there", [this](const std::string& line) { told_ += line; });
  }

  TemporaryFolder folder_;
  FakeClock clock_;
  const std::filesystem::path progress_ = folder_.path() / "migration";
  std::string told_;
};

TEST_F(MigrateTest, EverySampleGoesToInfluxAndBack) {
  InfluxServer server;
  auto target = store::parse_influx_url(server.url("history")).value();
  target.hub = "h";
  const auto first = open("first.db"), second = open("second.db");
  fill(*first, 3);
  const auto from = history_of_folder(*first), influx = history_of_influx(target), to = history_of_folder(*second);
  const auto there = run(*from, *influx);
  ASSERT_TRUE(there) << there.error().message;
  EXPECT_EQ(there->servers, 3u);
  EXPECT_EQ(there->series, 6u);
  EXPECT_EQ(there->samples, 7200u);
  EXPECT_NE(told_.find("3 of 3 servers, 7200 samples"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(progress_));

  const auto back = run(*history_of_influx(target), *to);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->samples, there->samples);
  EXPECT_EQ(back->checksum, there->checksum);
  for (int id = 1; id <= 3; ++id) {
    EXPECT_EQ(second->list_series(ServerId{id}), first->list_series(ServerId{id}));
    EXPECT_EQ(*second->read(ServerId{id}, kMigratedMem, kAlways), *first->read(ServerId{id}, kMigratedMem, kAlways));
  }
  target.hub = "another";
  EXPECT_TRUE(history_of_influx(target)->servers()->empty()) << "hubs that share a database don't see each other";
}

TEST_F(MigrateTest, TheNewestTextsGoToInfluxAndBack) {
  InfluxServer server;
  auto target = store::parse_influx_url(server.url("texts")).value();
  target.hub = "h";
  const auto first = open("first.db"), second = open("second.db");
  std::string every;
  for (int c = 1; c < 256; ++c) every += static_cast<char>(c);
  const Timestamp then = clock_.now() - 24h;
  BatchBuilder builder;
  builder.add(ServerId{1}, then, "system", {}, {{"uptime_format", std::string("14 days, 11:07")}, {"a b", every}});
  builder.add(ServerId{1}, then, "os name, it=is", {}, {{"ver\"sion", std::string()}, {"load", Value::of_float(1)}});
  builder.add(ServerId{2}, then + 1s, "system", {}, {{"uptime_format", std::string("1 day")}});
  ASSERT_TRUE(first->append_and_wait(builder.batch()));
  ASSERT_TRUE(second->append_and_wait(
      BatchBuilder().add(ServerId{2}, then + 2s, "system", {}, {{"uptime_format", std::string("2 days")}}).batch()));
  const store::Attributes of_one = first->attributes(ServerId{1});
  ASSERT_EQ(of_one.size(), 3u);

  const auto there = run(*history_of_folder(*first), *history_of_influx(target));
  ASSERT_TRUE(there) << there.error().message;
  EXPECT_EQ(there->attributes, 4u);
  EXPECT_EQ(there->samples, 1u);
  const auto back = run(*history_of_influx(target), *history_of_folder(*second));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->samples, 1u) << "texts are no series";
  EXPECT_EQ(second->attributes(ServerId{1}), of_one);
  EXPECT_EQ(second->attributes(ServerId{2}).at("system uptime_format").value, "2 days") << "what is newer stays";
}

// Breaks after some series have been written, or loses a sample.
class FaultyHistory final : public History {
 public:
  explicit FaultyHistory(History& behind) : behind_(behind) {}
  int writes_left = 1'000'000;
  bool loses_one = false;

  Result<std::vector<ServerId>> servers() override { return behind_.servers(); }
  Result<std::vector<SeriesKey>> list_series(ServerId server) override { return behind_.list_series(server); }
  Result<std::vector<Sample>> read(ServerId server, const SeriesKey& series, TimeRange range) override {
    return behind_.read(server, series, range);
  }
  Result<store::Attributes> attributes(ServerId server) override { return behind_.attributes(server); }
  Result<void> write(ServerId server, const store::Attributes& attributes) override {
    return loses_one ? Result<void>() : behind_.write(server, attributes);
  }
  Result<void> write(ServerId server, const SeriesKey& series, std::span<const Sample> samples) override {
    if (writes_left-- <= 0) return Error{ErrorCode::kUnavailable, "gone"};
    return behind_.write(server, series, loses_one ? samples.first(samples.size() - 1) : samples);
  }

 private:
  History& behind_;
};

TEST_F(MigrateTest, AnInterruptedRunGoesOnBehindTheServersThatAreDone) {
  const auto first = open("first.db"), second = open("second.db");
  fill(*first, 3);
  const auto from = history_of_folder(*first), to = history_of_folder(*second);
  FaultyHistory faulty(*to);
  faulty.writes_left = 3;
  EXPECT_EQ(run(*from, faulty).error().code, ErrorCode::kUnavailable);
  faulty.writes_left = 1'000'000;
  const auto rest = run(*from, faulty);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->servers_before, 1u);
  EXPECT_EQ(rest->servers, 2u);
  for (int id = 1; id <= 3; ++id) EXPECT_EQ(second->read(ServerId{id}, kMigratedCpu, kAlways)->size(), 1200u);

  faulty.writes_left = 3;
  EXPECT_FALSE(run(*from, faulty));
  faulty.writes_left = 1'000'000;
  const auto other = migrate(*from, faulty, progress_, "elsewhere", [](const std::string&) {});
  ASSERT_TRUE(other);
  EXPECT_EQ(other->servers, 3u) << "what was done for one pair of places counts for no other";
}

TEST_F(MigrateTest, ASampleThatIsLostOnTheWayIsNoticed) {
  const auto first = open("first.db"), second = open("second.db");
  fill(*first, 1);
  const auto from = history_of_folder(*first), to = history_of_folder(*second);
  FaultyHistory faulty(*to);
  faulty.loses_one = true;
  const auto done = run(*from, faulty);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(done.error().message.find("1200 samples were copied, 1199 of them are there"), std::string::npos)
      << done.error().message;
}

TEST_F(MigrateTest, ATextThatIsLostOnTheWayIsNoticed) {
  const auto first = open("first.db"), second = open("second.db");
  ASSERT_TRUE(first->append_and_wait(
      BatchBuilder().add(ServerId{1}, clock_.now(), "system", {}, {{"name", std::string("web")}}).batch()));
  const auto from = history_of_folder(*first), to = history_of_folder(*second);
  FaultyHistory faulty(*to);
  faulty.loses_one = true;
  const auto done = run(*from, faulty);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(done.error().message.find("system name"), std::string::npos) << done.error().message;
}

}  // namespace
}  // namespace mps::service
