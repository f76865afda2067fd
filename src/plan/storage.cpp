#include "storage.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <poolfit/assess/leaves.hpp>

#include "beside.hpp"
#include "storage_other.hpp"

namespace poolfit::plan {
namespace {

using assess::Term;
using MoneyRange = Interval<MicroUsdPerMonth>;
using Why = StorageRejected::Why;

constexpr double step_of_iops = 100, months_ahead = 12;

class User {
public:
    User(const Fleet& fleet, const Plan& plan, Index index, Recorder r)
        : fleet_(fleet),
          plan_(plan),
          index_(index),
          database_(fleet.databases[index]),
          observed_(database_.observed),
          other_(database_, index, *plan.databases[index].chosen.cls, use_),
          r_(r) {}

    StorageUse find() {
        use_.given = &*database_.storage;
        use_.volume = assess::volume(fleet_, index_, r_);
        use_.iops = assess::volume_iops(use_.volume, key(Name::storage_iops), r_);
        use_.mibps = assess::volume_mibps(use_.volume, key(Name::storage_mibps), r_);
        use_.burst = assess::volume_burst(use_.volume, key(Name::storage_burst), r_);
        usable();
        if (use_.volume.kind == nullptr) return std::move(use_);
        count_requests(fleet_, plan_, index_, use_, r_);
        use_.cost = assess::volume_cost(fleet_, catalog(), index_, use_.volume, key(Name::storage_cost), r_);
        after();
        if (!use_.kept) return std::move(use_);
        if (database_.platform->volumes->shared) {
            compare_configurations(fleet_, plan_, index_, use_, r_);
            return std::move(use_);
        }
        growth();
        retired();
        more_iops();
        fewer_iops();
        cheaper();
        return std::move(use_);
    }

private:
    Key key(Name name) const { return assess::database_key(index_, name); }
    Key key_after(Name name) const { return {{Subject::Kind::database, index_}, name, Phase::after}; }
    Key key_as(const VolumeKind& kind) const {
        Key key = this->key(Name::storage_cost_as);
        key.detail = kind.name;
        return key;
    }
    const Catalog& catalog() const { return plan_.market->catalog(); }
    const DatabasePlan& mine() const { return plan_.databases[index_]; }

    std::optional<Figure<double>> through(const InstanceClass& cls, Name name) const {
        const auto& most = cls.throughput.ebs_baseline_iops;
        if (!use_.iops || !most) return std::nullopt;
        const Figure<double> lets{*most, r_.row(assess::class_key(cls, Name::ebs_baseline_iops),
                                                assess::measured(Measure::iops, *most), cls.row, {Note::holds_always})};
        return r_.keep<double>(key(name), Measure::iops, assess::least(r_(*use_.iops), r_(lets)));
    }

    void usable() {
        use_.usable_now = through(*database_.type, Name::storage_usable_iops_today);
        use_.usable_after = through(*mine().chosen.cls, Name::storage_usable_iops);
    }

    bool is_deleted(Index i) const { return plan_.databases[i].recommendation.verdict == Verdict::idle; }

    /// The volume goes with its database.
    void after() {
        use_.kept = !is_deleted(index_);
        const Volumes& volumes = *database_.platform->volumes;
        if (use_.kept && (volumes.listed_price == nullptr || volumes.listed_price(*mine().chosen.cls))) {
            use_.cost_after = use_.cost.cost;
            if (!use_.requests_after || !use_.requests || use_.requests_after->value == use_.requests->value) return;
            Volume then = use_.volume;
            then.requests = use_.requests_after;
            use_.cost_after =
                assess::volume_cost(fleet_, catalog(), index_, then, key_after(Name::storage_cost), r_).cost;
        } else if (use_.kept) {
            return;
        } else if (use_.cost.cost) {
            const MicroUsdPerMonth none(0);
            use_.cost_after = Figure<MoneyRange>{
                MoneyRange{none, none},
                r_.constant(key_after(Name::storage_cost), assess::measured(none), Grounds::deleted_volume)};
        }
    }

    void reject(const VolumeKind& to, Why why, std::optional<double> provisioned = {}, double has = 0, double needs = 0,
                std::optional<MoneyRange> saves = {}) {
        use_.rejected.push_back({why, &to, provisioned, has, needs, saves});
    }

    /// Why `as` has none.
    void reject_as(const VolumeKind& kind, double iops) {
        if (!use_.volume.gib) return;
        if (const auto then = other_.as(kind, {iops, iops}, true); then && !other_.has_throughput(*then))
            return reject(kind, Why::throughput, {}, other_.most_mibps(kind), *other_.seen_mibps());
        const double gib = use_.volume.gib->value;
        const VolumeKind::Tier* tier = OtherVolumes::tier_of(kind, gib);
        if (tier == nullptr) return reject(kind, Why::size, {}, 0, gib);
        const auto* may = tier->set ? kind.provisioned : nullptr;
        const double most = may != nullptr ? std::min(may->most, gib * may->most_per_gib) : tier->iops;
        reject(kind, Why::iops, {}, most, iops);
    }

