// Managed poolers: what they cost by their target, and what sessions keep of their server connections.
#include <algorithm>
#include <vector>

#include <poolfit/assess/budget.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/pinned.hpp>
#include <poolfit/platform/platform.hpp>

#include "beside.hpp"

namespace poolfit::plan {
namespace {

using assess::Term;
using Money = Interval<MicroUsdPerMonth>;

/// The servers that it is charged for: of a cluster all.
std::vector<Index> targets(const Fleet& fleet, const Topology& topology, Index database) {
    if (!fleet.databases[database].platform->cluster) return {database};
    const Index primary = fleet.databases[database].replica_of.value_or(database);
    std::vector<Index> all{primary};
    all.insert(all.end(), topology.replicas[primary].begin(), topology.replicas[primary].end());
    return all;
}

class Biller {
public:
    Biller(const Fleet& fleet, const Plan& plan, Index pooler, Recorder r)
        : fleet_(fleet),
          plan_(plan),
          index_(pooler),
          database_(fleet.databases[fleet.poolers[pooler].database]),
          targets_(targets(fleet, plan.topology, fleet.poolers[pooler].database)),
          r_(r) {}

    PoolerPlan::Bill make() const {
        PoolerPlan::Bill bill;
        const bool one_kind =
            std::ranges::all_of(targets_, [&](Index i) { return fleet_.databases[i].platform == database_.platform; });
        if (!one_kind) return bill;
        bill.price = price_on(*database_.platform);
        const bool elastic = database_.platform->elastic != nullptr;
        if (bill.price) bill.now = cost(Phase::now, *bill.price, elastic);
        std::size_t kept = 0, to_serverless = 0;
        for (const Index i : targets_) {
            const Recommendation& advice = plan_.databases[i].recommendation;
            kept += advice.verdict != Verdict::idle ? 1 : 0;
            to_serverless += advice.serverless ? 1 : 0;
        }
        if (kept == 0) {
            const MicroUsdPerMonth none(0);
            if (bill.price)
                bill.after = Figure<Money>{Money{none, none},
                                           r_.constant(assess::pooler_key(index_, Name::pooler_cost, Phase::after),
                                                       assess::measured(none), Grounds::deleted_pooler)};
        } else if (to_serverless == 0) {
            if (bill.price) bill.after = cost(Phase::after, *bill.price, elastic);
        } else if (to_serverless == kept) {
            // It is charged by capacity then; of a cluster with both kinds no price is published.
            const auto price = price_on(*platform::elastic_of(*database_.platform));
            if (price) bill.after = cost(Phase::after, *price, true);
        }
        return bill;
    }

private:
    std::optional<Price> price_on(const Platform& platform) const {
        return plan_.market->catalog().proxy_price(platform, *database_.region);
    }

    std::optional<Figure<Money>> cost(Phase phase, const Price& price, bool elastic) const {
        std::vector<Term> units;
        for (const Index i : targets_) {
            const DatabasePlan& mine = plan_.databases[i];
            if (phase == Phase::after && mine.recommendation.verdict == Verdict::idle) continue;
            if (elastic) {
                if (!mine.capacity) return std::nullopt;
                units.push_back(r_(mine.capacity->units));
            } else {
                const InstanceClass& cls = phase == Phase::now ? *fleet_.databases[i].type : *mine.recommendation.cls;
                if (cls.unknown) return std::nullopt;
                units.push_back(r_(assess::class_vcpus(cls, r_)));
            }
        }
        const Figure<MicroUsdPerMonth> unit{price.amount, r_.row(assess::pooler_key(index_, Name::pooler_unit_price),
                                                                 assess::measured(price.amount), price.row)};
        const Term all = assess::most(assess::sum(units, r_.figures()), least(elastic));
        return r_.keep<Money>(assess::pooler_key(index_, Name::pooler_cost, phase), all * r_(unit));
    }

