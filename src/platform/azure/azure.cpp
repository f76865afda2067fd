#include "azure.hpp"

#include <algorithm>
#include <array>

namespace poolfit::platform::azure {
namespace {

/// The text without directions at its beginning, or at its end.
std::string_view without(std::string_view text, bool at_end) {
    constexpr std::array<std::string_view, 5> directions{"north", "south", "east", "west", "central"};
    for (bool cut = true; cut;) {
        cut = false;
        for (const std::string_view direction : directions) {
            if (at_end ? !text.ends_with(direction) : !text.starts_with(direction)) continue;
            text = at_end ? text.substr(0, text.size() - direction.size()) : text.substr(direction.size());
            cut = true;
        }
    }
    return text;
}

}  // namespace

bool is_region(std::string_view name) {
    // https://learn.microsoft.com/azure/reliability/regions-list, as of 2026-11
    constexpr std::array<std::string_view, 34> places{
        "africa",  "asia",        "australia", "austria",    "belgium", "brazil",    "canada",  "chile",       "china",
        "denmark", "europe",      "france",    "germany",    "india",   "indonesia", "israel",  "italy",       "japan",
        "korea",   "malaysia",    "mexico",    "newzealand", "norway",  "poland",    "qatar",   "southafrica", "spain",
        "sweden",  "switzerland", "taiwan",    "uae",        "uk",      "us",        "jioindia"};
    if (!name.empty() && name.back() >= '1' && name.back() <= '9') name.remove_suffix(1);
    const auto is_place = [&](std::string_view text) {
        return text.size() < name.size() && std::ranges::find(places, text) != places.end();
    };
    return is_place(without(name, false)) || is_place(without(name, true));
}

}  // namespace poolfit::platform::azure
