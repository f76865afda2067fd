// Aurora Standard or I/O-Optimized: which costs a cluster less.
#include <algorithm>
#include <cstdint>
#include <vector>

#include <poolfit/assess/leaves.hpp>

#include "beside.hpp"
#include "cover.hpp"
#include "storage.hpp"

namespace poolfit::plan {
namespace {

using assess::Term;
using Money = Interval<MicroUsdPerMonth>;
using Why = StorageRejected::Why;

constexpr double million = 1e6;

class Configurations {
public:
    Configurations(const Fleet& fleet, const Plan& plan, Index index, StorageUse& use, Recorder r)
        : fleet_(fleet), plan_(plan), index_(index), database_(fleet.databases[index]), use_(use), r_(r) {
        for (const VolumeKind* kind : database_.platform->volumes->kinds) (kind->io_charged ? charged_ : flat_) = kind;
    }

    void compare() {
        const auto all = all_instances(When::after, r_);
        if (!use_.volume.gib) return;
        const bool is_standard = use_.volume.kind == charged_;
        const VolumeKind& other = is_standard ? *flat_ : *charged_;
        if (!all) return reject(other, Why::no_price);
        const auto& version = database_.version;
        if (is_standard && version && !platform::has_flat_volume(*database_.platform->volumes, **version))
            return reject(other, Why::version);
        const auto price_of = [&](const VolumeKind& kind) {
            return catalog().storage_price(*database_.platform, *database_.region, kind.name, *database_.multi_az);
        };
        const auto a = price_of(*charged_), b = price_of(*flat_);
        if (!a || !b || !a->per_million_requests) return reject(other, Why::no_price);
        const auto storage = [&](const VolumeKind& kind, const StoragePrice& price) {
            Key each = key(Name::storage_per_gib);
            each.detail = kind.name;
            const Figure<MicroUsdPerMonth> row{price.per_gib,
                                               r_.row(each, assess::unit_measured(price.per_gib), price.row)};
            return r_(*use_.volume.gib) * r_(row);
        };
        const Term list = r_(r_.keep<Money>(key(Name::storage_instances), *all));
        const auto dearer = [&](const Term& instances) {
            return (r_(assess::class_factor(*flat_, r_)) - r_.literal(1)) * instances;
        };
        const Term volume = storage(*flat_, *b) - storage(*charged_, *a);
        use_.break_even = r_.keep<Money>(key(Name::storage_break_even), dearer(list) + volume);
        Key million_key = key(Name::storage_per_million);
        million_key.detail = charged_->name;
        const Figure<MicroUsdPerMonth> of_million{
            *a->per_million_requests, r_.row(million_key, assess::unit_measured(*a->per_million_requests), a->row)};
        use_.break_even_requests =
            r_.keep<Interval<double>>(key(Name::storage_break_even_requests), Measure::count,
                                      r_(*use_.break_even) / r_(of_million) * r_.literal(million));
        if (!use_.requests_after) return reject(other, Why::no_requests);
        const Term io = r_(*use_.requests_after) / r_.literal(million) * r_(of_million);
        const auto saved = [&](const Term& break_even) { return is_standard ? io - break_even : break_even - io; };
        const Term by_list = saved(r_(*use_.break_even));
        if (!enough(by_list)) return reject(other, Why::saves_less, money(by_list));
        if (plan_.databases[index_].recommendation.stop)
            if (const auto running = all_instances(When::scheduled, r_))
                if (const Term stopped = saved(dearer(*running) + volume); !enough(stopped)) {
                    reject(other, Why::schedule, money(by_list));
                    use_.rejected.back().saves_stopped = money(stopped);
                    return;
                }
        const auto share = paid_share(is_standard, false);
        const Term difference = share ? saved(dearer(list) * r_.literal(*share) + volume) : by_list;
        if (!enough(difference)) {
            reject(other, Why::committed, money(difference));
            use_.rejected.back().until = until_;
            return;
        }
        StorageAdvice advice;
        advice.kind = StorageAdvice::Kind::configuration;
        advice.to = &other;
        Volume then = use_.volume;
        then.kind = &other;
        then.requests = use_.requests_after;
        Key as = key(Name::storage_cost_as);
        as.detail = other.name;
        advice.cost = assess::volume_cost(fleet_, catalog(), index_, then, as, r_).cost;
        advice.saves = r_.keep<Money>(key(Name::storage_saves), difference);
        // Taken before the instances change, it saves something else.
        if (const auto now = moves() ? all_instances(When::today, r_) : std::nullopt; now && use_.requests) {
            const auto now_share = paid_share(is_standard, true);
            const Term more = dearer(*now), before = r_(*use_.requests) / r_.literal(million) * r_(of_million);
            const Term break_even = (now_share ? more * r_.literal(*now_share) : more) + volume;
            const Term saves = is_standard ? before - break_even : break_even - before;
            advice.saves_today = r_.keep<Money>(key(Name::storage_saves_today), saves);
            advice.pays_today = enough(saves);
        }
        use_.advice = advice;
    }

private:
    /// The instances of the plan, those with the schedule that it advises, or today's.
    enum class When : std::uint8_t { after, scheduled, today };