    Term least(bool elastic) const {
        const PoolerKind::Charged& charged = platform::pooler_kind(fleet_.poolers[index_].kind).charged;
        const std::int64_t amount = elastic ? charged.least_units : charged.least_vcpus;
        const Key key = assess::constant_key(elastic ? Name::proxy_least_units : Name::proxy_least_vcpus);
        return r_(Figure<std::int64_t>{amount, r_.constant(key, assess::measured(amount), charged.source)});
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Index index_;
    const Database& database_;
    std::vector<Index> targets_;
    Recorder r_;
};

/// Of today's pools: each client that is pinned keeps one. Nothing where one has no limit.
std::optional<Figure<Interval<Connections>>> pinned(const Fleet& fleet, const Plan& plan, Index pooler, Recorder r) {
    std::vector<Term> surely, all;
    for (const Index p : plan.topology.clients[pooler]) {
        const Pinned kind = assess::pinned(fleet, fleet.pools[p]);
        if (kind == Pinned::no) continue;
        const auto& open = plan.pools[p].now.allocated;
        if (!open) return std::nullopt;
        all.push_back(r(*open));
        if (kind == Pinned::yes) surely.push_back(r(*open));
    }
    return r.keep<Interval<Connections>>(assess::pooler_key(pooler, Name::pooler_pinned),
                                         assess::between(assess::sum(surely, r.figures(), Grounds::no_pinned),
                                                         assess::sum(all, r.figures(), Grounds::no_pinned)));
}

/// Pinned sessions, and what the others have busy at once: with today's pools.
std::optional<Figure<Interval<Connections>>> in_need(const Fleet& fleet, const Plan& plan, Index pooler, Recorder r) {
    std::vector<Term> all;
    for (const Index p : plan.topology.clients[pooler]) {
        const Pinned kind = assess::pinned(fleet, fleet.pools[p]);
        const auto& open = plan.pools[p].now.allocated;
        if (!open) return std::nullopt;
        if (kind == Pinned::yes) {
            all.push_back(r(*open));
            continue;
        }
        if (!fleet.pools[p].in_use) return std::nullopt;
        const assess::BusyInAll busy = assess::busy_in_all(fleet, p, r);
        // More than its pools can open is a mistake in what is in use.
        const auto within = [&](const Term& use) {
            return use.value.high > static_cast<double>(open->value.value) ? r(*open) : use;
        };
        const Term least = within(assess::floor(assess::low(busy.typical)));
        const Term most = kind == Pinned::may ? r(*open) : within(assess::ceil(assess::high(busy.peak)));
        all.push_back(assess::between(least, most));
    }
    if (all.empty()) return std::nullopt;
    return r.keep<Interval<Connections>>(assess::pooler_key(pooler, Name::pooler_in_need),
                                         assess::sum(all, r.figures()));
}

}  // namespace

std::optional<MicroUsdPerMonth> managed_cost(const Fleet& fleet, const Plan& plan, Index index) {
    const Database& database = fleet.databases[index];
    const auto price = plan.market->catalog().proxy_price(*database.platform, *database.region);
    if (!price || database.platform->elastic != nullptr) return std::nullopt;
    std::int64_t vcpus = 0;
    for (const Index i : targets(fleet, plan.topology, index)) {
        const InstanceClass& cls = *plan.databases[i].recommendation.cls;
        if (cls.unknown) return std::nullopt;
        vcpus += cls.vcpus;
    }
    return price->amount * std::max(vcpus, platform::pooler_kind(Pooler::Kind::proxy).charged.least_vcpus);
}

void bill_poolers(const Fleet& fleet, Plan& plan, Recorder r) {
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        if (fleet.poolers[i].kind != Pooler::Kind::proxy) continue;
        plan.poolers[i].bill = Biller(fleet, plan, i, r).make();
        plan.poolers[i].pinned = pinned(fleet, plan, i, r);
        plan.poolers[i].in_need = in_need(fleet, plan, i, r);
    }
}

}  // namespace poolfit::plan
