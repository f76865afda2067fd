// Quantities against their limits, one below the other: where each is today, where it will be, and how near that is.
#include <algorithm>

#include <fmt/format.h>

#include "drawing.hpp"

namespace poolfit::svg {
namespace {

constexpr double row = 38, top = 24, track = 8;
constexpr double share_room = 74;                         // behind the bar
constexpr double most = picture_width - share_room - 10;  // where a bar ends that is far over its limit
constexpr double at_limit = most - 26;                    // where the limit is

double position(double share) { return std::clamp(share, 0.0, 1.12) * at_limit; }

void legend(Drawing& drawing, const Bars& picture) {
    double x = 0;
    const auto entry = [&](const std::string& name) {
        drawing.text(x + 14, 10, name, "quiet");
        x += 14 + width_of(name) + 16;
    };
    drawing.line(x + 5, 2, x + 5, 12, "before");
    entry(picture.before);
    const bool ranges = std::ranges::any_of(picture.bars, [](const Bar& bar) {
        return !bar.share.empty() && bar.after && bar.after->second > bar.after->first;
    });
    const std::string own = "fine bar";
    if (ranges) drawing.rectangle(x, 3, 10, track, "pale " + own, 2);
    drawing.rectangle(x, 3, ranges ? 5 : 10, track, own, 2);
    entry(picture.after);
    drawing.line(x + 5, 1, x + 5, 13, "limit");
    entry(picture.limit);
}

void draw(Drawing& drawing, const Bar& bar, double y) {
    const double values = width_of(bar.values);
    const std::string note = bar.note.empty() ? "" : " · " + bar.note;
    drawing.text(0, y + 11,
                 fitting(bar.label + note, picture_width - values - 8, bar.note.empty() ? letter : bold_letter),
                 bar.note.empty() ? "" : "strong");
    drawing.text(picture_width, y + 11, fitting(bar.values, picture_width), "figure", Drawing::Anchor::end);
    if (bar.share.empty()) return;
    const double middle = y + 17;
    drawing.rectangle(0, middle, at_limit, track, "track", 2);
    if (bar.after) {
        const double low = position(bar.after->first), high = position(bar.after->second);
        const std::string_view tone = class_of(bar.tone);
        if (high > low) drawing.rectangle(0, middle, high, track, fmt::format("bar pale {}", tone), 2);
        // Whatever there is, is seen.
        drawing.rectangle(0, middle, std::max(low, 1.5), track, fmt::format("bar {}", tone), 2);
    }
    if (bar.before) {
        const double x = std::max(position(*bar.before), 1.0);
        drawing.line(x, middle - 3, x, middle + track + 3, "before");
    }
    drawing.line(at_limit, middle - 3, at_limit, middle + track + 3, "limit");
    drawing.text(picture_width, middle + track, bar.share, fmt::format("figure {}-text", class_of(bar.tone)),
                 Drawing::Anchor::end);
}

}  // namespace

std::string bars(const Bars& picture, Use use) {
    Drawing drawing;
    legend(drawing, picture);
    double y = top;
    for (const Bar& bar : picture.bars) {
        draw(drawing, bar, y);
        y += bar.share.empty() ? row - 16 : row;
    }
    return drawing.take(picture.about, y, use);
}

}  // namespace poolfit::svg
