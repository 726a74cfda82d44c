#include "gateway/send_batch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mps::gateway {
namespace {

// Two ends of a connection, whose sender has little room.
class SocketPair {
 public:
  SocketPair() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    sender = ends[0];
    receiver_ = ends[1];
    const int room = 4096;
    setsockopt(sender, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  }
  SocketPair(const SocketPair&) = delete;
  SocketPair& operator=(const SocketPair&) = delete;
  ~SocketPair() {
    hang_up();
    close(sender);
  }

  void hang_up() {
    if (receiver_ >= 0) close(std::exchange(receiver_, -1));
  }
  std::string received() const {
    std::string all;
    char bytes[65536];
    for (ssize_t got = 0; (got = recv(receiver_, bytes, sizeof bytes, MSG_DONTWAIT)) > 0;)
      all.append(bytes, static_cast<size_t>(got));
    return all;
  }

  int sender = -1;

 private:
  int receiver_ = -1;
};

class SendBatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!batch_.available()) GTEST_SKIP() << "this machine has no io_uring, or forbids it";
  }
  SendBatch batch_;
};

TEST_F(SendBatchTest, SendsToManySocketsAtOnce) {
  std::vector<SocketPair> pairs(300);
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string> texts;
    for (size_t i = 0; i < pairs.size(); ++i) texts.push_back(fmt::format("round {} to {}", round, i));
    std::vector<SendBatch::Message> messages;
    for (size_t i = 0; i < pairs.size(); ++i) messages.push_back({pairs[i].sender, texts[i]});
    batch_.send(messages);
    for (size_t i = 0; i < pairs.size(); ++i) {
      ASSERT_EQ(messages[i].sent, texts[i].size());
      ASSERT_EQ(pairs[i].received(), texts[i]);
    }
  }
}

TEST_F(SendBatchTest, NeverWaitsForRoom) {
  SocketPair slow, full, other;
  const std::string large(1 << 20, 'x');
  std::vector<SendBatch::Message> first{{slow.sender, large}, {full.sender, large}, {other.sender, "short"}};
  batch_.send(first);
  EXPECT_GT(first[0].sent, 0u);
  EXPECT_LT(first[0].sent, large.size());
  EXPECT_EQ(first[2].sent, 5u);
  std::vector<SendBatch::Message> second{{full.sender, large}, {other.sender, "again"}};
  batch_.send(second);
  EXPECT_EQ(second[0].sent, 0u);
  EXPECT_EQ(slow.received(), large.substr(0, first[0].sent));
  EXPECT_EQ(full.received(), large.substr(0, first[1].sent));
  EXPECT_EQ(other.received(), "shortagain");
}

TEST_F(SendBatchTest, LeavesOutWhoIsGone) {
  SocketPair gone, there;
  gone.hang_up();
  std::vector<SendBatch::Message> messages{{gone.sender, "one"}, {-1, "two"}, {there.sender, "three"}};
  batch_.send(messages);
  EXPECT_EQ(messages[0].sent, 0u);
  EXPECT_EQ(messages[1].sent, 0u);
  EXPECT_EQ(messages[2].sent, 5u);
  EXPECT_EQ(there.received(), "three");
}

TEST(SendBatch, SendsNothingWhereItIsNotAllowed) {
  SendBatch batch(false);
  SocketPair pair;
  std::vector<SendBatch::Message> messages{{pair.sender, "text"}};
  EXPECT_FALSE(batch.available());
  batch.send(messages);
  EXPECT_EQ(messages[0].sent, 0u);
  EXPECT_EQ(pair.received(), "");
}

}  // namespace
}  // namespace mps::gateway
