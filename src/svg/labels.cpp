#include "labels.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "drawing.hpp"

namespace poolfit::svg {

std::optional<std::pair<double, double>> Labels::place(double x, double y, std::string_view text) {
    const double width = width_of_bold(text), height = 12, gap = 8;
    const auto meets = [](const std::vector<Box>& all, const Box& box) {
        return std::ranges::any_of(all, [&](const Box& other) { return box.meets(other); });
    };
    for (const bool choosy : {true, false})
        for (const double up : {0.0, -13.0, 13.0, -26.0, 26.0, -39.0, 39.0})
            for (const double left : {x + gap, x - gap - width, x - width / 2}) {
                if (left == x - width / 2 && up == 0) continue;
                const Box box{left, y + up - height / 2, left + width, y + up + height / 2};
                const bool inside = box.left >= inside_.left && box.right <= inside_.right && box.top >= inside_.top &&
                                    box.bottom <= inside_.bottom;
                if (!inside || meets(taken_, box) || (choosy && meets(avoided_, box))) continue;
                taken_.push_back(box);
                return std::pair(left, y + up + 4);
            }
    return std::nullopt;
}

}  // namespace poolfit::svg
