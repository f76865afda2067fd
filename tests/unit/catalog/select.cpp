#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include <poolfit/catalog/catalog.hpp>

#include "support/platforms.hpp"
#include "support/random.hpp"

using namespace poolfit;
using catalog::Query;

namespace {

std::vector<catalog::Row> select(const Query& query) {
    static const Catalog built_in;
    return catalog::select(built_in, test::pg, query);
}

/// As it is defined: a star stands for any number of characters.
bool fits(std::string_view glob, std::string_view text) {
    if (glob.empty()) return text.empty();
    if (glob.front() == '*') return fits(glob.substr(1), text) || (!text.empty() && fits(glob, text.substr(1)));
    return !text.empty() && (glob.front() == '?' || glob.front() == text.front()) &&
           fits(glob.substr(1), text.substr(1));
}

bool matches(std::string_view glob, std::string_view name) { return catalog::matches(test::pg, glob, name); }

}  // namespace

TEST_CASE("glob: matches what it is defined to, of texts of few different characters") {
    test::Random random{1};
    std::size_t both = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string glob, text;
        for (int k = random.number(0, 6); k > 0; --k) glob += std::string_view("ab*?")[random.next(4)];
        for (int k = random.number(0, 8); k > 0; --k) text += std::string_view("ab")[random.next(2)];
        INFO(glob, " of ", text);
        const bool fit = fits(glob, text);
        REQUIRE(catalog::glob_matches(glob, text) == fit);
        both += fit ? 1 : 0;
    }
    CHECK(both > 1'000);
}

TEST_CASE("glob: stars, question marks, with or without db.") {
    CHECK(matches("db.m5.xlarge", "db.m5.xlarge"));
    CHECK(matches("m5.xlarge", "db.m5.xlarge"));
    CHECK(matches("m5.*", "db.m5.24xlarge"));
    CHECK(matches("db.*.large", "db.t3.large"));
    CHECK(matches("t?.large", "db.t3.large"));
    CHECK(matches("*", "db.t3.large"));
    CHECK(matches("*large", "db.t3.large"));
    CHECK(matches("**t*l**e*", "db.t3.large"));
    CHECK(!matches("t?.large", "db.t4g.large"));
    CHECK(!matches("m5", "db.m5.xlarge"));
    CHECK(!matches("", "db.m5.xlarge"));
    CHECK(!matches("m5.xlarge?", "db.m5.xlarge"));
    CHECK(matches("", ""));
}

TEST_CASE("glob: many stars end soon") {
    std::string glob, text(2000, 'a');
    for (int i = 0; i < 2000; ++i) glob += "*a";
    CHECK(matches(glob, text));
    CHECK(!matches(glob + "b", text));
}

TEST_CASE("select: everything, by name and by price") {
    auto rows = select({.region = "eu-central-1", .max_price = {}, .sort = Query::Sort::name});
    CHECK(rows.size() == 322);
    auto unpriced = std::ranges::find_if(rows, [](const catalog::Row& row) { return !row.price; });
    CHECK(std::all_of(unpriced, rows.end(), [](const catalog::Row& row) { return !row.price; }));
    rows = select({.region = "eu-central-1"});
    for (std::size_t i = 1; i < rows.size() && rows[i].price; ++i)
        CHECK(rows[i - 1].price->amount <= rows[i].price->amount);
    CHECK(!rows.back().price);
    CHECK(rows.front().price);
}

TEST_CASE("select: each filter") {
    auto names = [](const Query& query) {
        std::string text;
        for (const catalog::Row& row : select(query)) text += std::string(row.cls->name) + " ";
        return text;
    };
    CHECK(names({.vcpu_min = 2,
                 .vcpu_max = 2,
                 .memory_min = Bytes(4 * bytes_per_gib),
                 .memory_max = Bytes(8 * bytes_per_gib),
                 .arch = Arch::arm64,
                 .families = {"t*"},
                 .region = "eu-central-1"}) == "db.t4g.medium db.t4g.large ");
    CHECK(
        names({.families = {"t3.large", "m5"}, .region = "eu-central-1", .max_price = MicroUsdPerMonth(310'000'000)}) ==
        "db.t3.large db.m5.large db.m5.xlarge ");
    CHECK(names({.families = {"m8i"}, .region = "eu-central-1", .max_price = MicroUsdPerMonth(1)}) == "");
    CHECK(names({.families = {"t3"}, .sort = Query::Sort::memory}) ==
          "db.t3.micro db.t3.small db.t3.medium db.t3.large db.t3.xlarge db.t3.2xlarge ");
    CHECK(names({.families = {"t3"}, .sort = Query::Sort::connections}) ==
          names({.families = {"t3"}, .sort = Query::Sort::memory}));
    CHECK(names({.families = {"t3"}, .sort = Query::Sort::vcpu}).ends_with("db.t3.xlarge db.t3.2xlarge "));
    CHECK(names({.families = {"nothing"}}) == "");
}

TEST_CASE("select: rows carry the limits") {
    auto rows = select({.families = {"db.m5.xlarge"}, .region = "eu-central-1"});
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].max_connections_nominal == 1802);
    CHECK(rows[0].max_connections_expected.high.value < 1802);
    CHECK(rows[0].price->amount == MicroUsdPerMonth(424000 * 730));
}
