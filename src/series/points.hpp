// What reads each point of a series with the time that it stands for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <poolfit/series/series.hpp>

namespace poolfit::series {

struct Mean {
    double sum = 0, weight = 0;
    void add(double value, double by) {
        sum += value * by;
        weight += by;
    }
    double value() const { return weight > 0 ? sum / weight : 0; }
};

/// Each point with the seconds that it stands for.
template <class Each>
void each_point(const TimeSeries& series, const std::vector<Stretch>& all, const Each& each) {
    for (const Stretch& stretch : all)
        for (std::size_t i = stretch.begin; i < stretch.end; ++i)
            each(series.points[i], static_cast<double>(std::max<std::int64_t>(1, stretch.span)));
}

/// The hours of the day and of the week that are the busiest again and again.
void add_habits(const TimeSeries& series, const std::vector<Stretch>& all, Summary& summary);

}  // namespace poolfit::series
