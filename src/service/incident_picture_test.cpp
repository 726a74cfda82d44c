// The picture on the card of an incident.

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <numbers>
#include <random>

#include "base/text.h"
#include "service/hub.h"
#include "testing/fake_clock.h"
#include "testing/picture.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

class IncidentPicture : public ::testing::Test {
 protected:
  IncidentPicture() {
    hub_ = Hub::open({folder_.path() / "data", "", "", TimeZone(), 210min}, clock_).value();
    server_ = hub_->servers().add("web-1").value().server;
  }
  // Fifteen days of a rhythm, and what `cpu` and `disk` say besides, by the minutes since the last hour began.
  void live(const std::function<double(double)>& cpu, const std::function<double(double)>& disk) {
    std::mt19937 random(5);
    std::string body;
    const Timestamp end = clock_.now();
    for (Timestamp t = end - 15 * 24h; t < end; t += t < end - 1h * 24 ? Duration(5min) : Duration(30s)) {
      const double minutes = std::chrono::duration<double, std::ratio<60>>(t - end).count();
      const double turn = minutes / 1440 * 2 * std::numbers::pi;
      const double usual = 45 + 15 * std::sin(turn) + std::normal_distribution(0.0, 2.0)(random);
      const std::string stamp = " " + std::to_string(t.time_since_epoch().count()) + "\n";
      body += "cpu,cpu=cpu-total usage_idle=" + std::to_string(100 - std::clamp(usual + cpu(minutes), 0.0, 100.0)) +
              stamp + "disk,path=/var used_percent=" + std::to_string(disk(minutes)) + stamp;
    }
    auto parsed = wire::parse_line_protocol(body, wire::Precision::kNanoseconds);
    for (Point& point : parsed.batch.points) point.server = server_.id;
    hub_->store().append_and_wait(parsed.batch).value();
  }
  std::string draw(const char* resource, const catalog::Incident& incident,
                   const Reader& reader = reader_of("en", TimeZone())) const {
    return hub_->pictures().incident(server_, *find_resource(resource), incident, reader).value();
  }
  static void keep(const std::string& name, const std::string& png) {
    EXPECT_LT(png.size(), 60'000u);
    if (const char* folder = std::getenv("MPS_GALLERY_DIR")) {
      std::ofstream(std::string(folder) + "/" + name, std::ios::binary) << png;
    } else {
      mps::testing::expect_as_in_gallery(name, png);
    }
  }
  static double difference(const std::string& a, const std::string& b) {
    return mps::testing::difference_of(mps::testing::decode_png(a), mps::testing::decode_png(b)).far;
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_{parse_time("2026-11-26T14:00:00Z").value()};
  std::unique_ptr<Hub> hub_;
  Server server_;
};

TEST_F(IncidentPicture, ShowsThresholdForecastAndSinceWhenItLasts) {
  live([](double minutes) { return minutes > -25 ? 50.0 : 0.0; }, [](double) { return 40.0; });
  catalog::Incident incident;
  incident.server = server_.id;
  incident.resource = "cpu";
  incident.threshold = 90;
  incident.breached_at = incident.fired_at = clock_.now() - 25min;
  const std::string firing = draw("cpu", incident);
  keep("incident-cpu.png", firing);
  incident.breached_at = clock_.now() - 1min;
  EXPECT_GT(difference(firing, draw("cpu", incident)), 0.03) << "what is shaded is the incident";
  incident.breached_at = clock_.now() - 25min;
  incident.resolved_at = clock_.now() - 15min;
  EXPECT_GT(difference(firing, draw("cpu", incident)), 0.03) << "it ends, and without the forecast";
}

TEST_F(IncidentPicture, OfAPredictionAboutADiskGoesOnToTheThreshold) {
  live([](double) { return 0.0; }, [](double minutes) { return minutes < -300 ? 61.0 : 61 + (minutes + 300) / 14; });
  catalog::Incident incident;
  incident.server = server_.id;
  incident.resource = "disk";
  incident.instance = "/var";
  incident.kind = "prediction";
  incident.threshold = 95;
  incident.value = 82.4;
  incident.breached_at = incident.fired_at = clock_.now() - 5min;
  const std::string without = draw("disk", incident);
  incident.expected_at = clock_.now() + 176min;
  incident.expected_from = clock_.now() + 150min;
  incident.expected_to = clock_.now() + 230min;
  const std::string with = draw("disk", incident);
  keep("incident-disk.png", with);
  EXPECT_GT(difference(without, with), 0.02);
}

TEST_F(IncidentPicture, SpeaksTheLanguageOfTheChatAndKeepsItsTime) {
  live([](double minutes) { return minutes > -25 ? 50.0 : 0.0; }, [](double) { return 40.0; });
  catalog::Incident incident;
  incident.server = server_.id;
  incident.resource = "cpu";
  incident.threshold = 90;
  incident.breached_at = incident.fired_at = clock_.now() - 25min;
  const TimeZone tokyo = TimeZone::find("Asia/Tokyo").value();
  const std::string russian = draw("cpu", incident, reader_of("ru", tokyo));
  keep("incident-russian.png", russian);
  EXPECT_GT(difference(draw("cpu", incident), russian), 0.005);
  EXPECT_GT(difference(draw("cpu", incident, reader_of("en", tokyo)), russian), 0.002);
  EXPECT_NE(draw("cpu", incident), draw("cpu", incident, reader_of("en", tokyo)));
}

TEST_F(IncidentPicture, OfAnAnomalyShowsWhatWasExpectedInstead) {
  live([](double minutes) { return minutes > -40 ? -25.0 : 0.0; }, [](double) { return 40.0; });
  catalog::Incident incident;
  incident.server = server_.id;
  incident.resource = "cpu";
  incident.kind = "anomaly";
  incident.threshold = 28;
  incident.breached_at = incident.fired_at = clock_.now() - 40min;
  keep("incident-anomaly.png", draw("cpu", incident));
}

}  // namespace
}  // namespace mps::service
