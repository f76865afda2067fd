#include "../../../src/render/layout.hpp"

#include <doctest/doctest.h>

#include "../../../src/render/table.hpp"

using namespace poolfit;
using namespace poolfit::render;

namespace {

std::string written(const Pieces& pieces, int indent, const Style& style = {false, true, 40}) {
    Page page(style);
    page.write(pieces, indent);
    return page.take();
}

}  // namespace

TEST_CASE("text wraps between words, below a hanging indent") {
    CHECK(written({"one two three four five six seven eight nine ten"}, 4) ==
          "one two three four five six seven eight\n    nine ten\n");
    CHECK(written({std::string(50, 'x')}, 2) == std::string(40, 'x') + "\n  " + std::string(10, 'x') + "\n");
    CHECK(written({"short   gaps   stay   "}, 2) == "short   gaps   stay\n");
    CHECK(written({""}, 2) == "\n");
}

TEST_CASE("a unit stays with its number, an operator with what follows") {
    CHECK(written({"0123456789 0123456789 0123456789 01 11 GiB"}, 2) ==
          "0123456789 0123456789 0123456789 01\n  11 GiB\n");
    CHECK(written({"0123456789 0123456789 0123456789 0123 − 9"}, 2) ==
          "0123456789 0123456789 0123456789 0123\n  − 9\n");
    CHECK(written({"0123456789 0123456789 0123456789 one\u00A0two"}, 2) ==
          "0123456789 0123456789 0123456789 one two\n");
    CHECK(written({"0123456789 0123456789 0123456789 one\u00A0twos"}, 2) ==
          "0123456789 0123456789 0123456789\n  one twos\n");
}

TEST_CASE("without Unicode every sign of ours has its stand-in") {
    CHECK(shown("■□ a → b · c − d – e ◀ × ÷ ≤ ⌈x⌉ ⌊y⌋ ├│└ Σ …", false) ==
          "#. a -> b | c - d - e < x / <= ceil(x) floor(y) ||` sum of ...");
    CHECK(shown("a\x1b[31m\n", true) == "a\\x1b[31m\\x0a");
    CHECK(shown("a → b", true) == "a → b");
}

TEST_CASE("colours end where their text ends") {
    const Style style{true, true, 40};
    CHECK(written({{"KEEP", Paint::dim}, " plain ", {"$1 more", Paint::warn}}, 2, style) ==
          "\x1b[2mKEEP\x1b[0m plain \x1b[1m$1 more\x1b[0m\n");
    const std::string wrapped = written({{std::string(30, 'a') + " " + std::string(30, 'b'), Paint::good}}, 2, style);
    CHECK(wrapped == "\x1b[1m" + std::string(30, 'a') + "\x1b[0m\n  \x1b[1m" + std::string(30, 'b') + "\x1b[0m\n");
}

TEST_CASE("what goes to the right end goes below where there is no room") {
    Page page({false, true, 40});
    page.ends({"left"}, {"right"}, 4);
    page.ends({std::string(37, 'l')}, {"right"}, 4);
    CHECK(page.take() ==
          "left" + std::string(31, ' ') + "right\n" + std::string(37, 'l') + "\n" + std::string(35, ' ') + "right\n");
    Page wrapped({false, true, 40});
    wrapped.ends({std::string(30, 'l') + " " + std::string(20, 'm')}, {"right"}, 4);
    CHECK(wrapped.take() == std::string(30, 'l') + "\n    " + std::string(20, 'm') + std::string(11, ' ') + "right\n");
    Page wide({false, true, 120});
    wide.ends({"left"}, {"right"}, 4);
    CHECK(wide.take() == "left" + std::string(71, ' ') + "right\n");
}

TEST_CASE("a bar is full only at the limit, and red past it") {
    const auto cells = [](double share) {
        std::string text;
        Pieces pieces;
        Page::bar(pieces, share, 10);
        for (const Piece& piece : pieces) text += piece.text;
        return text;
    };
    CHECK(cells(0) == "□□□□□□□□□□");
    CHECK(cells(0.5) == "■■■■■□□□□□");
    CHECK(cells(0.99) == "■■■■■■■■■□");
    CHECK(cells(1) == "■■■■■■■■■■");
    CHECK(cells(2) == "■■■■■■■■■■");
    Pieces over;
    Page::bar(over, 2, 10);
    REQUIRE(over.size() == 2);
    CHECK(over[0].text == "■■■■■");
    CHECK(over[1].text == "■■■■■");
    CHECK(over[1].paint == Paint::bad);
    over.clear();
    Page::bar(over, 1e9, 10);
    CHECK(over[0].paint == Paint::bad);
}

TEST_CASE("a table drops what may go, then becomes records") {
    Table table({{"name", false, 0, false}, {"size", true, 0, false}, {"note", false, 1, false}}, 0);
    table.add({"alpha", "12", std::string(20, 'n')});
    table.add({"b", "1,234", "short"});
    const auto printed = [&](int width) {
        Page page({false, true, width});
        table.print(page);
        return page.take();
    };
    CHECK(printed(80) == "name    size  note\nalpha     12  nnnnnnnnnnnnnnnnnnnn\nb      1,234  short\n");
    table.add({std::string(30, 'c'), "1", "x"});
    CHECK(printed(40).starts_with("name" + std::string(26, ' ') + "   size\nalpha"));
    table.add({std::string(60, 'd'), "7", "x"});
    CHECK(printed(40).starts_with("alpha\n  size 12 · note nnnn"));
}
