#include "service/reports.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

#include "base/text.h"
#include "service/demo_fleet.h"
#include "service/hub.h"
#include "service/report_document.h"
#include "service/server_day.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

const Timestamp kMidnight = parse_time("2026-11-25").value();

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer;
  for (size_t n = 0; pipe && (n = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;)
    text.append(buffer.data(), n);
  return text;
}

// The text of a PDF as pdftotext lays it out.
std::string text_of_pdf(const std::string& pdf, const std::filesystem::path& folder) {
  const std::string path = folder / "report.pdf";
  std::ofstream(path, std::ios::binary) << pdf;
  return output_of("pdftotext -layout " + path + " -");
}

size_t pages_in(const std::string& pdf) {
  size_t pages = 0;
  for (size_t at = 0; (at = pdf.find("/Type /Page %", at)) != std::string::npos; ++at) ++pages;
  return pages;
}

void show_in_gallery(const std::string& pdf, const char* name) {
  const char* folder = std::getenv("MPS_GALLERY_DIR");
  if (folder != nullptr) std::ofstream(std::string(folder) + "/" + name + ".pdf", std::ios::binary) << pdf;
}

// A made fleet, forecasts put aside at midnight, the day that followed, and eight hours more. Made once: nobody changes
// it.
class ReportsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
#ifdef __SANITIZE_THREAD__
    return;  // one thread alone, and minutes of making a fleet
#endif
    folder_ = new testing::TemporaryFolder;
    clock_ = new testing::FakeClock(kMidnight);
    hub_ = Hub::open({folder_->path() / "data", "", "", TimeZone(), 210min}, *clock_).value().release();
    live_until(kMidnight);
    live_until(kMidnight + 24h);
    hub_->servers().add("mute").value();
    clock_->set(kMidnight + 32h);
  }
  void SetUp() override {
    if (hub_ == nullptr) GTEST_SKIP() << "there is nothing in it for this sanitizer";
  }
  static void TearDownTestSuite() {
    delete hub_;
    delete clock_;
    delete folder_;
  }
  static void live_until(Timestamp time) {
    clock_->set(time);
    fill_demo_fleet(hub_->servers(), hub_->store(), time, 1).value();
    hub_->day_forecasts().keep_all().value();
  }
  static Server server(const char* name) {
    return hub_->servers().find(name).value();
  }
  static void expect_all(const std::string& text, std::initializer_list<std::string> wanted) {
    for (const std::string& one : wanted) EXPECT_NE(text.find(one), std::string::npos) << one << " in\n" << text;
  }

  // As qpdf sees it, where that is installed.
  static void expect_sound(const std::string& pdf) {
    const std::string path = folder_->path() / "checked.pdf";
    std::ofstream(path, std::ios::binary) << pdf;
    const std::string said = output_of("qpdf --check " + path + " 2>&1");
    if (said.find("not found") != std::string::npos) return;
    EXPECT_NE(said.find("No syntax or stream encoding errors found"), std::string::npos) << said;
  }

  static inline testing::TemporaryFolder* folder_ = nullptr;
  static inline testing::FakeClock* clock_ = nullptr;
  static inline Hub* hub_ = nullptr;
};

TEST(LocalDay, HasTheHoursThatItsZoneGivesIt) {
  const TimeZone berlin = TimeZone::find("Europe/Berlin").value();
  const auto hours = [&](const char* date) {
    const TimeRange day = local_day(berlin, date).value();
    return (day.to - day.from) / 1h;
  };
  EXPECT_EQ(hours("2026-11-25"), 24);
  EXPECT_EQ(hours("2026-03-29"), 23);
  EXPECT_EQ(hours("2026-10-25"), 25);
  EXPECT_EQ(local_day(berlin, "2026-11-25").value().from, kMidnight - 1h);
  EXPECT_EQ(local_day(TimeZone::find("Pacific/Kiritimati").value(), "2026-11-25").value().from, kMidnight - 14h);
  EXPECT_EQ(local_day(TimeZone::find("Pacific/Niue").value(), "2026-11-25").value().from, kMidnight + 11h);
  EXPECT_EQ(local_day(TimeZone::find("Pacific/Apia").value(), "2011-12-30").error().code, ErrorCode::kInvalidArgument)
      << "Samoa went over the date line and had no such day";
  for (const char* wrong : {"", "yesterday", "2026-13-01", "2026-11-25T00:00:00Z", "25.11.2026"})
    EXPECT_EQ(local_day(berlin, wrong).error().code, ErrorCode::kInvalidArgument) << wrong;
  EXPECT_EQ(yesterday(berlin, kMidnight - 30min), "2026-11-24") << "it is half past midnight there";
}

