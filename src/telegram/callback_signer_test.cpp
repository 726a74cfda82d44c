#include "telegram/callback_signer.h"

#include <gtest/gtest.h>

#include "telegram/html.h"

namespace mps::telegram {
namespace {

const CallbackSigner kSigner("1:token");

TEST(CallbackSignerTest, WhatWasSignedForAChatComesBackThere) {
  const std::string data = kSigner.sign(ChatId(42), "status 17 cpu");
  EXPECT_EQ(kSigner.verify(ChatId(42), data), "status 17 cpu");
  EXPECT_EQ(CallbackSigner("1:token").verify(ChatId(42), data), "status 17 cpu");
}

TEST(CallbackSignerTest, AnotherChatAnotherBotAndChangedDataAreRefused) {
  const std::string data = kSigner.sign(ChatId(42), "status 17");
  EXPECT_EQ(kSigner.verify(ChatId(43), data), std::nullopt);
  EXPECT_EQ(CallbackSigner("2:token").verify(ChatId(42), data), std::nullopt);
  for (size_t i = 0; i < data.size(); ++i) {
    std::string changed = data;
    changed[i] ^= 1;
    EXPECT_EQ(kSigner.verify(ChatId(42), changed), std::nullopt) << i;
  }
  for (const char* junk : {"", " ", "12345678", "12345678 ", "12345678 status 17"})
    EXPECT_EQ(kSigner.verify(ChatId(42), junk), std::nullopt) << junk;
}

TEST(CallbackSignerTest, TheLongestDataFitsIntoTelegramsLimit) {
  EXPECT_EQ(kSigner.sign(ChatId(-1001234567890123), std::string(55, 'x')).size(), kCallbackDataMaxBytes);
}

}  // namespace
}  // namespace mps::telegram
