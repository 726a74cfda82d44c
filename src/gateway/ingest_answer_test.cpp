#include "gateway/ingest_answer.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace mps::gateway {
namespace {

service::IngestReport report(size_t accepted, size_t rejected) {
  service::IngestReport r;
  r.values_accepted = accepted;
  r.points_rejected = rejected;
  for (size_t i = 0; i < std::min<size_t>(rejected, 20); ++i) r.errors.push_back({i + 3, 17, "no field"});
  return r;
}

TEST(IngestAnswer, SaysNothingWhenAllIsStored) {
  for (const Dialect d : {Dialect::kInfluxV1, Dialect::kInfluxV2, Dialect::kTelegraf}) {
    EXPECT_EQ(answer_to(d, report(10, 0)).status, 204);
    EXPECT_EQ(answer_to(d, report(10, 0)).body, "");
  }
}

TEST(IngestAnswer, NamesLineColumnAndReasonOfWhatWasRefused) {
  const Response v2 = answer_to(Dialect::kInfluxV2, report(10, 2));
  EXPECT_EQ(v2.status, 400);
  const auto json = boost::json::parse(v2.body).as_object();
  EXPECT_EQ(json.at("code"), "invalid");
  EXPECT_EQ(json.at("line"), 3);
  EXPECT_EQ(json.at("message"),
            "partial write: 2 points rejected; line 3, column 17: no field; line 4, column 17: no field");
  const Response v1 = answer_to(Dialect::kInfluxV1, report(10, 1));
  EXPECT_EQ(v1.status, 400);
  EXPECT_EQ(boost::json::parse(v1.body).at("error"), "partial write: 1 points rejected; line 3, column 17: no field");
}

TEST(IngestAnswer, NamesTheFirstFewOfManyAndCountsTheRest) {
  const auto json = boost::json::parse(answer_to(Dialect::kInfluxV2, report(0, 1000)).body);
  const std::string message(json.at("message").as_string());
  EXPECT_TRUE(message.starts_with("nothing written: 1000 points rejected; line 3, ")) << message;
  EXPECT_TRUE(message.ends_with("line 7, column 17: no field; and 995 more")) << message;
}

// A 4xx in JSON makes Telegraf's InfluxDB 1 output drop the batch, plain text makes it keep it.
TEST(IngestAnswer, KeepsWhatAPersonOrTimeCanMend) {
  for (const ErrorCode code : {ErrorCode::kUnauthenticated, ErrorCode::kUnavailable, ErrorCode::kIo}) {
    const Response v1 = refusal(Dialect::kInfluxV1, {code, "why"});
    EXPECT_EQ(v1.content_type, "text/plain; charset=utf-8");
    EXPECT_EQ(v1.body, "why\n");
    EXPECT_EQ(refusal(Dialect::kInfluxV2, {code, "why"}).content_type, "application/json");
  }
  EXPECT_EQ(refusal(Dialect::kInfluxV1, {ErrorCode::kInvalidArgument, "why"}).body, R"({"error":"why"})");
  EXPECT_EQ(refusal(Dialect::kInfluxV2, {ErrorCode::kUnauthenticated, "why"}).body,
            R"({"code":"unauthorized","message":"why","line":null})");
}

TEST(IngestAnswer, TellsWhenToComeBack) {
  const Response busy = refusal(Dialect::kInfluxV2, {ErrorCode::kUnavailable, "the queue is full"});
  EXPECT_EQ(busy.status, 503);
  ASSERT_EQ(busy.headers.size(), 1u);
  EXPECT_EQ(busy.headers[0], std::pair(std::string("Retry-After"), std::string("5")));
}

}  // namespace
}  // namespace mps::gateway
