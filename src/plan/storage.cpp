#include "storage.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <poolfit/assess/leaves.hpp>

#include "phase_parts.hpp"

namespace poolfit::plan {
namespace {

using assess::Term;
using Money = Interval<MicroUsdPerMonth>;

constexpr double seconds_per_hour = 3600, million = 1e6, step_of_iops = 100, months_ahead = 12;
/// Observed peaks take so much of what is provisioned.
constexpr double room = 0.8;
constexpr std::string_view room_source = "ours: provisioned IOPS a quarter above the highest that were observed";

class User {
public:
    User(const Fleet& fleet, const Plan& plan, Index index, Recorder r)
        : fleet_(fleet),
          plan_(plan),
          index_(index),
          database_(fleet.databases[index]),
          observed_(database_.observed),
          r_(r) {}

    StorageUse find() {
        use_.given = &*database_.storage;
        use_.volume = assess::volume(fleet_, index_, r_);
        use_.iops = assess::volume_iops(use_.volume, key(Name::storage_iops), r_);
        use_.mibps = assess::volume_mibps(use_.volume, key(Name::storage_mibps), r_);
        use_.burst = assess::volume_burst(use_.volume);
        usable();
        if (use_.volume.kind == nullptr) return std::move(use_);
        requests();
        use_.cost = assess::volume_cost(fleet_, catalog(), index_, use_.volume, key(Name::storage_cost), r_);
        after();
        if (!use_.kept) return std::move(use_);
        if (database_.platform->volumes->shared) {
            configuration();
            return std::move(use_);
        }
        growth();
        retired();
        cheaper();
        fewer_iops();
        more_iops();
        return std::move(use_);
    }

private:
    Key key(Name name) const { return assess::database_key(index_, name); }
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
        } else if (use_.kept) {
            return;
        } else if (use_.cost.cost) {
            Key then = key(Name::storage_cost);
            then.phase = Phase::after;
            const MicroUsdPerMonth none(0);
            use_.cost_after = Figure<Money>{
                Money{none, none}, r_.constant(then, assess::measured(none),
                                               "storage is charged until the database is deleted; its snapshots after "
                                               "that, by their size")};
        }
    }

    /// Those that the plan keeps: each asks for pages of its own.
    std::vector<Index> instances() const {
        std::vector<Index> all{index_};
        for (const Index replica : plan_.topology.replicas[index_])
            if (!is_deleted(replica)) all.push_back(replica);
        return all;
    }

    void requests() {
        if (!database_.platform->volumes->shared && !use_.volume.kind->io_charged) return;
        if (use_.volume.requests) {
            use_.requests = use_.volume.requests;
            return;
        }
        std::vector<Term> parts;
        for (const Index i : instances()) {
            const auto& seen = fleet_.databases[i].observed.iops;
            if (!seen) return;  // of the others it would be a part
            // A peak alone is no more than a bound of the month.
            const Term given =
                r_(Figure<Interval<double>>{**seen, r_.input(assess::database_key(i, Name::observed_iops),
                                                             assess::measured(Measure::iops, **seen), seen->place)});
            parts.push_back((*seen)->is_point() ? assess::between(r_.literal(0), given) : given);
        }
        use_.requests = r_.keep<Interval<double>>(
            key(Name::storage_requests), Measure::count,
            assess::sum(parts, r_.figures()) * r_.literal(seconds_per_hour) * r_(assess::month_hours(r_)));
        use_.requests_observed = true;
        use_.volume.requests = use_.requests;
    }

