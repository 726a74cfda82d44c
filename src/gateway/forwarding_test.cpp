// What /health and /metrics say of a store that sends samples on to an InfluxDB.
#include <thread>

#include "testing/api_rig.h"

namespace mps::gateway {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class ForwardingTest : public ApiRig {
 protected:
  ForwardingTest() {
    gateway_.reset();
    hub_.reset();
    // Nobody listens on port 1.
    hub_ =
        service::Hub::open(
            {.data = folder_.path(), .store_url = "influxdb://127.0.0.1:1/mps", .catalog_url = "", .zone = {}}, clock_)
            .value();
    (void)hub_->store().last_seen(ServerId{});
    serve({.version = "0.1.0"});
  }
};

TEST_F(ForwardingTest, WhatWaitsForInfluxIsToldWithItsAge) {
  ASSERT_EQ(write(fmt::format("mem used_percent=1,total=5i {}", at())), 204);
  while (hub_->store().stats().forwarding->retries == 0) {  // an attempt comes a second after the sample
    clock_.advance(1s);
    std::this_thread::yield();
  }
  clock_.advance(1min);
  const auto health = get("/health");
  EXPECT_EQ(health.at("status"), "pass") << "samples are taken";
  const auto& store = health.at("store");
  EXPECT_EQ(store.at("engine"), "influxdb");
  EXPECT_NE(store.at("trouble").as_string().find("2 samples"), std::string_view::npos) << store.at("trouble");
  const auto& forwarding = store.at("forwarding");
  EXPECT_EQ(forwarding.at("samples_waiting").to_number<int>(), 2);
  EXPECT_GT(forwarding.at("bytes_waiting").to_number<int>(), 0);
  EXPECT_GE(forwarding.at("oldest_waits_seconds").to_number<double>(), 61);
  EXPECT_FALSE(forwarding.at("last_error_at").is_null());
  EXPECT_GE(store.at("limits").as_array().size(), 3u);
  EXPECT_FALSE(store.at("limits").at(0).at("why").as_string().empty());

  const std::string metrics = ask("GET", "/metrics").body;
  for (const char* row :
       {"mps_influxdb_queue_samples 2\n", "mps_influxdb_queue_bytes ", "mps_influxdb_oldest_waits_seconds ",
        "mps_influxdb_samples_sent_total 0\n", "mps_influxdb_batches_sent_total 0\n", "mps_influxdb_retries_total ",
        "mps_influxdb_samples_rejected_total 0\n", "mps_influxdb_last_error_timestamp_seconds "})
    EXPECT_NE(metrics.find(row), std::string::npos) << row << " is not in\n" << metrics;
}

TEST_F(ApiRig, TheDataFolderAloneForwardsNothing) {
  const auto store = get("/health").at("store");
  EXPECT_EQ(store.at("engine"), "embedded");
  EXPECT_TRUE(store.at("forwarding").is_null());
  EXPECT_TRUE(store.at("limits").as_array().empty());
  EXPECT_EQ(ask("GET", "/metrics").body.find("mps_influxdb"), std::string::npos);
}

}  // namespace
}  // namespace mps::gateway