TEST(CheckForecast, ScoresWhatIsKnownBesideTheDayBefore) {
  const catalog::DayForecast made{ServerId(1), "cpu",  kMidnight,
                                  30min,       "lstm", {{8, 10, 12}, {18, 20, 22}, {28, 30, 32}}};
  const ForecastCheck check = check_forecast(made, {11, NAN, 34}, {15, 20, NAN});
  EXPECT_EQ(check.steps, 2u);
  EXPECT_DOUBLE_EQ(check.mae, 2.5);
  EXPECT_DOUBLE_EQ(check.rmse, std::sqrt((1 + 16) / 2.0));
  EXPECT_DOUBLE_EQ(check.naive_mae, 4);
  EXPECT_DOUBLE_EQ(check.inside, 0.5);
  EXPECT_EQ(check_forecast(made, {}, {}).steps, 0u);
}

TEST_F(ReportsTest, AServersDayIsOnTwoPagesWithEveryFigure) {
  const auto report = hub_->reports().of_server(server("demo-backup-1"), {"2026-11-25"}).value();
  show_in_gallery(report.pdf, "daily-report");
  EXPECT_EQ(pages_in(report.pdf), 2u);
  EXPECT_LT(report.pdf.size(), 300u * 1000);
  expect_sound(report.pdf);
  const std::string text = text_of_pdf(report.pdf, folder_->path());
  if (text.empty()) GTEST_SKIP() << "pdftotext is not installed";
  const auto day = describe_day(server("demo-backup-1"), local_day(TimeZone(), "2026-11-25").value(), TimeZone(),
                                {hub_->query(), hub_->day_forecasts(), {}})
                       .value();
  const ReportWords& words = *report_words("en").value();
  expect_all(text, {"demo-backup-1: daily report", "Wednesday, 25 November 2026", "What to watch", "Mount points",
                    "100 %", "No alerts.", "times in UTC"});
  for (const ResourceDay& one : day.resources) {
    expect_all(text, {words.value(one.mean, one.resource->unit), words.value(one.peak, one.resource->unit),
                      words.value(one.week_before, one.resource->unit)});
    if (!one.resource->forecast) continue;
    ASSERT_TRUE(one.check) << one.resource->name;
    EXPECT_EQ(one.check->steps, 48u);
    expect_all(text, {words.value(one.check->mae, one.resource->unit), words.value(one.check->rmse, one.resource->unit),
                      words.value(one.check->naive_mae, one.resource->unit)});
    EXPECT_TRUE(one.next) << one.resource->name;
  }
}

