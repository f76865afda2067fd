// The plan of a fleet with commitments, in passes.
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <poolfit/plan/plan.hpp>

#include "cover.hpp"
#include "make.hpp"
#include "steer.hpp"

namespace poolfit::plan {
namespace {

// The classes that commitments ask for depend on the classes that pass every limit, and those of a replica on its
// primary's: nearly all are settled after one pass.
constexpr int most_passes = 4;

// More databases than any report lists all candidates of.
constexpr std::size_t most_judged_in_full = 100;

/// With commitments: the plan by list price says which classes pass; what is really paid for them decides.
Plan make_committed(Common& common, const Request& request) {
    const Fleet& fleet = common.fleet;
    Request silent = request;
    // A class that is dearer by list price may be covered. Any other that is too dear without commitments is so with
    // them; a report of few databases lists it all the same.
    Plan bare;
    bare.market = common.market;
    const Terms terms(fleet, bare, common.market->today());
    const bool many = request.counted.size() > most_judged_in_full && request.depth != Depth::all;
    if (many && request.figures == nullptr) {
        silent.depth = Depth::cheaper;
        common.touching = &terms;
    } else {
        silent.depth = Depth::all;
    }
    silent.figures = nullptr;
    Steers steers(fleet.databases.size());
    std::optional<Before> made;
    std::vector<Recommendation> advice;  // as it was before commitments were settled
    const auto plan_again = [&] {
        for (Index i = 0; i < advice.size(); ++i) made->plan.databases[i].recommendation = std::move(advice[i]);
        advice.clear();
        made = planned(common, silent, std::make_shared<const Steers>(steers), std::move(made));
    };
    const auto settle = [&] {
        for (const DatabasePlan& database : made->plan.databases) advice.push_back(database.recommendation);
        settle_commitments(fleet, made->plan, request.counted, {});
    };
    plan_again();
    const auto choose = [&] {
        for (int pass = 0; pass < most_passes; ++pass) {
            Steers next = steer(fleet, made->plan);
            if (next == steers) break;
            steers = std::move(next);
            plan_again();
        }
        settle();
    };
    choose();
    for (int pass = 0; pass < most_passes; ++pass) {
        Steers held = hold_losses(fleet, made->plan, steers);
        if (held == steers) break;
        // Where capacity that follows the load does not pay, which class does is another question.
        const bool other = !std::ranges::equal(held, steers, {}, &Steer::keeps_class, &Steer::keeps_class);
        steers = std::move(held);
        plan_again();
        if (other)
            choose();
        else
            settle();
    }
    if (request.figures == nullptr) return std::move(made->plan);
    silent.figures = request.figures;
    plan_again();
    settle_commitments(fleet, made->plan, request.counted, Recorder(request.figures));
    return std::move(made->plan);
}

}  // namespace

Plan make(const Fleet& fleet, const Catalog& catalog, const Request& request) {
    Common common{fleet,
                  std::make_shared<const Market>(fleet, catalog, request.term, request.figures ? 1 : request.threads,
                                                 request.today),
                  model::topology(fleet)};
    if (fleet.commitments.empty() || request.term != PriceTerm::list) return planned(common, request, nullptr, {}).plan;
    return make_committed(common, request);
}

}  // namespace poolfit::plan
