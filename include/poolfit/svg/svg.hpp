// Pictures as SVG: values in, text out. A picture knows nothing of what its values are about; all words are given.
//
// Each is one element without ids, so many may stand in one page: role, title and description for screen readers,
// colours from classes and `currentColor`, so that dark and light both work.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace poolfit::svg {

/// How a value stands to its limit.
enum class Tone : std::uint8_t { plain, fine, near, over };

/// For a page, whose style() it needs; or a file of its own, with its style.
enum class Use : std::uint8_t { page, file };

/// What a screen reader says.
struct About {
    std::string title, description;
};

/// A quantity against its limit. Shares are of the limit: 1 is at it.
struct Bar {
    std::string label;                               ///< at the left
    std::string values;                              ///< at the right, in the same line: "31 → 21 of 648"
    std::string share;                               ///< behind the bar: "3.2 %"; empty without a limit
    std::optional<double> before;                    ///< a mark
    std::optional<std::pair<double, double>> after;  ///< filled to the first, paler to the second
    Tone tone = Tone::plain;
    std::string note;  ///< a word after the label: "tightest"; may be empty
};
struct Bars {
    About about;
    std::vector<Bar> bars;
    std::string before, after, limit;  ///< what mark, filling and line are called in the legend
};
std::string bars(const Bars& picture, Use use = Use::page);

struct Axis {
    std::string label{};
    std::string (*print)(double) = nullptr;
    bool logarithmic = false;  ///< of values above 0 alone
    bool whole = false;        ///< no tick between whole numbers
    std::optional<double> low{},
        high{};  ///< that it shows at least; it begins at 0, or at the least value if logarithmic
};
struct Mark {
    enum class Shape : std::uint8_t { dot, ring, square, cross };
    double x = 0, y = 0;
    Shape shape = Shape::dot;
    Tone tone = Tone::plain;
    std::string tip;    ///< shown where a pointer rests on it
    std::string label;  ///< written beside it; empty: none
};
/// Through these points, in their order. A step keeps its value to the next point.
struct Curve {
    std::vector<std::pair<double, double>> points;
    bool filled = false;  ///< down to the axis
    bool quiet = false;   ///< behind the others
    std::string name;     ///< in the legend; empty: not there
};
/// A line across, at a value of one of the axes.
struct Line {
    bool across = true;  ///< at a value of y; else of x
    double at = 0;
    std::string label;
};
struct Kind {
    Mark::Shape shape{};
    Tone tone{};
    std::string name;
};
struct Chart {
    About about;
    Axis x, y;
    std::vector<Curve> curves;
    std::vector<Line> lines;
    std::vector<Mark> marks;
    std::vector<Kind> kinds;                                ///< of marks, in the legend
    std::vector<std::pair<double, std::string>> x_ticks{};  ///< instead of the axis's own
};
std::string chart(const Chart& picture, Use use = Use::page);

/// CSS of the pictures in a page, and what a content security policy calls it.
std::string_view style();
std::string_view style_hash();

/// Text inside an element, or in double quotes: control characters are made visible.
std::string escaped(std::string_view text);
/// With one decimal, "12.5", or none, "12": the same everywhere.
std::string number(double value);

}  // namespace poolfit::svg