    /// The list price of all instances, before the factor of the volume.
    std::optional<Term> all_instances() const {
        std::vector<Term> parts;
        for (const Index i : instances()) {
            const DatabasePlan& each = plan_.databases[i];
            if (const auto& capacity = each.capacity; capacity && !capacity->instead) {
                if (!capacity->unit_price) return std::nullopt;
                const MicroUsdPerMonth unit = capacity->before_factor.value_or(capacity->unit_price->amount);
                const Figure<MicroUsdPerMonth> price{unit, r_.row({{Subject::Kind::database, i}, Name::capacity_price},
                                                                  assess::measured(unit), capacity->unit_price->row)};
                parts.push_back(r_(capacity->units) * r_(price));
                continue;
            }
            const VolumeKind* kind = assess::volume_factor(fleet_, i);
            if (const auto& serverless = each.recommendation.serverless) {
                // The factor is not on Extended Support, which is a part of its cost.
                if (!each.capacity || each.capacity->support) return std::nullopt;
                const Term cost = r_(serverless->cost);
                parts.push_back(kind != nullptr ? cost / r_(assess::class_factor(*kind, r_)) : cost);
                continue;
            }
            if (!each.chosen.list) return std::nullopt;
            Term list = r_(*each.chosen.list);
            if (const auto& stop = each.recommendation.stop) list = list - r_(stop->saves);
            const Offer& offer = plan_.market->offer(i, *each.chosen.cls);
            if (offer.before_factor) list = list / r_(assess::class_factor(*kind, r_));
            parts.push_back(list);
        }
        return assess::sum(parts, r_.figures());
    }

