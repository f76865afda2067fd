#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../../src/import/csv/cells.hpp"

using namespace poolfit;
using namespace poolfit::imports;

namespace {

/// Rows as "[a|b]", or what was said.
std::string rows_of(std::string text) {
    Sources sources;
    Diagnostics said;
    const auto sheet = read_sheet(sources.add("s.csv", std::move(text)), said);
    std::string out;
    for (const Diagnostic& each : said.all()) {
        if (each.place) {
            const Position at = each.place.source->position(each.place.span.begin);
            out += fmt::format("{}:{} ", at.line, at.column);
        }
        out += each.message + '\n';
    }
    if (!sheet) return out;
    const auto add = [&](std::size_t count, const auto& cell) {
        out += '[';
        for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "" : "|") + sheet->text(cell(i));
        out += ']';
    };
    add(sheet->width(), [&](std::size_t i) { return sheet->header[i]; });
    for (std::size_t row = 0; row < sheet->rows(); ++row)
        add(sheet->width(), [&](std::size_t i) { return sheet->at(row, i); });
    return out;
}

}  // namespace

TEST_CASE("cells are those of RFC 4180") {
    CHECK(rows_of("a,b\r\n1,2\r\n") == "[a|b][1|2]");
    CHECK(rows_of("a,b\n1,2") == "[a|b][1|2]");
    CHECK(rows_of("a,b\r1,2\r") == "[a|b][1|2]");
    CHECK(rows_of("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n") == "[a|b][x,y|say \"hi\"]");
    CHECK(rows_of("a,b\n\"two\nlines\",2\n3,4\n") == "[a|b][two\nlines|2][3|4]");
    CHECK(rows_of("a,b\n\"\",\"\"\"\"\n") == "[a|b][|\"]");
    CHECK(rows_of("a,b\n 1 , \"2\" \n") == "[a|b][1|2]");
    CHECK(rows_of("a,b\n19\" rack,2\n") == "[a|b][19\" rack|2]");  // a quote inside of a cell is a character
}

TEST_CASE("the separator is the one that the header has most of") {
    CHECK(rows_of("a;b\n1,5;2\n") == "[a|b][1,5|2]");
    CHECK(rows_of("a\tb\n1\t2\n") == "[a|b][1|2]");
    CHECK(rows_of("a|b\n1|2\n") == "[a|b][1|2]");
    CHECK(rows_of("\"a;b;c\",d\n1,2\n") == "[a;b;c|d][1|2]");
    CHECK(rows_of("sep=;\na,x;b\n1;2\n") == "[a,x|b][1|2]");
    CHECK(rows_of("a\n1\n") == "[a][1]");
}

TEST_CASE("what stands above the header and rows without text are passed over") {
    CHECK(rows_of("\xEF\xBB\xBF"
                  "a,b\n1,2\n") == "[a|b][1|2]");
    CHECK(rows_of("# exported by hand\n\n a,b\n\n,\n1,2\n , \n") == "[a|b][1|2]");
    CHECK(rows_of("#,a\n1,2\n") == "[#|a][1|2]");  // a heading may be "#"
    CHECK(rows_of("a,b,,\n1,2,,\n3,4\n") == "[a|b][1|2][3|4]");
}

TEST_CASE("a row of another length is an error at the cell, and all of them are") {
    CHECK(rows_of("a,b,c\n1,2\n1,2,3\n1,2,3,4\n") ==
          "2:3 a row of 2 cells, the header has 3\n4:7 a row of 4 cells, the header has 3\n");
}

TEST_CASE("quotes that are not closed, and text behind one") {
    CHECK(rows_of("a,b\n1,\"2\n3,4\n") == "2:3 this quote is never closed\n");
    CHECK(rows_of("a,b\n\"1\"x,2\n") == "2:4 text after a closing quote\n");
}

TEST_CASE("what is no CSV is named") {
    CHECK(rows_of("") == "s.csv is empty\n");
    CHECK(rows_of("\xEF\xBB\xBF \r\n\n") == "s.csv is empty\n");
    CHECK(rows_of("# only a comment\n") == "s.csv has no header row\n");
    CHECK(rows_of(",,\n") == "s.csv has no header row\n");
    CHECK(rows_of("a,b\n") == "1:1 no rows below the header\n");
    CHECK(rows_of("PK\x03\x04zip") == "s.csv is a workbook (.xlsx, .ods) or a ZIP archive, not CSV\n");
    CHECK(rows_of("{\"a\": 1}") == "s.csv is JSON, not CSV\n");
    CHECK(rows_of(std::string("a,b\n1,\0\n", 8)) == "s.csv is binary, not CSV\n");
    CHECK(rows_of("\xFF\xFE"
                  "a") == "s.csv is UTF-16 text, not CSV\n");
    CHECK(rows_of("a,b\n1,M\xFCller\n") == "2:4 not UTF-8\n");
}

TEST_CASE("sheets have an end") {
    std::string wide;
    for (int i = 0; i < 1001; ++i) wide += fmt::format("{}c{}", i == 0 ? "" : ",", i);
    CHECK(rows_of(wide + "\n").find("the header has 1001 columns: 1000 is the most") != std::string::npos);
    std::string tall = "a\n";
    for (int i = 0; i < 200'001; ++i) tall += "x\n";
    CHECK(rows_of(tall) == "200002:1 more than 200000 rows\n");
}
