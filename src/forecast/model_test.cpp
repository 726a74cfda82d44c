#include "forecast/model.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "forecast/made_history.h"
#include "forecast/model_parts.h"

namespace mps::forecast {
namespace {

TrainOptions quick(double effort = 0.1) {
  TrainOptions o;
  o.effort = effort;
  return o;
}

// Trained once for all tests that only read it.
const Frame& rhythm() {
  static const Frame frame = daily_frame(16, 7);
  return frame;
}

const Model& rhythm_model() {
  static const Model model = train(rhythm(), quick(0.5)).value();
  return model;
}

void expect_sound(const Prediction& p) {
  EXPECT_FALSE(p.method.empty());
  for (const auto& q : p.steps) {
    ASSERT_TRUE(std::isfinite(q.p10) && std::isfinite(q.p50) && std::isfinite(q.p90)) << p.resource;
    EXPECT_LE(q.p10, q.p50);
    EXPECT_LE(q.p50, q.p90);
  }
}

TEST(Train, BeatsTheSeasonalNaiveOnADailyRhythmAtBothHorizons) {
  for (const Duration horizon : {kHour, kDay}) {
    for (const auto& resource : rhythm_model().resources()) {
      const auto scores = rhythm_model().scores(resource, horizon);
      const auto lstm = score_of(scores, kLstm), naive = score_of(scores, kSeasonalNaive);
      ASSERT_GT(lstm.count, 0u);
      EXPECT_LT(lstm.mae, naive.mae * (horizon == kHour ? 0.5 : 1.0)) << resource;
      EXPECT_GE(lstm.rmse, lstm.mae);
    }
  }
}

TEST(Train, GivesTheSameWeightsForTheSameSeedAndOthersForAnother) {
  const auto frame = daily_frame(6, 3);
  const auto a = train(frame, quick(0.02)).value().to_safetensors();
  EXPECT_TRUE(a == train(frame, quick(0.02)).value().to_safetensors());
  auto other = quick(0.02);
  other.seed = 2;
  EXPECT_FALSE(a == train(frame, other).value().to_safetensors());
}

TEST(Train, SaysHowMuchHistoryIsThereAndHowMuchIsNeeded) {
  auto frame = empty_frame(1);
  frame.columns = {daily_rhythm("cpu", 1, 1)};
  for (size_t i = 24; i < 288; ++i) frame.columns[0].values[i] = kMissing;
  const auto result = train(frame, quick());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kNotEnoughData);
  EXPECT_NE(result.error().message.find("needs 3 days"), std::string::npos) << result.error().message;
  EXPECT_NE(result.error().message.find("2.0 hours"), std::string::npos) << result.error().message;
}

TEST(Train, RefusesAnotherGrid) {
  auto frame = daily_frame(4, 1);
  frame.grid.step = std::chrono::minutes(1);
  EXPECT_EQ(train(frame, quick()).error().code, ErrorCode::kInvalidArgument);
  frame.grid.step = kFineStep;
  frame.grid.start += std::chrono::seconds(1);
  EXPECT_EQ(train(frame, quick()).error().code, ErrorCode::kInvalidArgument);
}

TEST(Train, StopsWhenAsked) {
  std::stop_source stop;
  auto options = quick(100);
  options.progress = [&](double) { stop.request_stop(); };
  const auto result = train(daily_frame(5, 1), options, stop.get_token());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
}

TEST(Train, ReportsProgressThatOnlyGrowsAndEndsAtOne) {
  double last = 0;
  auto options = quick(0.05);
  options.progress = [&](double done) {
    EXPECT_GE(done, last);
    last = done;
  };
  ASSERT_TRUE(train(daily_frame(5, 1), options));
  EXPECT_NEAR(last, 1, 1e-9);
}

TEST(Train, LeavesOutColumnsOfWhichNothingIsKnown) {
  auto frame = daily_frame(5, 2);
  frame.columns.push_back({"disk", std::vector<double>(frame.grid.size, kMissing)});
  const auto model = train(frame, quick(0.05)).value();
  EXPECT_EQ(model.resources(), (std::vector<std::string>{"cpu", "net_rx"}));
  EXPECT_EQ(model.predict(frame, kHour).value().size(), 2u);
}

TEST(Train, AConstantIsForecastAsItself) {
  auto frame = empty_frame(6);
  frame.columns = {{"disk", std::vector<double>(frame.grid.size, 42.5)}, daily_rhythm("cpu", 6, 1)};
  const auto model = train(frame, quick(0.05)).value();
  for (const Duration horizon : {kHour, kDay}) {
    const auto all = model.predict(frame, horizon).value();
    expect_sound(all[0]);
    for (const auto& q : all[0].steps) EXPECT_NEAR(q.p50, 42.5, 0.1);
  }
}

TEST(Train, GapsAreNeitherScoredNorTakenForZeros) {
  auto frame = empty_frame(10);
  frame.columns = {daily_rhythm("cpu", 10, 5)};
  for (auto& v : frame.columns[0].values) v += 40;  // far from zero
  std::mt19937_64 random(1);
  auto& values = frame.columns[0].values;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i / 60 % 7 == 3 || next_uniform(random) > 0.8) values[i] = kMissing;
  }
  std::fill_n(values.end() - 40, 40, kMissing);  // the newest hours too
  const auto model = train(frame, quick(0.2)).value();
  for (const Duration horizon : {kHour, kDay}) {
    const auto p = model.predict(frame, horizon).value().at(0);
    expect_sound(p);
    for (const auto& q : p.steps) EXPECT_GT(q.p50, 25) << "a gap was taken for zeros";
    EXPECT_LT(p.score.mae, 15);
  }
}

