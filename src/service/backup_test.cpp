#include "service/backup.h"

#include <fstream>
#include <gtest/gtest.h>

#include "base/file.h"
#include "service/backup_format.h"
#include "service/doctor.h"
#include "service/hub.h"
#include "service/transfer.h"
#include "store/embedded/database.h"
#include "store/embedded/embedded_store.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class BackupTest : public ::testing::Test {
 protected:
  std::unique_ptr<Hub> open(const DataFolder& data) {
    return Hub::open({.data = data.root, .store_url = "", .catalog_url = "", .zone = {}}, clock_).value();
  }
  void SetUp() override {
    hub_ = open(data_);
    server_ = hub_->servers().add("web-01").value().server;
    send("cpu,cpu=cpu-total usage_idle=25");
    seal();
    send("cpu,cpu=cpu-total usage_idle=35");
  }
  void send(const std::string& line) {
    clock_.advance(10s);
    auto parsed = wire::parse_line_protocol(line, wire::Precision::kNanoseconds);
    for (Point& point : parsed.batch.points) {
      point.server = server_.id;
      point.time = clock_.now();
    }
    hub_->store().append_and_wait(parsed.batch).value();
  }
  void seal() { dynamic_cast<store::EmbeddedStore&>(hub_->store()).seal_all().value(); }

  static std::string exported(Hub& hub, const std::string& name) {
    std::string text;
    export_server(hub.store(), hub.servers().find(name).value(), {Timestamp::min(), Timestamp::max()},
                  ExportFormat::kLineProtocol, [&](std::string_view piece) { text += piece; })
        .value();
    return text;
  }
  BackupReport back_up() { return write_backup(data_, file_, clock_.now()).value(); }
  Result<BackupReport> restore() { return restore_backup(file_, restored_); }

  // Every file in a folder and below, by name.
  static std::vector<std::string> files_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  // Flips one byte of `file` where `bytes` begins, `offset` further on.
  static void flip(const fs::path& file, std::string_view bytes, size_t offset) {
    std::string content = read_file(file).value();
    const size_t at = content.find(bytes);
    ASSERT_NE(at, std::string::npos);
    content[at + offset] = static_cast<char>(content[at + offset] ^ 0x40);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  const DataFolder data_{folder_.path() / "data"}, restored_{folder_.path() / "restored"};
  const fs::path file_ = folder_.path() / "mps.tar";
  std::unique_ptr<Hub> hub_;
  Server server_;
};

TEST_F(BackupTest, ABackupOfARunningHubHoldsAllThatWasThereWhenItBegan) {
  const std::string before = exported(*hub_, "web-01");
  const BackupReport written = back_up();
  EXPECT_EQ(written.bytes, fs::file_size(file_));
  send("cpu,cpu=cpu-total usage_idle=45");  // the hub goes on
  ASSERT_NE(exported(*hub_, "web-01"), before);
  const BackupReport report = restore().value();
  EXPECT_EQ(report.models, 0u);
  const auto other = open(restored_);
  EXPECT_EQ(exported(*other, "web-01"), before);
  EXPECT_EQ(examine(restored_).broken, std::vector<std::string>());
}

TEST_F(BackupTest, TokensRulesAndModelsComeWithIt) {
  const std::string token = hub_->servers().rotate_token(server_.id).value();
  hub_->rules().set({{server_.id, ""}, find_resource("cpu"), "", {50, 40, 1min, 10min}}).value();
  write_file_atomically(data_.models() / "server-1.safetensors", "weights").value();
  write_file_atomically(data_.models() / "notes.txt", "not ours").value();
  EXPECT_EQ(back_up().models, 1u);
  EXPECT_EQ(restore().value().models, 1u);
  const auto other = open(restored_);
  EXPECT_EQ(other->servers().authenticate(token).value().server, server_.id);
  EXPECT_EQ(other->alerts().rules_of(server_.id).at(1).rule.threshold, 50);
  EXPECT_EQ(read_file(restored_.models() / "server-1.safetensors").value(), "weights");
  EXPECT_FALSE(fs::exists(restored_.models() / "notes.txt"));
}

