// One pool against the tables of known answers: the 99 % interval covers the exact figure in at least 97 % of the
// rows. Seeds are fixed. Open pools above rho 0.95 or 400 connections are left to docs/accuracy.md: they take long.
#include "rows.hpp"

using namespace poolfit::simulate;

TEST_CASE("the simulator's intervals cover the exact answers") {
    for (const accuracy::SimulatedTable& table : accuracy::simulated_tables()) {
        SUBCASE(table.file) {
            accuracy::Extent extent;
            if (sanitized) extent.most_utilization = 0.9;
            check(accuracy::cover(table, extent, sanitized ? 12 : 1));
        }
    }
}
