#include "labels.hpp"

#include <algorithm>
#include <utility>

#include "drawing.hpp"

namespace poolfit::svg {

std::optional<std::pair<double, double>> Labels::place(double x, double y, std::string_view text) {
    const double width = width_of(text), height = 12, gap = 8;
    for (const double up : {0.0, -13.0, 13.0, -26.0, 26.0, -39.0, 39.0})
        for (const double left : {x + gap, x - gap - width, x - width / 2}) {
            if (left == x - width / 2 && up == 0) continue;
            const Box box{left, y + up - height / 2, left + width, y + up + height / 2};
            const bool fits = box.left >= inside_.left && box.right <= inside_.right && box.top >= inside_.top &&
                              box.bottom <= inside_.bottom;
            if (!fits || std::ranges::any_of(taken_, [&](const Box& other) { return box.meets(other); })) continue;
            taken_.push_back(box);
            return std::pair(left, y + up + 4);
        }
    return std::nullopt;
}

}  // namespace poolfit::svg
