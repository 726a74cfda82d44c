#pragma once

#include <optional>
#include <span>

#include "alert/prediction.h"

namespace mps::alert {

// When something that grows fast, as a disk does under a runaway log, will cross the threshold: the slope of the last
// hours (Theil and Sen's median of all pairs, whose 10 % and 90 % quantiles are the band).
//
// It counts only where the values are higher than they have been in all of the days before, since a disk that is
// cleaned every night grows every day. `readings` in order of time, hours and days of them; without a day before the
// last hours there is no answer.
Crossing fast_growth(double threshold, std::span<const Reading> readings);

// When something that grows over days, as a disk does, will cross the threshold: Theil and Sen's line through the
// lowest value of each day, plus how far the days' peaks rise above that line; 10 and 90 % of all pairs' slopes and of
// the peaks are the band.
//
// A disk that is cleaned every night has minima that do not grow, so it does not fill up; one that was cleaned once is
// judged by what came after. Where there is no steady growth over all of the days, the
// last two weeks, week or four days count alone, as long as the disk is fuller now than on all days before them.
// `hourly`: means of an hour in order of time, up to four weeks of them. Without three days, or where not all of the
// band grows, there is no answer.
Crossing slow_growth(double threshold, std::span<const Reading> hourly);

}  // namespace mps::alert
