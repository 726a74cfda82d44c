#include "service/hub.h"

#include <cmath>
#include <future>
#include <gtest/gtest.h>

#include "base/log.h"
#include "store/embedded/embedded_store.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

const Timestamp kHubStart(1'795'334'400s);

// Remembers what it delivered; fails as told.
class RecordingNotifier final : public Notifier {
 public:
  boost::system::result<Delivered, DeliveryFailure> deliver(const OutgoingMessage& message) override {
    ++attempts;
    if (failure) return *failure;
    messages.push_back(message);
    return Delivered{next_id++};
  }
  std::optional<DeliveryFailure> failure;
  std::vector<OutgoingMessage> messages;
  int attempts = 0;
  int64_t next_id = 100;
};

class HubTest : public ::testing::Test {
 protected:
  void open() {
    hub_.reset();
    hub_ = Hub::open({folder_.path() / "data", "", "", TimeZone(), 210min}, clock_).value();
  }
  void SetUp() override { open(); }

  IngestReport ingest(const std::string& token, const std::string& body) {
    const IngestIdentity who = hub_->servers().authenticate(token).value();
    std::promise<Result<IngestReport>> done;
    hub_->ingest().write(who, wire::parse_line_protocol(body, wire::Precision::kNanoseconds),
                         [&](Result<IngestReport> report) { done.set_value(std::move(report)); });
    return done.get_future().get().value();
  }
  static std::string line(const std::string& measurement, const std::string& fields, Timestamp time) {
    return measurement + " " + fields + " " + std::to_string(time.time_since_epoch().count()) + "\n";
  }
  // Sends cpu readings every 10 s from the clock's time on, evaluating after each, for `duration`.
  void run_at(const std::string& token, double cpu, Duration duration) {
    for (Duration t = 0s; t < duration; t += 10s) {
      clock_.advance(10s);
      ingest(token, line("cpu,cpu=cpu-total,host=x", "usage_idle=" + std::to_string(100 - cpu), clock_.now()));
      hub_->alerts().evaluate().value();
    }
  }
  void pair_owner() {
    const std::string code = hub_->people().pairing_code().value();
    ASSERT_EQ(hub_->people().pair(42, 42, "Ann", code).value(), PairOutcome::kBecameOwner);
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_{kHubStart};
  std::unique_ptr<Hub> hub_;
};

TEST_F(HubTest, TheTokenAloneDecidesWhoseSamplesTheyAre) {
  const NewServer a = hub_->servers().add("a").value();
  const NewServer b = hub_->servers().add("b").value();
  ingest(a.token, line("mem,host=b", "used_percent=40", clock_.now()));
  const auto status = hub_->query().status(a.server.id);
  ASSERT_EQ(status.values.size(), 1u);
  EXPECT_EQ(status.values[0].resource->name, "ram");
  EXPECT_EQ(status.values[0].value, 40);
  EXPECT_EQ(hub_->query().status(b.server.id).last_seen, std::nullopt);
  EXPECT_EQ(hub_->servers().authenticate("nonsense").error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(hub_->servers().authenticate("").error().code, ErrorCode::kUnauthenticated);
}

TEST_F(HubTest, ARotatedTokenStopsWorkingAndTheNewOneSurvivesARestart) {
  const NewServer a = hub_->servers().add("a").value();
  const std::string token = hub_->servers().rotate_token(a.server.id).value();
  EXPECT_FALSE(hub_->servers().authenticate(a.token));
  open();
  EXPECT_EQ(hub_->servers().authenticate(token).value().server, a.server.id);
}

TEST_F(HubTest, AFleetTokenRegistersServersByTheirHostTag) {
  const std::string fleet = hub_->servers().add_fleet_token("rack 1").value().token;
  const NewServer own = hub_->servers().add("own").value();
  const IngestReport report = ingest(fleet, line("mem,host=web-1", "used_percent=1", clock_.now()) +
                                                line("mem,host=web-2", "used_percent=2", clock_.now()) +
                                                line("mem", "used_percent=3", clock_.now()) +
                                                line("mem,host=own", "used_percent=4", clock_.now()));
  EXPECT_EQ(report.values_accepted, 2u);
  ASSERT_EQ(report.errors.size(), 2u);
  EXPECT_EQ(report.errors[0].line, 3u);
  EXPECT_NE(report.errors[0].reason.find("host tag"), std::string::npos);
  EXPECT_EQ(report.errors[1].line, 4u);
  EXPECT_EQ(hub_->query().status(hub_->servers().find("web-2").value().id).values.at(0).value, 2);
  EXPECT_EQ(hub_->query().status(own.server.id).last_seen, std::nullopt)
      << "a fleet token must not write for a server with its own token";
}

TEST_F(HubTest, ServersOfARemovedFleetTokenGoToTheNextOneThatNamesThem) {
  const auto lost = hub_->servers().add_fleet_token("rack 1").value();
  EXPECT_EQ(ingest(lost.token, line("mem,host=web-1", "used_percent=1", clock_.now())).values_accepted, 1u);
  const ServerId id = hub_->servers().find("web-1").value().id;
  EXPECT_EQ(hub_->servers().remove_fleet_token(lost.record.id).value().servers, 1u);
  EXPECT_FALSE(hub_->servers().remove_fleet_token(lost.record.id));
  EXPECT_FALSE(hub_->servers().authenticate(lost.token));
  open();
  EXPECT_FALSE(hub_->servers().authenticate(lost.token));
  const auto next = hub_->servers().add_fleet_token("rack 1").value();
  EXPECT_EQ(ingest(next.token, line("mem,host=web-1", "used_percent=2", clock_.now())).values_accepted, 1u);
  EXPECT_EQ(hub_->servers().find("web-1").value().id, id) << "the same server, with its samples";
  open();
  ASSERT_EQ(hub_->servers().fleet_tokens().size(), 1u);
  EXPECT_EQ(hub_->servers().fleet_tokens()[0].servers, 1u);
}

TEST_F(HubTest, StampsFromTheFutureAreRefusedByLineAndPointsWithoutAStampGetTheTimeOfArrival) {
  const NewServer a = hub_->servers().add("a").value();
  const IngestReport report =
      ingest(a.token, line("mem", "used_percent=1", clock_.now() + 11min) + "mem used_percent=2\n");
  ASSERT_EQ(report.errors.size(), 1u);
  EXPECT_EQ(report.errors[0].line, 1u);
  EXPECT_NE(report.errors[0].reason.find("ahead"), std::string::npos);
  EXPECT_EQ(hub_->query().status(a.server.id).last_seen, clock_.now());
}

TEST_F(HubTest, HowFarAheadAStampMayBeIsAnOption) {
  hub_.reset();
  hub_ = Hub::open({.data = folder_.path() / "data", .store_url = "", .catalog_url = "", .zone = {}, .future_max = 1h},
                   clock_)
             .value();
  const NewServer a = hub_->servers().add("a").value();
  EXPECT_TRUE(ingest(a.token, line("mem", "used_percent=1", clock_.now() + 59min)).errors.empty());
  EXPECT_EQ(ingest(a.token, line("mem", "used_percent=1", clock_.now() + 61min)).errors.size(), 1u);
}

TEST_F(HubTest, RetentionIsAnOptionOfTheHub) {
  const NewServer a = hub_->servers().add("a").value();
  ingest(a.token, line("mem", "used_percent=1", clock_.now()));
  const auto samples_after_ten_days_kept_for = [&](Duration raw) {
    hub_.reset();
    HubOptions options{.data = folder_.path() / "data", .store_url = "", .catalog_url = "", .zone = {}};
    options.retention.raw = raw;
    hub_ = Hub::open(options, clock_).value();
    auto& store = dynamic_cast<store::EmbeddedStore&>(hub_->store());
    store.seal_all().value();
    store.maintain().value();
    const SeriesKey key{"mem", {}, "used_percent"};
    return store.read(a.server.id, key, {Timestamp::min(), Timestamp::max()}).value().size();
  };
  clock_.advance(10 * 24h);
  EXPECT_EQ(samples_after_ten_days_kept_for(30 * 24h), 1u);
  clock_.advance(1h);
  EXPECT_EQ(samples_after_ten_days_kept_for(2 * 24h), 0u);
}

TEST_F(HubTest, TrafficOfRealInterfacesIsSummedAsARate) {
  const NewServer a = hub_->servers().add("a").value();
  for (int i = 0; i < 3; ++i) {
    const Timestamp t = kHubStart + 10s * i;
    ingest(a.token, line("net,interface=eth0", "bytes_recv=" + std::to_string(1000 * i) + "i", t) +
                        line("net,interface=eth1", "bytes_recv=" + std::to_string(500 * i) + "i", t) +
                        line("net,interface=lo", "bytes_recv=" + std::to_string(900000 * i) + "i", t));
  }
  clock_.set(kHubStart + 20s);
  const auto status = hub_->query().status(a.server.id);
  ASSERT_EQ(status.values.size(), 1u);
  EXPECT_EQ(status.values[0].resource->name, "net_rx");
  EXPECT_DOUBLE_EQ(status.values[0].value, 150);
  const Frame frame =
      hub_->query().frame(a.server.id, *find_resource("net_rx"), {kHubStart, kHubStart + 30s}, 10s).value();
  ASSERT_EQ(frame.columns.size(), 1u);
  EXPECT_TRUE(std::isnan(frame.columns[0].values[0]));
  EXPECT_DOUBLE_EQ(frame.columns[0].values[1], 150);
}

TEST_F(HubTest, ABreachGivesOneMessageARepeatAnHourAndOneAtTheEnd) {
  pair_owner();
  const NewServer a = hub_->servers().add("web <1>").value();
  RecordingNotifier notifier;
  run_at(a.token, 20, 2min);
  run_at(a.token, 97, 2h);
  run_at(a.token, 30, 2min);
  hub_->outbox().deliver(notifier).value();
  // All of it waited for two hours: the message that goes out first says already how it ended.
  ASSERT_EQ(notifier.messages.size(), 2u);
  EXPECT_NE(notifier.messages[0].html.find("<b>web &lt;1&gt;</b>: CPU is back to 30 %\nit was over 90 %"),
            std::string::npos)
      << notifier.messages[0].html;
  EXPECT_NE(notifier.messages[1].html.find("still over"), std::string::npos);
  EXPECT_EQ(notifier.messages[0].reply_to, std::nullopt);
  EXPECT_EQ(notifier.messages[1].reply_to, 100);
  EXPECT_TRUE(hub_->alerts().open_incidents().empty());
}

TEST_F(HubTest, ARestartNeitherRepeatsNorLosesAMessage) {
  pair_owner();
  const NewServer a = hub_->servers().add("a").value();
  RecordingNotifier notifier;
  run_at(a.token, 97, 3min);
  open();  // in the middle of the hold time
  run_at(a.token, 97, 3min);
  open();  // after the message was written, before it was delivered
  hub_->outbox().deliver(notifier).value();
  open();
  run_at(a.token, 97, 10min);
  hub_->outbox().deliver(notifier).value();
  ASSERT_EQ(notifier.messages.size(), 1u);
  open();
  run_at(a.token, 10, 1min);
  hub_->outbox().deliver(notifier).value();
  ASSERT_EQ(notifier.messages.size(), 2u);
  EXPECT_EQ(notifier.messages[1].edits, 100);
  EXPECT_NE(notifier.messages[1].html.find("back to"), std::string::npos);
}

TEST_F(HubTest, AnUndeliveredMessageIsSentWhenTelegramIsBackAndABlockedChatIsLeftAlone) {
  pair_owner();
  RecordingNotifier notifier;
  hub_->outbox().add(42, "hello").value();
  notifier.failure = DeliveryFailure{DeliveryFailure::Kind::kRetry, "HTTP 500", 30s};
  EXPECT_EQ(hub_->outbox().deliver(notifier).value(), 0u);
  notifier.failure.reset();
  EXPECT_EQ(hub_->outbox().deliver(notifier).value(), 0u) << "not before retry_after";
  clock_.advance(31s);
  open();
  EXPECT_EQ(hub_->outbox().deliver(notifier).value(), 1u);
  notifier.failure = DeliveryFailure{DeliveryFailure::Kind::kChatGone, "bot was blocked by the user", {}};
  hub_->outbox().add(42, "again").value();
  hub_->outbox().deliver(notifier).value();
  EXPECT_TRUE(hub_->people().alert_chats().empty());
  EXPECT_EQ(hub_->outbox().undelivered(), 0u);
}

TEST_F(HubTest, PairingWorksOnceAndGuessesAreLimited) {
  const std::string code = hub_->people().pairing_code().value();
  open();
  EXPECT_EQ(hub_->people().pairing_code(), code) << "the same until it is used";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(hub_->people().pair(7, 7, "Eve", "guess").value(), PairOutcome::kWrongCode);
  EXPECT_EQ(hub_->people().pair(7, 7, "Eve", code).value(), PairOutcome::kSlowDown);
  EXPECT_EQ(hub_->people().pair(42, 42, "Ann", code).value(), PairOutcome::kBecameOwner);
  EXPECT_EQ(hub_->people().pairing_code(), std::nullopt);
  clock_.advance(11min);
  EXPECT_EQ(hub_->people().pair(7, 7, "Eve", code).value(), PairOutcome::kWrongCode);
  EXPECT_TRUE(hub_->people().is_paired(42, 42));
  EXPECT_FALSE(hub_->people().is_paired(42, 7));
}

TEST_F(HubTest, ARemovedServerLeavesNothingBehindForTheNextOfItsName) {
  const NewServer a = hub_->servers().add("a").value();
  ingest(a.token, line("mem", "used_percent=1", clock_.now()));
  hub_->servers().remove(a.server.id).value();
  EXPECT_FALSE(hub_->servers().authenticate(a.token));
  const NewServer again = hub_->servers().add("a").value();
  EXPECT_EQ(hub_->query().status(again.server.id).last_seen, std::nullopt);
}

TEST_F(HubTest, OnlyOneHubWorksOnAFolder) {
  const auto second = Hub::open({folder_.path() / "data", "", "", TimeZone(), 210min}, clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(second.error().message.find("another mps"), std::string::npos);
}

TEST_F(HubTest, NamesThatNobodyCouldReadAreRefused) {
  for (const std::string& name : std::vector<std::string>{"", " a", "a\nb", "\xFF", std::string(201, 'x')})
    EXPECT_FALSE(hub_->servers().add(name)) << name;
  EXPECT_TRUE(hub_->servers().add("<b>_💾_שלום"));
  EXPECT_EQ(hub_->servers().find("nope").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace mps::service
