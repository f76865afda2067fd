// A snapshot of a report.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/diff/snapshot.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/model/topology.hpp>
#include <poolfit/plan/plan.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/report/gate.hpp>
#include <poolfit/unit/print.hpp>

#include "parts.hpp"

namespace poolfit::diff {
namespace {

Cost known(MicroUsdPerMonth amount) { return {Presence::known, Money(amount)}; }

/// `unknown`: there is an amount, if it is not here.
Cost cost_of(const std::optional<Figure<Money>>& figure, bool unknown = true) {
    if (figure) return {Presence::known, figure->value};
    return {unknown ? Presence::unknown : Presence::none, {}};
}

Count count_of(const std::optional<Figure<Connections>>& figure, bool listed) {
    if (!listed) return {};
    if (!figure) return {Presence::unknown, 0};
    return {Presence::known, figure->value.value};
}

struct Reader {
    const Report& report;
    const Fleet& fleet;
    const Plan& plan;

    bool is_in(const std::vector<Index>& some, Index index) const {
        return std::ranges::find(some, index) != some.end();
    }

    /// Empty: not known.
    std::string class_after(Index index) const {
        const InstanceClass* then = plan.databases[index].recommendation.cls;
        return then == nullptr || then->unknown ? std::string() : std::string(then->name);
    }

    Bill instance(Index index) const {
        const DatabasePlan& each = plan.databases[index];
        const auto& given = fleet.databases[index];
        const Recommendation& advice = each.recommendation;
        const bool by_load = each.capacity && !each.capacity->instead;
        const bool unpriced = is_in(plan.totals.unpriced, index);
        Bill bill;
        bill.what = what_of_instance({given.platform->provider, given.platform->engine, given.version_text,
                                      given.type->unknown ? std::string_view() : given.type->name, *given.region,
                                      *given.multi_az});
        bill.what_after = class_after(index);
        bill.without_support = is_in(plan.totals.without_support, index);
        if (each.now.cost)
            bill.now = known(each.now.cost->value);
        else if (by_load)
            bill.now = cost_of(each.capacity->cost);
        else
            bill.now.presence = unpriced ? Presence::unknown : Presence::none;
        if (advice.cost)
            bill.after = known(advice.cost->value);
        else if (by_load)
            bill.after = cost_of(each.capacity->cost);
        else
            bill.after.presence = unpriced ? Presence::unknown : Presence::none;
        return bill;
    }

    Bill storage(Index index) const {
        Bill bill;
        const auto& use = plan.databases[index].storage;
        if (!use) {
            bill.now.presence = bill.after.presence =
                is_in(plan.totals.storage_not_given, index) ? Presence::open : Presence::none;
            return bill;
        }
        const auto number = [](const auto& figure) { return figure ? figure->value : 0.0; };
        bill.what =
            what_of_storage(use->volume.kind != nullptr ? use->volume.kind->name
                            : use->given->type          ? std::string_view(**use->given->type)
                                                        : std::string_view(),
                            {number(use->volume.gib), number(use->volume.iops), number(use->iops), number(use->mibps)});
        bill.now = use->cost.at_least ? Cost{Presence::unknown, {}} : cost_of(use->cost.cost);
        bill.after = use->cost.at_least ? Cost{Presence::unknown, {}} : cost_of(use->cost_after);
        return bill;
    }

    /// The servers that a pooler in front of it is charged for: of a cluster all, as far as they are shown.
    std::vector<Target> targets(Index index) const {
        std::vector<Target> all;
        const auto primary = [&](Index i) { return fleet.databases[i].replica_of.value_or(i); };
        for (const Index i : report.shown) {
            if (i != index && !(fleet.databases[index].platform->cluster && primary(i) == primary(index))) continue;
            const DatabasePlan& each = plan.databases[i];
            const InstanceClass& cls = *fleet.databases[i].type;
            Target target;
            if (!cls.unknown) target.vcpus = cls.vcpus;
            if (each.capacity && !each.capacity->instead)
                target.units.emplace(each.capacity->units.value.low, each.capacity->units.value.high);
            target.cls_after = class_after(i);
            target.verdict = plan::name(each.recommendation.verdict);
            all.push_back(std::move(target));
        }
        return all;
    }

