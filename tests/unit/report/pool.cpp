// The report of `pool` against known answers, and what has to hold of any.
#include <cmath>

#include <doctest/doctest.h>

#include <poolfit/render/pool.hpp>
#include <poolfit/report/pool.hpp>

#include "../../accuracy/table.hpp"
#include "../../support/pool_request.hpp"

using namespace poolfit;
using known::Row;

namespace {

using test::open;

PoolRequest closed(std::int64_t users, double think, double hold, std::int64_t size) {
    PoolRequest request = open(0, hold);
    request.load.users = users;
    request.load.think = Millis(think);
    request.size = Connections(size);
    return request;
}

PoolReport report_of(const PoolRequest& request) {
    auto answer = report::pool(request);
    if (const auto* none = std::get_if<NoAnswer>(&answer)) FAIL(render::no_answer_text(*none));
    return std::get<PoolReport>(answer);
}

std::string why(const PoolRequest& request) {
    const auto answer = report::pool(request);
    const auto* none = std::get_if<NoAnswer>(&answer);
    if (none == nullptr) return "answered";
    CHECK(!render::no_answer_fix(*none).empty());
    return render::no_answer_text(*none);
}

const PoolReport::Row* row_of(const PoolReport& report, Connections size) {
    for (const PoolReport::Row& row : report.around)
        if (row.figures.size == size) return &row;
    return nullptr;
}

/// Transactions that wait, on the mean, by Little's law.
double waiting(const PoolRequest& request, Connections size) {
    const auto answer = sizing::evaluate(request.load, size, request.question);
    const auto& figures = std::get<sizing::Figures>(answer);
    const double rate = request.load.users > 0 ? figures.throughput.value : request.load.rate.value;
    return rate * figures.wait_mean.value / 1000;
}

}  // namespace

TEST_CASE("report of a pool: every row of sizing_mmc.csv") {
    int rows = 0;
    for (const known::Row& row : known::rows("sizing_mmc.csv")) {
        CAPTURE(row.line);
        PoolRequest request = open(row["lambda_per_s"], row["hold_ms"]);
        request.question.goals.wait = queue::WaitGoal{Millis(row["timeout_ms"]), row["eps"]};
        const PoolReport report = report_of(request);
        CHECK(report.answer.size.value == row.whole("c_min"));
        CHECK(report.met);
        CHECK(report.smallest->size == report.answer.size);
        const PoolReport::Row* answer = row_of(report, report.answer.size);
        REQUIRE(answer != nullptr);
        CHECK(answer->met);
        for (const PoolReport::Row& other : report.around)
            CHECK(other.met == (other.figures.size >= report.answer.size));
        ++rows;
    }
    CHECK(rows > 150);
}

TEST_CASE("report of a pool: rows of finite_source.csv, asked by size") {
    int rows = 0;
    for (const known::Row& row : known::rows("finite_source.csv")) {
        CAPTURE(row.line);
        const PoolRequest request = closed(row.whole("N"), row["think_s"] * 1000, row["hold_s"] * 1000, row.whole("c"));
        const PoolReport report = report_of(request);
        CHECK(report.answer.size.value == row.whole("c"));
        CHECK(report.answer.p_wait == doctest::Approx(row["p_wait_arrival"]).epsilon(1e-9));
        CHECK(report.answer.throughput.value == doctest::Approx(row["throughput"]).epsilon(1e-9));
        CHECK(report.answer.wait_p99->value == doctest::Approx(row["w_p99"] * 1000).epsilon(1e-7));
        REQUIRE(report.knee.users_of_pool);
        CHECK(*report.knee.users_of_pool == doctest::Approx(row["N_star"]).epsilon(1e-9));
        ++rows;
    }
    CHECK(rows > 100);
}

// facts of the story of 28 users: closed_pool.csv has the same rows.
TEST_CASE("report of a pool: 28 users before a pool of 10 and four vCPUs") {
    PoolRequest request = closed(28, 2500, 1520, 10);
    request.load.cpu = Millis(20);
    request.load.vcpus = 4;
    const PoolReport report = report_of(request);
    CHECK(report.answer.p_wait == doctest::Approx(0.72).epsilon(0.01));
    CHECK(report.answer.wait_mean.value == doctest::Approx(450).epsilon(0.02));
    CHECK(report.answer.wait_p99->value == doctest::Approx(1990).epsilon(0.005));
    CHECK(*report.knee.users_of_pool == doctest::Approx(26.4).epsilon(0.01));
    CHECK(!report.knee_size);

    request = closed(28, 5000, 2000, 10);
    request.load.cpu = Millis(1000);
    request.load.vcpus = 4;
    const PoolReport cpu = report_of(request);
    CHECK(cpu.answer.cpu->value == doctest::Approx(0.90).epsilon(0.01));
    CHECK(*cpu.knee.users_of_cpu == doctest::Approx(28));
    CHECK(*cpu.knee.users_of_pool == doctest::Approx(35));
}

