// The text of `plan DB` keeps to its lines, whatever the fleet and however much is wrong with the server.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/render/render.hpp>
#include <poolfit/report/report.hpp>

#include "../support/any_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

TEST_CASE("a plan of one database takes at most 45 lines") {
    std::ptrdiff_t most = 45;
    int pages = 0, shortened = 0;
    for_seeds(41, quarter, [&](std::uint64_t seed, Generator& generator) {
        const std::string text = any_fleet(generator);
        const auto made = answer(text);
        if (!made) return;
        for (Index i = 0; i < made->fleet.databases.size(); ++i) {
            report::Composing composing;
            composing.only = {i};
            const Report report = report::compose(made->fleet, test::catalog(), composing);
            const std::string page = render::text(report, {});
            const std::ptrdiff_t lines = std::ranges::count(page, '\n');
            CHECK(lines > 10);
            ++pages;
            shortened += page.find("\nnote        shortened: -v shows more\n") != std::string::npos ? 1 : 0;
            if (lines > most) MESSAGE("seed " << seed << "\n" << page);
            most = std::max(most, lines);
        }
    });
    CHECK(most == 45);
    CHECK(pages > 0);
    CHECK(shortened * 20 > pages);
}
