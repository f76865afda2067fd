#include "capacity.hpp"

#include <algorithm>
#include <ranges>
#include <vector>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/storage.hpp>

#include "judge.hpp"

namespace poolfit::plan {
namespace {

using assess::Term;

/// May it be as large as its writer, whatever its load?
bool follows_writer(const Database& database) {
    const Elastic* elastic = database.platform->elastic;
    return database.replica_of && elastic != nullptr && !elastic->writer_tiers.empty();
}

/// How much a load takes, in units.
class Units {
public:
    Units(const Fleet& fleet, const Plan& plan, Index index, const Elastic& elastic, Recorder r)
        : fleet_(fleet),
          all_(plan),
          database_(fleet.databases[index]),
          plan_(plan.databases[index]),
          index_(index),
          elastic_(elastic),
          r_(r) {}

    Figure<Interval<double>> find() const {
        const Term most = most_units();
        const Term idle = least_units();
        const auto& cpu = plan_.now;
        const auto by_cpu = [&](const std::optional<Figure<Interval<Fraction>>>& share) {
            return share ? std::optional(r_(*share) * most) : std::nullopt;
        };
        const auto mean = by_cpu(cpu.cpu_mean), peak = by_cpu(cpu.cpu_p95 ? cpu.cpu_p95 : cpu.cpu_peak);
        Term from = mean ? assess::most(assess::low(*mean), idle) : idle;
        // Without a peak the load may take all of it.
        Term to = peak ? assess::most(assess::high(*peak), idle) : most;
        if (const auto memory = by_memory()) to = assess::most(to, *memory);
        if (const auto writer = as_writer()) to = assess::most(to, *writer);
        from = assess::least(from, most);
        to = assess::most(assess::least(to, most), from);
        return r_.keep<Interval<double>>(key(Name::capacity), assess::between(from, to));
    }

private:
    Key key(Name name) const { return {{Subject::Kind::database, index_}, name}; }

    Key end_key(Name name) const {
        Key made = key(name);
        made.detail = elastic_.key;
        return made;
    }
    /// Of a unit.
    Key constant(Name name) const {
        Key made = assess::constant_key(name);
        made.detail = elastic_.key;
        return made;
    }

    /// Of a reader that has no class: what its writer has, which it is never smaller than in some failover tiers. The
    /// tier is not in the inventory, so the high end is the larger of the two.
    std::optional<Term> as_writer() const {
        if (!follows_writer(database_)) return std::nullopt;
        const Index primary = *database_.replica_of;
        const Database& writer = fleet_.databases[primary];
        if (writer.machine && writer.machine->capacity)
            return assess::high(r_(Units(fleet_, all_, primary, elastic_, r_).find()));
        if (writer.type->unknown) return std::nullopt;
        return r_(assess::class_memory(*writer.type, r_)) / unit_memory();
    }

    const Capacity* range() const { return database_.machine ? &*database_.machine->capacity : nullptr; }

    /// The most that it can be; for a class, its vCPUs in units.
    Term most_units() const {
        if (range() != nullptr) return input(Name::capacity_max, range()->max);
        const Figure<double> ratio{
            elastic_.units_per_vcpu,
            r_.constant(constant(Name::units_per_vcpu), assess::measured(Measure::ratio, elastic_.units_per_vcpu),
                        elastic_.source)};
        const Term by_cpu = r_(assess::class_vcpus(*database_.type, r_)) * r_(ratio);
        const Term memory = r_(assess::class_memory(*database_.type, r_));
        return assess::most(by_cpu, memory / unit_memory());
    }

    Term least_units() const {
        if (range() == nullptr) return r_.literal(elastic_.low_min);
        const Term least = input(Name::capacity_min, range()->min);
        // It pauses only where nothing is connected, and what a pool or a pooler holds open is connected.
        return *range()->min == 0 && connected() ? assess::most(least, r_.literal(elastic_.low_min)) : least;
    }

    bool connected() const {
        const auto& seen = database_.observed.connections;
        return (plan_.demand.allocated ? plan_.demand.allocated->value.value > 0
                                       : plan_.demand.allocated_at_least.has_value()) ||
               (seen && seen->value.low.value > 0);
    }

    Term input(Name name, const Located<double>& given) const {
        return r_(
            Figure<double>{*given, r_.input(end_key(name), assess::measured(Measure::count, *given), given.place)});
    }

    Term unit_memory() const {
        return r_(Figure<Bytes>{
            elastic_.unit_memory,
            r_.constant(constant(Name::unit_memory), assess::measured(elastic_.unit_memory), elastic_.source)});
    }

