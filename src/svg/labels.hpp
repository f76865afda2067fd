// Places for labels beside marks, so that none covers another or leaves the picture.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "drawing.hpp"

namespace poolfit::svg {

struct Box {
    double left = 0, top = 0, right = 0, bottom = 0;
    bool meets(const Box& other) const {
        return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
};

class Labels {
public:
    explicit Labels(const Box& inside) : inside_(inside) {}
    void keep_clear(const Box& box) { taken_.push_back(box); }
    /// The same, where there is a choice.
    void prefer_clear(const Box& box) { avoided_.push_back(box); }
    /// Beside a mark at (x, y): on its baseline, from, around or up to x; nothing where there is no room.
    struct Spot {
        double x = 0, y = 0;
        Drawing::Anchor anchor{};
    };
    std::optional<Spot> place(double x, double y, std::string_view text);

private:
    Box inside_;
    std::vector<Box> taken_, avoided_;
};

}  // namespace poolfit::svg
