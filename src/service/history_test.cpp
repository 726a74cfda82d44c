// From history to forecasts and pictures, and the daily training.
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <thread>

#include "base/text.h"
#include "service/demo_fleet.h"
#include "service/forecast_views.h"
#include "service/graphs.h"
#include "service/hub.h"
#include "service/transfer.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

const Timestamp kStart(1'795'334'400s);  // 08:00 UTC

// Five-minute rows up to `end` with a rhythm of the day in cpu and ram.
TimeTable daily_rhythm(Timestamp end, Duration length) {
  TimeTable table{{}, {"cpu_percent", "mem_percent", "unknown"}, {{}, {}, {}}, 0, 0};
  for (Timestamp t = end - length; t < end; t += 5min) {
    const double hour = std::chrono::duration<double, std::ratio<3600>>(t.time_since_epoch() % 24h).count();
    const double wave = std::sin(hour / 24 * 2 * std::numbers::pi);
    table.times.push_back(t);
    table.values[0].push_back(40 + 30 * wave);
    table.values[1].push_back(50 - 10 * wave);
    table.values[2].push_back(1);
  }
  return table;
}

class HistoryTest : public ::testing::Test {
 protected:
  void open() {
    hub_.reset();
    hub_ = Hub::open({folder_.path() / "data", "", "", TimeZone::find("Europe/Berlin").value(), 3h + 30min}, clock_)
               .value();
  }
  void SetUp() override { open(); }
  Server add(const std::string& name, Duration length) {
    const Server server = hub_->servers().add(name).value().server;
    import_table(hub_->store(), server.id, daily_rhythm(clock_.now(), length), {}, 0s, clock_.now()).value();
    return server;
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_{kStart};
  std::unique_ptr<Hub> hub_;
};

TEST_F(HistoryTest, ImportSaysWhatItTookAndWhatItLeftOut) {
  const Server server = hub_->servers().add("a").value().server;
  const TimeTable table = daily_rhythm(clock_.now(), 1h);
  const ImportReport report =
      import_table(hub_->store(), server.id, table, {{"unknown", "load"}}, 0s, clock_.now()).value();
  EXPECT_EQ(report.samples, 36u);
  EXPECT_EQ(report.mapped.at("cpu_percent"), "cpu");
  EXPECT_EQ(report.mapped.at("unknown"), "load");
  EXPECT_EQ(import_table(hub_->store(), server.id, table, {}, 0s, clock_.now()).value().columns_left_out,
            (std::vector<std::string>{"unknown"}));
  EXPECT_NE(import_table(hub_->store(), server.id, table, {{"unknown", "bogus"}}, 0s, clock_.now())
                .error()
                .message.find("net_rx"),
            std::string::npos);
  EXPECT_NE(import_table(hub_->store(), server.id, table, {{"nope", "cpu"}}, 0s, clock_.now())
                .error()
                .message.find("cpu_percent"),
            std::string::npos);
  EXPECT_FALSE(import_table(hub_->store(), server.id, table, {}, 1h, clock_.now())) << "the future is refused";
  EXPECT_EQ(shift_to_now(table, kStart + 8 * 24h + 3min), 8 * 24h + 5min);
}

TEST_F(HistoryTest, ExportHoldsEverythingAndReadsBackAsTheSame) {
  const Server server = hub_->servers().add("web <1>").value().server;
  PointBatch batch = wire::parse_line_protocol(
                         "net,interface=eth0 bytes_recv=9007199254740993i,ok=true 1795334400000000001\n"
                         "net,interface=eth0 bytes_recv=9007199254740994i 1795334410000000000\n"
                         "cpu,cpu=cpu-total usage_idle=0.1 1795334400000000000\n",
                         wire::Precision::kNanoseconds)
                         .batch;
  for (Point& point : batch.points) point.server = server.id;
  hub_->store().append_and_wait(batch).value();
  std::string lines, csv;
  const TimeRange all{Timestamp::min(), Timestamp::max()};
  export_server(hub_->store(), server, all, ExportFormat::kLineProtocol, [&](std::string_view piece) {
    lines += piece;
  }).value();
  export_server(hub_->store(), server, all, ExportFormat::kCsv, [&](std::string_view piece) { csv += piece; }).value();
  EXPECT_EQ(lines,
            "cpu,cpu=cpu-total,host=web\\ <1> usage_idle=0.1 1795334400000000000\n"
            "net,host=web\\ <1>,interface=eth0 bytes_recv=9007199254740993i,ok=true 1795334400000000001\n"
            "net,host=web\\ <1>,interface=eth0 bytes_recv=9007199254740994i 1795334410000000000\n");
  EXPECT_EQ(csv,
            "time,measurement,tags,field,value\n"
            "2026-11-22T08:00:00Z,cpu,cpu=cpu-total,usage_idle,0.1\n"
            "2026-11-22T08:00:00.000000001Z,net,interface=eth0,bytes_recv,9007199254740993\n"
            "2026-11-22T08:00:10Z,net,interface=eth0,bytes_recv,9007199254740994\n"
            "2026-11-22T08:00:00.000000001Z,net,interface=eth0,ok,true\n");
}

TEST_F(HistoryTest, TooLittleHistoryIsSaidInASentenceAndABaselineStandsIn) {
  const Server server = add("young", 5h);
  const auto trained = hub_->forecasts().train(server.id);
  ASSERT_FALSE(trained);
  EXPECT_EQ(trained.error().code, ErrorCode::kNotEnoughData);
  EXPECT_NE(trained.error().message.find("5.0 hours"), std::string::npos) << trained.error().message;
  const ForecastView view = hub_->forecasts().forecast(server.id, *find_resource("cpu"), forecast::kHour).value();
  EXPECT_EQ(view.prediction.steps.size(), 12u);
  EXPECT_FALSE(view.prediction.note.empty());
  EXPECT_EQ(hub_->forecasts().forecast(hub_->servers().add("mute").value().server.id, forecast::kHour).error().code,
            ErrorCode::kNotEnoughData);
}

TEST_F(HistoryTest, ATrainedModelForecastsTheRhythmAlsoAfterARestart) {
  const Server server = add("web", 9 * 24h);
  hub_->forecasts().train(server.id).value();
  const auto forecast = [&] {
    return hub_->forecasts().forecast(server.id, *find_resource("cpu"), forecast::kDay).value().prediction;
  };
  const auto before = forecast();
  open();
  const auto after = forecast();
  ASSERT_EQ(after.steps.size(), 48u);
  EXPECT_EQ(after.origin, kStart);
  for (size_t i = 0; i < 48; ++i) {
    EXPECT_EQ(after.steps[i].p50, before.steps[i].p50);
    const double hour = 8 + 0.5 * static_cast<double>(i) + 0.25;
    EXPECT_NEAR(after.steps[i].p50, 40 + 30 * std::sin(hour / 24 * 2 * std::numbers::pi), 6) << "half hour " << i;
    EXPECT_LE(after.steps[i].p10, after.steps[i].p50);
    EXPECT_LE(after.steps[i].p50, after.steps[i].p90);
  }
  EXPECT_GT(after.score.count, 0u);
  EXPECT_GT(after.seasonal_naive.count, 0u);
  EXPECT_EQ(hub_->forecasts().trained_at(server.id), kStart);
}

TEST_F(HistoryTest, PicturesAreMadeOfWhatIsThereAndAMissingResourceIsAWord) {
  const Server server = add("web", 24h);
  const ReportWords* words = report_words("en").value();
  const auto graph = [&](const char* resource) {
    const Timestamp now = hub_->clock().now();
    return draw_graph(hub_->query(), {{server}, {find_resource(resource)}, {now - 24h, now}, TimeZone(), words});
  };
  EXPECT_TRUE(graph("cpu").value().starts_with("\x89PNG"));
  const ForecastOrder order{server, find_resource("cpu"), TimeZone(), words};
  EXPECT_TRUE(
      draw_forecast(hub_->query(), hub_->forecasts(), order, forecast::kHour).value().png.starts_with("\x89PNG"));
  const auto missing = graph("swap");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("Swap"), std::string::npos);
}

TEST_F(HistoryTest, TheDailyTrainingComesAtItsLocalTimeAndIsMadeUpAfterADowntime) {
  add("web", 4 * 24h);
  {
    std::jthread loop([&](std::stop_token stop) { hub_->trainer().run(stop); });
    while (!hub_->settings().get("trained_at").value()) std::this_thread::yield();  // it has begun to wait
    clock_.set(kStart + 18h + 29min);                                               // 03:29 in Berlin
    EXPECT_EQ(hub_->trainer().servers_trained_total(), 0u);
    clock_.set(kStart + 18h + 30min);
    while (hub_->trainer().servers_trained_total() < 1) std::this_thread::yield();
  }
  clock_.set(kStart + 3 * 24h);  // down for days
  open();
  std::jthread loop([&](std::stop_token stop) { hub_->trainer().run(stop); });
  while (hub_->trainer().servers_trained_total() < 1) std::this_thread::yield();
}

TEST_F(HistoryTest, AForecastIsMadeOnceForEachCellThatCloses) {
  const Server server = add("web", 4 * 24h);
  Forecasts& forecasts = hub_->forecasts();
  const auto origin = [&] { return forecasts.forecast(server.id, forecast::kHour).value().at(0).prediction.origin; };
  EXPECT_EQ(forecasts.renew({}), 0u) << "nobody has asked yet";
  EXPECT_EQ(origin(), kStart);
  clock_.advance(4min);
  EXPECT_EQ(forecasts.renew({}), 0u) << "it is still the newest";
  clock_.set(kStart + 5min + 14s);
  EXPECT_EQ(forecasts.renew({}), 0u) << "the last samples of the cell may still be under way";
  EXPECT_EQ(origin(), kStart);
  clock_.set(kStart + 5min + 15s);
  EXPECT_EQ(forecasts.renew({}), 1u);
  EXPECT_EQ(origin(), kStart + 5min);
  clock_.set(kStart + 10min + 20s);
  EXPECT_EQ(origin(), kStart + 10min) << "also where nobody renewed it";
  clock_.advance(1h + 1s);
  EXPECT_EQ(forecasts.renew({}), 0u) << "nobody has asked for an hour";
}

TEST_F(HistoryTest, AStreamIsMovedOnWithEachCellAndSaysWhatWouldBeMadeAnew) {
  const Server server = add("web", 4 * 24h);
  Forecasts& forecasts = hub_->forecasts();
  EXPECT_EQ(forecasts.renew({server.id}), 0u) << "there is no model";
  ASSERT_TRUE(forecasts.train(server.id));
  EXPECT_EQ(forecasts.renew({server.id}), 0u) << "training left a stream, and a forecast of the day";
  const auto hour_of = [&](const Forecasts& of) {
    return of.forecast(server.id, *find_resource("cpu"), forecast::kHour).value().prediction;
  };
  for (const Duration later : {0min, 5min, 10min, 20min}) {
    clock_.set(kStart + later + 15s);
    EXPECT_EQ(forecasts.renew({server.id}), 0u) << "it is moved on, not made anew";
    const auto warm = hour_of(forecasts);
    const auto made = hour_of(Forecasts(hub_->query(), clock_, {folder_.path() / "data" / "models"}));
    EXPECT_EQ(warm.origin, kStart + later);
    EXPECT_EQ(warm.origin, made.origin);
    EXPECT_EQ(warm.method, made.method);
    for (size_t i = 0; i < made.steps.size(); ++i) {
      const auto& q = made.steps[i];
      EXPECT_NEAR(warm.steps.at(i).p50, q.p50, 0.05 * (q.p90 - q.p10)) << "step " << i;
    }
  }
  clock_.set(kStart + 40min);
  EXPECT_EQ(forecasts.renew({server.id}), 2u) << "half used, it is started anew; and half an hour has closed";
  ASSERT_TRUE(forecasts.train(server.id));
  EXPECT_EQ(forecasts.renew({server.id}), 0u) << "with another model came another stream";
  EXPECT_EQ(hour_of(forecasts).origin, kStart + 40min);
  clock_.advance(3h);
  EXPECT_EQ(hour_of(forecasts).origin, kStart + 3h + 40min) << "also where nobody has moved it for long";
}

TEST_F(HistoryTest, AnInterruptedTrainingGoesOnWhereItWas) {
  const Server web = add("web", 4 * 24h), db = add("db", 4 * 24h);
  hub_->settings().set("trained_at", format_rfc3339(kStart - 24h)).value();
  hub_->settings()
      .set("training_round", format_rfc3339(kStart - 1h) + " " + std::to_string(static_cast<int64_t>(web.id)))
      .value();
  {
    std::jthread loop([&](std::stop_token stop) { hub_->trainer().run(stop); });
    while (hub_->settings().get("training_round").value()) std::this_thread::yield();
  }
  EXPECT_EQ(hub_->trainer().servers_trained_total(), 1u);
  EXPECT_EQ(hub_->forecasts().trained_at(web.id), std::nullopt);
  EXPECT_EQ(hub_->forecasts().trained_at(db.id), kStart);
  EXPECT_EQ(hub_->trainer().progress().done, 2u);
  EXPECT_FALSE(hub_->trainer().progress().running);
}

TEST_F(HistoryTest, TwoServersLearnFromWeightsThatTheyShare) {
  const Server web = add("web", 4 * 24h), db = add("db", 4 * 24h);
  EXPECT_EQ(hub_->forecasts().train_fleet({web.id}).error().code, ErrorCode::kNotEnoughData);
  EXPECT_EQ(hub_->trainer().train_all({}).trained, 2u);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "data" / "models" / "fleet.safetensors"));
  EXPECT_EQ(hub_->forecasts().trained_at(db.id), kStart);
}