    Bill poolers(Index index) const {
        const auto& given = fleet.databases[index];
        Bill bill;
        for (Index i = 0; i < fleet.poolers.size(); ++i) {
            if (fleet.poolers[i].database != index) continue;
            const auto& paid = plan.poolers[i].bill;
            const bool unpriced = is_in(plan.totals.unpriced_poolers, i);
            const Server server{given.platform->provider, given.platform->engine, {}, {}, *given.region, false};
            add_pooler(bill, *fleet.poolers[i].name, server, targets(index),
                       cost_of(paid ? paid->now : std::nullopt, unpriced),
                       cost_of(paid ? paid->after : std::nullopt, unpriced));
        }
        return bill;
    }

    Database database(Index index) const {
        const auto& given = fleet.databases[index];
        const DatabasePlan& each = plan.databases[index];
        const bool listed = model::lists_connections(fleet, plan.topology, index);
        Database out;
        out.name = *given.name;
        out.cls = given.type->unknown ? std::string() : std::string(given.type->name);
        out.cls_after = class_after(index);
        out.verdict = plan::name(each.recommendation.verdict);
        out.steady = count_of(each.demand.allocated, listed);
        out.deploy = count_of(each.demand.deploy_peak, listed);
        out.steady_after = count_of(each.after.allocated, listed);
        out.deploy_after = count_of(each.after.deploy_peak, listed);
        if (each.budget.limits.known) out.usable = each.budget.limits.usable.value.value;
        out.instance = instance(index);
        out.storage = storage(index);
        out.poolers = poolers(index);
        return out;
    }

    Pool pool(const Service& service, Index index) const {
        const auto& given = fleet.pools[index];
        const PoolPlan& each = plan.pools[index];
        const auto size = [](const PoolSize& figure) {
            return figure ? std::optional(figure->value.value) : std::nullopt;
        };
        Pool out;
        out.database = *fleet.databases[model::database_of(fleet, given)].name;
        out.service = *service.name;
        out.name = *given.name;
        if (given.pooler) out.via = *fleet.poolers[*given.pooler].name;
        out.size = size(each.declared);
        out.size_after = size(each.recommended());
        out.steady = count_of(each.now.allocated, true);
        out.deploy = count_of(each.now.deploy_peak, true);
        out.least = service.instances->low;
        out.most = service.instances->high;
        out.processes = *service.processes;
        return out;
    }
};

Finding finding_of(const poolfit::Finding& finding, std::string fingerprint) {
    Finding out{std::move(fingerprint),
                std::string(finding.rule->id),
                std::string(finding.rule->name),
                finding.severity,
                finding.target,
                finding.message,
                finding.whole_fix(),
                {},
                0,
                finding.suppressed != nullptr};
    if (finding.place) {
        out.file = finding.place.source->name();
        out.line = finding.place.source->position(finding.place.span.begin).line;
    }
    return out;
}

}  // namespace

Snapshot snapshot(const Report& report) {
    const Reader read{report, *report.fleet, report.plan};
    Snapshot out;
    out.inventory = *report.fleet->name;
    out.term = platform::term(report.plan.term).word;
    out.catalog = report.catalog_as_of;
    out.catalog_files = report.catalog->overlay_digest();
    out.today = unit::print(report.plan.market->today());
    for (const Index i : report.shown) {
        out.databases.push_back(read.database(i));
        const poolfit::Database& given = report.fleet->databases[i];
        if (given.replica_of) out.primaries.emplace(*given.name, *report.fleet->databases[*given.replica_of].name);
    }
    for (const Service& service : report.fleet->services)
        for (const Index pool : service.pools)
            if (report::is_shown(report, model::database_of(*report.fleet, report.fleet->pools[pool])))
                out.pools.push_back(read.pool(service, pool));
    out.findings.emplace();
    for (std::size_t i = 0; i < report.findings.size(); ++i)
        out.findings->push_back(finding_of(report.findings[i], report.fingerprints[i]));
    for (Index i = 0; i < report.fleet->databases.size(); ++i)
        if (!report::is_shown(report, i)) out.left_out->databases.push_back(*report.fleet->databases[i].name);
    for (const Rule* rule : report::silent(report.rules)) out.left_out->rules.emplace_back(rule->id);
    return out;
}

}  // namespace poolfit::diff