TEST(Train, StartsFromAnotherModelsWeightsWhereItIsGivenOne) {
  auto options = quick(0.02);
  const auto cold = train(daily_frame(8, 90), options).value();
  options.base = &rhythm_model();
  const auto warm = train(daily_frame(8, 90), options).value();
  EXPECT_LT(score_of(warm.scores("cpu", kHour), kLstm).mae, score_of(cold.scores("cpu", kHour), kLstm).mae);
}

TEST(Train, AFleetsModelIsABaseForServersItHasNotSeen) {
  auto options = quick(0.3);
  const auto fleet = train_fleet({daily_frame(8, 50), daily_frame(8, 60), daily_frame(1, 70)}, options).value().base;
  EXPECT_TRUE(fleet.resources().empty());
  EXPECT_FALSE(fleet.predict(daily_frame(8, 90), kHour));
  const auto loaded = Model::from_safetensors(fleet.to_safetensors()).value();
  options = quick(0.02);
  const auto cold = train(daily_frame(8, 90), options).value();
  options.base = &loaded;
  const auto warm = train(daily_frame(8, 90), options).value();
  EXPECT_LT(score_of(warm.scores("cpu", kHour), kLstm).mae, score_of(cold.scores("cpu", kHour), kLstm).mae);
  options.effort = 0, options.base_of_all = &rhythm_model();
  const auto& given = rhythm_model().parts().horizons[0].network.weights;
  EXPECT_TRUE(train(daily_frame(8, 90), options).value().parts().horizons[0].network.weights == given);
  EXPECT_EQ(train_fleet({daily_frame(1, 70)}, quick()).error().code, ErrorCode::kNotEnoughData);
}

TEST(Train, HandsThePreviousModelBackWhereTheNewOneIsClearlyWorseOnTheDaysSince) {
  auto earlier = daily_frame(10, 7);
  earlier.grid.size -= 2 * 288;
  for (auto& column : earlier.columns) column.values.resize(earlier.grid.size);
  const auto good = train(earlier, quick(0.3)).value(), untrained = train(earlier, quick(0)).value();
  auto options = quick(0);
  options.previous = &good;
  EXPECT_TRUE(train(daily_frame(10, 7), options).value().to_safetensors() == good.to_safetensors());
  options = quick(0.3), options.previous = &untrained;
  EXPECT_EQ(train(daily_frame(10, 7), options).value().trained_on().to, daily_frame(10, 7).grid.end());
}

TEST(Train, ThreeDaysAreEnough) {
  const auto model = train(daily_frame(3, 5), quick()).value();
  const auto loaded = Model::from_safetensors(model.to_safetensors());
  ASSERT_TRUE(loaded);
  for (const Duration horizon : {kHour, kDay}) {
    for (const auto& p : loaded->predict(daily_frame(3, 5), horizon).value()) expect_sound(p);
  }
}

TEST(Predict, GivesTwelveStepsOfAnHourAndFortyEightOfADayFromTheEndOfWhatIsKnown) {
  for (const Duration horizon : {kHour, kDay}) {
    for (const auto& p : rhythm_model().predict(rhythm(), horizon).value()) {
      expect_sound(p);
      EXPECT_EQ(p.origin, rhythm().grid.end());
      EXPECT_EQ(p.steps.size(), horizon == kHour ? 12u : 48u);
      EXPECT_EQ(p.step * static_cast<int64_t>(p.steps.size()), horizon);
      EXPECT_GT(p.score.count, 0u);
      EXPECT_GT(p.seasonal_naive.mae, 0);
      EXPECT_GE(p.all.size(), 8u);
      for (const auto& q : p.steps) EXPECT_GE(q.p10, 0);
      if (p.resource == "cpu") {
        for (const auto& q : p.steps) EXPECT_LE(q.p90, 100);
      }
    }
  }
}