TEST_F(HistoryTest, TheDemoFleetIsTheSameEveryTimeAndGrowsOnlyByWhatIsNew) {
  const auto value = [&](const char* name) {
    return hub_->query().status(hub_->servers().find(name).value().id).values.at(0).value;
  };
  const DemoReport first = fill_demo_fleet(hub_->servers(), hub_->store(), clock_.now(), 1).value();
  EXPECT_EQ(first.servers, 4u);
  EXPECT_GT(first.values, 35u * 24 * 60 * 4 * 8);
  EXPECT_EQ(fill_demo_fleet(hub_->servers(), hub_->store(), clock_.now(), 1).value().values, 0u);
  const double cpu = value("demo-web-1");
  clock_.advance(1min);
  EXPECT_GT(fill_demo_fleet(hub_->servers(), hub_->store(), clock_.now(), 1).value().values, 20u);
  EXPECT_NE(value("demo-web-1"), cpu);
  const Frame disk =
      hub_->query()
          .frame(hub_->servers().find("demo-backup-1").value().id, *find_resource("disk"), {kStart - 24h, kStart}, 1h)
          .value();
  EXPECT_GT(disk.columns.at(0).values.back(), disk.columns.at(0).values.front()) << "its disk fills up";
}

}  // namespace
}  // namespace mps::service
