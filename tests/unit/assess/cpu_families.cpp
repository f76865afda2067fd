// The law of CPU over all classes × all classes: what a family's sizes have in common.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/assess/cpu.hpp>

#include "../../support/sanitized.hpp"
#include "inventory.hpp"

using namespace poolfit;
using assess::cpu_on;

TEST_CASE("CPU: of one family, as many vCPUs get one range, and more vCPUs never a higher one") {
    const auto all = test::catalog().classes(*platform::by_id("rds-postgresql"));
    REQUIRE(all.size() > 100);
    std::size_t compared = 0;
    for (std::size_t i = 0; i < all.size(); i += test::sanitized ? 10 : 1) {
        const InstanceClass* const from = all[i];
        for (const double busy : {0.05, 0.25, 0.6, 0.97}) {
            const Interval<double> now(busy);
            std::vector<Interval<double>> there;
            for (const InstanceClass* to : all) there.push_back(cpu_on(*from, *to, now));
            for (std::size_t a = 0; a < all.size(); ++a)
                for (std::size_t b = 0; b < all.size(); ++b) {
                    const InstanceClass &less = *all[a], &more = *all[b];
                    if (a == b || less.family != more.family || less.vcpus > more.vcpus) continue;
                    // What was measured stays, without a band.
                    if (less.vcpus == more.vcpus && (&less == from || &more == from)) continue;
                    ++compared;
                    const bool right = less.vcpus == more.vcpus ? there[a] == there[b]
                                                                : there[b].low <= there[a].low + 1e-12 &&
                                                                      there[b].high <= there[a].high + 1e-12;
                    if (right) continue;
                    FAIL_CHECK(from->name << " at " << busy << ": " << less.name << " " << there[a].low << "-"
                                          << there[a].high << ", " << more.name << " " << there[b].low << "-"
                                          << there[b].high);
                }
        }
    }
    CHECK(compared > test::sampled(100'000));
}

TEST_CASE("CPU: db.t3.medium is no faster than db.t3.large for who comes from another class") {
    for (const char* from : {"db.m5.large", "db.r5.xlarge", "db.t4g.large", "db.t2.large"}) {
        const Interval<double> medium = cpu_on(test::cls(from), test::cls("db.t3.medium"), {0.2, 0.4});
        const Interval<double> large = cpu_on(test::cls(from), test::cls("db.t3.large"), {0.2, 0.4});
        CHECK(medium == large);
    }
}

TEST_CASE("CPU: a figure of one's own catalog for one size stands") {
    InstanceClass own = test::cls("db.t3.large");
    own.coremark_per_vcpu = 2 * *own.coremark_per_vcpu;
    const Interval<double> listed = cpu_on(test::cls("db.m5.large"), test::cls("db.t3.large"), {0.2, 0.2});
    CHECK(cpu_on(test::cls("db.m5.large"), own, {0.2, 0.2}).high < listed.high);
}
