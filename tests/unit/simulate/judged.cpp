// What judges real runs: by known numbers, and by things that are wrong on purpose.
#include <doctest/doctest.h>

#include "../../accuracy/document.hpp"
#include "../../accuracy/judge.hpp"

using namespace accuracy;

TEST_CASE("a run is inside by its noise and an allowance, and outside beyond") {
    Prediction p;
    p.per_second = 100;
    p.per_second_sd = 0.02;
    p.wait_ms = 50;
    p.wait_sd = 0.1;
    CHECK(judge(p, {100, 50}).inside());
    CHECK(*judge(p, {96, 50}).per_second_z == doctest::Approx(4 / (0.02 * 96)));
    CHECK(judge(p, {93.5, 50}).per_second_inside);  // 6.5 for 3 x 1.87 + 0.935
    CHECK_FALSE(judge(p, {93.4, 50}).per_second_inside);
    CHECK_FALSE(judge(p, {107.6, 50}).inside());
    CHECK(judge(p, {100, 37.7}).wait_inside);  // 12.3 for 3 x 3.77 + 3 %
    CHECK_FALSE(judge(p, {100, 37.5}).wait_inside);
    p.wait_ms = 0.2;
    CHECK(judge(p, {100, 1.1}).wait_inside);  // 1 ms is always allowed
    CHECK_FALSE(judge(p, {100, 1.8}).wait_inside);
    CHECK_FALSE(judge(p, {100, 0.9}).wait_z);
    p.per_second_sd = 0.0001;
    CHECK_FALSE(judge(p, {100, 0.9}).per_second_z);
}

TEST_CASE("a longer window moves less, by the square root") {
    Experiment e{28, 5, 200, hold_law("geometric", 50, 1.45), 12000};
    Effort effort;
    effort.precision = 0.05;
    effort.transactions = 1e5;
    const Prediction brief = predict(e, effort);
    e.window_ms = 48000;
    const Prediction longer = predict(e, effort);
    CHECK(brief.wait_sd / longer.wait_sd == doctest::Approx(2).epsilon(0.2));
    CHECK(brief.per_second_sd / longer.per_second_sd == doctest::Approx(2).epsilon(0.2));
    CHECK(brief.per_second == longer.per_second);
}

TEST_CASE("the hold's law matters: a constant hold waits less, one of two lengths more") {
    Effort effort;
    effort.transactions = 1e6;
    effort.windows = 4;
    const auto wait = [&](const char* law, double cv) {
        return predict({28, 5, 200, hold_law(law, 50, 0, cv), 1000}, effort).wait_ms;
    };
    CHECK(wait("constant", 0) < 0.9 * wait("geometric", 0));
    CHECK(wait("lognormal", 3) > 1.1 * wait("exponential", 0));
    CHECK(wait("cv", 1) == wait("exponential", 0));
}

TEST_CASE("measured runs as a table: predictions are added, what is wrong is said") {
    const auto row = [](const char* values) {
        const auto names = std::make_shared<const std::vector<std::string>>(
            std::vector<std::string>{"users", "connections", "gap_ms", "law", "hold_ms", "besides_ms", "window_ms",
                                     "measured_per_second", "measured_wait_ms"});
        known::Row r{names, {}, values};
        std::string cell;
        for (const char* c = values;; ++c) {
            if (*c != ',' && *c != 0) {
                cell += *c;
                continue;
            }
            r.values.push_back(cell);
            cell.clear();
            if (*c == 0) return std::vector<known::Row>{r};
        }
    };
    Effort effort;
    effort.transactions = 1e5;
    effort.windows = 4;
    const std::string good = judged(row("28,5,200,geometric,50,1.45,24000,93.7,47"), effort);
    CHECK(good.find("\n28,5,200,geometric,50,1.45,24000,93.7,47,") != std::string::npos);
    CHECK(good.ends_with(",yes\n"));
    CHECK(judged(row("28,5,200,geometric,50,1.45,24000,93.7,470"), effort).ends_with(",no\n"));
    CHECK(judged(row("28,5,200,geometric,50,1.45,24000,,"), effort).ends_with(",\n"));
    CHECK_THROWS_WITH(judged(row("28,5,200,geometrical,50,1.45,24000,,"), effort),
                      "no such law of a hold: geometrical");
    CHECK_THROWS(judged(row("0,5,1,constant,50,1.45,24000,,"), effort));
    CHECK_THROWS(judged(row("28,0,200,constant,50,1.45,24000,,"), effort));
    CHECK_THROWS(judged(row("28,5,200,constant,-50,1.45,24000,,"), effort));
    CHECK_THROWS(judged(row("28,5,200,constant,50,1.45,0,,"), effort));
}

TEST_CASE("a page with another digit is stale") {
    const std::string text = "| 28 clients | 96.8 |\n", page = "# Page\n\n## Live\n\n" + text;
    CHECK(has_section(page, "Live", text));
    CHECK(has_section(page + "\n## More\n", "Live", text));
    CHECK_FALSE(has_section(page, "Live", "| 28 clients | 96.9 |\n"));
    CHECK_FALSE(has_section(page, "Dead", text));
    CHECK_FALSE(has_section(page + "by hand\n", "Live", text));
    CHECK_FALSE(has_section("", "Live", text));
}
