// What the heading of a column says: "CPUUtilization avg (%)" is the mean of "cpuutilization" in "%".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace poolfit::imports {

enum class Statistic : std::uint8_t { none, mean, high, low, p95, p99 };

struct Heading {
    std::string whole;    ///< all words but the unit, in lower case, run together: "maxconnections"
    std::string subject;  ///< the same without statistic, window and words that say nothing: "connections"
    Statistic statistic = Statistic::none;
    std::string_view unit;  ///< as unit_of() has it; empty: none
};

Heading heading_of(std::string_view text);

/// How poolfit writes a unit that is written in any of the usual ways: "%" of "percent", "GiB" of "gib". Empty if it is
/// none. "share" is a part of 1, "bytes" a plain number of them.
std::string_view unit_of(std::string_view word);

/// Letters and digits alone, in lower case: what headings are compared by.
std::string plain(std::string_view text);

}  // namespace poolfit::imports
