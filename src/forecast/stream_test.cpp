#include "forecast/stream.h"

#include <cmath>
#include <gtest/gtest.h>

#include "forecast/made_history.h"
#include "forecast/simple_stream.h"

namespace mps::forecast {
namespace {

Model small_model() {
  TrainOptions options;
  options.effort = 0.05;
  return train(daily_frame(9, 7), options).value();
}

Frame first_cells(Frame frame, size_t cells) {
  frame.grid.size = cells;
  for (auto& column : frame.columns) column.values.resize(cells);
  return frame;
}

std::vector<double> cell(const Frame& frame, size_t i) {
  std::vector<double> values;
  for (const auto& column : frame.columns) values.push_back(column.values[i]);
  return values;
}

TEST(Stream, SaysCellByCellWhatAPredictionFromTheWholeHistorySays) {
  auto frame = daily_frame(10, 21);
  const size_t start = 9 * 288 + 31;
  for (size_t i = start + 9; i < start + 14; ++i) frame.columns[0].values[i] = kMissing;
  const auto model = small_model();
  auto stream = Stream::start(model, first_cells(frame, start)).value();
  ASSERT_EQ(stream.resources(), (std::vector<std::string>{"cpu", "net_rx"}));
  StreamBuffers buffers;
  for (size_t i = 0; i <= Stream::kCellsMax; ++i) {
    if (i > 0) {
      ASSERT_TRUE(stream.add(model, cell(frame, start - 1 + i), buffers));
    }
    const auto whole = model.predict(first_cells(frame, start + i), kHour).value();
    for (size_t r = 0; r < whole.size(); ++r) {
      const Prediction said = stream.forecast(r);
      EXPECT_EQ(said.origin, whole[r].origin);
      EXPECT_EQ(said.method, whole[r].method);
      EXPECT_EQ(said.score.mae, whole[r].score.mae);
      ASSERT_EQ(said.steps.size(), whole[r].steps.size());
      for (size_t s = 0; s < said.steps.size(); ++s) {
        // At the start the same; later the stream's contest has not learnt from the last cells.
        const auto& q = whole[r].steps[s];
        const double near = (i == 0 ? 1e-5 : 0.05) * (q.p90 - q.p10);
        ASSERT_NEAR(said.steps[s].p10, q.p10, near) << "cell " << i << ", step " << s;
        ASSERT_NEAR(said.steps[s].p50, q.p50, near) << "cell " << i << ", step " << s;
        ASSERT_NEAR(said.steps[s].p90, q.p90, near) << "cell " << i << ", step " << s;
      }
    }
  }
}

// Each method by itself, so that none hides behind the others in the combination.
TEST(SimpleStream, SaysCellByCellWhatEachMethodSaysOfTheWholeHistory) {
  auto values = daily_rhythm("cpu", 30, 5).values;
  const size_t start = 29 * 288 + 31;
  for (const size_t hole : {start - 3, start - 288 + 20, start - 2016 + 21, start + 4}) values[hole] = kMissing;
  const auto layout = layout_for(kHour).value();
  const auto fitted = fit_baselines(layout, std::span(values).first(28 * 288));
  const auto baselines = make_baselines(layout, fitted);
  const Grid grid{empty_frame(1).grid.start, kFineStep, start + Stream::kCellsMax};
  SimpleStream stream(layout, fitted, std::span(values).first(start), Stream::kCellsMax);
  const auto features =
      make_features(layout, grid, {values.begin(), values.begin() + static_cast<ptrdiff_t>(grid.size)}, "cpu");
  std::vector<double> said(baselines.size() * layout.steps), expected(layout.steps);
  for (size_t i = 0; i <= Stream::kCellsMax; ++i) {
    if (i > 0) stream.add(values[start - 1 + i]);
    stream.forecast(fitted, features, start - 1 + i, said);
    for (size_t m = 0; m < baselines.size(); ++m) {
      baselines[m]->forecast(std::span(values).first(start + i), expected);
      for (size_t s = 0; s < layout.steps; ++s) {
        ASSERT_NEAR(said[m * layout.steps + s], expected[s], 1e-4)
            << baselines[m]->name() << ", cell " << i << ", step " << s;
      }
    }
  }
}

TEST(Stream, EndsWhereItsKnowledgeOfEarlierDaysEnds) {
  const auto frame = daily_frame(9, 21);
  const auto model = small_model();
  auto stream = Stream::start(model, frame).value();
  StreamBuffers buffers;
  for (size_t i = 0; i < Stream::kCellsMax; ++i) ASSERT_TRUE(stream.add(model, cell(frame, i), buffers));
  const auto origin = stream.origin();
  EXPECT_EQ(stream.added(), Stream::kCellsMax);
  EXPECT_FALSE(stream.add(model, cell(frame, 0), buffers));
  EXPECT_EQ(stream.origin(), origin);
  EXPECT_LT(stream.bytes(), 12'500u) << "25 kB for a server of four resources, its scores included";
}

TEST(Stream, NeedsAModelThatKnowsAllResources) {
  auto frame = daily_frame(9, 21);
  frame.columns[1].name = "unheard_of";
  EXPECT_EQ(Stream::start(small_model(), frame).error().code, ErrorCode::kNotEnoughData);
}

}  // namespace
}  // namespace mps::forecast
