// What pictures are drawn with.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/svg/svg.hpp>

namespace poolfit::svg {

inline constexpr double picture_width = 340;  ///< as a narrow phone shows it, one to one
inline constexpr double letter = 6.5;         ///< width of a column of text, about: fonts differ
inline constexpr double bold_letter = 7.4;    ///< the same of what is bold
inline constexpr double line_height = 14;

/// Width of the text, about.
double width_of(std::string_view text);
double width_of_bold(std::string_view text);
/// The text, cut at the end where it is wider.
std::string fitting(std::string_view text, double width, double of_letter = letter);
/// "fine": the class of a tone.
std::string_view class_of(Tone tone);

/// One picture as it is drawn.
class Drawing {
public:
    enum class Anchor { start, middle, end };

    void text(double x, double y, std::string_view text, std::string_view classes = {}, Anchor anchor = Anchor::start);
    void rectangle(double x, double y, double width, double height, std::string_view classes, double round = 0);
    void line(double x1, double y1, double x2, double y2, std::string_view classes);
    /// The path's data as it is.
    void path(std::string_view data, std::string_view classes);
    void mark(double x, double y, const Mark& mark);

    /// The whole element.
    std::string take(const About& about, double height, Use use);

private:
    std::string out_;
};

}  // namespace poolfit::svg