    /// Of what is in use, with its connections; where that is not known, of the connections alone.
    std::optional<Term> by_memory() const {
        if (plan_.now.memory_seen) return assess::high(r_(*plan_.now.memory_seen)) / unit_memory();
        if (!plan_.demand.allocated) return std::nullopt;
        const Platform& platform = *database_.platform;
        const Key high = assess::constant_key(Name::connection_memory_high, platform);
        const Figure<Bytes> each{
            platform.connection_memory.high,
            r_.constant(high, assess::measured(platform.connection_memory.high), platform.connection_source)};
        return r_(*plan_.demand.allocated) * r_(each) / unit_memory();
    }

    const Fleet& fleet_;
    const Plan& all_;
    const Database& database_;
    const DatabasePlan& plan_;
    Index index_;
    const Elastic& elastic_;
    Recorder r_;
};

using Money = Interval<MicroUsdPerMonth>;

/// Prices of a unit for a month, as Extended Support is charged today.
class Costs {
public:
    Costs(const Fleet& fleet, const Plan& plan, Index index, const Platform& platform, CapacityUse& use, Recorder r)
        : fleet_(fleet), index_(index), r_(r) {
        const Database& database = fleet.databases[index];
        const Catalog& catalog = plan.market->catalog();
        use.unit_price = catalog.capacity_price(platform, *database.region);
        if (!use.unit_price) return;
        const MicroUsdPerMonth standard = use.unit_price->amount;
        unit_ = Figure<MicroUsdPerMonth>{standard, r.row({{Subject::Kind::database, index}, Name::capacity_price},
                                                         assess::measured(standard), use.unit_price->row)};
        if (const VolumeKind* kind = assess::volume_factor(fleet, index)) {
            use.before_factor = standard;
            use.unit_price->amount = assess::with_factor(*kind, standard);
        }
        const auto& life = plan.market->offers(index).life;
        if (!life || life->charged(life->stage) == 0) return;
        const auto price = catalog.support_price(platform, *database.region);
        const auto hourly = price ? price->at(life->stage) : std::nullopt;
        use.support_unknown = !hourly;
        if (!hourly) return;
        const MicroUsdPerMonth month(*hourly * hours_per_month);
        support_ =
            Figure<MicroUsdPerMonth>{month, r.row({{Subject::Kind::database, index}, Name::capacity_support_price},
                                                  assess::measured(month), price->row)};
    }

