#include <poolfit/diag/source.hpp>

#include <doctest/doctest.h>

using namespace poolfit;

TEST_CASE("source: lines end at \\n, \\r\\n or a lone \\r") {
    const SourceText source("a.toml", "one\ntwo\r\nthree\rfour\n");
    CHECK(source.line_count() == 5);
    CHECK(source.line(0) == "");
    CHECK(source.line(1) == "one");
    CHECK(source.line(2) == "two");
    CHECK(source.line(3) == "three");
    CHECK(source.line(4) == "four");
    CHECK(source.line(5) == "");
    CHECK(source.line(6) == "");
    CHECK(source.position(0) == Position{1, 1});
    CHECK(source.position(3) == Position{1, 4});  // the line end belongs to its line
    CHECK(source.position(4) == Position{2, 1});
    CHECK(source.position(8) == Position{2, 4});  // between \r and \n
    CHECK(source.position(9) == Position{3, 1});
    CHECK(source.position(15) == Position{4, 1});
    CHECK(source.position(20) == Position{5, 1});
    CHECK(source.position(4000000000) == Position{5, 1});
}

TEST_CASE("source: an empty text has one empty line") {
    const SourceText source("a.toml", "");
    CHECK(source.line_count() == 1);
    CHECK(source.line(1) == "");
    CHECK(source.position(0) == Position{1, 1});
    CHECK(source.position(7) == Position{1, 1});
    CHECK(source.offset({9, 9}) == 0);
}

TEST_CASE("source: columns count code points, an invalid byte counts one") {
    const SourceText source("a.toml", "é–x\xff\xc3y");
    CHECK(source.position(0).column == 1);
    CHECK(source.position(1).column == 1);  // inside é
    CHECK(source.position(2).column == 2);
    CHECK(source.position(4).column == 2);
    CHECK(source.position(5).column == 3);
    CHECK(source.position(6).column == 4);
    CHECK(source.position(7).column == 5);
    CHECK(source.position(8).column == 6);
    CHECK(source.position(9).column == 7);
}

TEST_CASE("source: offset undoes position, clamped to the text") {
    const SourceText source("a.toml", "é = 1\r\nab\n");
    for (const std::uint32_t offset : {0U, 2U, 3U, 5U, 6U, 8U, 9U, 10U, 11U})
        CHECK(source.offset(source.position(offset)) == offset);
    CHECK(source.offset({0, 0}) == 0);
    CHECK(source.offset({1, 99}) == 6);
    CHECK(source.offset({2, 99}) == 10);
    CHECK(source.offset({99, 1}) == 11);
}

TEST_CASE("source: places print as file:line:column") {
    Sources sources;
    const SourceText& source = sources.add("infra/poolfit.toml", "\n\n  key = 1");
    for (int i = 0; i < 100; ++i) sources.add("other", "x");
    CHECK(diag::print(Place{&source, {4, 7}}) == "infra/poolfit.toml:3:3");
    CHECK(diag::print(Place{}) == "");
    CHECK_FALSE(static_cast<bool>(Place{}));
}
