// The way back of each action takes back all that its steps change.
#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include <poolfit/plan/action.hpp>
#include <poolfit/report/report.hpp>

#include "../../../src/render/phase_words.hpp"
#include "../../support/any_fleet.hpp"
#include "../../support/fleet.hpp"
#include "../../support/sanitized.hpp"
#include "../../support/typed_in.hpp"
#include "inventory.hpp"

using namespace poolfit;
using test::Planned;

namespace {

Report compose(const Planned& planned) { return report::compose(planned.fleet, test::catalog(), {}); }

/// A way back of this kind, of the one that `of` tells.
template <class Of>
bool takes_back(const Action& action, Undo::Kind kind, Of of) {
    return std::ranges::any_of(action.rollback, [&](const Undo& undo) { return undo.kind == kind && of(undo); });
}

bool has(const std::vector<Index>& all, Index one) { return std::ranges::find(all, one) != all.end(); }

/// Is what the change changes taken back?
bool undone(const Plan& plan, const Action& action, const Point& change) {
    const auto pooler = [&](const Undo& undo) { return undo.pooler == change.pooler; };
    switch (change.kind) {
        case Point::Kind::resize:
            return takes_back(action, Undo::Kind::pool_sizes,
                              [&](const Undo& undo) { return has(undo.pools, change.pools.front()); });
        case Point::Kind::merge:
            return takes_back(action, Undo::Kind::split_pools,
                              [&](const Undo& undo) { return undo.pools == change.pools; });
        case Point::Kind::add_pooler:
            return takes_back(action, Undo::Kind::direct, [&](const Undo& undo) {
                return undo.database == change.database && undo.pools == change.pools;
            });
        case Point::Kind::resize_pooler: {
            const PoolerPlan& mine = plan.poolers[change.pooler];
            return (!mine.size || takes_back(action, Undo::Kind::pooler_size, pooler)) &&
                   (!mine.to_transaction || takes_back(action, Undo::Kind::pooler_mode, pooler));
        }
        case Point::Kind::log:
            return takes_back(action, Undo::Kind::logging, [](const Undo&) { return true; });
        default:  // measures, asks, or stays
            return true;
    }
}

bool undone(const Report& report, const Action& action, const Step& step) {
    const auto pooler = [&](const Undo& undo) { return undo.pooler == step.pooler; };
    switch (step.kind) {
        case Step::Kind::change_class:
            return takes_back(action, Undo::Kind::change_class, [&](const Undo& undo) {
                return undo.database == step.database && undo.cls == report.fleet->databases[step.database].type;
            });
        case Step::Kind::raise_limit:
            return takes_back(action, Undo::Kind::limit, [&](const Undo& undo) {
                return undo.database == step.database && undo.limit < step.limit;
            });
        case Step::Kind::fewer_instances:
            return takes_back(action, Undo::Kind::instances, [&](const Undo& undo) {
                return undo.service == step.service && undo.count > step.count;
            });
        case Step::Kind::smaller_pooler:
            return takes_back(action, Undo::Kind::pooler_size, pooler);
        case Step::Kind::pooler_mode:
            return takes_back(action, Undo::Kind::pooler_mode, pooler) &&
                   (step.count == 0 || takes_back(action, Undo::Kind::pooler_size, pooler));
        case Step::Kind::client_limit:
            return takes_back(action, Undo::Kind::client_limit,
                              [&](const Undo& undo) { return undo.pooler == step.pooler && undo.count < step.count; });
        case Step::Kind::change:
            return undone(report.plan, action, report.strategies[*action.strategy].changes[step.change]);
        default:
            return true;
    }
}

}  // namespace

TEST_CASE("rollback: each step of each action is taken back, over all kinds of them") {
    std::set<Undo::Kind> seen;
    for (std::uint64_t seed = 0; seed < test::sampled(600); ++seed) {
        test::Generator generator(seed * 7919 + 5);
        const std::string text = test::any_fleet(generator);
        const auto planned = test::answer(text);
        if (!planned) continue;
        const Report report = report::compose(planned->fleet, test::catalog(), {});
        for (const Action& action : report.phases) {
            for (const Undo& undo : action.rollback) seen.insert(undo.kind);
            const std::string words = render::rollback_text(report, action);
            CHECK_FALSE(words.empty());
            for (const Step& step : action.steps)
                if (!undone(report, action, step)) FAIL_CHECK("seed " << seed << ": " << words << "\n" << text);
        }
    }
    // Pools are seldom merged: two of 25 by their use, of 40.
    const Planned merging = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
        "engine = \"postgresql\"\nclass = \"db.m5.large\"\nmax_connections = 105\nreserved_connections = 5\n"
        "other_connections = 10\n[[service]]\nname = \"api\"\ndeploy = \"recreate\"\nmerged_max = 30\n"
        "[[service.pool]]\nname = \"a\"\ndatabase = \"db\"\nmax = 30\nin_use = \"10-11\"\n"
        "[[service.pool]]\nname = \"b\"\ndatabase = \"db\"\nmax = 40\nin_use = \"10-11\"\n");
    const Report merged = compose(merging);
    for (const Action& action : merged.phases)
        for (const Undo& undo : action.rollback) seen.insert(undo.kind);
    using Kind = Undo::Kind;
    for (const Kind kind : {Kind::change_class, Kind::limit, Kind::pool_sizes, Kind::split_pools, Kind::pooler_size,
                            Kind::pooler_mode, Kind::client_limit, Kind::direct})
        CHECK_MESSAGE(seen.count(kind) == 1, static_cast<int>(kind));
}

TEST_CASE("rollback: out of transaction mode goes the mode first, then what the clients changed for it") {
    const std::string pooler =
        "[[pooler]]\nname = \"front\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"session\"\n"
        "default_pool_size = 20\n";
    const Planned planned = test::plan_text(
        test::one_database("db.t3.medium", "",
                           pooler + "[[service]]\nname = \"api\"\ninstances = 4\n[[service.pool]]\nname = \"p\"\n"
                                    "database = \"front\"\nmax = 40\nfeatures = [\"prepared\"]\n"));
    const Report report = compose(planned);
    REQUIRE(planned.plan.poolers[0].to_transaction);
    const auto action = std::ranges::find_if(report.phases, [](const Action& each) { return !each.rollback.empty(); });
    REQUIRE(action != report.phases.end());
    const std::string words = render::rollback_text(report, *action);
    const std::size_t mode = words.find("pool_mode of front back to session"), then = words.find("prepared statements");
    REQUIRE(mode != std::string::npos);
    REQUIRE(then != std::string::npos);
    CHECK(mode < then);
}
