// Two axes: curves, lines across, and marks with labels.
#include <algorithm>

#include <fmt/format.h>

#include "drawing.hpp"
#include "labels.hpp"
#include "scale.hpp"

namespace poolfit::svg {
namespace {

constexpr double plot_height = 170, right = picture_width - 6;

std::vector<double> values_of(const Chart& picture, bool of_x) {
    std::vector<double> all;
    const auto take = [&](double x, double y) { all.push_back(of_x ? x : y); };
    for (const Curve& curve : picture.curves)
        for (const auto& [x, y] : curve.points) take(x, y);
    for (const Mark& mark : picture.marks) take(mark.x, mark.y);
    for (const Line& line : picture.lines)
        if (line.across != of_x) all.push_back(line.at);
    return all;
}

class Plot {
public:
    explicit Plot(const Chart& picture)
        : picture_(picture),
          top_(20 + legend_height()),
          bottom_(top_ + plot_height),
          left_(margin()),
          x_(picture.x, values_of(picture, true), left_ + 6, right - 4),
          y_(picture.y, values_of(picture, false), bottom_, top_ + 4) {}

    std::string draw(Use use) {
        legend();
        axes();
        for (const bool quiet : {true, false})
            for (const Curve& curve : picture_.curves)
                if (curve.quiet == quiet) draw(curve);
        Labels labels({left_, top_, right + 4, bottom_ - 1});
        for (const Mark& mark : picture_.marks) {
            const double x = x_.at(mark.x), y = y_.at(mark.y);
            const Box box{x - 5, y - 5, x + 5, y + 5};
            mark.label.empty() ? labels.prefer_clear(box) : labels.keep_clear(box);
        }
        for (const Line& line : picture_.lines) draw(line, labels);
        // What has a label stands above what has none.
        for (const bool labelled : {false, true})
            for (const Mark& mark : picture_.marks)
                if (mark.label.empty() != labelled) drawing_.mark(x_.at(mark.x), y_.at(mark.y), mark);
        for (const Mark& mark : picture_.marks) label(mark, labels);
        return drawing_.take(picture_.about, bottom_ + 36, use);
    }

private:
    /// Names of curves and marks, in as many lines as they take; `draw_it` writes them.
    double run_legend(Drawing* drawing) const {
        double x = 0, y = 10;
        const auto entry = [&](const std::string& name, const auto& sign) {
            const double wide = 16 + width_of(name);
            if (x > 0 && x + wide > picture_width) x = 0, y += line_height;
            if (drawing != nullptr) {
                sign(x + 5, y - 4);
                drawing->text(x + 14, y, fitting(name, picture_width - 14), "quiet");
            }
            x += wide + 10;
        };
        for (const Curve& curve : picture_.curves)
            if (!curve.name.empty())
                entry(curve.name, [&](double at, double middle) {
                    drawing->line(at - 5, middle, at + 5, middle, curve.quiet ? "curve quiet-curve" : "curve");
                });
        for (const Kind& kind : picture_.kinds)
            entry(kind.name, [&](double at, double middle) {
                drawing->mark(at, middle, Mark{0, 0, kind.shape, kind.tone, {}, {}});
            });
        return x == 0 && y == 10 ? 0 : y + 4;
    }
    double legend_height() const { return run_legend(nullptr); }
    void legend() {
        run_legend(&drawing_);
        drawing_.text(0, top_ - 6, fitting(picture_.y.label, picture_width), "quiet");
    }

    double margin() const {
        const Scale y(picture_.y, values_of(picture_, false), 1, 0);
        double widest = 0;
        for (const double tick : y.ticks(5)) widest = std::max(widest, width_of(picture_.y.print(tick)));
        return std::min(widest + 8, picture_width / 3);
    }

    void axes() {
        for (const double tick : y_.ticks(5)) {
            const double at = y_.at(tick);
            drawing_.line(left_, at, right, at, "grid");
            drawing_.text(left_ - 6, at + 4, fitting(picture_.y.print(tick), left_), "tick", Drawing::Anchor::end);
        }
        drawing_.line(left_, bottom_, right, bottom_, "axis");
        double free_from = 0;
        const auto tick = [&](double value, const std::string& text) {
            const double at = x_.at(value), wide = width_of(text);
            double middle = std::clamp(at, wide / 2, picture_width - wide / 2);
            drawing_.line(at, bottom_, at, bottom_ + 3, "axis");
            if (middle - wide / 2 < free_from) return;
            drawing_.text(middle, bottom_ + 15, text, "tick", Drawing::Anchor::middle);
            free_from = middle + wide / 2 + 6;
        };
        for (const auto& [value, text] : picture_.x_ticks) tick(value, text);
        if (picture_.x_ticks.empty())
            for (const double value : x_.ticks(6)) tick(value, picture_.x.print(value));
        drawing_.text((left_ + right) / 2, bottom_ + 31, fitting(picture_.x.label, right - left_), "quiet",
                      Drawing::Anchor::middle);
    }

    void draw(const Curve& curve) {
        if (curve.points.empty()) return;
        std::string data;
        for (const auto& [x, y] : curve.points)
            data += fmt::format("{}{} {}", data.empty() ? "M" : "L", number(x_.at(x)), number(y_.at(y)));
        if (curve.filled)
            drawing_.path(fmt::format("{}L{} {}L{} {}Z", data, number(x_.at(curve.points.back().first)),
                                      number(bottom_), number(x_.at(curve.points.front().first)), number(bottom_)),
                          "area");
        drawing_.path(data, curve.quiet ? "curve quiet-curve" : "curve");
    }

    void draw(const Line& line, Labels& labels) {
        const std::string text = fitting(line.label, right - left_);
        const double wide = width_of(text);
        if (line.across) {
            const double at = y_.at(line.at);
            drawing_.line(left_, at, right, at, "limit");
            const double above = at - 5 > top_ + 8 ? at - 5 : at + 13;
            drawing_.text(right, above, text, "quiet", Drawing::Anchor::end);
            labels.keep_clear({right - wide, above - 10, right, above + 2});
            return;
        }
        const double at = x_.at(line.at);
        drawing_.line(at, top_, at, bottom_, "limit");
        const bool beside = at + 4 + wide <= right;
        const double from = beside ? at + 4 : std::max(left_, at - 4 - wide);
        drawing_.text(from, top_ + 9, text, "quiet");
        labels.keep_clear({from, top_ - 1, from + wide, top_ + 11});
    }

    void label(const Mark& mark, Labels& labels) {
        if (mark.label.empty()) return;
        const std::string text = fitting(mark.label, right - left_, bold_letter);
        const auto at = labels.place(x_.at(mark.x), y_.at(mark.y), text);
        if (at) drawing_.text(at->x, at->y, text, "label", at->anchor);
    }

    const Chart& picture_;
    double top_, bottom_, left_;
    Scale x_, y_;
    Drawing drawing_;
};

}  // namespace

std::string chart(const Chart& picture, Use use) { return Plot(picture).draw(use); }

}  // namespace poolfit::svg
