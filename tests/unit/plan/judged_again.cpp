// Classes that are judged again for another number of connections: what was known of them changes no answer.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "../../../src/plan/judge.hpp"
#include "../../support/fleet.hpp"
#include "../../support/random_fleet.hpp"
#include "../../support/sanitized.hpp"

using namespace poolfit;
using test::Planned;

namespace {

struct JudgedAgain {
    std::size_t classes = 0;  ///< that were judged again
    std::size_t kept = 0;     ///< of these, those with fewer reasons: they were not judged in full
    std::size_t moved = 0;    ///< of these, those that fit with one number of connections and not with the other
};

void judge_again(plan::ClassQuestion asked, const Candidates& before, JudgedAgain& seen) {
    asked.before = {};
    const Candidates anew = plan::candidates(asked);
    asked.before = before;
    const Candidates again = plan::candidates(asked);
    REQUIRE(again.size() == anew.size());
    for (std::size_t k = 0; k < anew.size(); ++k) {
        const Candidate &one = anew[k], &other = again[k];
        // One condition: there are some millions of them, and doctest takes longer over a CHECK than it takes to judge.
        if (other.cls != one.cls || other.fits != one.fits || other.list != one.list || other.cost != one.cost ||
            other.ranked_by != one.ranked_by || other.reasons.size() > one.reasons.size())
            FAIL_CHECK(one.cls->name << " fits: " << one.fits << ", then " << other.fits
                                     << "; reasons: " << one.reasons.size() << ", then " << other.reasons.size());
        ++seen.classes;
        seen.kept += other.reasons.size() < one.reasons.size();
        const auto known = std::ranges::find(before, one.cls, &Candidate::cls);
        seen.moved += known != before.end() && known->fits != one.fits;
    }
}

/// Each database with the connections of today, of the recommended pools, and of a strategy where one is taken.
void judge_all_again(const Planned& planned, JudgedAgain& seen) {
    const Fleet& fleet = planned.fleet;
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        const DatabasePlan& mine = planned.plan.databases[i];
        std::vector<Index> replicas;
        for (Index k = 0; k < fleet.databases.size(); ++k)
            if (fleet.databases[k].replica_of == i) replicas.push_back(k);
        for (const plan::Depth depth : {plan::Depth::decide, plan::Depth::cheaper, plan::Depth::all}) {
            const plan::ClassQuestion asked = plan::question(fleet, planned.plan, i, depth);
            for (const DatabaseDemand* first : {&mine.demand, &mine.right_sized, &mine.after}) {
                plan::ClassQuestion earlier{fleet,         asked.market, i,    asked.now, *first, asked.load,
                                            asked.primary, asked.losses, depth};
                const Candidates before = plan::candidates(earlier);
                for (const DatabaseDemand* then : {&mine.demand, &mine.right_sized, &mine.after}) {
                    plan::ClassQuestion later{fleet,         asked.market, i,    asked.now, *then, asked.load,
                                              asked.primary, asked.losses, depth};
                    judge_again(later, before, seen);
                    later.staying = replicas;
                    judge_again(later, before, seen);
                    for (const std::int64_t limit : {40, 400, 4000}) {  // what was over another limit may not be now
                        later.raised = Connections(limit);
                        judge_again(later, before, seen);
                    }
                }
            }
        }
    }
}

}  // namespace

TEST_CASE("judge: what is known from other connections, or another limit, changes no class's fit, price or place") {
    JudgedAgain seen;
    for (std::uint64_t seed = 0; seed < test::sampled(120); ++seed) {
        test::Generator generator(seed * 1'000'003 + 77);
        const std::string text =
            test::toml(seed % 2 == 0 ? test::rich_fleet(generator) : test::random_fleet(generator));
        INFO("seed " << seed << "\n" << text);
        judge_all_again(test::plan_text(text), seen);
    }
    MESSAGE(seen.classes << " classes, " << seen.kept << " kept, " << seen.moved << " moved");
    CHECK(seen.kept > test::sampled(1000));
    CHECK(seen.moved > test::sampled(100));
}