    bool known() const { return unit_.has_value(); }
    std::optional<Term> support(const Term& units) const {
        return support_ ? std::optional(units * r_(*support_)) : std::nullopt;
    }
    /// Without Extended Support.
    Term list(const Term& units) const {
        const Term list = units * r_(*unit_);
        const VolumeKind* kind = assess::volume_factor(fleet_, index_);
        return kind != nullptr ? r_(assess::class_factor(*kind, r_)) * list : list;
    }

private:
    const Fleet& fleet_;
    Index index_;
    Recorder r_;
    std::optional<Figure<MicroUsdPerMonth>> unit_, support_;
};

Key key_of(Index index, Name name) { return {{Subject::Kind::database, index}, name}; }

void add_cost(const Costs& costs, Index index, CapacityUse& use, Recorder r) {
    if (!costs.known()) return;
    Term cost = costs.list(r(use.units));
    if (const auto support = costs.support(r(use.units))) {
        use.support = r.keep<Money>(key_of(index, Name::capacity_support), *support);
        cost = cost + r(*use.support);
    }
    use.cost = r.keep<Money>(key_of(index, Name::capacity_cost), cost);
}

/// Connections that are over a limit, today or with the plan's pools.
bool too_many(const DatabasePlan& plan) {
    const auto over = [](const Check& check) {
        return check.standing == Standing::over && is_of_connections(check.dimension);
    };
    return std::ranges::any_of(plan.now.checks, over) || std::ranges::any_of(plan.chosen.checks, over);
}

/// The minimum that lifts the cap, where more connections are needed than that leaves.
void lift_cap(const Fleet& fleet, const Plan& plan, Index index, const Costs& costs, CapacityUse& use, Recorder r) {
    const Database& database = fleet.databases[index];
    const auto capped = capped_limit(database, *database.type);
    const auto& listed = database.type->limit;
    if (!capped || !listed || !too_many(plan.databases[index])) return;
    const double min = use.elastic->low_min + use.elastic->step;
    if (listed->range.low <= *capped || min > *database.machine->capacity->max) return;
    // What was set by hand stays, whatever the capacity.
    const auto& given = database.max_connections;
    if (given && **given != *capped) return;
    Uncapped& then = use.uncapped.emplace();
    then.min = min;
    then.limit = {listed->range,
                  r.row(key_of(index, Name::uncapped_limit), assess::measured(listed->range), listed->row)};
    if (!costs.known() || use.support_unknown) return;
    const Term units = assess::most(r(use.units), r.literal(min));
    Term cost = costs.list(units);
    if (const auto support = costs.support(units)) cost = cost + *support;
    then.cost = r.keep<Money>(key_of(index, Name::uncapped_cost), cost);
}

bool allowed(const Policy& policy, const Platform& platform, const InstanceClass& cls) {
    const auto matches = [&](const Located<std::string>& glob) { return catalog::matches(platform, *glob, cls.name); };
    if (cls.arch == Arch::arm64 && !*policy.allow_arm) return false;
    if (!policy.allow.empty() && std::ranges::none_of(policy.allow, matches)) return false;
    return std::ranges::none_of(policy.deny, matches);
}

/// A class as an offer to a database that has none.
Offer offer_of(const Catalog& catalog, const Database& database, const Platform& platform, const InstanceClass& cls,
               Price price, const std::optional<Life>& life) {
    Offer offer;
    offer.cls = &cls;
    offer.price = std::move(price);
    offer.complete = true;
    offer.engine_memory = platform.limit.memory(cls);
    offer.max_nominal = Connections(catalog::max_connections_nominal(catalog, platform, cls));
    offer.max_expected = catalog::max_connections_expected(catalog, platform, cls);
    if (life) {
        Life there = *life;
        there.by_unit = false;
        there.price = catalog.support_price(platform, *database.region);
        offer.support = there.cost(there.stage, cls, false);
    }
    return offer;
}

/// The cheapest class that passes every limit with the plan's connections. How much CPU comes with a unit is an
/// assumption, so one that needs to be burstable is not named.
void find_class(const Fleet& fleet, const Plan& plan, Index index, CapacityUse& use) {
    if (use.support_unknown) return;  // of one of the two it would be in the sum, and not of the other
    const Database& database = fleet.databases[index];
    const DatabasePlan& mine = plan.databases[index];
    if (platform::with_classes(*database.platform) == nullptr) return;
    const Platform& platform = *platform::with_classes(*database.platform);
    const Catalog& catalog = plan.market->catalog();
    const auto version = database.version ? std::optional(database.version->value) : std::nullopt;
    std::vector<Offer> offers;
    for (const InstanceClass* cls : catalog.classes(platform)) {
        const auto supported = catalog::supports(platform, *cls, version, *database.region);
        if (supported == catalog::Supported::no || supported == catalog::Supported::unknown) continue;
        if (catalog.left_out_of_answer(platform, *cls, *database.region, version)) continue;
        if (cls->burst || cls->shared || !allowed(fleet.policy, platform, *cls)) continue;
        if (!catalog::knows_limit(catalog, platform, *cls)) continue;
        auto price = catalog.price(platform, *cls, *database.region, false, PriceTerm::list);
        if (!price) continue;
        if (const VolumeKind* kind = assess::volume_factor(fleet, index))
            price->amount = assess::with_factor(*kind, price->amount);
        const auto& life = plan.market->offers(index).life;
        Offer offer = offer_of(catalog, database, platform, *cls, std::move(*price), life);
        if (!life || offer.support) offers.push_back(std::move(offer));
    }
    std::ranges::sort(offers, [](const Offer& a, const Offer& b) {
        return std::pair(a.paid(), a.cls->name) < std::pair(b.paid(), b.cls->name);
    });
    const auto passes = [&](const Offer& offer) {
        const Projection there =
            assess::project(fleet, *plan.market, index, offer, mine.demand, mine.after, Phase::after, {});
        return std::ranges::all_of(there.checks, [](const Check& check) { return check.standing == Standing::inside; });
    };
    const auto found = std::ranges::find_if(offers, passes);
    if (found == offers.end()) return;
    use.cls = found->cls;
    use.cls_cost = found->paid();
}

/// Does the version have such capacity? Without a version nothing speaks against it.
bool runs_there(const Plan& plan, const Platform& platform, const Database& database) {
    InstanceClass cls;
    cls.support = InstanceClass::Support::yes;
    cls.versions = plan.market->catalog().capacity_versions(platform);
    return !database.version || catalog::supports(platform, cls, database.version->value) != catalog::Supported::no;
}

}  // namespace

std::optional<CapacityUse> capacity_use(const Fleet& fleet, const Plan& plan, Index index, Recorder r) {
    const Database& database = fleet.databases[index];
    const Platform* platform = platform::elastic_of(*database.platform);
    if (platform == nullptr || database.type->unknown) return std::nullopt;
    CapacityUse use;
    use.elastic = platform->elastic;
    use.instead = database.platform->elastic == nullptr;
    if (use.instead && (!plan.databases[index].now.cpu_mean || !runs_there(plan, *platform, database)))
        return std::nullopt;
    use.units = Units(fleet, plan, index, *platform->elastic, r).find();
    use.follows_writer = follows_writer(database);
    const Costs costs(fleet, plan, index, *platform, use, r);
    add_cost(costs, index, use, r);
    if (!use.instead) {
        lift_cap(fleet, plan, index, costs, use, r);
        find_class(fleet, plan, index, use);
    }
    return use;
}

}  // namespace poolfit::plan