    /// Does the plan change what the factor of the volume is on?
    bool moves() const {
        if (kept().size() != plan_.topology.replicas[index_].size() + 1) return true;
        return std::ranges::any_of(kept(), [&](Index i) {
            const DatabasePlan& each = plan_.databases[i];
            return each.recommendation.serverless || each.chosen.cls != fleet_.databases[i].type;
        });
    }

    Key key(Name name) const { return assess::database_key(index_, name); }
    const Catalog& catalog() const { return plan_.market->catalog(); }
    static Money money(const Term& term) { return FigureType<Money>::value(term.value); }
    bool enough(const Term& term) const {
        return term.value.low >= static_cast<double>(fleet_.policy.min_savings_per_month->value);
    }

    void reject(const VolumeKind& to, Why why, std::optional<Money> saves = {}) {
        use_.rejected.push_back({why, &to, {}, 0, 0, saves});
    }

    std::vector<Index> cluster() const {
        std::vector<Index> all{index_};
        all.insert(all.end(), plan_.topology.replicas[index_].begin(), plan_.topology.replicas[index_].end());
        return all;
    }

    std::vector<Index> kept() const {
        std::vector<Index> all{index_};
        for (const Index replica : plan_.topology.replicas[index_])
            if (plan_.databases[replica].recommendation.verdict != Verdict::idle) all.push_back(replica);
        return all;
    }

    /// The list price of all instances, before the factor of the volume.
    std::optional<Term> all_instances(When when, Recorder r) const {
        std::vector<Term> parts;
        std::vector<Index> stopped, all = kept();
        if (when == When::scheduled) stopped = stopped_with(fleet_, plan_, index_);
        if (when == When::today) all = cluster();
        for (const Index i : all) {
            const DatabasePlan& each = plan_.databases[i];
            if (const auto& capacity = each.capacity; capacity && !capacity->instead) {
                if (!capacity->unit_price) return std::nullopt;
                const MicroUsdPerMonth unit = capacity->before_factor.value_or(capacity->unit_price->amount);
                const Figure<MicroUsdPerMonth> price{unit, r.row({{Subject::Kind::database, i}, Name::capacity_price},
                                                                 assess::measured(unit), capacity->unit_price->row)};
                parts.push_back(r(capacity->units) * r(price));
                continue;
            }
            const VolumeKind* kind = assess::volume_factor(fleet_, i);
            if (const auto& serverless = each.recommendation.serverless; serverless && when != When::today) {
                // The factor is not on Extended Support, which is a part of its cost.
                if (!each.capacity || each.capacity->support) return std::nullopt;
                const Term cost = r(serverless->cost);
                parts.push_back(kind != nullptr ? cost / r(assess::class_factor(*kind, r)) : cost);
                continue;
            }
            const Projection& on = when == When::today ? each.now : each.chosen;
            if (!on.list) return std::nullopt;
            Term list = r(*on.list);
            if (std::ranges::find(stopped, i) != stopped.end()) list = list - list * stopped_share(fleet_, r);
            const Offer& offer = plan_.market->offer(i, *on.cls);
            if (offer.before_factor) list = list / r(assess::class_factor(*kind, r));
            parts.push_back(list);
        }
        return assess::sum(parts, r.figures());
    }

    /// Of what the instances cost more or less by list price, the part that is really paid or saved as long as
    /// commitments run; nothing where none covers an instance.
    std::optional<double> paid_share(bool is_standard, bool today) {
        if (fleet_.commitments.empty()) return std::nullopt;
        const Terms terms(fleet_, plan_, plan_.market->today());
        const std::vector<Index> own = today ? cluster() : kept();
        const auto item_of = [&](Index i) { return today ? terms.today(i) : terms.planned(i); };
        bool touched = false;
        for (const Index i : own) {
            const Item item = item_of(i);
            if (item.pool >= 0) use_until(terms.pools()[static_cast<std::size_t>(item.pool)].commitments);
            if (item.covered) use_until(terms.plans());
            touched |= item.touched();
        }
        if (!touched) return std::nullopt;
        PaidFleet paid(terms);
        for (Index i = 0; i < fleet_.databases.size(); ++i) paid.add(item_of(i));
        const double before = paid.paid();
        double list = 0;
        for (const Index i : own) {
            Item item = item_of(i);
            paid.add(item, -1);
            const double factor = is_standard ? flat_->class_factor : 1 / flat_->class_factor;
            list += item.list * (factor - 1);
            item.units *= factor;
            item.list *= factor;
            paid.add(item);
        }
        return list == 0 ? 1 : (paid.paid() - before) / list;
    }

    void use_until(const std::vector<Index>& commitments) {
        for (const Index c : commitments) until_ = std::max(until_.value_or(Date{}), *fleet_.commitments[c].ends);
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Index index_;
    const Database& database_;
    StorageUse& use_;
    Recorder r_;
    const VolumeKind *charged_ = nullptr, *flat_ = nullptr;
    std::optional<Date> until_;
};

}  // namespace

void compare_configurations(const Fleet& fleet, const Plan& plan, Index index, StorageUse& use, Recorder r) {
    Configurations(fleet, plan, index, use, r).compare();
}

}  // namespace poolfit::plan