    void growth() {
        if (!use_.volume.gib) return;
        const VolumeKind::Tier* next = platform::next_tier(*use_.volume.kind, use_.volume.gib->value);
        if (next == nullptr || !next->moved) return;
        const auto reaches = [&](double gib) { return gib >= static_cast<double>(next->from_gib); };
        const auto& most = use_.given->max_size;
        const auto& growth = fleet_.growth;
        if (most && reaches(gib(most->value))) {
            use_.next = next;
        } else if (growth && growth->load_per_month &&
                   reaches(use_.volume.gib->value * std::pow(1 + growth->load_per_month->value.value, months_ahead))) {
            use_.next = next;
            use_.by_growth = true;
        }
    }

    /// With what the volume gives and costs.
    StorageAdvice advice(StorageAdvice::Kind kind, Volume then, const std::optional<Figure<double>>& source,
                         Recorder r) const {
        StorageAdvice advice;
        advice.kind = kind;
        advice.to = then.kind;
        if (then.gib->value != use_.volume.gib->value) {
            advice.gib = then.gib->value;
            then.gib->id = r.literal(then.gib->value).id;
        }
        if (then.mibps) {
            advice.provisioned_mibps = then.mibps->value;
            then.mibps = r.keep<double>(key_after(Name::storage_provisioned_mibps), Measure::count,
                                        other_.throughput_term(then, r));
        }
        if (then.iops) {
            advice.provisioned = then.iops->value;
            then.iops = r.keep<double>(key_after(Name::storage_provisioned_iops), Measure::iops,
                                       other_.iops_term(then, source, r));
        }
        advice.iops = assess::volume_iops(then, key_after(Name::storage_iops), r);
        advice.mibps_not_seen = then.kind != use_.volume.kind && !other_.seen_mibps();
        if (const auto gives = assess::volume_mibps(then, key_after(Name::storage_mibps), r))
            advice.mibps = gives->value;
        const VolumeCost cost = assess::volume_cost(fleet_, catalog(), index_, then, key_as(*then.kind), r);
        if (!cost.cost) return advice;
        if (cost.at_least) {
            // What has no price is the same throughput in both, and no part of the difference.
            if (lacks_throughput_alone(use_, then, cost))
                advice.saves = r.keep<MoneyRange>(key(Name::storage_saves), r(*use_.cost.cost) - r(*cost.cost));
            return advice;
        }
        advice.cost = cost.cost;
        if (use_.cost.cost && !use_.cost.at_least)
            advice.saves = r.keep<MoneyRange>(key(Name::storage_saves), r(*use_.cost.cost) - r(*cost.cost));
        return advice;
    }

    /// Takes it if `accepts` says so; only what is taken is recorded.
    template <class Accepts>
    void advise(StorageAdvice::Kind kind, const Volume& then, const std::optional<Figure<double>>& source,
                const Accepts& accepts) {
        const StorageAdvice option = advice(kind, then, source, {});
        if (accepts(option)) {
            use_.advice = advice(kind, then, source, r_);
        } else if (kind != StorageAdvice::Kind::more_iops) {
            if (!option.saves) return reject(*then.kind, Why::no_price, option.provisioned);
            reject(*then.kind, Why::saves_less, option.provisioned, 0, 0, option.saves->value);
        }
    }

    bool saves_enough(const StorageAdvice& advice) const {
        return advice.saves && advice.saves->value.low >= *fleet_.policy.min_savings_per_month;
    }

    void retired() {
        if (use_.volume.kind->retired.empty()) return;
        const double seen = observed_.iops ? (*observed_.iops)->high : 0;
        if (const auto then = other_.as(*use_.volume.kind->better, {seen, seen}, false))
            advise(StorageAdvice::Kind::retired, *then, {}, [](const StorageAdvice&) { return true; });
    }

    /// The same IOPS on the kind that takes the place of provisioned ones, as far as the class can use them. Not at a
    /// larger size where the load needs no more than today's size gives: `fewer_iops`.
    void cheaper() {
        if (use_.advice || !use_.volume.iops || use_.volume.kind->better == nullptr) return;
        const VolumeKind& kind = *use_.volume.kind->better;
        const double iops = in_bursts(use_.volume.iops->value);
        const auto then = other_.at_any_size(kind, {iops, iops});
        if (!then) return reject_as(kind, iops);
        if (then->gib->value != use_.volume.gib->value)
            if (const auto need = needed(); need && need->value < iops)
                if (const auto small = other_.as(kind, {need->value, need->value}, true);
                    small && other_.has_throughput(*small))
                    return;
        advise(StorageAdvice::Kind::cheaper, *then, use_.volume.iops,
               [&](const StorageAdvice& advice) { return !advice.saves || saves_enough(advice); });
    }

