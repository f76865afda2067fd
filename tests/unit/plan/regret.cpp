// The best choice by what trouble costs: lines worked out by hand.
#include <vector>

#include <doctest/doctest.h>

#include "../../../src/plan/regret.hpp"

using namespace poolfit::plan;

TEST_CASE("the best choice changes where two costs cross") {
    // 100 + T/2 and 150 + T/10 cross at 50 / 0.4 = 125; 150 + T/10 and 300 at 1,500. The last is dearer and no safer.
    const std::vector<Outlook> choices{{300, 0}, {100, 0.5}, {150, 0.1}, {310, 0}};
    const auto best = best_by_trouble(choices);
    REQUIRE(best.size() == 3);
    CHECK(best[0].choice == 1);
    CHECK(best[0].from == 0);
    CHECK(*best[0].to == doctest::Approx(125));
    CHECK(best[1].choice == 2);
    CHECK(best[1].from == doctest::Approx(125));
    CHECK(*best[1].to == doctest::Approx(1500));
    CHECK(best[2].choice == 0);
    CHECK(!best[2].to);
}

TEST_CASE("what is over another line everywhere is never the best, and of equals the safer one is, then the first") {
    CHECK(best_by_trouble({}).empty());
    const std::vector<Outlook> above{{100, 0.5}, {200, 0.45}, {110, 0}};
    const auto best = best_by_trouble(above);
    REQUIRE(best.size() == 2);
    CHECK(best[0].choice == 0);
    CHECK(best[1].choice == 2);
    CHECK(best[1].from == doctest::Approx(20));
    const auto equal = best_by_trouble(std::vector<Outlook>{{100, 0.5}, {100, 0.2}, {100, 0.2}});
    REQUIRE(equal.size() == 1);
    CHECK(equal[0].choice == 1);
}
