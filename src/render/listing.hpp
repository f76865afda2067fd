// Lists and counts inside a sentence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <poolfit/model/fleet.hpp>

#include "layout.hpp"

namespace poolfit::render {

/// "a, b and c", each by `text(item)`; past six the number of the others.
template <class Items, class Text>
std::string listed(const Items& items, Text text) {
    constexpr std::size_t most = 6;
    std::string all;
    std::size_t n = 0;
    for (const auto& item : items) {
        if (n == most) return fmt::format("{} and {} more", all, items.size() - most);
        if (n > 0) all += n + 1 == items.size() ? " and " : ", ";
        all += text(item);
        ++n;
    }
    return all;
}

}  // namespace poolfit::render
