// Pictures against coordinates worked out by hand. That they are well-formed XML is proved by tests/html/page.py.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/svg/svg.hpp>

using namespace poolfit;

namespace {

std::string plain(double value) { return svg::number(value); }

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

svg::Bar bar(double share, svg::Tone tone) {
    svg::Bar made;
    made.label = "steady";
    made.values = "31 → 21 of 42";
    made.share = "50 %";
    made.after = {share, share};
    made.tone = tone;
    return made;
}

svg::Bars bars(std::vector<svg::Bar> all) {
    return {{"Limits", "steady: 21 of 42"}, std::move(all), "today", "then", "limit"};
}

/// From 0 to 10 on both axes.
svg::Chart chart() {
    svg::Chart made;
    made.about = {"Waits", "by size"};
    made.x = {"size", plain, false, true, {}, 10.0};
    made.y = {"wait", plain, false, false, {}, 10.0};
    return made;
}

/// The attribute of the first element with this class.
std::string attribute(const std::string& text, std::string_view cls, std::string_view name) {
    const std::size_t at = text.find("class=\"" + std::string(cls) + "\"");
    REQUIRE(at != std::string::npos);
    const std::size_t begin = text.rfind('<', at), key = text.find(" " + std::string(name) + "=\"", begin);
    REQUIRE(key < text.find('>', at));
    const std::size_t from = key + name.size() + 3;
    return text.substr(from, text.find('"', from) - from);
}

}  // namespace

TEST_CASE("numbers have one decimal at most, whatever the locale") {
    CHECK(svg::number(12) == "12");
    CHECK(svg::number(12.34) == "12.3");
    CHECK(svg::number(12.96) == "13");
    CHECK(svg::number(-0.04) == "0");
    CHECK(svg::number(-1.25) == "-1.3");
}

TEST_CASE("text of others is text: marks are escaped, control and direction characters shown") {
    CHECK(svg::escaped("</title><script>&\"'") == "&lt;/title&gt;&lt;script&gt;&amp;&quot;&#39;");
    CHECK(svg::escaped("a\x1b[1m\u202e") == "a\\x1b[1m\\u202e");
    svg::Bars hostile = bars({bar(0.5, svg::Tone::fine)});
    hostile.about = {"</title>", "\"><x>"};
    hostile.bars.front().label = "<b>";
    const std::string text = svg::bars(hostile);
    CHECK(has(text, "<title>&lt;/title&gt;</title>"));
    CHECK(has(text, "<desc>&quot;&gt;&lt;x&gt;</desc>"));
    CHECK(!has(text, "<b>"));
}

TEST_CASE("a bar ends at its share of the limit, and where it is far over, not far behind it") {
    // The limit is at 230 of 340: 74 are left for the share and 36 for what is over.
    const std::string half = svg::bars(bars({bar(0.5, svg::Tone::fine)}));
    CHECK(attribute(half, "track", "width") == "230");
    CHECK(attribute(half, "bar fine", "width") == "115");
    CHECK(has(half, ">50 %<"));
    const std::string over = svg::bars(bars({bar(7, svg::Tone::over)}));
    CHECK(attribute(over, "bar over", "width") == "257.6");  // 1.12 × 230
    CHECK(has(over, "over-text"));
    // What there is, is seen.
    CHECK(attribute(svg::bars(bars({bar(0.0001, svg::Tone::fine)})), "bar fine", "width") == "1.5");
}

TEST_CASE("a range is filled to its low end, and paler to its high one; today is a mark") {
    svg::Bar range = bar(0.2, svg::Tone::near);
    range.after = {0.2, 0.9};
    range.before = 0.4;
    const std::string text = svg::bars(bars({range}));
    CHECK(attribute(text, "bar pale near", "width") == "207");
    CHECK(attribute(text, "bar near", "width") == "46");
    CHECK(has(text, "<line x1=\"92\" y1=\"38\" x2=\"92\" y2=\"52\" class=\"before\"/>"));
}

TEST_CASE("without a limit there is a line of text and no bar") {
    svg::Bar open;
    open.label = "cpu peak";
    open.values = "98 %";
    const std::string text = svg::bars(bars({open}));
    CHECK(has(text, "cpu peak"));
    CHECK(!has(text, "class=\"track\""));
}

TEST_CASE("a picture is one element without ids, with a role, a title and a description; a file brings its style") {
    svg::Chart made = chart();
    made.marks.push_back({5, 5, svg::Mark::Shape::dot, svg::Tone::fine, "a tip", "plan"});
    for (const std::string& text : {svg::chart(made), svg::bars(bars({bar(0.5, svg::Tone::fine)}))}) {
        CHECK(text.starts_with(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" role=\"img\" viewBox=\"0 0 340 "));
        CHECK(!has(text, " id="));
        CHECK(!has(text, "<style>"));
        CHECK(count(text, "<svg ") == 1);
        CHECK(text.ends_with("</svg>\n"));
    }
    CHECK(has(svg::chart(made, svg::Use::file), "<style>\n" + std::string(svg::style())));
    CHECK(svg::chart(made) == svg::chart(made));
    CHECK(svg::style_hash().starts_with("'sha256-"));
}

TEST_CASE("axes have round ticks; whole ones have none between numbers") {
    svg::Chart made = chart();
    made.marks.push_back({3, 5, svg::Mark::Shape::dot, svg::Tone::fine, "", ""});
    const std::string text = svg::chart(made);
    for (const char* tick : {">0<", ">2<", ">4<", ">6<", ">8<", ">10<"}) CHECK(has(text, tick));
    CHECK(!has(text, ">2.5<"));
    // The middle of the y axis: the plot is 166 high above its lower edge.
    const double low = std::stod(attribute(text, "axis", "y1")), middle = std::stod(attribute(text, "mark fine", "cy"));
    CHECK(low - middle == doctest::Approx(83).epsilon(0.01));
}

TEST_CASE("a logarithmic axis has powers of ten, and what is below its least is at its end") {
    svg::Chart made = chart();
    made.y = {"wait", plain, true, false, 1.0, {}};
    made.curves.push_back({{{1, 1000}, {5, 10}, {10, 0}}, false, false, ""});
    const std::string text = svg::chart(made);
    for (const char* tick : {">1<", ">10<", ">100<", ">1000<"}) CHECK(has(text, tick));
    const std::string low = attribute(text, "axis", "y1");
    const std::size_t end = text.find("\" class=\"curve\"");
    REQUIRE(end != std::string::npos);
    CHECK(text.substr(0, end).ends_with(" " + low));
}

TEST_CASE("labels of two marks at one place stand beside each other") {
    svg::Chart made = chart();
    made.marks.push_back({5, 5, svg::Mark::Shape::dot, svg::Tone::fine, "", "plan"});
    made.marks.push_back({5, 5, svg::Mark::Shape::square, svg::Tone::plain, "", "today"});
    const std::string text = svg::chart(made);
    CHECK(count(text, "class=\"label\"") == 2);
    const auto place = [&](std::string_view label) {
        const std::size_t end = text.find("class=\"label\">" + std::string(label)), begin = text.rfind('<', end);
        return text.substr(begin, end - begin);
    };
    CHECK(place("plan") != place("today"));
}

TEST_CASE("a long label is cut, and the description has it all") {
    svg::Bar made = bar(0.5, svg::Tone::fine);
    made.label = std::string(80, 'n');
    const std::string text = svg::bars(bars({made}));
    CHECK(has(text, "n…<"));
    CHECK(!has(text, std::string(40, 'n')));
}
