// A fleet in which databases lose their class still plans, and of the others nothing changes.
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <poolfit/render/render.hpp>
#include <poolfit/report/report.hpp>

#include "../support/any_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

bool is_of_the_server(std::string_view line) {
    for (const std::string_view key :
         {"class =", "vcpus =", "memory =", "acu_min =", "acu_max =", "cu_min =", "cu_max ="})
        if (line.starts_with(key)) return true;
    return false;
}

/// One primary in three loses what says which server it is, and with it the replicas that have none of their own.
std::string without_classes(const std::string& text, Generator& generator, std::set<std::string>& lost) {
    std::istringstream lines(text);
    std::string out, line, record;
    bool in_database = false;
    const auto finish = [&] {
        if (in_database && record.find("replica_of") == record.npos && uniform(generator, 1, 3) == 1) {
            std::istringstream own(record);
            std::string kept, each;
            while (std::getline(own, each)) {
                if (each.starts_with("name = \"")) lost.insert(each.substr(8, each.size() - 9));
                if (!is_of_the_server(each)) kept += each + "\n";
            }
            record = kept;
        }
        out += record;
        record.clear();
    };
    while (std::getline(lines, line)) {
        if (line.starts_with("[")) {
            finish();
            in_database = line == "[[database]]";
        }
        record += line + "\n";
    }
    finish();
    return out;
}

}  // namespace

TEST_CASE("a fleet in which databases lose their class still plans, and of the others nothing changes") {
    int planned = 0, tried = 0;
    for_seeds(77, half, [&](std::uint64_t seed, Generator& generator) {
        const std::string text = any_fleet(generator);
        std::set<std::string> lost;
        const std::string less = without_classes(text, generator, lost);
        if (lost.empty()) return;
        const auto before = answer(text);
        if (!before) return;
        ++tried;
        const auto made = answer(less);
        if (!made) return;  // what needs the class is an error: DB_VCPUS, a pooler's share of max_connections
        ++planned;
        INFO("seed " << seed << "\n" << less);
        for (Index i = 0; i < made->fleet.databases.size(); ++i) {
            const Database& database = made->fleet.databases[i];
            const DatabasePlan &own = made->plan.databases[i], &was = before->plan.databases[i];
            const bool open = database.type->unknown;
            const bool of_open = database.replica_of && made->fleet.databases[*database.replica_of].type->unknown;
            CHECK(open == (lost.contains(*database.name) ||
                           (of_open && database.type == made->fleet.databases[*database.replica_of].type)));
            CHECK(own.budget.limits.known == (!open || database.max_connections.has_value()));
            if (open) {
                CHECK(own.recommendation.cls == database.type);
                CHECK_FALSE(own.now.memory_used);
                CHECK_FALSE(own.now.list);
                CHECK_FALSE(own.recommendation.saves);
                for (const Check& check : own.now.checks)
                    if (check.dimension <= Dimension::connections_failover && !own.budget.limits.known)
                        CHECK(check.standing == Standing::unknown);
                continue;
            }
            bool replica_lost = false;
            for (const Index replica : made->plan.topology.replicas[i])
                replica_lost = replica_lost || made->fleet.databases[replica].type->unknown;
            if (of_open || replica_lost) continue;
            CHECK(own.budget.limits.usable.value == was.budget.limits.usable.value);
            CHECK(own.demand.allocated.has_value() == was.demand.allocated.has_value());
            if (own.demand.allocated && was.demand.allocated)
                CHECK(own.demand.allocated->value == was.demand.allocated->value);
            CHECK(own.now.cost.has_value() == was.now.cost.has_value());
            if (own.now.cost && was.now.cost) CHECK(own.now.cost->value == was.now.cost->value);
            for (const Index p : made->plan.topology.pools[i]) {
                const PoolSize &then = made->plan.pools[p].advice.size, &now = before->plan.pools[p].advice.size;
                CHECK(then.has_value() == now.has_value());
                if (then && now) CHECK(then->value == now->value);
            }
        }
        report::Composing composing;
        composing.derive = seed % 8 == 0;
        const Report report = report::compose(made->fleet, test::catalog(), composing);
        for (const std::string& page : {render::text(report, {}), render::json(report), render::markdown(report)}) {
            CHECK(page.find("1000000000000") == page.npos);
            CHECK(page.find("1,000,000,000,000") == page.npos);
        }
    });
    CHECK(planned > 0);
    if (!sanitized) CHECK(planned * 10 > tried * 8);
}
