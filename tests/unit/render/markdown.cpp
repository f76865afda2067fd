// The plan as a document, and as CSV.
#include <algorithm>
#include <sstream>

#include <doctest/doctest.h>

#include <poolfit/render/render.hpp>

#include "../../../src/render/markdown_page.hpp"
#include "fixture.hpp"

using namespace poolfit;

TEST_CASE("a cell ends neither its row nor its document") {
    CHECK(render::escaped("a|b") == "a\\|b");
    CHECK(render::escaped("2 * N") == "2 \\* N");
    CHECK(render::escaped("BATCH_SIZE") == "BATCH_SIZE");
    CHECK(render::escaped("_x_") == "\\_x\\_");
    CHECK(render::escaped("<b>") == "&lt;b>");
    CHECK(render::escaped("# no heading") == "\\# no heading");
    CHECK(render::escaped("two\nlines").find('\n') == std::string::npos);
}

TEST_CASE("every row of every table has as many cells as its head") {
    for (const std::string_view text : {test::agora, test::over_limit}) {
        const test::Reported made = test::report_text(text);
        std::istringstream lines(render::markdown(made.report));
        std::size_t cells = 0;
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with('|')) {
                cells = 0;
                continue;
            }
            std::size_t bars = 0;
            for (std::size_t i = 0; i < line.size(); ++i)
                if (line[i] == '|' && (i == 0 || line[i - 1] != '\\')) ++bars;
            if (cells == 0) cells = bars;
            CHECK_MESSAGE(bars == cells, line);
        }
    }
}

TEST_CASE("csv: one table, a record a line, as many fields in each") {
    const test::Reported made = test::report_text(test::agora);
    std::istringstream lines(render::csv(made.report));
    std::vector<std::string> kinds;
    std::size_t commas = 0;
    for (std::string line; std::getline(lines, line);) {
        CHECK(line.ends_with('\r'));
        const auto n = static_cast<std::size_t>(std::count(line.begin(), line.end(), ','));
        if (kinds.empty()) commas = n;
        CHECK(n == commas);
        kinds.push_back(line.substr(0, line.find(',')));
    }
    REQUIRE(kinds.size() > 3);
    CHECK(kinds[0] == "record");
    CHECK(kinds[1] == "database");
    CHECK(kinds.back() == "pool");
}
