#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "forecast/layout.h"
#include "forecast/network.h"
#include "forecast/running.h"

// What the network sees of a series. Everything at cell t is made from cells up to t alone (tested), so one pass over a
// history serves every origin in it.
namespace mps::forecast {

// The bases of the head, as differences to the last value; see docs/math/lstm.md. kDay..kWeeks are of the target's
// time.
enum Base : size_t {
  kBaseDay,
  kBaseWeek,
  kBaseMean7,
  kBaseMedian7,
  kBaseWeeks,
  kBaseChange,
  kBaseRecent,
  kBaseDayMean,
  kBases
};

inline constexpr size_t kIdentities = 8;  // one-hot: which resource of the catalogue; the last for all others
inline constexpr size_t kPlainInputs = 19;
inline constexpr size_t kInputs = kPlainInputs + kIdentities;

struct SeriesFeatures {
  Layout layout;
  Grid grid;
  std::vector<double> values;  // NaN: unknown
  size_t identity = 0;         // which of the kIdentities it is
  std::vector<float> x;        // (kPlainInputs, cells): the network's inputs but for the identity
  std::vector<double> last;    // the newest known value at each cell; NaN before the first
  std::vector<double> scale;   // how far values stray, lately; > 0
  // By the target's cell, cells + steps long; NaN where nothing is known. They reach back a day or more, so that a
  // forecast of at most a day never sees what comes after its origin.
  std::vector<double> day, week, mean7, median7, weeks;
  std::vector<double> recent, day_mean;  // by the origin's cell

  size_t cells() const { return values.size(); }
};

// inputs_from: x is not needed, and left zero, before this cell; it is most of the work.
SeriesFeatures make_features(const Layout& layout, const Grid& grid, std::vector<double> values,
                             std::string_view resource, size_t inputs_from = 0);

// Moves a series' features on by one cell.
class FeatureCursor {
 public:
  explicit FeatureCursor(const Layout& layout);
  // series.values[t] has come; fills cell t of everything but the profiles, which must reach to t + steps, and the
  // network's inputs, kPlainInputs of them; none where x is empty. Cells t - recent .. t - 1 must be there.
  void add(SeriesFeatures& series, size_t t, std::span<float> x);

 private:
  RunningScale scaler_;
  WindowMean recent_, day_mean_;
  size_t unknown_for_ = 0;
};
// Leaves the cursor behind the last cell.
SeriesFeatures make_features(const Layout& layout, const Grid& grid, std::vector<double> values,
                             std::string_view resource, size_t inputs_from, FeatureCursor& cursor);

// Makes the profiles longer by so many cells, which must be known by what is known now: a day in all, at most.
void extend_profiles(SeriesFeatures& series, size_t cells);

// The inputs of a cell, kInputs of them, from the plain ones.
void fill_inputs(const SeriesFeatures& series, std::span<const float> plain, std::span<float> x);

// By the catalogue's name, or a header that imports take for it.
size_t identity_of(std::string_view resource);

// The bases of cell t: (kBases * steps).
void fill_bases(const SeriesFeatures& series, size_t t, std::span<float> base);

// Fills column n of a batch with cell t of a series. Targets at or after `end` are unknown. loss_scale: what an error
// is divided by in the loss, in the series' unit; 0: no targets at all.
void fill_column(const SeriesFeatures& series, size_t t, size_t end, double loss_scale, Batch<float>& batch, size_t n);

}  // namespace mps::forecast
