// The pictures of a plan: a report's figures, with words, for the room that draws.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/report/report.hpp>
#include <poolfit/svg/svg.hpp>

namespace poolfit::render {

struct Picture {
    std::string_view kind;  ///< "limits", "classes", "wait", "cpu", "credits"
    std::string of;         ///< what it is a picture of: "primary", "api-main"
    std::string caption;
    std::variant<svg::Bars, svg::Chart> drawing;

    std::string draw(svg::Use use) const;
};

/// All that there are of a database: limits first.
std::vector<Picture> pictures_of(const Report& report, Index database);

/// How a share of a limit is drawn, and said: "over", "near"; nothing where it is neither.
svg::Tone tone_of(double share);
std::string_view tone_word(double share);

/// "plan" or "today", of a mark that is one of the two; "stays" of both.
std::string role_word(bool today, bool chosen);

// One function each.
void add_limits(std::vector<Picture>& all, const Report& report, Index database);
void add_classes(std::vector<Picture>& all, const Report& report, Index database);
void add_waits(std::vector<Picture>& all, const Report& report, Index database);
void add_series(std::vector<Picture>& all, const Report& report, Index database);

}  // namespace poolfit::render
