#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "forecast/layout.h"
#include "forecast/prediction.h"

// Methods side by side on one series: how wrong each has been lately, what follows for their combination, and how wide
// a band must be to hold 80 % of the outcomes. It learns only from forecasts whose outcome is known, in time order, so
// walking it through history never looks ahead.
namespace mps::forecast {

inline constexpr std::string_view kCombination = "combination";
inline constexpr std::string_view kLstm = "lstm";

// What the methods say at one origin.
struct OriginForecasts {
  size_t origin = 0;                         // index of the last known cell
  std::vector<std::vector<double>> medians;  // by method, then step; NaN: nothing to say
  std::vector<Quantiles> lstm;               // empty without a network; its widths shape every band
};

inline constexpr size_t kBuckets = 4;  // steps ahead are judged in quarters of the horizon

// What a contest would show of one method, as it stands: a few hundred bytes to make forecasts from while the contest
// itself rests.
class ContestExcerpt {
 public:
  // medians: by method, then step, `out.size()` each, NaN where a method has nothing to say; the LSTM's are the last.
  // Where the shown method has nothing to say, the combination speaks.
  void forecast(std::span<const double> medians, std::span<const Quantiles> lstm, std::span<Quantiles> out) const;
  size_t bytes() const { return sizeof(*this) + weights_.capacity() * sizeof(float); }

 private:
  friend class Contest;
  struct Band {
    std::array<float, kBuckets> below{}, above{};  // what the halves of the LSTM's band are multiplied by
  };
  size_t shown_ = 0, methods_ = 0;  // without the combination
  std::vector<float> weights_;      // in the combination: by bucket, then method
  Band band_, combination_band_;
};

class Contest {
 public:
  static constexpr size_t kBuckets = forecast::kBuckets;
  using Buckets = std::array<double, kBuckets>;

  struct Method {
    std::string name;
    // Fading means of absolute errors, over days and over hours, and how much they have seen; 0: never measured.
    Buckets error{}, mass{};
    Buckets lately{}, lately_mass{};
    Buckets below{}, above{};  // logarithms of what the band's halves are multiplied by
  };

  // methods: names, in the order of OriginForecasts::medians; the combination is added as the last.
  Contest(const Layout& layout, const std::vector<std::string>& methods);
  Contest(const Layout& layout, std::vector<Method> state) : layout_(layout), methods_(std::move(state)) {}

  // The forecasts of every method, the combination last.
  using Made = std::vector<std::vector<Quantiles>>;
  Made forecast(const OriginForecasts& forecasts) const;
  // Learns from what came of steps [from, to) of forecasts made earlier: actual[s] belongs to step s, NaN where
  // unknown. A day's forecast is learnt from as its day passes, not when it is over.
  void absorb(const Made& made, std::span<const double> actual, size_t from, size_t to);

  const std::vector<Method>& methods() const { return methods_; }
  size_t index_of(std::string_view method) const;  // methods().size() when there is none
  // For a contest with a network.
  ContestExcerpt excerpt(size_t shown) const;
  // The method that has been best lately; the combination unless another is clearly better.
  size_t best() const;

 private:
  size_t bucket(size_t step) const { return step * kBuckets / layout_.steps; }
  double judged(const Method& method, size_t bucket) const;
  std::vector<double> weights(size_t bucket, const OriginForecasts& forecasts, size_t step) const;
  std::vector<std::vector<double>> with_combination(const OriginForecasts& forecasts) const;
  Quantiles band(const Method& method, size_t step, double median, const OriginForecasts& forecasts) const;

  void learn(Method& method, const std::vector<Quantiles>& made, std::span<const double> actual, size_t from,
             size_t to);

  Layout layout_;
  std::vector<Method> methods_;
};

}  // namespace mps::forecast
