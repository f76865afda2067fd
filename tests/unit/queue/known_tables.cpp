// Every row of the exact tables (tests/accuracy/exact.cpp says which function answers which column), and what holds
// between columns.
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/queue/closed_pool.hpp>
#include <poolfit/queue/deadlock.hpp>
#include <poolfit/queue/erlang.hpp>
#include <poolfit/queue/mmc.hpp>

#include "../../accuracy/exact.hpp"
#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::Row;

namespace {

Millis seconds(double s) { return Millis(s * 1000); }

}  // namespace

TEST_CASE("queue: every row of the exact tables") {
    for (const accuracy::ExactTable& table : accuracy::exact_tables()) {
        SUBCASE((std::string(table.file) + ", " + table.what).c_str()) {
            known::Worst worst;
            int compared = 0;
            for (const Row& row : known::rows(table.file)) {
                for (const accuracy::Figure& f : table.figures(row)) {
                    worst(row, f.column, f.ours, f.limit, f.absolute);
                    ++compared;
                }
            }
            CHECK(compared > 0);
        }
    }
}

TEST_CASE("queue: Erlang's C and M/M/c are one") {
    for (const Row& row : known::rows("erlang.csv")) {
        const Connections c(row.whole("c"));
        const Erlangs a(row["a"]);
        CHECK(known::value(erlang_c(a, c)).ln == known::value(solve_mmc(a, Millis(1), c)).wait.ln);
    }
}

TEST_CASE("queue: a pool at the deadlock floor never hangs, and one that hung had more threads than it keeps safe") {
    for (const Row& row : known::rows("deadlock.csv")) {
        const Connections pool(row.whole("pool"));
        INFO(row.line);
        if (pool >= known::value(deadlock_floor(row.whole("N"), 2))) CHECK(row["p_deadlock_600s"] == 0.0);
        if (row["p_deadlock_600s"] > 0.0) CHECK(row.whole("N") > known::value(most_threads_without_deadlock(pool, 2)));
    }
}

TEST_CASE("queue: the fast solution of a closed pool keeps the bounds") {
    for (const Row& row : known::rows("closed_pool.csv")) {
        const ClosedPoolInput input{row.whole("N"),    seconds(row["think_s"]), Connections(row.whole("pool")),
                                    row.whole("vcpu"), seconds(row["d_cpu_s"]), seconds(row["d_ext_s"])};
        const double most = known::value(closed_pool_bounds(input)).throughput.value;
        CHECK(known::value(solve_closed_pool_fast(input)).throughput.value <= most * (1 + 1e-12));
    }
}

TEST_CASE("queue: the tail of a closed pool's wait, against a separate solution by Taylor steps") {
    const auto tail = [](std::int64_t users, double think, double cpu, double external) {
        const auto x = known::value(
            solve_closed_pool({users, seconds(think), Connections(10), 4, seconds(cpu), seconds(external)}));
        return p_wait_over(x, seconds(5));
    };
    CHECK(known::difference(tail(20, 2.5, 0.02, 1.5), 6.7016876712162474e-12) < 1e-9);
    CHECK(known::difference(tail(20, 2.5, 0.02, 2.0), 5.196410481695439e-08) < 1e-9);
    CHECK(known::difference(tail(28, 5.0, 1.0, 1.0), 5.7911593605492846e-05) < 1e-9);
}
