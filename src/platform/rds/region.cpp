#include "rds.hpp"

#include <algorithm>
#include <array>

namespace poolfit::platform::rds {

bool is_region(std::string_view name) {
    // https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html, as of 2026-11
    constexpr std::array<std::string_view, 16> areas{"af", "ap", "ca", "cn", "eu",     "eusc-de", "il",      "me",
                                                     "mx", "nz", "sa", "us", "us-gov", "us-iso",  "us-isob", "us-isof"};
    constexpr std::array<std::string_view, 9> directions{"north",     "south",     "east",      "west",     "central",
                                                         "northeast", "southeast", "northwest", "southwest"};
    const std::size_t number = name.rfind('-');
    if (number == std::string_view::npos || number + 2 != name.size()) return false;
    if (name.back() < '1' || name.back() > '9') return false;
    const std::string_view rest = name.substr(0, number);
    const std::size_t direction = rest.rfind('-');
    if (direction == std::string_view::npos) return false;
    return std::ranges::find(areas, rest.substr(0, direction)) != areas.end() &&
           std::ranges::find(directions, rest.substr(direction + 1)) != directions.end();
}

}  // namespace poolfit::platform::rds
