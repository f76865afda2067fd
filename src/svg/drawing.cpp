#include "drawing.hpp"

#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>

namespace poolfit::svg {

// data/page/picture_style.css, compiled in by scripts/embed.py.
std::string_view picture_style();
std::string_view picture_style_hash();

std::string_view style() { return picture_style(); }
std::string_view style_hash() { return picture_style_hash(); }

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : diag::visible(text, true)) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string number(double value) {
    const auto tenths = static_cast<std::int64_t>(std::llround(value * 10));
    const std::int64_t size = tenths < 0 ? -tenths : tenths;
    const std::string_view sign = tenths < 0 ? "-" : "";
    return size % 10 == 0 ? fmt::format("{}{}", sign, size / 10) : fmt::format("{}{}.{}", sign, size / 10, size % 10);
}

double width_of(std::string_view text) { return letter * diag::width(diag::visible(text, true)); }

double width_of_bold(std::string_view text) { return width_of(text) / letter * bold_letter; }

std::string fitting(std::string_view text, double width, double of_letter) {
    const std::string all = diag::visible(text, true);
    if (of_letter * diag::width(all) <= width) return all;
    std::string cut;
    double used = of_letter;  // of the sign at the end
    for (std::size_t at = 0; at < all.size();) {
        const diag::CodePoint point = diag::decode(all, at);
        used += of_letter * diag::width(point.value);
        if (used > width) break;
        cut += all.substr(at, point.length);
        at += point.length;
    }
    return cut + "…";
}

std::string_view class_of(Tone tone) {
    switch (tone) {
        case Tone::fine:
            return "fine";
        case Tone::near:
            return "near";
        case Tone::over:
            return "over";
        case Tone::plain:
            break;
    }
    return "plain";
}

void Drawing::text(double x, double y, std::string_view text, std::string_view classes, Anchor anchor) {
    const std::string_view at = anchor == Anchor::middle ? R"( text-anchor="middle")"
                                : anchor == Anchor::end  ? R"( text-anchor="end")"
                                                         : "";
    const std::string named = classes.empty() ? std::string() : fmt::format(R"( class="{}")", classes);
    out_ += fmt::format("<text x=\"{}\" y=\"{}\"{}{}>{}</text>\n", number(x), number(y), at, named, escaped(text));
}

void Drawing::rectangle(double x, double y, double width, double height, std::string_view classes, double round) {
    const std::string corner = round > 0 ? fmt::format(R"( rx="{}")", number(round)) : std::string();
    out_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{} class=\"{}\"/>\n", number(x), number(y),
                        number(width), number(height), corner, classes);
}

void Drawing::line(double x1, double y1, double x2, double y2, std::string_view classes) {
    out_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>\n", number(x1), number(y1),
                        number(x2), number(y2), classes);
}

void Drawing::path(std::string_view data, std::string_view classes) {
    out_ += fmt::format("<path d=\"{}\" class=\"{}\"/>\n", data, classes);
}

void Drawing::mark(double x, double y, const Mark& mark) {
    const std::string tip = mark.tip.empty() ? std::string() : fmt::format("<title>{}</title>", escaped(mark.tip));
    const std::string_view tone = class_of(mark.tone);
    const auto cross = [&](double r) {
        return fmt::format("M{} {}L{} {}M{} {}L{} {}", number(x - r), number(y - r), number(x + r), number(y + r),
                           number(x - r), number(y + r), number(x + r), number(y - r));
    };
    switch (mark.shape) {
        case Mark::Shape::dot:
            out_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"5\" class=\"mark {}\">{}</circle>\n", number(x),
                                number(y), tone, tip);
            break;
        case Mark::Shape::ring:
            out_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"3\" class=\"ring {}\">{}</circle>\n", number(x),
                                number(y), tone, tip);
            break;
        case Mark::Shape::square:
            out_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"9\" height=\"9\" class=\"mark {}\">{}</rect>\n",
                                number(x - 4.5), number(y - 4.5), tone, tip);
            break;
        case Mark::Shape::cross:
            out_ += fmt::format("<path d=\"{}\" class=\"cross {}\">{}</path>\n", cross(3), tone, tip);
            break;
    }
}

std::string Drawing::take(const About& about, double height, Use use) {
    const std::string styled = use == Use::file ? fmt::format("<style>\n{}</style>\n", style()) : std::string();
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" role=\"img\" "
        "viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\">\n"
        "<title>{2}</title>\n<desc>{3}</desc>\n{4}{5}</svg>\n",
        number(picture_width), number(height), escaped(about.title), escaped(about.description), styled, out_);
}

}  // namespace poolfit::svg
