#include "forecast/stream.h"

#include <cmath>
#include <gtest/gtest.h>

#include "forecast/made_history.h"
#include "forecast/model_parts.h"

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

TEST(Stream, SaysCellByCellWhatARunOverTheWholeHistorySays) {
  auto frame = daily_frame(10, 21);
  const size_t start = 9 * 288 + 31;
  for (size_t i = start + 20; i < start + 26; ++i) frame.columns[0].values[i] = kMissing;
  const auto model = small_model();
  auto stream = Stream::start(model, first_cells(frame, start)).value();
  ASSERT_EQ(stream.resources(), (std::vector<std::string>{"cpu", "net_rx"}));
  std::vector<size_t> origins;
  for (size_t i = 0; i <= Stream::kCellsMax; ++i) origins.push_back(start - 1 + i);
  const auto layout = layout_for(kHour).value();
  std::vector<std::vector<OriginQuantiles>> whole;
  for (const auto& column : frame.columns) {
    const auto features = make_features(layout, frame.grid, column.values, column.name);
    whole.push_back(run(model.parts().horizons[0].network, features, origins));
  }
  StreamBuffers buffers;
  for (size_t i = 0; i < origins.size(); ++i) {
    if (i > 0) {
      ASSERT_TRUE(stream.add(cell(frame, origins[i]), buffers));
    }
    EXPECT_EQ(stream.origin(), frame.grid.time_at(origins[i] + 1));
    for (size_t r = 0; r < whole.size(); ++r) {
      for (size_t s = 0; s < layout.steps; ++s) {
        const auto& q = whole[r][i].steps[s];
        const double near = 1e-3 * (q.p90 - q.p10);
        ASSERT_NEAR(stream.forecast(r)[s].p50, q.p50, near) << "cell " << i << ", step " << s;
        ASSERT_NEAR(stream.forecast(r)[s].p90, q.p90, near) << "cell " << i << ", step " << s;
      }
    }
  }
}

TEST(Stream, EndsWhereItsKnowledgeOfEarlierDaysEnds) {
  const auto frame = daily_frame(9, 21);
  auto stream = Stream::start(small_model(), frame).value();
  StreamBuffers buffers;
  for (size_t i = 0; i < Stream::kCellsMax; ++i) ASSERT_TRUE(stream.add(cell(frame, i), buffers));
  const auto origin = stream.origin();
  EXPECT_FALSE(stream.add(cell(frame, 0), buffers));
  EXPECT_EQ(stream.origin(), origin);
  EXPECT_LT(stream.bytes(), 10'000u) << "20 kB for a server of four resources";
}

TEST(Stream, NeedsAResourceThatTheModelKnows) {
  auto frame = daily_frame(9, 21);
  for (auto& column : frame.columns) column.name = "unheard_of_" + column.name;
  EXPECT_EQ(Stream::start(small_model(), frame).error().code, ErrorCode::kNotEnoughData);
}

}  // namespace
}  // namespace mps::forecast
