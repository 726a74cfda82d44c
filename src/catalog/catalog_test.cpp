#include <gtest/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "catalog/chats.h"
#include "catalog/incidents.h"
#include "catalog/outbox.h"
#include "catalog/rules.h"
#include "catalog/schema.h"
#include "catalog/servers.h"
#include "catalog/settings.h"
#include "catalog/tokens.h"
#include "testing/temporary_folder.h"

namespace mps::catalog {
namespace {

using namespace std::chrono_literals;

const Timestamp kNow(1'795'334'400s);

class CatalogTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open() {
    return Database::open("sqlite3://" + (folder_.path() / "catalog.db").string()).value();
  }
  testing::TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = open();
};

TEST_F(CatalogTest, EverythingIsThereAfterReopening) {
  const Server db1 = Servers(*database_).add("db1 <b>'\"; сервер", 7, kNow).value();
  Tokens(*database_).add({0, "abc", "fleet", {}}, kNow).value();
  Settings(*database_).set("offset", "1").value();
  Settings(*database_).set("offset", "2").value();
  Chats(*database_).add({-1001234567890123, 5'000'000'000, "Ann", "owner", false}, kNow).value();
  Servers(*database_).set_tags(db1.id, {"eu", "web"}).value();
  RuleRow disk{.server = db1.id, .kind = "threshold", .resource = "disk", .instance = "/data", .severity = "critical"};
  disk.threshold = 80, disk.clear = 75, disk.hold = 5min, disk.repeat = 1h;
  Rules(*database_).set(disk).value();
  disk.threshold = 81;
  Rules(*database_).set(disk).value();
  database_.reset();
  database_ = open();

  const Server again = Servers(*database_).list().value().at(0);
  EXPECT_EQ(again.name, "db1 <b>'\"; сервер");
  EXPECT_EQ(again.id, db1.id);
  EXPECT_EQ(again.created_at, kNow);
  EXPECT_EQ(again.fleet_token, 7);
  EXPECT_EQ(Tokens(*database_).list().value().at(0).hash, "abc");
  EXPECT_EQ(Settings(*database_).get("offset").value(), "2");
  EXPECT_EQ(Settings(*database_).get("nothing").value(), std::nullopt);
  EXPECT_EQ(Chats(*database_).list().value().at(0).chat_id, -1001234567890123);
  EXPECT_EQ(Chats(*database_).list().value().at(0).user_id, 5'000'000'000);
  EXPECT_EQ(again.tags, (std::vector<std::string>{"eu", "web"}));
  const auto rules = Rules(*database_).list().value();
  ASSERT_EQ(rules.size(), 1u) << "the second took the place of the first";
  EXPECT_EQ(rules[0].threshold, 81);
  EXPECT_EQ(rules[0].clear, 75);
  EXPECT_EQ(rules[0].hold, 5min);
  EXPECT_EQ(rules[0].instance, "/data");
  EXPECT_EQ(rules[0].severity, "critical");
  RuleRow other = disk;
  other.severity = "warning";
  EXPECT_FALSE(Rules(*database_).remove(other).value());
  EXPECT_TRUE(Rules(*database_).remove(disk).value());
}

TEST_F(CatalogTest, ACatalogOfTheFirstVersionKeepsItsRules) {
  const std::string path = (folder_.path() / "old.db").string();
  {
    soci::session sql(soci::sqlite3, "dbname=\"" + path + "\"");
    sql << "CREATE TABLE schema_version (version BIGINT NOT NULL)";
    sql << "INSERT INTO schema_version (version) VALUES (1)";
    std::string_view script = migrations().front();
    for (size_t end = script.find(';'); end != std::string_view::npos; end = script.find(';')) {
      sql << script.substr(0, end);
      script.remove_prefix(end + 1);
    }
    sql << "INSERT INTO rule VALUES (0, 'cpu', 70, 60, 60000000000, 600000000000)";
    sql << "INSERT INTO incident VALUES (5, 1, 'cpu', '', 70, 80, 1, 2, 3, 0)";
  }
  const auto old = Database::open("sqlite3://" + path).value();
  const auto rules = Rules(*old).list().value();
  ASSERT_EQ(rules.size(), 1u);
  EXPECT_EQ(rules[0].resource, "cpu");
  EXPECT_EQ(rules[0].threshold, 70);
  EXPECT_EQ(rules[0].clear, 60);
  EXPECT_EQ(rules[0].hold, 1min);
  EXPECT_EQ(rules[0].repeat, 10min);
  EXPECT_EQ(rules[0].kind, "threshold");
  EXPECT_EQ(Incidents(*old).list_open().value().at(0).severity, "warning");
}

TEST_F(CatalogTest, NamesAreUniqueAndIdsAreNeverUsedTwice) {
  Servers servers(*database_);
  const ServerId first = servers.add("a", 0, kNow).value().id;
  EXPECT_EQ(servers.add("a", 0, kNow).error().code, ErrorCode::kAlreadyExists);
  servers.remove(first).value();
  EXPECT_NE(servers.add("a", 0, kNow).value().id, first);
}

TEST_F(CatalogTest, AFailedTransactionLeavesNothingBehind) {
  const auto result = database_->transaction([&]() -> Result<void> {
    Settings(*database_).set("a", "1").value();
    MPS_TRY_VOID(database_->transaction([&] { return Settings(*database_).set("b", "2"); }));
    return Error{ErrorCode::kInternal, "on purpose"};
  });
  EXPECT_EQ(result.error().message, "on purpose");
  EXPECT_EQ(Settings(*database_).get("a").value(), std::nullopt);
  EXPECT_EQ(Settings(*database_).get("b").value(), std::nullopt);
  database_->transaction([&] { return Settings(*database_).set("c", "3"); }).value();
  EXPECT_EQ(Settings(*database_).get("c").value(), "3");
}

TEST_F(CatalogTest, MessagesOfAChatKeepTheirOrder) {
  Outbox outbox(*database_);
  const int64_t first = outbox.add({0, 1, 9, "first", kNow, kNow, 0}).value();
  outbox.add({0, 1, 9, "second", kNow, kNow, 0}).value();
  outbox.add({0, 2, 9, "other chat", kNow, kNow, 0}).value();
  auto due = outbox.due(kNow).value();
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0].html, "first");
  EXPECT_EQ(due[1].html, "other chat");

  outbox.postpone(first, kNow + 1min).value();
  due = outbox.due(kNow).value();
  ASSERT_EQ(due.size(), 1u) << "the second must not overtake the first";
  EXPECT_EQ(due[0].chat_id, 2);

  outbox.mark_delivered(first, 4711, kNow + 1min).value();
  EXPECT_EQ(outbox.due(kNow + 1min).value().at(0).html, "second");
  EXPECT_EQ(outbox.count_undelivered().value(), 2u);
}

TEST_F(CatalogTest, AnIncidentIsOpenUntilItIsResolved) {
  Incidents incidents(*database_);
  Incident incident{0, ServerId(3), "disk", "/var", 90, 95.5, kNow, kNow + 5min, kNow + 5min, {}};
  incident.id = incidents.open(incident).value();
  EXPECT_EQ(incidents.list_open().value().at(0).peak, 95.5);
  incident.resolved_at = kNow + 1h;
  incident.peak = 97;
  incidents.update(incident).value();
  EXPECT_TRUE(incidents.list_open().value().empty());
  EXPECT_EQ(incidents.list_recent(10).value().at(0).resolved_at, kNow + 1h);
}

TEST_F(CatalogTest, AnIncidentRemembersEveryStepWithItsTimeAndPerson) {
  Incidents incidents(*database_);
  Incident incident{0, ServerId(3), "disk", "/var", 90, 95.5, kNow, kNow + 5min, kNow + 5min, {}};
  incident.kind = "prediction";
  incident.severity = "critical";
  incident.expected_at = kNow + 9h;
  incident.id = incidents.open(incident).value();
  incidents.acknowledge(incident.id, "Ann", kNow + 6min).value();
  incidents.snooze(incident.id, kNow + 1h, "Bob", kNow + 7min).value();
  incident.peak = 99;
  incidents.update(incident).value();  // knows nothing of what people did, and leaves it alone
  Incident kept = incidents.find(incident.id).value().value();
  EXPECT_EQ(kept.kind, "prediction");
  EXPECT_EQ(kept.severity, "critical");
  EXPECT_EQ(kept.expected_at, kNow + 9h);
  EXPECT_EQ(kept.peak, 99);
  EXPECT_EQ(kept.acknowledged_at, kNow + 6min);
  EXPECT_EQ(kept.acknowledged_by, "Ann");
  EXPECT_EQ(kept.snoozed_until, kNow + 1h);
  incident.resolved_at = kNow + 2h;
  incidents.update(incident).value();
  incidents.update(incident).value();
  std::string life;
  for (const IncidentEvent& event : incidents.events(incident.id).value()) life += event.what + " " + event.who + "; ";
  EXPECT_EQ(life, "pending ; firing ; acknowledged Ann; snoozed Bob; resolved ; ");
  EXPECT_EQ(incidents.events(incident.id).value().at(0).at, kNow);
  incidents.forget_before(kNow + 2h).value();
  EXPECT_TRUE(incidents.find(incident.id).value());
  incidents.forget_before(kNow + 3h).value();
  EXPECT_FALSE(incidents.find(incident.id).value());
  EXPECT_TRUE(incidents.events(incident.id).value().empty());
}

TEST(Catalog, AnUnknownEngineIsRefusedWithWords) {
  const auto result = Database::open("mongodb://x");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("sqlite3://"), std::string::npos);
  EXPECT_EQ(Database::open("sqlite3:///no/such/folder/x.db").error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace mps::catalog
