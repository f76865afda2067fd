// A commitment: what it owns, which databases use it today and after the plan, what is left over, and until when.
#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "commitments.hpp"
#include "explain_parts.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

/// Which databases use units of the pool, and how many; or what a savings plan pays for of each.
void add_users(Steps& steps, const Report& report, const CommitmentUse& use, const std::vector<Paid>& all,
               Phase phase) {
    const Fleet& fleet = *report.fleet;
    for (Index i = 0; i < all.size(); ++i) {
        const Paid& paid = all[i];
        if (use.pool ? paid.pool != use.pool : paid.by_plan.value.value == 0) continue;
        const Key key{{Subject::Kind::database, i}, use.pool ? Name::units : Name::by_plan, phase};
        const auto id = report.figures.find(key);
        if (!id) continue;
        steps.add(fmt::format("{}, {}", *fleet.databases[i].name,
                              paid.cls != nullptr ? std::string_view(paid.cls->name) : "serverless"),
                  *id);
    }
}

}  // namespace

void explain_commitment(Page& page, const Report& report, Index index) {
    const Commitment& commitment = report.fleet->commitments[index];
    const bool reserved = commitment.kind == Commitment::Kind::reserved;
    page.write({fmt::format("{}  {}", commitment_text(*report.fleet, index),
                            reserved ? "reserved instances" : "savings plan")},
               2);
    const auto& committed = report.plan.committed;
    if (!committed) {
        page.write({"commitments count only with list prices (--price list)"}, 2);
        page.blank();
        return;
    }
    page.write({commitment_texts(report)[index]}, 2);
    const CommitmentUse& use = committed->uses[index];
    if (!use.ended) page.write({until_text(use, *commitment.ends)}, 2);
    page.blank();
    Steps steps(report);
    const auto figure = [&](std::string name, Name of, Phase phase = Phase::now) {
        const auto id = report.figures.find({{Subject::Kind::commitment, index}, of, phase});
        if (id) steps.add(std::move(name), *id);
    };
    const Index first = use.pool ? committed->pools[*use.pool].commitments.front() : index;
    steps.section("owns");
    if (first != index || (use.pool && committed->pools[*use.pool].commitments.size() > 1)) {
        std::vector<std::string> names;
        for (const Index c : committed->pools[*use.pool].commitments)
            names.push_back(commitment_text(*report.fleet, c));
        steps.note(fmt::format("one pool with all of its engine, family and region: {}", joined(names, ", ")));
    }
    if (use.pool) steps.add_with_inputs("units", committed->pools[*use.pool].owned.id);
    figure("a month", Name::plan_commitment);
    figure("a month", Name::commitment_paid);
    steps.section("today");
    if (!use.ended) add_users(steps, report, use, committed->now, Phase::now);
    if (use.pool) steps.add("in use", committed->pools[*use.pool].used_now.id);
    figure("share in use", Name::commitment_used);
    figure("unused a month", Name::commitment_unused);
    steps.section("after");
    if (!use.ended) add_users(steps, report, use, committed->after, Phase::after);
    if (use.pool) steps.add("in use", committed->pools[*use.pool].used_after.id);
    figure("share in use", Name::commitment_used, Phase::after);
    figure("unused a month", Name::commitment_unused, Phase::after);
    figure("until its end", Name::commitment_unused_to_end, Phase::after);
    steps.section("change");
    steps.note(change_text(use));
    steps.print(page);
    page.blank();
    print_sources(page, steps.derivations(), steps.sources());
}

}  // namespace poolfit::render
