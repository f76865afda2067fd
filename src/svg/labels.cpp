#include "labels.hpp"

#include <algorithm>

namespace poolfit::svg {

std::optional<Labels::Spot> Labels::place(double x, double y, std::string_view text) {
    using Anchor = Drawing::Anchor;
    const double width = width_of_bold(text), height = 12, gap = 8;
    const auto meets = [](const std::vector<Box>& all, const Box& box) {
        return std::ranges::any_of(all, [&](const Box& other) { return box.meets(other); });
    };
    const auto box_of = [&](const Spot& spot) {
        const double left = spot.anchor == Anchor::start ? spot.x
                            : spot.anchor == Anchor::end ? spot.x - width
                                                         : spot.x - width / 2;
        return Box{left, spot.y - height / 2, left + width, spot.y + height / 2};
    };
    for (const bool choosy : {true, false})
        for (const double up : {0.0, -13.0, 13.0, -26.0, 26.0, -39.0, 39.0})
            for (const Spot& spot : {Spot{x + gap, y + up, Anchor::start}, Spot{x - gap, y + up, Anchor::end},
                                     Spot{x, y + up, Anchor::middle}}) {
                if (spot.anchor == Anchor::middle && up == 0) continue;
                const Box box = box_of(spot);
                const bool inside = box.left >= inside_.left && box.right <= inside_.right && box.top >= inside_.top &&
                                    box.bottom <= inside_.bottom;
                if (!inside || meets(taken_, box) || (choosy && meets(avoided_, box))) continue;
                taken_.push_back(box);
                return Spot{spot.x, spot.y + 4, spot.anchor};
            }
    return std::nullopt;
}

}  // namespace poolfit::svg
