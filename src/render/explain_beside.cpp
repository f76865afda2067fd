// A database's money beside its class: Extended Support, commitments, storage, a proxy's bill, a schedule, capacity
// that follows the load.
#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "block.hpp"
#include "commitments.hpp"
#include "explain_parts.hpp"
#include "phase_words.hpp"
#include "storage_words.hpp"

namespace poolfit::render {
namespace {

using report::Section;

void add_support(Steps& steps, const Report& report, Index index, bool asked) {
    const DatabasePlan& own = report.plan.databases[index];
    const Recommendation& advice = own.recommendation;
    steps.add("today", own.now.support);
    if (own.chosen.cls != own.now.cls) steps.add("after", own.chosen.support);
    if (own.capacity) steps.add("of capacity", own.capacity->support);
    if (advice.upgrade) steps.add("an upgrade saves", advice.upgrade->saves);
    for (const SupportEvent& event : report.support) {
        if (event.database != index) continue;
        steps.add("next stage", event.cost);
        if (asked) steps.note(support_text(*report.fleet, event));
    }
    if (own.now.support_unknown) steps.note("it may be charged: the version, or its price, is not known");
    if (asked && steps.in_section() == 0) steps.note("no Extended Support is charged");
}

void add_paid(Steps& steps, const Paid& paid, std::string_view when) {
    const auto named = [&](std::string_view what) { return fmt::format("{}{}", what, when); };
    if (paid.covered) steps.add(named("covered"), paid.covered->id);
    if (paid.by_units.id && paid.pool) steps.add(named("by units"), paid.by_units.id);
    if (paid.by_plan.id) steps.add(named("by savings plans"), paid.by_plan.id);
    if (paid.range)
        steps.add(named("paid"), paid.range);
    else
        steps.add(named("paid"), paid.cost);
}

void add_commitments(Steps& steps, const Report& report, Index index, bool asked) {
    const auto& committed = report.plan.committed;
    if (!committed) {
        if (asked)
            steps.note(report.fleet->commitments.empty() ? "the inventory has no [[commitment]]"
                                                         : "commitments count only with list prices (--price list)");
        return;
    }
    const Paid &now = committed->now[index], &after = committed->after[index];
    for (const std::string& text : commitments_of(report, index)) steps.note(text);
    add_paid(steps, now, " today");
    if (changes_paid(report, index)) add_paid(steps, after, " after");
    // Of what stays on its class that is 0, whatever the changes of others leave it to pay.
    if (now.cls != after.cls || report.plan.databases[index].recommendation.verdict == Verdict::idle)
        steps.add("all databases save", committed->saves[index]);
    const std::string text = effective_text(report, index);
    if (asked) steps.note(text.empty() ? "no commitment covers it" : text);
}

void add_storage(Steps& steps, const Report& report, Index index, bool asked) {
    const auto& use = report.plan.databases[index].storage;
    if (!use) {
        if (asked) steps.note(no_storage_text(report, index));
        return;
    }
    steps.add("size, GiB", use->volume.gib);
    steps.add("provisioned", use->volume.iops);
    steps.add("IOPS", use->iops);
    steps.add("MiB/s", use->mibps);
    steps.add("usable today", use->usable_now);
    steps.add("usable after", use->usable_after);
    steps.add("I/O requests", use->requests);
    steps.add("price", use->cost.cost);
    if (use->cost.cost && use->cost.at_least)
        steps.note(fmt::format("{}: a part has no price in the catalog", storage_cost_text(*use)));
    if (use->cost_after && use->cost.cost && use->cost_after->id != use->cost.cost->id)
        steps.add("price after", use->cost_after);
    if (use->break_even) steps.add_with_inputs("break-even", use->break_even->id);
    steps.add("at requests", use->break_even_requests);
    if (const auto& advice = use->advice) {
        if (advice->iops) steps.add_with_inputs("IOPS then", advice->iops->id);
        steps.add("price then", advice->cost);
        steps.add("saves", advice->saves);
        steps.note(fmt::format("better: {}", better_text(*use)));
    }
    for (const StorageRejected& other : use->rejected) steps.note(rejected_text(report, index, other));
    if (asked && use->rejected.empty() && !use->advice) steps.note(no_other_text(report, index));
}

void add_proxies(Steps& steps, const Report& report, Index index, bool asked) {
    bool any = false;
    for (const Index pooler : report.plan.topology.poolers[index]) {
        if (!report.plan.poolers[pooler].bill) continue;
        any = true;
        add_bill(steps, report, pooler);
    }
    if (asked && !any) steps.note(fmt::format("no {} is in front of it", managed_pooler()));
}

void add_stop(Steps& steps, const Report& report, Index index, bool asked) {
    const Recommendation& advice = report.plan.databases[index].recommendation;
    if (advice.stop) steps.add("a month", advice.stop->saves.id);
    if (advice.stop_held) steps.add("after commitments", advice.stop_held->saves.id);
    if (asked || advice.stop_held || advice.no_stop == NoStop::saves_less) steps.note(no_stop_text(report, index));
}

void add_serverless(Steps& steps, const Report& report, Index index, bool asked) {
    const DatabasePlan& own = report.plan.databases[index];
    const Recommendation& advice = own.recommendation;
    if (own.capacity) {
        steps.add_with_inputs("capacity", own.capacity->units.id);
        steps.add("cost", own.capacity->cost);
        if (const auto& then = own.capacity->uncapped) {
            const std::string with =
                fmt::format("with {} = {}", own.capacity->elastic->min_key, unit::print_number(then->min));
            steps.add(with, then->limit.id);
            steps.add(with, then->cost);
        }
    }
    if (advice.serverless) {
        steps.add("cost", advice.serverless->cost.id);
        steps.add("saves", advice.serverless->saves.id);
    }
    if (asked || own.capacity) steps.note(no_serverless_text(report, index));
}

}  // namespace

void add_bill(Steps& steps, const Report& report, Index pooler) {
    const PoolerPlan& plan = report.plan.poolers[pooler];
    if (!plan.bill) return;
    const std::string& name = *report.fleet->poolers[pooler].name;
    if (!plan.bill->price) steps.note(fmt::format("{}: the catalog has no price of {} here", name, managed_pooler()));
    steps.add(name, plan.bill->now);
    if (plan.bill->now && plan.bill->after && plan.bill->now->value.high != plan.bill->after->value.high)
        steps.add(fmt::format("{} after", name), plan.bill->after);
    else if (plan.bill->now && !plan.bill->after)
        steps.note(fmt::format("{}: no price after the plan", name));
    if (plan.pinned && plan.pinned->value.high.value > 0) steps.add(fmt::format("{} pinned", name), plan.pinned);
    if (plan.in_need) steps.add(fmt::format("{} needs", name), plan.in_need);
}

void add_section(Steps& steps, const Report& report, Index index, Section section, bool asked) {
    steps.section(std::string(report::name(section)));
    switch (section) {
        case Section::support:
            return add_support(steps, report, index, asked);
        case Section::commitments:
            return add_commitments(steps, report, index, asked);
        case Section::storage:
            return add_storage(steps, report, index, asked);
        case Section::proxy:
            return add_proxies(steps, report, index, asked);
        case Section::stop:
            return add_stop(steps, report, index, asked);
        case Section::serverless:
            return add_serverless(steps, report, index, asked);
        default:
            return;
    }
}

}  // namespace poolfit::render