TEST(Predict, IsRefusedForOtherHorizonsAndWhereNothingIsKnown) {
  const auto& model = rhythm_model();
  EXPECT_EQ(model.predict(rhythm(), std::chrono::hours(2)).error().code, ErrorCode::kInvalidArgument);
  auto nothing = rhythm();
  for (auto& c : nothing.columns) std::fill(c.values.begin(), c.values.end(), kMissing);
  EXPECT_EQ(model.predict(nothing, kHour).error().code, ErrorCode::kNotEnoughData);
  auto strangers = rhythm();
  for (auto& c : strangers.columns) c.name += "x";
  EXPECT_EQ(model.predict(strangers, kHour).error().code, ErrorCode::kNotEnoughData);
}

TEST(Predict, KeepsForecastingWhileADayOfHistoryIsAllThereIs) {
  auto day = empty_frame(1);
  day.columns = {daily_rhythm("cpu", 1, 4)};
  for (const Duration horizon : {kHour, kDay}) expect_sound(rhythm_model().predict(day, horizon).value().at(0));
}

TEST(ModelFile, BringsBackAModelThatPredictsTheSame) {
  const auto bytes = rhythm_model().to_safetensors();
  const auto again = Model::from_safetensors(bytes).value();
  EXPECT_EQ(again.resources(), rhythm_model().resources());
  EXPECT_EQ(again.trained_on(), rhythm().grid.range());
  for (const Duration horizon : {kHour, kDay}) {
    const auto a = rhythm_model().predict(rhythm(), horizon).value();
    const auto b = again.predict(rhythm(), horizon).value();
    for (size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].method, b[i].method);
      EXPECT_DOUBLE_EQ(a[i].score.mae, b[i].score.mae);  // JSON keeps all but the last bit
      // Ridge's coefficients are stored as floats.
      for (size_t s = 0; s < a[i].steps.size(); ++s) {
        EXPECT_NEAR(a[i].steps[s].p50, b[i].steps[s].p50, 1e-3 * (1 + std::abs(a[i].steps[s].p50)));
      }
    }
  }
}

TEST(ModelFile, RefusesForeignAndDamagedFilesWithASentence) {
  const auto bytes = rhythm_model().to_safetensors();
  EXPECT_EQ(Model::from_safetensors("").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Model::from_safetensors("hello, this is not a model").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Model::from_safetensors(bytes.substr(0, bytes.size() - 1)).error().code, ErrorCode::kCorrupt);
  auto other = bytes;
  const auto at = other.find("mps.forecast");
  other.replace(at, 12, "xyz.forecast");
  EXPECT_EQ(Model::from_safetensors(other).error().code, ErrorCode::kInvalidArgument);
  other = bytes;
  other.replace(other.find("lstm.weight_ih_l0"), 17, "lstm.weight_ih_l9");
  EXPECT_EQ(Model::from_safetensors(other).error().code, ErrorCode::kInvalidArgument);
}

// Wherever a byte of the header is wrong, reading ends with a model or an error, never with a crash or a bad access.
TEST(ModelFile, AnyDamagedByteOfTheHeaderIsSurvived) {
  const auto bytes = rhythm_model().to_safetensors();
  const size_t header = bytes.find("}}", 0) > 0 ? std::min<size_t>(bytes.size(), 12000) : 0;
  std::mt19937_64 random(20);
  size_t refused = 0;
  for (int round = 0; round < 300; ++round) {
    auto damaged = bytes;
    const size_t at = round < 16 ? static_cast<size_t>(round) : random() % header;
    damaged[at] = static_cast<char>(random());
    const auto result = Model::from_safetensors(damaged);
    if (!result) {
      ++refused;
      EXPECT_FALSE(result.error().message.empty());
    }
  }
  EXPECT_GT(refused, 50u);
}

TEST(PredictBaseline, NamesItsMethodAndWhatIsMissing) {
  auto frame = empty_frame(2);
  frame.columns = {daily_rhythm("cpu", 2, 4)};
  std::fill(frame.columns[0].values.begin(), frame.columns[0].values.end() - 24, kMissing);
  for (const Duration horizon : {kHour, kDay}) {
    const auto p = predict_baseline(frame, "cpu", horizon).value();
    expect_sound(p);
    EXPECT_NE(p.note.find("2.0 hours"), std::string::npos) << p.note;
    EXPECT_NE(p.note.find(p.method), std::string::npos) << p.note;
  }
}

TEST(PredictBaseline, WorksFromASingleValueAndRefusesNone) {
  auto frame = empty_frame(1);
  frame.columns = {{"cpu", std::vector<double>(288, kMissing)}};
  EXPECT_EQ(predict_baseline(frame, "cpu", kHour).error().code, ErrorCode::kNotEnoughData);
  EXPECT_EQ(predict_baseline(frame, "ram", kHour).error().code, ErrorCode::kInvalidArgument);
  frame.columns[0].values[100] = 12;
  const auto p = predict_baseline(frame, "cpu", kHour).value();
  for (const auto& q : p.steps) EXPECT_EQ(q.p50, 12);
}

}  // namespace
}  // namespace mps::forecast
