#include "forecast/replay.h"

#include <cmath>
#include <gtest/gtest.h>

#include "forecast/made_history.h"

namespace mps::forecast {
namespace {

Frame first_days(Frame frame, size_t days) {
  frame.grid.size = days * 288;
  for (Column& column : frame.columns) column.values.resize(frame.grid.size);
  return frame;
}

void expect_same_steps(const Prediction& a, const Prediction& b) {
  EXPECT_EQ(a.origin, b.origin);
  EXPECT_EQ(a.method, b.method);
  ASSERT_EQ(a.steps.size(), b.steps.size());
  for (size_t s = 0; s < a.steps.size(); ++s) {
    EXPECT_DOUBLE_EQ(a.steps[s].p10, b.steps[s].p10);
    EXPECT_DOUBLE_EQ(a.steps[s].p50, b.steps[s].p50);
    EXPECT_DOUBLE_EQ(a.steps[s].p90, b.steps[s].p90);
  }
}

TEST(Replay, NeverLooksAhead) {
  const Frame whole = daily_frame(24, 5), part = first_days(whole, 20);
  const Timestamp from = whole.grid.time_at(15 * 288);
  for (const Duration horizon : {kHour, kDay}) {
    const auto long_ago = replay(nullptr, part, "cpu", horizon, from, std::chrono::minutes(30)).value();
    const auto today = replay(nullptr, whole, "cpu", horizon, from, std::chrono::minutes(30)).value();
    ASSERT_EQ(long_ago.size(), 5u * 48 + 1) << "one every half hour, at both ends too";
    ASSERT_GT(today.size(), long_ago.size());
    for (size_t i = 0; i < long_ago.size(); ++i) expect_same_steps(long_ago[i], today[i]);
  }
}

TEST(Replay, SaysWhatAModelWouldHaveSaid) {
  const Frame whole = daily_frame(20, 7);
  TrainOptions quick;
  quick.effort = 0.1;
  const Model model = train(first_days(whole, 12), quick).value();
  const auto replayed =
      replay(&model, first_days(whole, 12), "cpu", kDay, whole.grid.time_at(12 * 288), kCoarseStep).value();
  ASSERT_EQ(replayed.size(), 1u);
  const auto asked = model.predict(first_days(whole, 12), kDay).value();
  EXPECT_EQ(replayed[0].method, asked[0].method);
  EXPECT_EQ(replayed[0].score.count, asked[0].score.count);
  for (size_t s = 0; s < 48; ++s) EXPECT_DOUBLE_EQ(replayed[0].steps[s].p50, asked[0].steps[s].p50);
  const auto later = replay(&model, whole, "cpu", kDay, whole.grid.time_at(13 * 288), kCoarseStep).value();
  EXPECT_EQ(later.size(), 7u * 48 + 1);
  double error = 0, count = 0;
  for (const Prediction& each : later) {
    const auto cell = static_cast<size_t>((each.origin - whole.grid.start) / kFineStep) + 6 * 6;  // three hours ahead
    if (cell >= whole.grid.size) continue;
    error += std::abs(each.steps[6].p50 - whole.columns[0].values[cell]), ++count;
  }
  EXPECT_LT(error / count, 6) << "of a hump of 15 to 45";
}

TEST(Replay, RefusesOtherGridsAndUnknownResources) {
  const Frame frame = daily_frame(8, 1);
  EXPECT_EQ(replay(nullptr, frame, "cpu", kDay, frame.grid.start, kFineStep).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(replay(nullptr, frame, "ram", kDay, frame.grid.start, kCoarseStep).error().code, ErrorCode::kNotEnoughData);
  EXPECT_TRUE(replay(nullptr, frame, "cpu", kDay, frame.grid.end() + kDay, kCoarseStep).value().empty());
}

}  // namespace
}  // namespace mps::forecast
