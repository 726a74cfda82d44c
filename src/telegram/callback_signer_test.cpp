#include "telegram/callback_signer.h"

#include <gtest/gtest.h>

#include "telegram/html.h"

namespace mps::telegram {
namespace {

const CallbackSigner kSigner("1:token");

constexpr UserId kAnn{7}, kBob{8};

std::optional<std::string> data_of(const CallbackSigner& signer, ChatId chat, UserId user, std::string_view data) {
  const auto verified = signer.verify(chat, user, data);
  return verified ? std::optional(verified->data) : std::nullopt;
}

TEST(CallbackSignerTest, WhatWasSignedForAChatComesBackThere) {
  const std::string data = kSigner.sign(ChatId(42), kAnn, "status 17 cpu");
  EXPECT_EQ(data_of(kSigner, ChatId(42), kAnn, data), "status 17 cpu");
  EXPECT_EQ(data_of(CallbackSigner("1:token"), ChatId(42), kAnn, data), "status 17 cpu");
}

TEST(CallbackSignerTest, WhatIsForOneIsNotForAnotherAndWhatIsForAllIsForBoth) {
  const std::string anns = kSigner.sign(ChatId(42), kAnn, "status 17"),
                    alls = kSigner.sign(ChatId(42), kEverybody, "status 17");
  EXPECT_EQ(kSigner.verify(ChatId(42), kAnn, anns)->presser, kAnn);
  EXPECT_EQ(data_of(kSigner, ChatId(42), kBob, anns), std::nullopt);
  EXPECT_EQ(kSigner.verify(ChatId(42), kAnn, alls)->presser, kEverybody);
  EXPECT_EQ(kSigner.verify(ChatId(42), kBob, alls)->presser, kEverybody);
}

TEST(CallbackSignerTest, AnotherChatAnotherBotAndChangedDataAreRefused) {
  const std::string data = kSigner.sign(ChatId(42), kAnn, "status 17");
  EXPECT_EQ(data_of(kSigner, ChatId(43), kAnn, data), std::nullopt);
  EXPECT_EQ(data_of(CallbackSigner("2:token"), ChatId(42), kAnn, data), std::nullopt);
  for (size_t i = 0; i < data.size(); ++i) {
    std::string changed = data;
    changed[i] ^= 1;
    EXPECT_EQ(data_of(kSigner, ChatId(42), kAnn, changed), std::nullopt) << i;
  }
  for (const char* junk : {"", " ", "12345678", "12345678 ", "12345678 status 17"})
    EXPECT_EQ(data_of(kSigner, ChatId(42), kAnn, junk), std::nullopt) << junk;
}

TEST(CallbackSignerTest, TheLongestDataFitsIntoTelegramsLimit) {
  EXPECT_EQ(kSigner.sign(ChatId(-1001234567890123), UserId(4503599627370495), std::string(55, 'x')).size(),
            kCallbackDataMaxBytes);
}

}  // namespace
}  // namespace mps::telegram