    /// Of so many IOPS, what today's class and the recommended one let through for a while.
    double in_bursts(double iops) const {
        double most = 0;
        for (const InstanceClass* cls : {database_.type, mine().chosen.cls}) {
            const auto& lets = cls->throughput.ebs_baseline_iops;
            if (!lets) return iops;
            most = std::max({most, *lets, cls->throughput.ebs_max_iops.value_or(0)});
        }
        return std::min(iops, most);
    }

    /// What the highest observed IOPS need, in whole hundreds.
    std::optional<Figure<double>> needed() {
        if (need_ || !observed_.iops) return need_;
        const Interval<double>& seen = **observed_.iops;
        const Figure<Interval<double>> given{
            seen, r_.input(key(Name::observed_iops), assess::measured(Measure::iops, seen), observed_.iops->place)};
        const Figure<double> part = volume_room(r_);
        need_ = r_.keep<double>(
            key(Name::storage_needed_iops), Measure::iops,
            assess::ceil(assess::high(r_(given)) / r_(part) / r_.literal(step_of_iops)) * r_.literal(step_of_iops));
        return need_;
    }

    void fewer_iops() {
        const auto* may = use_.volume.kind->provisioned;
        if (use_.advice || !use_.volume.iops || may == nullptr) return;
        const auto need = needed();
        const double today = use_.volume.iops->value;
        if (!need || need->value >= today) return;
        const double used = in_bursts(need->value);
        const auto enough = [&](const StorageAdvice& advice) { return saves_enough(advice); };
        if (const VolumeKind* better = use_.volume.kind->better)
            if (const auto then = other_.at_any_size(*better, {used, used})) {
                const auto all = other_.at_any_size(*better, {today, today});
                const bool same = all && all->gib->value == then->gib->value && !all->iops && !then->iops;
                if (same) return;  // `cheaper`
                advise(StorageAdvice::Kind::fewer_iops, *then, need, enough);
            }
        if (use_.advice) return;
        const double gib = use_.given->max_size ? poolfit::gib(use_.given->max_size->value) : use_.volume.gib->value;
        const double least =
            std::max({platform::least_provisioned(*use_.volume.kind, gib), std::ceil(gib * may->least_per_gib), used});
        if (least >= today) return;
        const auto then = other_.as(*use_.volume.kind, {least, least}, true);
        if (!then || (then->iops && then->iops->value >= today)) return;  // its throughput takes them all
        advise(StorageAdvice::Kind::fewer_iops, *then, need, enough);
    }

    /// Of another kind, or at a larger size, where today's gives no more.
    void more_iops() {
        if (use_.advice || !use_.iops || !observed_.iops || (*observed_.iops)->high <= use_.iops->value) return;
        const VolumeKind &own = *use_.volume.kind, &first = own.better != nullptr ? *own.better : own;
        const auto need = needed();
        // More than the class lets through is on the bill and cannot be used.
        const auto& lets = mine().chosen.cls->throughput.ebs_baseline_iops;
        const auto usable = [&](double iops) { return lets ? std::min(iops, *lets) : iops; };
        const auto more = [&](const StorageAdvice& advice) {
            const bool priced = advice.saves || advice.to->performance_tier.empty();
            return priced && advice.iops && usable(advice.iops->value) > usable(use_.iops->value);
        };
        // What comes with a size is enough where it is what was seen; what is bought has room above it.
        const OtherVolumes::Iops wanted{usable((*observed_.iops)->high), usable(need->value)};
        if (wanted.included > use_.iops->value)
            for (const VolumeKind* kind : {&first, &own})
                if (const auto then = other_.at_any_size(*kind, wanted); then && !use_.advice)
                    advise(StorageAdvice::Kind::more_iops, *then, need, more);
        if (use_.advice) return;
        const VolumeKind& kind = use_.volume.iops ? own : first;
        const auto then = other_.as(kind, wanted, false);
        if (!then || !other_.has_throughput(*then)) return reject_as(kind, need->value);
        advise(StorageAdvice::Kind::more_iops, *then, need, more);
        if (use_.advice) return;
        if (lets && *lets <= use_.iops->value) return reject(kind, Why::by_class, {}, *lets, need->value);
        if (!kind.performance_tier.empty() && other_.at_any_size(kind, wanted)) return reject(kind, Why::no_price);
        reject_as(kind, need->value);
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Index index_;
    const Database& database_;
    const Observed& observed_;
    StorageUse use_;
    OtherVolumes other_;
    Recorder r_;
    std::optional<Figure<double>> need_;
};

}  // namespace

std::optional<StorageUse> storage_use(const Fleet& fleet, const Plan& plan, Index index, Recorder r) {
    if (!fleet.databases[index].storage) return std::nullopt;
    return User(fleet, plan, index, r).find();
}

}  // namespace poolfit::plan
