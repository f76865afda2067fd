#include "storage.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <poolfit/assess/leaves.hpp>

#include "beside.hpp"

namespace poolfit::plan {
namespace {

using assess::Term;
using Money = Interval<MicroUsdPerMonth>;
using Why = StorageRejected::Why;

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
        use_.burst = assess::volume_burst(use_.volume, key(Name::storage_burst), r_);
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
        } else if (use_.kept) {
            return;
        } else if (use_.cost.cost) {
            const MicroUsdPerMonth none(0);
            use_.cost_after = Figure<Money>{
                Money{none, none}, r_.constant(key_after(Name::storage_cost), assess::measured(none),
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
        std::vector<Index> stopped;
        if (mine().recommendation.stop) stopped = stopped_with(fleet_, plan_, index_);
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
            if (std::ranges::find(stopped, i) != stopped.end()) list = list - list * stopped_share(fleet_, r_);
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
        if (!use_.volume.gib) return;
        const bool is_standard = use_.volume.kind == charged;
        const VolumeKind& other = is_standard ? *flat : *charged;
        if (!all) return reject(other, Why::no_price);
        Volume standard = use_.volume, optimized = standard;
        standard.kind = charged;
        const auto& version = database_.version;
        if (is_standard && version && !platform::has_flat_volume(*database_.platform->volumes, **version))
            return reject(other, Why::version);
        optimized.kind = flat;
        const auto price_of = [&](const VolumeKind& kind) {
            return catalog().storage_price(*database_.platform, *database_.region, kind.name, *database_.multi_az);
        };
        const auto a = price_of(*charged), b = price_of(*flat);
        if (!a || !b || !a->per_million_requests) return reject(other, Why::no_price);
        const auto storage = [&](const VolumeKind& kind, const StoragePrice& price) {
            Key each = key(Name::storage_per_gib);
            each.detail = kind.name;
            const Figure<MicroUsdPerMonth> row{price.per_gib,
                                               r_.row(each, assess::unit_measured(price.per_gib), price.row)};
            return r_(*use_.volume.gib) * r_(row);
        };
        const Term list = r_(r_.keep<Money>(key(Name::storage_instances), *all));
        const Term more = (r_(assess::class_factor(*flat, r_)) - r_.literal(1)) * list;
        const Term flat_storage = storage(*flat, *b);
        const Term charged_storage = storage(*charged, *a);
        use_.break_even = r_.keep<Money>(key(Name::storage_break_even), more + (flat_storage - charged_storage));
        Key million_key = key(Name::storage_per_million);
        million_key.detail = charged->name;
        const Figure<MicroUsdPerMonth> of_million{
            *a->per_million_requests, r_.row(million_key, assess::unit_measured(*a->per_million_requests), a->row)};
        use_.break_even_requests =
            r_.keep<Interval<double>>(key(Name::storage_break_even_requests), Measure::count,
                                      r_(*use_.break_even) / r_(of_million) * r_.literal(million));
        if (!use_.requests) return reject(other, Why::no_requests);
        const Term io = r_(*use_.requests) / r_.literal(million) * r_(of_million);
        const Term difference = is_standard ? io - r_(*use_.break_even) : r_(*use_.break_even) - io;
        if (difference.value.low < static_cast<double>(fleet_.policy.min_savings_per_month->value))
            return reject(other, Why::saves_less, {}, 0, 0, FigureType<Money>::value(difference.value));
        StorageAdvice advice;
        advice.kind = StorageAdvice::Kind::configuration;
        advice.to = is_standard ? flat : charged;
        const Volume& then = is_standard ? optimized : standard;
        advice.cost = assess::volume_cost(fleet_, catalog(), index_, then, key_as(*advice.to), r_).cost;
        advice.saves = r_.keep<Money>(key(Name::storage_saves), difference);
        use_.advice = advice;
    }

    /// What the kind gives at a size; null where it has no such volume.
    static const VolumeKind::Tier* tier_of(const VolumeKind& kind, double gib) {
        const bool has = gib >= static_cast<double>(kind.least_gib) && gib <= static_cast<double>(kind.most_gib);
        return has ? platform::tier(kind, gib) : nullptr;
    }

    void reject(const VolumeKind& to, Why why, std::optional<double> provisioned = {}, double has = 0, double needs = 0,
                std::optional<Money> saves = {}) {
        use_.rejected.push_back({why, &to, provisioned, has, needs, saves});
    }

    /// Why `as` has none.
    void reject_as(const VolumeKind& kind, double iops) {
        if (!use_.volume.gib) return;
        if (const auto then = as(kind, iops, true); then && !has_throughput(*then))
            return reject(kind, Why::throughput, {}, platform::tier(kind, then->gib->value)->mibps, *seen_mibps());
        const double gib = use_.volume.gib->value;
        const VolumeKind::Tier* tier = tier_of(kind, gib);
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

    /// `kind` in place of today's, at its size or grown, for at least so many IOPS: nothing where it does not give
    /// them.
    std::optional<Volume> as(const VolumeKind& kind, double iops, bool exactly, double grown = 0) const {
        if (!use_.volume.gib) return std::nullopt;
        const double gib = grown > 0 ? grown : use_.volume.gib->value;
        const auto* tier = tier_of(kind, gib);
        if (tier == nullptr) return std::nullopt;
        Volume then;
        then.kind = &kind;
        then.gib = grown > 0 ? Figure<double>{grown, {}} : use_.volume.gib;
        if (iops <= tier->iops) return then;
        const auto* may = kind.provisioned;
        if (!tier->set || may == nullptr) return exactly ? std::nullopt : std::optional(then);
        const double most = platform::most_provisioned(kind, gib);
        if (exactly && iops > most) return std::nullopt;
        then.iops = Figure<double>{std::max(std::min(iops, most), platform::least_provisioned(kind, gib)), {}};
        return then;
    }

    /// The same at the next size that gives more IOPS, where today's gives too few: no size goes back.
    std::optional<Volume> grown(const VolumeKind& kind, double iops) const {
        if (!use_.volume.gib) return std::nullopt;
        const VolumeKind::Tier* next = platform::next_tier(kind, use_.volume.gib->value);
        if (next == nullptr || next->iops == 0) return std::nullopt;
        return as(kind, iops, true, static_cast<double>(next->from_gib));
    }

    /// At today's size, or grown.
    std::optional<Volume> at_any_size(const VolumeKind& kind, double iops) const {
        auto then = as(kind, iops, true);
        if (!then || !has_throughput(*then)) then = grown(kind, iops);
        return then && has_throughput(*then) ? then : std::nullopt;
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
        if (then.iops) {
            advice.provisioned = then.iops->value;
            const bool same = source && source->value == then.iops->value;
            const Term from = same ? r(*source) : r.literal(then.iops->value);
            then.iops = r.keep<double>(key_after(Name::storage_provisioned_iops), Measure::iops, from);
        }
        advice.iops = assess::volume_iops(then, key_after(Name::storage_iops), r);
        if (const auto gives = assess::volume_mibps(then, key_after(Name::storage_mibps), r))
            advice.mibps = gives->value;
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

    std::optional<double> seen_mibps() const {
        const auto& seen = observed_.ebs_throughput;
        return seen ? std::optional(assess::mib_per_second((*seen)->high)) : std::nullopt;
    }

    /// Does the kind have the throughput that was seen? Of what nothing was seen, yes.
    bool has_throughput(const Volume& then) const {
        const double has = platform::tier(*then.kind, then.gib->value)->mibps;
        return has == 0 || seen_mibps().value_or(0) <= has;
    }

    void retired() {
        if (use_.volume.kind->retired.empty()) return;
        const double seen = observed_.iops ? (*observed_.iops)->high : 0;
        if (const auto then = as(*use_.volume.kind->better, seen, false))
            advise(StorageAdvice::Kind::retired, *then, {}, [](const StorageAdvice&) { return true; });
    }

    /// The same IOPS on the kind that takes the place of provisioned ones. Not at a larger size where the load needs no
    /// more than today's size gives: `fewer_iops`.
    void cheaper() {
        if (use_.advice || !use_.volume.iops || use_.volume.kind->better == nullptr) return;
        const VolumeKind& kind = *use_.volume.kind->better;
        const double iops = use_.volume.iops->value;
        const auto then = at_any_size(kind, iops);
        if (!then) return reject_as(kind, iops);
        if (then->gib->value != use_.volume.gib->value)
            if (const auto need = needed(); need && need->value < iops)
                if (const auto small = as(kind, need->value, true); small && has_throughput(*small)) return;
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
            if (const auto then = at_any_size(*use_.volume.kind->better, need->value))
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
        const auto then = as(kind, usable(need->value), false);
        if (!then) return reject_as(kind, need->value);
        advise(StorageAdvice::Kind::more_iops, *then, need, [&](const StorageAdvice& advice) {
            return advice.iops && usable(advice.iops->value) > usable(use_.iops->value);
        });
        if (use_.advice) return;
        if (lets && *lets <= use_.iops->value) return reject(kind, Why::by_class, {}, *lets, need->value);
        reject_as(kind, need->value);
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

}  // namespace poolfit::plan