TEST_F(BackupTest, NothingIsLeftBesideTheBackup) {
  back_up();
  back_up();  // in the place of the first
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 2) << "the data folder and the backup";
  EXPECT_EQ(fs::status(file_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  ASSERT_TRUE(restore());
  EXPECT_EQ(files_in(restored_.root), (std::vector<std::string>{"catalog.db", "hub.lock", "models", "samples.db"}));
}

TEST_F(BackupTest, AFolderThatIsNotEmptyIsLeftAsItIs) {
  back_up();
  const auto refused = restore_backup(file_, data_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_NE(refused.error().message.find("is not empty"), std::string::npos) << refused.error().message;
  fs::create_directories(restored_.root);
  std::ofstream(restored_.root / "letter.txt") << "mine";
  EXPECT_FALSE(restore());
  EXPECT_EQ(files_in(restored_.root), std::vector<std::string>{"letter.txt"});
}

TEST_F(BackupTest, ADamagedBackupPutsNothingIntoTheFolder) {
  back_up();
  const std::string whole = read_file(file_).value();
  std::vector<std::string> damaged = {"", "no archive", whole.substr(0, whole.size() / 2), whole.substr(0, 512),
                                      whole.substr(0, whole.size() - 1536)};
  for (size_t at = 100; at < whole.size() - 1024; at += whole.size() / 60) {
    damaged.push_back(whole);
    damaged.back()[at] = static_cast<char>(damaged.back()[at] ^ 1);
  }
  for (size_t i = 0; i < damaged.size(); ++i) {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << damaged[i];
    const auto refused = restore();
    if (refused) {  // a byte between the files, which tells nothing
      fs::remove_all(restored_.root);
      continue;
    }
    EXPECT_NE(refused.error().message.find(file_.string()), std::string::npos) << refused.error().message;
    EXPECT_EQ(files_in(restored_.root), std::vector<std::string>{"hub.lock"}) << i;
  }
  std::ofstream(file_, std::ios::binary | std::ios::trunc) << whole;
  EXPECT_TRUE(restore());
}

TEST_F(BackupTest, NoDataIsNoBackup) {
  const auto none = write_backup({folder_.path() / "nowhere"}, file_, clock_.now());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_EQ(write_backup(data_, folder_.path() / "no" / "such" / "place", clock_.now()).error().code, ErrorCode::kIo);
}

TEST_F(BackupTest, TheDoctorFindsAFlippedByteInAChunkAndNamesIt) {
  EXPECT_EQ(examine(data_).broken, std::vector<std::string>()) << "while the hub runs";
  hub_.reset();
  std::string chunk;
  {
    const auto database = store::Database::open(data_.samples().string(), "", true).value();
    auto select = database.prepare("SELECT data FROM block WHERE id = 1").value();
    ASSERT_TRUE(select.step().value());
    chunk = select.bytes(0);
  }
  flip(data_.samples(), chunk, chunk.size() - 6);
  const auto broken = examine(data_).broken;
  ASSERT_EQ(broken.size(), 1u);
  EXPECT_EQ(broken[0],
            "samples.db: block 1 of server 1 (raw, 2026-11-22T08:00:10Z to 2026-11-22T08:00:10Z), group 1 "
            "(cpu,cpu=cpu-total): a chunk fails its checksum");
}

TEST_F(BackupTest, TheDoctorNamesEveryFileThatIsNotSound) {
  hub_.reset();
  write_file_atomically(data_.models() / "server-1.safetensors", "weights").value();
  std::ofstream(data_.catalog(), std::ios::binary | std::ios::trunc) << std::string(8192, 'x');
  fs::permissions(data_.root, fs::perms::owner_all | fs::perms::others_read);
  fs::remove(data_.samples());
  const auto broken = examine(data_).broken;
  ASSERT_EQ(broken.size(), 4u) << ::testing::PrintToString(broken);
  EXPECT_NE(broken[0].find("chmod 700"), std::string::npos) << broken[0];
  EXPECT_TRUE(broken[1].starts_with("samples.db: ")) << broken[1];
  EXPECT_TRUE(broken[2].starts_with("catalog.db: ")) << broken[2];
  EXPECT_TRUE(broken[3].starts_with("models/server-1.safetensors: ")) << broken[3];
  EXPECT_EQ(examine({folder_.path() / "nowhere"}).broken.size(), 1u);
}

TEST(BackupFormat, OnlyWhatBelongsThereIsUnpacked) {
  for (const char* name : {"samples.db", "catalog.db", "models/server-12.safetensors", "models/fleet.safetensors",
                           "models/fleet-finished.safetensors"})
    EXPECT_TRUE(is_backup_member(name)) << name;
  for (const char* name :
       {"", "../samples.db", "/etc/passwd", "models/../x", "models/server-.safetensors", "models/fleet-2.safetensors",
        "models/server-1/../2.safetensors", "samples.db-wal", "hub.lock", "agent.token"})
    EXPECT_FALSE(is_backup_member(name)) << name;
}

TEST(BackupFormat, TheHeaderTellsTheVersion) {
  EXPECT_EQ(backup_header(Timestamp(1'795'334'400s)), "mps backup 1\n2026-11-22T08:00:00Z\n");
  EXPECT_TRUE(check_backup_header("mps backup 1\n2026-11-22T08:00:00Z\n"));
  EXPECT_NE(check_backup_header("mps backup 2\n").error().message.find("newer"), std::string::npos);
  EXPECT_FALSE(check_backup_header("something"));
}

}  // namespace
}  // namespace mps::service
