// Loads without a formula: the simulated figures agree with long reference runs, and with formulas where a law is
// next to one that has one.
#include <cmath>
#include <tuple>

#include <doctest/doctest.h>

#include <poolfit/sizing/pool.hpp>

#include "../../accuracy/table.hpp"

using namespace poolfit;
using namespace poolfit::sizing;

namespace {

Load open(double rate, Hold hold) {
    Load load;
    load.rate = PerSecond(rate);
    load.hold = std::move(hold);
    return load;
}

Figures figures(const Answer<Figures>& answer) {
    if (const auto* refused = std::get_if<Refused>(&answer)) FAIL(refused->why);
    REQUIRE(std::holds_alternative<Figures>(answer));
    return std::get<Figures>(answer);
}

}  // namespace

TEST_CASE("lognormal holds agree with the reference runs, and the approximations stand beside them") {
    for (const known::Row& row : known::rows("mgc_sim.csv")) {
        if (row.text("model").substr(0, 2) != "LN" || row["rho"] > 0.8) continue;
        Question question;
        question.transactions = 4e6;
        const Load load = open(row["c"] * row["rho"] * 1000, MeanHold{Millis(1), std::sqrt(row["scv"]), {}});
        const Figures found = figures(evaluate(load, Connections(row.whole("c")), question));
        CHECK(found.method == Method::simulation);
        REQUIRE(found.error_bound);
        const double allowed = 3 * *found.error_bound * std::max(row["mean_wait"], 0.1) + 0.001;
        CHECK_MESSAGE(std::abs(found.wait_mean.value - row["mean_wait"]) < allowed, row.line);
        REQUIRE(found.approximations);
        CHECK(found.approximations->low <= found.approximations->high);
    }
}

TEST_CASE("a simulated size agrees with the formula's where there is one") {
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(5), 0.01};
    // Percentiles of an exponential hold of mean 20 ms: the quantile law follows it between them.
    const PercentileHold nearly{Millis(13.863), Millis(59.915), Millis(92.103)};
    const Load load = open(300, nearly);
    const Load exponential = open(300, MeanHold{Millis(20), 1.0, {}});
    const Figures simulated = figures(smallest(load, question)), exact = figures(smallest(exponential, question));
    CHECK(simulated.method == Method::simulation);
    CHECK(std::abs(simulated.size.value - exact.size.value) <= 1);
    CHECK(meets(simulated, question));
    CHECK_FALSE(meets(figures(evaluate(load, simulated.size - Connections(1), question)), question));
}

TEST_CASE("the same question has the same answer, for any number of threads and a given seed") {
    const Load load = open(400, MeanHold{Millis(20), 2.0, {}});
    Question question;
    question.transactions = 1e6;
    const Figures one = figures(evaluate(load, Connections(12), question));
    question.threads = 2;
    const Figures two = figures(evaluate(load, Connections(12), question));
    CHECK(one.wait_mean == two.wait_mean);
    CHECK(one.wait_p99 == two.wait_p99);
    CHECK(one.p_wait == two.p_wait);
    question.seed = 2;
    CHECK(figures(evaluate(load, Connections(12), question)).wait_mean != one.wait_mean);
}

TEST_CASE("more spread needs no smaller pool") {
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(20), 0.01};
    question.transactions = 2e6;
    Connections before(0);
    for (const double cv : {0.0, 0.5, 1.0, 2.0, 4.0}) {
        const Connections size = figures(smallest(open(300, MeanHold{Millis(20), cv, {}}), question)).size;
        CHECK(size >= before);
        before = size;
    }
}

TEST_CASE("a histogram of one narrow bin is a constant hold, and one that is two-point is simulated as that") {
    Question question;
    const HistogramHold narrow{{{Millis(19.999), Millis(20.001), 1.0}}};
    const Figures simulated = figures(evaluate(open(300, narrow), Connections(8), question));
    const Figures exact = figures(evaluate(open(300, MeanHold{Millis(20), 0.0, {}}), Connections(8), question));
    CHECK(exact.method == Method::constant);
    CHECK(simulated.wait_mean.value == doctest::Approx(exact.wait_mean.value).epsilon(0.02));
    CHECK(simulated.wait_p99->value == doctest::Approx(exact.wait_p99->value).epsilon(0.02));
}

TEST_CASE("closed pools with a timeout or a spread are simulated, and are next to the formula at its edge") {
    Load load;
    load.users = 28;
    load.think = Millis(1000);
    load.hold = MeanHold{Millis(500), 1.0, {}};
    const Figures exact = figures(evaluate(load, Connections(10), {}));
    load.acquire_timeout = Millis(1e7);  // nobody waits so long
    const Figures patient = figures(evaluate(load, Connections(10), {}));
    CHECK(patient.method == Method::simulation);
    CHECK(patient.wait_mean.value == doctest::Approx(exact.wait_mean.value).epsilon(0.02));
    CHECK(*patient.p_timeout == 0.0);
    load.acquire_timeout = Millis(10);
    CHECK(*figures(evaluate(load, Connections(10), {})).p_timeout > 0.0);
}

TEST_CASE("whatever the seed, the same load has the same size") {
    // At 7 connections the first load is at the goal to within what a run can tell, and must not pass by luck.
    const Load edge = open(300, PercentileHold{Millis(4), std::nullopt, Millis(60)});
    const Load clear = open(120, PercentileHold{Millis(8), std::nullopt, Millis(90)});
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(5), 0.001};
    question.precision = 0;
    for (const auto& [load, transactions, size] : {std::tuple(edge, 4e6, 8), std::tuple(clear, 2e6, 7)}) {
        question.transactions = transactions;
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            question.seed = seed;
            CAPTURE(seed);
            const Figures found = figures(smallest(load, question));
            CHECK(found.size.value == size);
            REQUIRE(found.p_over_error);
            CHECK(*found.p_over + *found.p_over_error <= 0.001);
            CHECK(*found.p_over_error > 0);
            CHECK(*found.p_over_error < 0.0001);
        }
    }
}

TEST_CASE("the interval of P(wait > t) covers the formula's value, and what was never seen is not impossible") {
    const Load load = open(300, PercentileHold{Millis(13.863), Millis(59.915), Millis(92.103)});
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(5), 0.001};
    question.transactions = 5e5;
    question.precision = 0;
    const Figures never = figures(evaluate(load, Connections(40), question));
    CHECK(*never.p_over == 0.0);
    CHECK(*never.p_over_error > 3.6 / 5.2e5);
    question.goals.wait->p = 2e-5;  // nothing seen in a fifth of a million is rarer than that only in the whole run
    question.transactions = 1e5;
    CHECK(std::holds_alternative<Refused>(smallest(load, question)));

    Load closed;
    closed.users = 28;
    closed.think = Millis(1000);
    closed.hold = MeanHold{Millis(500), 1.0, {}};
    const double exact = *figures(evaluate(closed, Connections(14), question)).p_over;
    closed.acquire_timeout = Millis(1e7);  // nobody waits so long, but it is simulated
    question.transactions = 1e6;
    int covered = 0;
    for (question.seed = 1; question.seed <= 20; ++question.seed) {
        const Figures found = figures(evaluate(closed, Connections(14), question));
        covered += std::abs(*found.p_over - exact) <= *found.p_over_error;
    }
    CHECK(covered >= 16);
}