    void configuration() {
        const VolumeKind *charged = nullptr, *flat = nullptr;
        for (const VolumeKind* kind : database_.platform->volumes->kinds) (kind->io_charged ? charged : flat) = kind;
        const auto all = all_instances();
        if (!all || !use_.volume.gib) return;
        Volume standard = use_.volume, optimized = use_.volume;
        standard.kind = charged;
        const bool is_standard = use_.volume.kind == charged;
        const auto& version = database_.version;
        if (is_standard && version && !platform::has_flat_volume(*database_.platform->volumes, **version)) return;
        optimized.kind = flat;
        const auto price_of = [&](const VolumeKind& kind) {
            return catalog().storage_price(*database_.platform, *database_.region, kind.name, *database_.multi_az);
        };
        const auto a = price_of(*charged), b = price_of(*flat);
        if (!a || !b || !a->per_million_requests) return;
        // Storage alone, without requests.
        const auto storage = [&](const VolumeKind& kind, const StoragePrice& price) {
            Key each = key(Name::storage_per_gib);
            each.detail = kind.name;
            const Figure<MicroUsdPerMonth> row{price.per_gib,
                                               r_.row(each, assess::unit_measured(price.per_gib), price.row)};
            return r_(*use_.volume.gib) * r_(row);
        };
        const auto instances_figure = r_.keep<Money>(key(Name::storage_instances), *all);
        const Term more = (r_(assess::class_factor(*flat, r_)) - r_.literal(1)) * r_(instances_figure);
        use_.break_even =
            r_.keep<Money>(key(Name::storage_break_even), more + (storage(*flat, *b) - storage(*charged, *a)));
        Key million_key = key(Name::storage_per_million);
        million_key.detail = charged->name;
        const Figure<MicroUsdPerMonth> of_million{
            *a->per_million_requests, r_.row(million_key, assess::unit_measured(*a->per_million_requests), a->row)};
        use_.break_even_requests =
            r_.keep<Interval<double>>(key(Name::storage_break_even_requests), Measure::count,
                                      r_(*use_.break_even) / r_(of_million) * r_.literal(million));
        if (!use_.requests) return;
        const Term io = r_(*use_.requests) / r_.literal(million) * r_(of_million);
        const Term difference = is_standard ? io - r_(*use_.break_even) : r_(*use_.break_even) - io;
        if (difference.value.low < static_cast<double>(fleet_.policy.min_savings_per_month->value)) return;
        StorageAdvice advice;
        advice.kind = StorageAdvice::Kind::configuration;
        advice.to = is_standard ? flat : charged;
        Volume then = is_standard ? optimized : standard;
        advice.cost = assess::volume_cost(fleet_, catalog(), index_, then, key_as(*advice.to), r_).cost;
        advice.saves = r_.keep<Money>(key(Name::storage_saves), difference);
        use_.advice = advice;
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

    /// `kind` in place of today's, for at least so many IOPS: nothing where it does not give them.
    std::optional<Volume> as(const VolumeKind& kind, double iops, bool exactly) const {
        if (!use_.volume.gib) return std::nullopt;
        const double gib = use_.volume.gib->value;
        const VolumeKind::Tier* tier = platform::tier(kind, gib);
        if (tier == nullptr || gib < static_cast<double>(kind.least_gib) || gib > static_cast<double>(kind.most_gib))
            return std::nullopt;
        Volume then;
        then.kind = &kind;
        then.gib = use_.volume.gib;
        if (iops <= tier->iops) return then;
        const auto* may = kind.provisioned;
        if (!tier->set || may == nullptr) return exactly ? std::nullopt : std::optional(then);
        const double most = platform::most_provisioned(kind, gib);
        if (exactly && iops > most) return std::nullopt;
        then.iops = Figure<double>{std::max(std::min(iops, most), platform::least_provisioned(kind, gib)), {}};
        return then;
    }

    /// With what the volume gives and costs.
    StorageAdvice advice(StorageAdvice::Kind kind, Volume then, const std::optional<Figure<double>>& source,
                         Recorder r) const {
        StorageAdvice advice;
        advice.kind = kind;
        advice.to = then.kind;
        if (then.iops) {
            advice.provisioned = then.iops->value;
            const bool same = source && source->value == then.iops->value;
            then.iops->id = same ? source->id : r.literal(then.iops->value).id;
        }
        Key iops = key(Name::storage_iops);
        iops.phase = Phase::after;
        advice.iops = assess::volume_iops(then, iops, r);
        Key mibps = key(Name::storage_mibps);
        mibps.phase = Phase::after;
        if (const auto gives = assess::volume_mibps(then, mibps, r)) advice.mibps = gives->value;
        const VolumeCost cost = assess::volume_cost(fleet_, catalog(), index_, then, key_as(*then.kind), r);
        if (!cost.cost || cost.at_least) return advice;
        advice.cost = cost.cost;
        if (use_.cost.cost && !use_.cost.at_least)
            advice.saves = r.keep<Money>(key(Name::storage_saves), r(*use_.cost.cost) - r(*cost.cost));
        return advice;
    }

    /// Takes it if `accepts` says so; only what is taken is recorded.
    template <class Accepts>
    void advise(StorageAdvice::Kind kind, const Volume& then, const std::optional<Figure<double>>& source,
                const Accepts& accepts) {
        if (accepts(advice(kind, then, source, {}))) use_.advice = advice(kind, then, source, r_);
    }

    bool saves_enough(const StorageAdvice& advice) const {
        return advice.saves && advice.saves->value.low >= *fleet_.policy.min_savings_per_month;
    }

    /// Does the kind have the throughput that was seen? Of what nothing was seen, yes.
    bool has_throughput(const Volume& then) const {
        const auto& seen = observed_.ebs_throughput;
        const VolumeKind::Tier& tier = *platform::tier(*then.kind, then.gib->value);
        return !seen || tier.mibps == 0 || assess::mib_per_second((*seen)->high) <= tier.mibps;
    }

    void retired() {
        if (use_.volume.kind->retired.empty()) return;
        const double seen = observed_.iops ? (*observed_.iops)->high : 0;
        if (const auto then = as(*use_.volume.kind->better, seen, false))
            advise(StorageAdvice::Kind::retired, *then, {}, [](const StorageAdvice&) { return true; });
    }

    /// The same IOPS on the kind that takes the place of provisioned ones.
    void cheaper() {
        if (use_.advice || !use_.volume.iops || use_.volume.kind->better == nullptr) return;
        const auto then = as(*use_.volume.kind->better, use_.volume.iops->value, true);
        if (!then || !has_throughput(*then)) return;
        advise(StorageAdvice::Kind::cheaper, *then, use_.volume.iops,
               [&](const StorageAdvice& advice) { return !advice.saves || saves_enough(advice); });
    }

    /// What the highest observed IOPS need, in whole hundreds.
    std::optional<Figure<double>> needed() {
        if (need_ || !observed_.iops) return need_;
        const Interval<double>& seen = **observed_.iops;
        const Figure<Interval<double>> given{
            seen, r_.input(key(Name::observed_iops), assess::measured(Measure::iops, seen), observed_.iops->place)};
        const Figure<double> part{room, r_.constant(assess::constant_key(Name::volume_room),
                                                    assess::measured(Measure::ratio, room), room_source)};
        need_ = r_.keep<double>(
            key(Name::storage_needed_iops), Measure::iops,
            assess::ceil(assess::high(r_(given)) / r_(part) / r_.literal(step_of_iops)) * r_.literal(step_of_iops));
        return need_;
    }

    void fewer_iops() {
        const auto* may = use_.volume.kind->provisioned;
        if (use_.advice || !use_.volume.iops || may == nullptr) return;
        const auto need = needed();
        if (!need || need->value >= use_.volume.iops->value) return;
        const auto enough = [&](const StorageAdvice& advice) { return saves_enough(advice); };
        if (use_.volume.kind->better != nullptr)
            if (const auto then = as(*use_.volume.kind->better, need->value, true); then && has_throughput(*then))
                advise(StorageAdvice::Kind::fewer_iops, *then, need, enough);
        if (use_.advice) return;
        const double gib = use_.given->max_size ? poolfit::gib(use_.given->max_size->value) : use_.volume.gib->value;
        const double least = std::max(
            {platform::least_provisioned(*use_.volume.kind, gib), std::ceil(gib * may->least_per_gib), need->value});
        if (least >= use_.volume.iops->value) return;
        if (const auto then = as(*use_.volume.kind, least, true))
            advise(StorageAdvice::Kind::fewer_iops, *then, need, enough);
    }

    void more_iops() {
        if (use_.advice || !use_.iops || !observed_.iops || (*observed_.iops)->high <= use_.iops->value) return;
        const VolumeKind& kind =
            use_.volume.kind->better != nullptr && !use_.volume.iops ? *use_.volume.kind->better : *use_.volume.kind;
        const auto need = needed();
        // More than the class lets through is on the bill and cannot be used.
        const auto& lets = mine().chosen.cls->throughput.ebs_baseline_iops;
        const auto usable = [&](double iops) { return lets ? std::min(iops, *lets) : iops; };
        if (const auto then = as(kind, usable(need->value), false))
            advise(StorageAdvice::Kind::more_iops, *then, need, [&](const StorageAdvice& advice) {
                return advice.iops && usable(advice.iops->value) > usable(use_.iops->value);
            });
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Index index_;
    const Database& database_;
    const Observed& observed_;
    Recorder r_;
    StorageUse use_;
    std::optional<Figure<double>> need_;
};

}  // namespace

std::optional<StorageUse> storage_use(const Fleet& fleet, const Plan& plan, Index index, Recorder r) {
    if (!fleet.databases[index].storage) return std::nullopt;
    return User(fleet, plan, index, r).find();
}

std::optional<Action> storage_action(const Plan& plan, Index index) {
    const auto& use = plan.databases[index].storage;
    if (!use || !use->advice) return std::nullopt;
    const StorageAdvice& advice = *use->advice;
    const bool for_money = advice.kind == StorageAdvice::Kind::cheaper ||
                           advice.kind == StorageAdvice::Kind::fewer_iops ||
                           advice.kind == StorageAdvice::Kind::configuration;
    if (for_money && !advice.saves) return std::nullopt;
    Action action;
    action.kind = Action::Kind::storage;
    action.gain = Action::Gain::storage;
    action.risk = advice.kind == StorageAdvice::Kind::cheaper ? Risk::medium : Risk::low;
    action.databases = {index};
    for (const Step::Kind kind : {Step::Kind::change_storage, Step::Kind::set_storage}) {
        action.steps.push_back(step(kind));
        action.steps.back().database = index;
    }
    if (advice.saves) action.saves_per_month = advice.saves->value.low;
    action.watch.push_back(sign(Sign::Kind::latency));
    action.success.push_back(sign(Sign::Kind::latency_as_before));
    return action;
}

}  // namespace poolfit::plan