TEST_CASE("report of a pool: its reach is the last load that the size carries") {
    const PoolReport report = report_of(open(300, 8));
    REQUIRE(report.answer.size == Connections(7));
    REQUIRE(report.reach.largest_rate);
    REQUIRE(report.reach.longest_hold);
    const double rate = report.reach.largest_rate->value, hold = report.reach.longest_hold->value;
    CHECK(report_of(open(rate * 0.9999, 8)).answer.size == Connections(7));
    CHECK(report_of(open(rate * 1.0001, 8)).answer.size == Connections(8));
    CHECK(report_of(open(300, hold * 0.9999)).answer.size == Connections(7));
    CHECK(report_of(open(300, hold * 1.0001)).answer.size == Connections(8));
}

TEST_CASE("report of a pool: from the knee on a connection spares less than a waiter") {
    for (PoolRequest request : {open(300, 8), open(5000, 8), open(20'000, 50), open(300, 8, 0.0),
                                closed(28, 1000, 500, 10), closed(200, 1000, 500, 5)}) {
        const PoolReport report = report_of(request);
        REQUIRE(report.knee_size);
        const Connections knee = *report.knee_size;
        CAPTURE(knee.value);
        CHECK(row_of(report, knee) != nullptr);
        CHECK(waiting(request, knee) - waiting(request, knee + Connections(1)) < 1);
        const bool is_first =
            knee.value == 1 || (request.load.users == 0 && static_cast<double>(knee.value - 1) <= report.offered.value);
        if (!is_first) CHECK(waiting(request, knee - Connections(1)) - waiting(request, knee) >= 1);
    }
}

TEST_CASE("report of a pool: without think time there is no knee, as each connection spares one waiter") {
    CHECK(!report_of(closed(28, 0, 20, 10)).knee_size);
    CHECK(!report_of(closed(1000, 0, 20, 10)).knee_size);
    CHECK(report_of(closed(28, 20, 20, 10)).knee_size);
}

TEST_CASE("report of a pool: past saturation it is an answer") {
    PoolRequest request = open(300, 10);
    request.size = Connections(2);
    const PoolReport report = report_of(request);
    CHECK(report.answer.overloaded);
    CHECK(!report.met);
    CHECK(report.answer.utilization.value == doctest::Approx(1.5));
    CHECK(*report.smallest_stable == Connections(4));
    CHECK(report.smallest->size == Connections(9));
    CHECK(row_of(report, Connections(4)) != nullptr);
    CHECK(row_of(report, Connections(9))->met);

    request.load.acquire_timeout = Millis(100);
    CHECK(!report_of(request).answer.overloaded);
    CHECK(!report_of(request).smallest_stable);
}

TEST_CASE("report of a pool: the deadlock floor raises the size") {
    PoolRequest request = open(120, 8);
    request.nested = 1;
    request.threads = 28;
    PoolReport report = report_of(request);
    CHECK(report.answer.size == Connections(29));
    CHECK(report::is_floor(report));
    CHECK(report.met);
    // Each transaction checks out twice: the wait is that of twice the rate, and the floor decides.
    CHECK(report.offered.value == doctest::Approx(1.92));
    CHECK(report.smallest->size == report_of(open(240, 8)).answer.size);
    CHECK(report.smallest->size > report_of(open(120, 8)).answer.size);
    CHECK(!report.reach.largest_rate);
    CHECK(!row_of(report, Connections(28))->met);

    request.size = Connections(28);
    report = report_of(request);
    CHECK(report.answer.size == Connections(28));
    CHECK(!report.met);
    CHECK(!report::is_floor(report));

    request = open(3000, 8);
    request.nested = 1;
    request.threads = 2;
    report = report_of(request);
    CHECK(report.deadlock_floor->size == Connections(3));
    CHECK(report.answer.size == report_of(open(6000, 8)).answer.size);
    CHECK(report.knee.rate_of_pool->value == doctest::Approx(static_cast<double>(report.answer.size.value) / 0.016));
    CHECK(!report::is_floor(report));
}

TEST_CASE("report of a pool: ranges, cores and what there is no answer to") {
    PoolRequest request = open(120, 80);
    request.better = open(100, 30).load;
    PoolReport report = report_of(request);
    CHECK(report.answer.size == report_of(open(120, 80)).answer.size);
    CHECK(*report.better_size == report_of(open(100, 30)).answer.size);
    CHECK(report.core_rule.size() == 3);
    request.vcpus = 4;
    report = report_of(request);
    REQUIRE(report.core_rule.size() == 1);
    CHECK(report.core_rule[0].size == Connections(9));

    CHECK(why(open(0, 8)).starts_with("arrival rate"));
    CHECK(why(open(1e9, 1e4)).starts_with("load"));
    CHECK(why(open(std::nan(""), 8)).starts_with("arrival rate"));
    CHECK(why(open(300, 0)).starts_with("mean hold time"));
    PoolRequest nested = open(1, 1);
    nested.nested = 1000;
    nested.threads = 1'000'000;
    CHECK(why(nested).find("safe from deadlock") != std::string::npos);
    request = open(300, 8, 2.0);
    request.question.goals.wait->p = 1e-9;
    CHECK(why(request).find("simulated") != std::string::npos);
    request.size = Connections(8);  // asked about: the smallest is not known, and that is said
    report = report_of(request);
    CHECK(!report.smallest);
    CHECK(report.no_smallest);
}

TEST_CASE("report of a pool: why there is no answer is a value, and each has its words and its fix") {
    const auto none = [](const PoolRequest& request) {
        const auto answer = report::pool(request);
        REQUIRE(std::holds_alternative<NoAnswer>(answer));
        return std::get<NoAnswer>(answer);
    };
    const auto percentiles = [](double p50, double p99) {
        PoolRequest request = open(300, 1);
        request.load.hold = sizing::PercentileHold{Millis(p50), {}, Millis(p99)};
        return request;
    };
    PoolRequest nested = open(1, 1);
    nested.nested = 1000;
    nested.threads = 1'000'000;
    const NoAnswer deadlock = none(nested);
    REQUIRE(std::holds_alternative<DeadlockFloor>(deadlock.why));
    CHECK(std::get<DeadlockFloor>(deadlock.why).held == 1001);
    CHECK(render::no_answer_text(deadlock) ==
          "1,000,000 threads that each hold 1001 connections need 1,000,000,001 to be safe from deadlock");
    CHECK(render::no_answer_fix(deadlock) == "hold one connection at a time: pass the transaction along");

    const NoAnswer below = none(percentiles(10, 5));
    CHECK(std::holds_alternative<queue::BadInput>(below.why));
    CHECK(below.fix == NoAnswer::Fix::not_below_limit);
    CHECK(render::no_answer_fix(below) == "write 10 or more, or a smaller one before it");
    const NoAnswer apart = none(percentiles(1, 1e6));
    CHECK(apart.fix == NoAnswer::Fix::three_percentiles);
    const NoAnswer much = none(open(1e9, 1e4));
    CHECK(much.fix == NoAnswer::Fix::less_load);
    CHECK(render::no_answer_fix(much) == "use a lower rate, fewer users, or a shorter hold");
    CHECK(none(open(300, 0)).fix == NoAnswer::Fix::larger_value);
    PoolRequest rare = open(300, 8, 2.0);
    rare.question.goals.wait->p = 1e-9;
    CHECK(none(rare).fix == NoAnswer::Fix::as_refused);
    CHECK(render::no_answer_fix(none(rare)) == "allow 0.001 %");
}

TEST_CASE("report of a pool: a simulation that has not settled meets nothing, and none is run for minutes") {
    PoolRequest request = open(29.9999, 100, 2.0);  // three connections 99.9997 % busy
    request.size = Connections(3);
    request.question.goals.wait = queue::WaitGoal{Millis(1e6), 1.0};
    const PoolReport report = report_of(request);
    CHECK(!report.answer.overloaded);
    CHECK(!report.answer.settled);
    CHECK(!report.answer.precise);
    CHECK(!report.met);
    CHECK(report.smallest->size > Connections(3));

    CHECK(why(open(1e6, 10, 2.0)).find("simulated") != std::string::npos);
    CHECK(report_of(open(1e6, 10)).answer.size == Connections(10'014));
    request = closed(1000, 1000, 50, 70);
    request.load.cpu = Millis(2);
    request.load.vcpus = 8;
    CHECK(report_of(request).answer.method == sizing::Method::closed_network_fast);
    std::get<sizing::MeanHold>(request.load.hold).cv = 2;
    CHECK(why(request).find("simulated") != std::string::npos);
}

TEST_CASE("report of a pool: a simulation is the same for any number of threads, and knows the rare waits") {
    PoolRequest request = open(300, 8, 2.0);
    const PoolReport one = report_of(request);
    request.question.threads = 3;
    const PoolReport three = report_of(request);
    REQUIRE(one.around.size() == three.around.size());
    for (std::size_t i = 0; i < one.around.size(); ++i) {
        CHECK(one.around[i].figures.wait_mean == three.around[i].figures.wait_mean);
        CHECK(one.around[i].figures.p_over == three.around[i].figures.p_over);
    }
    CHECK(one.answer.p_over == three.answer.p_over);
    REQUIRE(one.answer.size == Connections(8));
    // 2.3e-4 by a run of 8e8 transactions; to stop at a known mean wait gave 1.2e-4.
    CHECK(*one.answer.p_over == doctest::Approx(2.3e-4).epsilon(0.15));
    REQUIRE(one.answer.error_bound);
    CHECK(one.answer.precise == (*one.answer.error_bound <= 0.01));
}

TEST_CASE("report of a pool: a service's load is spread over its pools, and as many as it asks for are sized") {
    PoolRequest request = open(1200, 8);
    request.service = {2, 4, 2, 1};
    const PoolReport report = report_of(request);
    // What one pool alone, asked about its share, is told.
    CHECK(report.answer.size == report_of(open(150, 8)).answer.size);
    REQUIRE(report.service);
    CHECK(report.service->most.pools == 8);
    CHECK(report.service->most.total.value == 8 * report.answer.size.value);
    CHECK(report.service->fewest.total.value == 4 * report.answer.size.value);
    REQUIRE(report.service->pooler);
    CHECK(report.service->pooler->size == report_of(open(1200, 8)).answer.size);
    CHECK(report.service->pooler->total < report.service->most.total);

    std::vector<std::int64_t> numbers;
    Connections before(0);
    for (const PoolReport::Pools& row : report.service->by_instances) {
        CAPTURE(row.instances);
        numbers.push_back(row.instances);
        CHECK(row.pools == 2 * row.instances);
        CHECK(row.total.value == row.pools * row.size.value);
        CHECK(row.size == report_of(open(1200.0 / static_cast<double>(row.pools), 8)).answer.size);
        CHECK(row.total >= before);  // twice the pools need no fewer
        before = row.total;
    }
    CHECK(numbers == std::vector<std::int64_t>{1, 2, 4, 8, 16});
    CHECK(!report_of(open(1200, 8)).service);
}

TEST_CASE("report of a pool: few sizes of a service are computed, whatever the number of instances") {
    for (const std::int64_t instances : {1, 2, 3, 4, 5, 7, 8, 9, 100, 4096, 10'000}) {
        CAPTURE(instances);
        PoolRequest request = open(50'000, 8);
        request.service = {instances, instances, 1, 0};
        const PoolReport report = report_of(request);
        const auto& rows = report.service->by_instances;
        CHECK(rows.size() >= 3);
        CHECK(rows.size() <= 6);
        CHECK(rows.front().instances == 1);
        int own = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i > 0) CHECK(rows[i - 1].instances < rows[i].instances);
            own += rows[i].instances == instances ? 1 : 0;
            if (rows[i].instances == instances) CHECK(rows[i].size == report.answer.size);
        }
        CHECK(own == 1);
    }
    PoolRequest simulated = open(300, 8, 2.0);
    simulated.question.precision = 0.02;
    simulated.service = {3, 3, 1, 0};
    CHECK(report_of(simulated).service->by_instances.empty());
}

TEST_CASE("report of a pool: the users of a service are spread, the threads of a process are its own") {
    PoolRequest request = closed(28, 1000, 500, 1);
    request.size.reset();
    request.service = {1, 1, 3, 0};
    CHECK(report_of(request).asked.load.users == 10);
    request.nested = 1;
    CHECK(report_of(request).deadlock_floor->threads == 10);
    CHECK(report_of(request).answer.size == Connections(11));
    const PoolReport nested = report_of(request);
    // Twice the pools have half the users each, rounded up.
    for (const PoolReport::Pools& row : nested.service->by_instances)
        CHECK(row.size >= Connections((28 + row.pools - 1) / row.pools + 1));
    CHECK(nested.service->by_instances.back().size < Connections(11));
    request.threads = 20;
    CHECK(report_of(request).answer.size == Connections(21));
    CHECK(report_of(closed(3, 1000, 500, 1)).asked.users == 3);
}
