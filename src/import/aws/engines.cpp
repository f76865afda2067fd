#include "engines.hpp"

#include <algorithm>

#include <poolfit/unit/date.hpp>

namespace poolfit::imports::aws {
namespace {

template <class Is>
const Platform* find(const Is& is) {
    for (const Platform* row : platform::all())
        if (row->provider == platform::usual_provider && row->has_classes && is(*row)) return row;
    return nullptr;
}

}  // namespace

const Platform* by_name(std::string_view name) {
    return find([&](const Platform& row) { return row.names.engine == name; });
}

const Platform* by_usage(std::string_view name) {
    return find([&](const Platform& row) {
        std::string joined(row.names.engine);
        std::erase(joined, ' ');
        return joined == name;
    });
}

const Platform* by_word(std::string_view word) {
    if (word == "postgres") word = "postgresql";
    return find([&](const Platform& row) { return row.engine == word; });
}

std::string region_of_zone(std::string_view zone) {
    while (!zone.empty() && zone.back() >= 'a' && zone.back() <= 'z') zone.remove_suffix(1);
    return std::string(zone);
}

std::optional<std::string> day_of(std::string_view time) {
    std::string day(time.substr(0, 10));
    if (time.size() == 14 && time.find_first_not_of("0123456789") == time.npos)
        day = std::string(time.substr(0, 4)) + '-' + std::string(time.substr(4, 2)) + '-' +
              std::string(time.substr(6, 2));
    if (!unit::parse_date(day)) return std::nullopt;
    return day;
}

}  // namespace poolfit::imports::aws
