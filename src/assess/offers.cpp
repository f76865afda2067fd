#include <poolfit/assess/offers.hpp>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include <poolfit/assess/storage.hpp>
#include <poolfit/threads/parallel.hpp>

namespace poolfit {

namespace {

/// The inventory's own price first: of this deployment, else the single-AZ one twice.
const PriceOverride* own_price(const Fleet& fleet, const Database& database, const InstanceClass& cls, PriceTerm term) {
    const PriceOverride* own = nullptr;
    const bool multi_az = *database.multi_az;
    for (const PriceOverride& price : fleet.prices) {
        if (price.platform && price.platform != database.platform) continue;
        if (*price.cls != cls.name || price.term != term || (price.multi_az && !multi_az)) continue;
        if (multi_az && !price.multi_az && !database.platform->standby_costs_the_same) continue;
        if (!own || price.multi_az == multi_az) own = &price;
    }
    return own;
}

Offer::State state_of(const Catalog& catalog, const Database& database, PriceTerm term, Offer& offer) {
    const InstanceClass& cls = *offer.cls;
    if (!database.platform->has_classes || cls.unknown) return Offer::State::own_server;
    if (cls.cluster_only) return Offer::State::cluster_only;
    std::optional<EngineVersion> version;
    if (database.version) version = database.version->value;
    const auto supported = catalog::supports(*database.platform, cls, version, *database.region);
    if (catalog::not_orderable(*database.platform, cls, version, *database.region) ||
        (supported != catalog::Supported::no &&
         catalog.left_out_of_answer(*database.platform, cls, *database.region, version)))
        return Offer::State::not_orderable;
    if (supported == catalog::Supported::no) return Offer::State::not_supported;
    if (*database.multi_az && catalog::takes_no_standby(cls, version, *database.region))
        return Offer::State::no_standby;
    if (supported == catalog::Supported::unknown && (cls.support == InstanceClass::Support::not_stated || version))
        return Offer::State::not_documented;
    if (database.platform->limit.follows_class && !catalog::knows_limit(catalog, *database.platform, cls))
        return Offer::State::no_limit;
    if (!offer.price) {
        const bool listed =
            term != PriceTerm::list &&
            catalog.price(*database.platform, cls, *database.region, *database.multi_az, PriceTerm::list).has_value();
        return listed ? Offer::State::no_reserved_price : Offer::State::no_price;
    }
    offer.doubt = supported == catalog::Supported::unknown  ? Offer::Doubt::no_version
                  : supported == catalog::Supported::newer  ? Offer::Doubt::newer
                  : supported == catalog::Supported::likely ? Offer::Doubt::one_list
                  : supported == catalog::Supported::sold   ? Offer::Doubt::sold
                  : cls.shared                              ? Offer::Doubt::shared
                                                            : Offer::Doubt::none;
    return Offer::State::offered;
}

std::optional<Life> life_of(const Catalog& catalog, const Database& database, Date today) {
    if (!database.version) return std::nullopt;
    const std::vector<LifeCycle> all = catalog.life_cycles(*database.platform);
    const auto mine = std::ranges::find(all, database.version->value.series, &LifeCycle::series);
    if (mine == all.end()) return std::nullopt;
    Life life{*mine,
              mine->stage(today),
              catalog.support_price(*database.platform, *database.region),
              {},
              database.platform->elastic != nullptr};
    const auto next = std::ranges::find_if(all, [&](const LifeCycle& cycle) {
        return cycle.series > mine->series &&
               unit::days_since_epoch(cycle.standard_until) - unit::days_since_epoch(today) >= Life::half_year;
    });
    if (next != all.end()) life.next_version = *next;
    return life;
}

/// What the database's volume adds to the price of its instances.
void apply_storage(const Fleet& fleet, Index index, Price& price, std::optional<MicroUsdPerMonth>& before) {
    const VolumeKind* kind = assess::volume_factor(fleet, index);
    if (kind == nullptr) return;
    before = price.amount;
    price.amount = assess::with_factor(*kind, price.amount);
}

bool before(const Offer& a, const Offer& b) {
    const bool offered = a.state == Offer::State::offered;
    if (offered != (b.state == Offer::State::offered)) return offered;
    if (offered && a.paid() != b.paid()) return a.paid() < b.paid();
    return a.cls->name < b.cls->name;
}

Connections limit(const Formula& formula, const InstanceClass& cls, Bytes memory) {
    const auto result = formula::evaluate_rds(
        formula, {{"DBInstanceClassMemory", static_cast<double>(memory.value)}, {"DBInstanceVCPU", cls.vcpus}});
    const auto* value = std::get_if<std::int64_t>(&result);
    return Connections(value != nullptr ? *value : 0);  // a test evaluates it for every class
}

}  // namespace

std::optional<MicroUsdPerMonth> Life::cost(LifeCycle::Stage at, const InstanceClass& cls, bool multi_az) const {
    const auto hourly = charged(at);
    if (!hourly || ((by_unit || cls.unknown) && *hourly != 0)) return std::nullopt;
    return MicroUsdPerMonth(*hourly * hours_per_month * cls.vcpus * (multi_az ? 2 : 1));
}

std::optional<Life::Event> Life::next(Date today) const {
    if (cycle.charged_from && *cycle.charged_from > today) return Event{Event::Kind::starts, *cycle.charged_from};
    if (cycle.dearer_from && *cycle.dearer_from > today) return Event{Event::Kind::rises, *cycle.dearer_from};
    if (cycle.ends >= today) return Event{Event::Kind::ends, cycle.ends};
    return std::nullopt;
}

std::optional<Connections> capped_limit(const Database& database, const InstanceClass& cls) {
    const Elastic* elastic = database.platform->elastic;
    if (elastic == nullptr || elastic->capped_at == 0 || &cls != database.type || cls.unknown) return std::nullopt;
    if (*database.machine->capacity->min > elastic->low_min) return std::nullopt;
    return Connections(elastic->capped_at);
}

void Market::add_limits(Offer& offer, const Database& database) const {
    const InstanceClass& cls = *offer.cls;
    if (cls.unknown) return;
    ClassLimits& limits = limits_[&cls];
    if (!limits.known) {
        const Platform& platform = *database.platform;
        const auto rule = catalog_.max_connections_formula(platform);
        if (const auto& listed = cls.limit) {
            limits = {true, platform.limit.memory(cls), {}, listed->range};
            // Between two that are listed there is none; where sources differ it is the newer one's.
            const bool by_newer = platform.elastic != nullptr && platform.elastic->limit_times > 1;
            if (by_newer || listed->range.is_point()) limits.nominal = listed->range.high;
        } else if (!rule) {
            limits = {true, platform.limit.memory(cls), {}, {}};
        } else {
            auto [formula, fresh] = formulas_.try_emplace(&platform);
            if (fresh) {
                auto parsed = formula::parse(rule->text, Formula::Dialect::rds);
                if (auto* good = std::get_if<Formula>(&parsed)) formula->second = std::move(*good);
            }
            const Interval<Bytes> seen = catalog::engine_memory(platform, cls).range;
            limits = {
                true, seen, limit(formula->second, cls, cls.memory),
                Interval<Connections>{limit(formula->second, cls, seen.low), limit(formula->second, cls, seen.high)}};
        }
    }
    offer.engine_memory = limits.engine_memory;
    offer.max_nominal = limits.nominal;
    offer.max_expected = limits.expected;
    offer.uncapped = {limits.nominal.value_or(Connections(0)), limits.expected.value_or(Interval<Connections>{})};
    if (limits.expected) offer.max_expected = catalog::with_seen_limit(*database.platform, *limits.expected);
    if (const auto cap = capped_limit(database, cls); cap && offer.max_expected) {
        offer.max_expected =
            Interval<Connections>{std::min(offer.max_expected->low, *cap), std::min(offer.max_expected->high, *cap)};
        if (offer.max_nominal) offer.max_nominal = std::min(*offer.max_nominal, *cap);
    }
}

Market::Prices Market::prices(const Database& database) const {
    Prices all;
    if (!database.platform->has_classes) return all;
    const auto classes = catalog_.classes(*database.platform);
    all.reserve(classes.size());
    for (const InstanceClass* cls : classes)
        all.push_back(catalog_.price(*database.platform, *cls, *database.region, *database.multi_az, term_));
    return all;
}

/// The offers of its database, without what `complete` adds. `prices`: of its platform, region and deployment.
void Market::fill(Offers& made, const Prices& prices) const {
    const Database& database = fleet_.databases[made.database];
    const InstanceClass* const own[] = {database.type};
    auto classes = catalog_.classes(*database.platform);
    const bool of_class = platform::is_of_class(database);
    if (!of_class) classes = own;
    made.all.reserve(classes.size() + 1);
    made.life = life_of(catalog_, database, today_is_);
    if (const auto cycles = catalog_.life_cycles(*database.platform); database.version && !cycles.empty()) {
        made.older = database.version->value.series < std::ranges::min(cycles, {}, &LifeCycle::series).series;
        made.older_charged = made.older && std::ranges::any_of(cycles, [](const LifeCycle& cycle) {
                                 return cycle.charged_from.has_value();
                             });
    }
    made.asks_version = !database.version && catalog_.support_price(*database.platform, *database.region);
    bool has_own = false;
    const auto add = [&](const InstanceClass* cls, const std::optional<Price>* listed) {
        has_own = has_own || cls == database.type;
        Offer& offer = made.all.emplace_back();
        offer.cls = cls;
        offer.own_price = own_price(fleet_, database, *cls, term_);
        if (offer.own_price != nullptr) {
            const PriceOverride& own = *offer.own_price;
            const bool doubled = *database.multi_az && !own.multi_az;
            offer.price = Price{doubled ? *own.amount * 2 : *own.amount, doubled, {}, {{}, {}, {}, own.amount.place}};
        } else if (listed != nullptr) {
            offer.price = *listed;
        } else {
            offer.price = catalog_.price(*database.platform, *cls, *database.region, *database.multi_az, term_);
        }
        if (offer.price && offer.own_price == nullptr)
            apply_storage(fleet_, made.database, *offer.price, offer.before_factor);
        if (made.life) offer.support = made.life->cost(made.life->stage, *cls, *database.multi_az);
        offer.state = state_of(catalog_, database, term_, offer);
    };
    // Nothing moves to an earlier name, and a class of any size is in no list.
    for (std::size_t i = 0; i < classes.size(); ++i)
        if (!classes[i]->legacy) add(classes[i], of_class ? &prices[i] : nullptr);
    if (!has_own) add(database.type, nullptr);
    std::sort(made.all.begin(), made.all.end(), before);
    made.index_.reserve(made.all.size());
    for (std::size_t i = 0; i < made.all.size(); ++i) made.index_.emplace_back(made.all[i].cls, i);
    std::sort(made.index_.begin(), made.index_.end());
    while (made.offered < made.all.size() && made.all[made.offered].state == Offer::State::offered) ++made.offered;
    made.slots = catalog_.reserved_slots(*database.platform,
                                         database.version ? std::optional(database.version->value) : std::nullopt);
    for (const ReservedSlots& slots : made.slots) made.reserved += slots.slots;
}

/// What classes of several offers share is made once, so one after the other.
void Market::complete(Offers& made) const {
    for (std::size_t i = 0; i < made.offered; ++i) complete(made.all[i], fleet_.databases[made.database]);
}

void Market::complete(Offer& offer, const Database& database) const {
    if (std::exchange(offer.complete, true)) return;
    offer.credit_price = catalog_.credit_price(*database.platform, *offer.cls, *database.region);
    add_limits(offer, database);
}

Market::Market(const Fleet& fleet, const Catalog& catalog, PriceTerm term, int threads, std::optional<Date> today)
    : fleet_(fleet), catalog_(catalog), term_(term), today_is_(today.value_or(catalog.newest())) {
    const std::size_t count = fleet.databases.size();
    of_database_.reserve(count);
    today_.reserve(count);
    std::vector<Offers*> kinds;
    for (Index i = 0; i < count; ++i) {
        const Database& database = fleet.databases[i];
        // A server without a class offers only itself, and a class of any size is offered to those that are on it.
        const auto listed = catalog.classes(*database.platform);
        const bool unlisted = !platform::is_of_class(database) || database.type->legacy ||
                              std::ranges::find(listed, database.type) == listed.end();
        auto [at, fresh] = made_.try_emplace(
            fmt::format("{}|{}|{}|{}|{}|{}", database.platform->id, *database.region, *database.multi_az,
                        database.version_text, unlisted ? i + 1 : 0, assess::volume_factor(fleet, i) != nullptr));
        if (fresh) {
            at->second = std::make_unique<Offers>();
            at->second->database = i;
            kinds.push_back(at->second.get());
            order_.push_back(at->second.get());
            catalog.classes(*database.platform);  // makes them, which is not for two threads at a time
        }
        of_database_.push_back(at->second.get());
    }
    // Kinds differ in version and storage more often than in what has a price.
    std::map<std::tuple<const Platform*, std::string_view, bool>, std::size_t> known;
    std::vector<const Database*> priced;
    std::vector<std::size_t> prices_of;
    for (const Offers* kind : kinds) {
        const Database& database = fleet.databases[kind->database];
        const auto [at, fresh] =
            known.try_emplace({database.platform, *database.region, *database.multi_az}, priced.size());
        if (fresh) priced.push_back(&database);
        prices_of.push_back(at->second);
    }
    const int at_once = count > threads::databases_at_once ? threads : 1;
    std::vector<Prices> lists(priced.size());
    threads::in_parallel(static_cast<int>(priced.size()), at_once, [&](int piece) {
        const auto i = static_cast<std::size_t>(piece);
        lists[i] = prices(*priced[i]);
    });
    threads::in_parallel(static_cast<int>(kinds.size()), at_once, [&](int piece) {
        const auto i = static_cast<std::size_t>(piece);
        fill(*kinds[i], lists[prices_of[i]]);
    });
    for (Offers* const offers : kinds) complete(*offers);
    for (Index i = 0; i < count; ++i) {
        const Database& database = fleet.databases[i];
        Offer& today = find(i, *database.type);
        complete(today, database);
        today_.push_back(&today);
    }
    chain();
}

void Market::chain() {
    std::map<Index, std::vector<Index>> chains;  // by the primary
    for (Index i = 0; i < fleet_.databases.size(); ++i) {
        const Database& database = fleet_.databases[i];
        if (!database.replica_of || !database.platform->limit.of_chain) continue;
        auto& chain = chains[*database.replica_of];
        if (chain.empty()) chain.push_back(*database.replica_of);
        chain.push_back(i);
    }
    const auto by_default = [&](Index i) { return today_[i]->max_expected.value_or(Interval<Connections>{}); };
    for (const auto& [primary, chain] : chains) {
        const Index largest = *std::ranges::max_element(chain, {}, [&](Index i) { return by_default(i).low; });
        const Interval<Connections> most = by_default(largest);
        const auto by_hand = [&](Index i) {
            const auto& given = fleet_.databases[i].max_connections;
            return given && (**given < most.low || **given > most.high);
        };
        std::optional<Index> relies;
        for (const Index i : chain) {
            const auto& given = fleet_.databases[i].max_connections;
            if (i != primary && !given && by_hand(primary)) {
                chained_[i].primary = primary;
            } else if (by_default(i).low < most.low && !by_hand(i) && !fleet_.databases[i].type->unknown) {
                chained_[i].largest = largest;
                relies = relies.value_or(i);
            }
        }
        if (!fleet_.databases[primary].max_connections) {
            std::optional<Index> lowest;
            for (const Index i : chain) {
                const auto& given = fleet_.databases[i].max_connections;
                if (given && (!lowest || **given < **fleet_.databases[*lowest].max_connections)) lowest = i;
            }
            for (const Index i : chain)
                if (lowest) chained_[i].lowest_set = lowest, chained_[i].most = most.high;
        }
        if (!relies) continue;
        for (const Index i : chain)
            if (by_default(i).low == most.low) chained_[i].relied_by = relies;
    }
}

Offer& Market::find(Index index, const InstanceClass& cls) const {
    Offers& mine = *of_database_[index];
    const auto at = std::lower_bound(mine.index_.begin(), mine.index_.end(), std::pair(&cls, std::size_t{0}));
    return mine.all[at->second];
}

const Offer& Market::offer(Index index, const InstanceClass& cls) const {
    if (&cls == fleet_.databases[index].type) return *today_[index];
    Offer& offer = find(index, cls);
    if (offer.state != Offer::State::offered) {
        const std::scoped_lock lock(completing_);
        complete(offer, fleet_.databases[index]);
    }
    return offer;
}

}  // namespace poolfit
