// Series to values of [database.observed], as facts and as the text of a file beside the inventory.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gathered.hpp"

namespace poolfit::imports {

/// The series of one database, with what is to be said of each.
struct WatchedSeries {
    series::Watched watched;
    struct Note {
        std::size_t kept;  ///< index into watched.all
        series::Repeats repeats;
        Place place;
        std::string metric;
    };
    std::vector<Note> notes;
};
/// Each `whose` of what was gathered. `points`: the series stay whole; else only their first points do, and what is
/// known of them.
std::vector<std::pair<std::string, WatchedSeries>> watched_of(Gathered& gathered, bool points);

/// A value as an inventory has it: "11.14%", "6.56-7.03 GiB".
std::string written(const series::Watched::Given& given);
/// A CSV with a column for each series.
std::string print_series(const series::Watched& watched);
/// "a gap from 2026-05-04 10:00 to 12:00 (4 points)", of all gaps; empty where there are none.
std::string print_gaps(const series::Summary& summary);

}  // namespace poolfit::imports
