// Every method against the exact tables: a pool's figures, and the smallest size, come out as the table has them.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include <poolfit/sizing/pool.hpp>

#include "../../accuracy/table.hpp"

using namespace poolfit;
using namespace poolfit::sizing;

namespace {

Figures figures(const Answer<Figures>& answer) {
    if (const auto* bad = std::get_if<queue::BadInput>(&answer)) FAIL(queue::describe(*bad));
    if (const auto* refused = std::get_if<Refused>(&answer)) FAIL(refused->why);
    return std::get<Figures>(answer);
}

Load open(double rate, double hold_ms, double cv = 1.0) {
    Load load;
    load.rate = PerSecond(rate);
    load.hold = MeanHold{Millis(hold_ms), cv, {}};
    return load;
}

Load closed(std::int64_t users, double think_ms, double hold_ms) {
    Load load = open(0, hold_ms);
    load.users = users;
    load.think = Millis(think_ms);
    return load;
}

bool close(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance * std::abs(b) + 1e-12; }

}  // namespace

TEST_CASE("the smallest size is the table's, and one less does not do") {
    for (const known::Row& row : known::rows("sizing_mmc.csv")) {
        const Load load = open(row["lambda_per_s"], row["hold_ms"]);
        Question question;
        question.goals.wait = queue::WaitGoal{Millis(row["timeout_ms"]), row["eps"]};
        const Figures found = figures(smallest(load, question));
        CHECK_MESSAGE(found.size.value == row.whole("c_min"), row.line);
        CHECK(found.method == Method::erlang_c);
        CHECK_FALSE(found.error_bound);
        CHECK_MESSAGE(close(*found.p_over, row["p_wait_gt_t_at_cmin"], 1e-9), row.line);
        CHECK(meets(found, question));
        if (found.size.value > 1) {
            const Figures less = figures(evaluate(load, found.size - Connections(1), question));
            CHECK_FALSE(meets(less, question));
            CHECK_MESSAGE(close(less.p_over.value_or(1), row["p_wait_gt_t_at_cmin_minus_1"], 1e-9), row.line);
        }
    }
}

TEST_CASE("closed pools are the table's") {
    for (const known::Row& row : known::rows("finite_source.csv")) {
        const Load load = closed(row.whole("N"), row["think_s"] * 1e3, row["hold_s"] * 1e3);
        const Connections size(row.whole("c"));
        const Figures found = figures(evaluate(load, size, {}));
        CHECK(found.method == Method::finite_source);
        CHECK_MESSAGE(close(found.throughput.value, row["throughput"], 1e-9), row.line);
        CHECK_MESSAGE(close(found.utilization.value, row["utilisation"], 1e-9), row.line);
        CHECK_MESSAGE(close(found.wait_mean.value, row["mean_wait"] * 1e3, 1e-9), row.line);
        CHECK_MESSAGE(close(found.wait_p99->value, row["w_p99"] * 1e3, 1e-9), row.line);
        CHECK_MESSAGE(close(*knee(load, size).users_of_pool, row["N_star"], 1e-9), row.line);
    }
}

TEST_CASE("an acquire timeout is the table's, also past saturation") {
    for (const known::Row& row : known::rows("mmc_timeout.csv")) {
        Load load = open(row["a"] * 1000.0, 1);
        load.acquire_timeout = Millis(row["tau_over_S"]);
        const Figures found = figures(evaluate(load, Connections(row.whole("c")), {}));
        CHECK(found.method == Method::timeout);
        CHECK_MESSAGE(close(*found.p_timeout, row["p_timeout"], 1e-9), row.line);
        CHECK_MESSAGE(close(found.utilization.value, row["utilisation"], 1e-9), row.line);
        CHECK_MESSAGE(close(found.wait_mean.value, row["mean_wait_all"], 1e-9), row.line);
    }
}

TEST_CASE("constant holds and holds in phases are the table's") {
    std::size_t solved = 0;
    for (const known::Row& row : known::rows("mgc.csv")) {
        const std::string& model = row.text("model");
        if (row["rho"] > 0.95 || row["c"] > 20 || model == "M") continue;
        Load load = open(row["c"] * row["rho"] * 1000.0, 1, std::sqrt(row["scv"]));
        if (model != "D") std::get<MeanHold>(load.hold).law = MeanHold::Law::phases;
        Question question;
        question.transactions = 1e5;
        question.precision = 1;
        const auto answer = evaluate(load, Connections(row.whole("c")), question);
        // Ways to spread c holds over the phases; beyond 50 the formula is left to the simulation, or refused.
        const double c = row["c"], states = model == "E4" ? (c + 1) * (c + 2) * (c + 3) / 6 : c + 1;
        if (model != "D" && states > 50) {
            const auto* other = std::get_if<Figures>(&answer);
            CHECK_MESSAGE((other == nullptr || other->method == Method::simulation), row.line);
            continue;
        }
        const Figures found = figures(answer);
        CHECK(found.method == (model == "D" ? Method::constant : Method::phases));
        CHECK_MESSAGE(close(found.p_wait, row["p_wait"], 1e-8), row.line);
        CHECK_MESSAGE(close(found.wait_mean.value, row["mean_wait"], 1e-8), row.line);
        CHECK_MESSAGE(close(found.wait_p99->value, row["w_p99"], 1e-6), row.line);
        ++solved;
    }
    CHECK(solved > 60);
}