TEST_F(ReportsTest, SpeaksRussianInItsOwnTimeZone) {
  ReportOptions options{"2026-11-25", "ru", TimeZone::find("Europe/Moscow").value(), Units::kBytes, true, ""};
  const auto report = hub_->reports().of_server(server("demo-web-1"), options).value();
  expect_sound(report.pdf);
  EXPECT_EQ(pages_in(report.pdf), 2u) << "on Letter";
  show_in_gallery(report.pdf, "daily-report-ru");
  const std::string text = text_of_pdf(report.pdf, folder_->path());
  if (text.empty()) GTEST_SKIP() << "pdftotext is not installed";
  expect_all(text, {"demo-web-1: отчёт за день", "среда, 25 ноября 2026", "Процессор", "МБ/с", "время: Europe/Moscow",
                    "Прогноз дня и что вышло", "п. п."});
  for (const char* english : {"KB/s", "MB/s", "GB/s", " B/s"})
    EXPECT_EQ(text.find(english), std::string::npos) << english << " on an axis in\n" << text;
  EXPECT_NE(report.caption.find("demo-web-1, среда, 25 ноября 2026\n"), std::string::npos) << report.caption;
  const auto fleet = hub_->reports().of_fleet(options).value();
  show_in_gallery(fleet.pdf, "fleet-report-ru");
  expect_sound(fleet.pdf);
  expect_all(text_of_pdf(fleet.pdf, folder_->path()), {"Все серверы: отчёт за день", "demo-db-1"});
  EXPECT_EQ(hub_->reports().of_server(server("demo-web-1"), {"2026-11-25", "fr"}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(ReportsTest, AFleetsDaySaysHowGoodPredictionsWere) {
  const std::vector<ServerDay> days = {
      {server("demo-web-1"), {kMidnight, kMidnight + 24h}, TimeZone(), 0.9, {}, {}, {}, {}}};
  const auto text_with = [&](const catalog::Predictions::Count& predictions, const char* language) {
    const auto document = fleet_document(days, predictions, *report_words(language).value(), {});
    return text_of_pdf(chart::to_pdf(document).value(), folder_->path());
  };
  if (text_with({}, "en").empty()) GTEST_SKIP() << "pdftotext is not installed";
  EXPECT_EQ(text_with({}, "en").find("Predictions"), std::string::npos);
  expect_all(text_with({10, 2, 1}, "en"), {"Predictions", "10/12", "came true in 90 days, 1 open"});
  expect_all(text_with({0, 0, 3}, "en"), {"none judged yet, 3 open"});
  expect_all(text_with({10, 2, 1}, "ru"), {"Предсказания", "10/12", "сбылись за 90 дней, ещё открыто: 1"});
}

TEST_F(ReportsTest, AFleetsDayHasEveryServer) {
  const auto report = hub_->reports().of_fleet({"2026-11-25"}).value();
  show_in_gallery(report.pdf, "fleet-report");
  const std::string text = text_of_pdf(report.pdf, folder_->path());
  if (text.empty()) GTEST_SKIP() << "pdftotext is not installed";
  expect_sound(report.pdf);
  expect_all(text, {"All servers: daily report", "demo-web-1", "demo-db-1", "demo-backup-1", "demo-flaky-1", "mute",
                    "without data: 1", "CPU by the hour"});
  EXPECT_NE(report.caption.find("Servers: 5."), std::string::npos) << report.caption;
}

TEST_F(ReportsTest, ADayWithoutDataOrFromTheFutureIsASentence) {
  const Server silent = server("mute");
  const auto report = hub_->reports().of_server(silent, {}).value();
  EXPECT_EQ(report.date, "2026-11-25") << "yesterday, unless another day is asked for";
  EXPECT_EQ(pages_in(report.pdf), 1u);
  expect_sound(report.pdf);
  const std::string text = text_of_pdf(report.pdf, folder_->path());
  if (!text.empty()) expect_all(text, {"The server sent nothing on this day."});
  EXPECT_EQ(hub_->reports().of_server(silent, {"2026-11-27"}).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ReportsTest, FortyMountPointsAndManyAlertsStillFitOnTwoPages) {
  ServerDay day{server("demo-web-1"), {kMidnight, kMidnight + 24h}, TimeZone(), 0.9, {}, {}, {}, {}};
  for (const Resource& resource : resources()) {
    ResourceDay one;
    one.resource = &resource, one.peak_at = kMidnight;
    one.grid = {kMidnight, 5min, 288}, one.values.assign(288, 50), one.hours.assign(24, 50);
    if (resource.forecast) one.check = ForecastCheck{&resource, "lstm", 1, 1, 1, 1, 1, 48};
    day.resources.push_back(std::move(one));
  }
  for (int i = 0; i < 40; ++i)
    day.mounts.push_back({"/srv/mount-" + std::to_string(i), 99.0 - i, 98.0 - i, {100, 24h, 48h, 72h}});
  for (int i = 0; i < 50; ++i)
    day.incidents.push_back(
        {i, day.server.id, "cpu", "", 90, 99, kMidnight + i * 10min, kMidnight + i * 10min, kMidnight, std::nullopt});
  for (int i = 0; i < 30; ++i) day.gaps.push_back({kMidnight + i * 30min, kMidnight + i * 30min + 15min});
  for (const chart::Paper paper : {chart::Paper::kA4, chart::Paper::kLetter}) {
    for (const char* language : {"en", "ru"}) {
      const ReportLook look{paper, "", kMidnight};
      const std::string pdf = chart::to_pdf(server_document(day, *report_words(language).value(), look)).value();
      EXPECT_EQ(pages_in(pdf), 2u) << language << (paper == chart::Paper::kA4 ? ", A4" : ", Letter");
      expect_sound(pdf);
      show_in_gallery(pdf, language == std::string("en") ? "daily-report-crowded" : "daily-report-crowded-ru");
    }
  }
}

TEST(DayForecasts, ArePutAsideAtMidnightAndAtAFirstStart) {
  const testing::TemporaryFolder folder;
  testing::FakeClock clock{kMidnight + 10h};
  const auto hub = Hub::open({folder.path() / "data", "", "", TimeZone(), 210min}, clock).value();
  const ServerId id = hub->servers().add("web").value().server.id;
  const auto send = [&] {
    const std::string body =
        "mem used_percent=40 " + std::to_string((clock.now() - 1h).time_since_epoch().count()) + "\n";
    PointBatch batch = wire::parse_line_protocol(body, wire::Precision::kNanoseconds).batch;
    for (Point& point : batch.points) point.server = id;
    hub->store().append_and_wait(batch).value();
  };
  const auto made = [&](Timestamp near) { return hub->day_forecasts().made_near(id, near, 1h).value(); };
  send();
  std::jthread loop([&](std::stop_token stop) { hub->day_forecasts().run(stop); });
  while (made(kMidnight + 10h).empty()) std::this_thread::yield();
  clock.set(kMidnight + 23h);
  send();
  clock.set(kMidnight + 24h + 20s);
  while (made(kMidnight + 24h).empty()) std::this_thread::yield();
  EXPECT_EQ(made(kMidnight + 24h).front().origin, kMidnight + 24h);
  EXPECT_EQ(made(kMidnight + 24h).front().resource, "ram");
}

}  // namespace
}  // namespace mps::service
