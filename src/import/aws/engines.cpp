#include "engines.hpp"

#include <algorithm>

namespace poolfit::imports::aws {
namespace {

template <class Is>
const Platform* row_where(const Is& is) {
    for (const Platform* row : platform::all())
        if (row->provider == platform::usual_provider && row->has_classes && is(*row)) return row;
    return nullptr;
}

}  // namespace

const Platform* by_name(std::string_view name) {
    return row_where([&](const Platform& row) { return row.names.engine == name; });
}

const Platform* by_usage(std::string_view name) {
    return row_where([&](const Platform& row) {
        std::string joined(row.names.engine);
        std::erase(joined, ' ');
        return joined == name;
    });
}

const Platform* by_word(std::string_view word) {
    if (word == "postgres") word = "postgresql";
    return row_where([&](const Platform& row) { return row.engine == word; });
}

std::string region_of_zone(std::string_view zone) {
    while (!zone.empty() && zone.back() >= 'a' && zone.back() <= 'z') zone.remove_suffix(1);
    return std::string(zone);
}

std::string next_page(std::string_view key, std::string_view token) {
    if (token.empty()) return {};
    if (key == "Marker") return "--marker, with the Marker of this one";
    if (key == "nextToken") return "--next-token, with the nextToken of this one";
    return "--starting-token, with the " + std::string(key) + " of this one";
}

}  // namespace poolfit::imports::aws