TEST_CASE("users, a pool and a shared CPU are the table's") {
    std::size_t exact = 0, simulated = 0;
    for (const known::Row& row : known::rows("closed_pool.csv")) {
        Load load = closed(row.whole("N"), row["think_s"] * 1e3, (row["d_cpu_s"] + row["d_ext_s"]) * 1e3);
        load.cpu = Millis(row["d_cpu_s"] * 1e3);
        load.vcpus = row.whole("vcpu");
        Question question;
        question.transactions = 1e6;
        const Figures found = figures(evaluate(load, Connections(row.whole("pool")), question));
        ++(found.method == Method::closed_network ? exact : simulated);
        const double tolerance = found.method == Method::closed_network ? 1e-8 : 0.01;
        CHECK_MESSAGE(close(found.throughput.value, row["throughput"], tolerance), row.line);
        CHECK_MESSAGE(close(found.cpu->value, row["cpu_util"], tolerance), row.line);
        CHECK_MESSAGE(close(found.utilization.value, row["pool_util"], tolerance), row.line);
        const Knee knees = knee(load, Connections(row.whole("pool")));
        CHECK_MESSAGE(close(*knees.users_of_pool, row["N_star_pool"], 1e-8), row.line);
        CHECK_MESSAGE(close(*knees.users_of_cpu, row["N_star_cpu"], 1e-8), row.line);
    }
    CHECK(exact > 100);
    MESSAGE(exact << " exact, " << simulated << " simulated");
}

TEST_CASE("past saturation the pool is overloaded, and still says what it carries") {
    const Load load = open(300, 50);
    const Figures found = figures(evaluate(load, Connections(10), {}));
    CHECK(found.overloaded);
    CHECK(found.utilization.value == doctest::Approx(1.5));
    CHECK(found.throughput.value == doctest::Approx(200));
    CHECK_FALSE(found.wait_p99);
    CHECK(figures(smallest(load, {})).size == Connections(16));  // the smallest that is stable
}

TEST_CASE("goals are met all at once, by the size and not by one less") {
    const Load load = open(300, 50);
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(20), 0.01};
    question.goals.utilization = Fraction(0.6);
    const Figures found = figures(smallest(load, question));
    CHECK(found.size == Connections(25));  // ⌈15 / 0.6⌉; the wait alone takes fewer
    question.goals.utilization.reset();
    CHECK(figures(smallest(load, question)).size < Connections(25));
}

TEST_CASE("a wait longer than the timeout is not met by giving up") {
    Load load = open(300, 50);
    load.acquire_timeout = Millis(10);
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(20), 0.001};
    const Figures found = figures(smallest(load, question));
    CHECK(*found.p_timeout <= 0.001);
    CHECK(*figures(evaluate(load, found.size - Connections(1), question)).p_timeout > 0.001);
}

TEST_CASE("sizes around are ascending, in range, and have the size itself") {
    for (const std::int64_t size : {1, 2, 3, 7, 40, 1000}) {
        const auto sizes = around(open(1, 1), Connections(size));
        CHECK(std::ranges::is_sorted(sizes));
        CHECK(std::ranges::count(sizes, Connections(size)) == 1);
        CHECK(sizes.front() >= Connections(1));
        CHECK(sizes.size() <= 7);
    }
    for (const Connections size : around(closed(10, 1, 1), Connections(8))) CHECK(size <= Connections(10));
}

TEST_CASE("reach: at the largest rate and the longest hold the goals are just met") {
    const Load load = open(120, 30);
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(5), 0.001};
    const Connections size = figures(smallest(load, question)).size;
    const Reach far = reach(load, size, question);
    CHECK(far.largest_rate->value >= 120);
    CHECK(far.longest_hold->value >= 30);
    CHECK(meets(figures(evaluate(open(far.largest_rate->value, 30), size, question)), question));
    CHECK_FALSE(meets(figures(evaluate(open(far.largest_rate->value * 1.001, 30), size, question)), question));
    CHECK_FALSE(meets(figures(evaluate(open(120, far.longest_hold->value * 1.001), size, question)), question));
    const Reach users = reach(closed(28, 1000, 50), Connections(4), question);
    CHECK(meets(figures(evaluate(closed(*users.most_users, 1000, 50), Connections(4), question)), question));
    CHECK_FALSE(meets(figures(evaluate(closed(*users.most_users + 1, 1000, 50), Connections(4), question)), question));
}
