// A pooler in between: both sides of the hop, what it costs, and what transaction mode breaks.
#include <algorithm>
#include <map>
#include <set>

#include <poolfit/platform/platform.hpp>

#include "beside.hpp"
#include "pools.hpp"
#include "strategy_pooler.hpp"

namespace poolfit::plan {

namespace {

using Kind = Point::Kind;
using Term = assess::Term;

constexpr double least_memory_gib = 2;  // of PgBouncer's host: 2 kB a client, the rest is the system's

class PoolerMaker {
public:
    PoolerMaker(const Scene& scene, Strategy& strategy)
        : scene_(scene), fleet_(scene.fleet), plan_(scene.plan), strategy_(strategy) {}

    void make() {
        list_pools(scene_, strategy_, recommended_sizes(plan_), std::vector<SizeReason>(fleet_.pools.size()));
        list_poolers(scene_, strategy_);
        servers();
        if (scene_.with_points) existing();
        strategy_.applicable = !hops_.empty();
        strategy_.effort = Effort::days;
        if (!strategy_.applicable) {
            saves_nothing(scene_, strategy_);
            strategy_.effort = Effort::minutes;
            strategy_.work.kind = fleet_.poolers.empty() ? Work::Kind::impossible : Work::Kind::there_already;
            strategy_.hazard.kind = Hazard::Kind::nothing_changes;
            return;
        }
        std::set<Index> services;
        for (const Hop& hop : hops_)
            for (const Index p : hop.through) services.insert(fleet_.pools[p].service);
        strategy_.work.kind = Work::Kind::hop;
        strategy_.work.services = services.size();
        if (scene_.with_points) add_hops();
        sides();
        cost();
        if (scene_.with_points) breaks();
    }

private:
    /// Demand on each database; where nothing goes through a new pooler, the recommended pools'.
    void servers() {
        std::vector<DatabaseDemand> after;
        after.reserve(fleet_.databases.size());
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            std::optional<Hop> hop = pooler_hop(scene_, strategy_, i);
            after.push_back(hop ? std::move(hop->demand) : plan_.databases[i].right_sized);
            if (hop) hops_.push_back(std::move(*hop));
        }
        assess::fail_over(fleet_, after, strategy_.phase, scene_.r);
        measure(scene_, strategy_, [&](Index i) -> const DatabaseDemand& { return after[i]; });
        strategy_.demand = std::make_shared<const std::vector<DatabaseDemand>>(std::move(after));
    }

    /// Why a database gets none: it has one, no platform of its kind takes one, or its pools keep session state.
    void existing() {
        for (Index i = 0; i < fleet_.poolers.size(); ++i) {
            Point there = point(Kind::pooler_exists);
            there.pooler = i;
            there.database = fleet_.poolers[i].database;
            strategy_.cons.push_back(std::move(there));
        }
        std::vector<Point> refused;
        std::vector<Index> keep;
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            const auto& pools = plan_.topology.pools[i];
            if (pools.empty() || !plan_.topology.poolers[i].empty() || has_hop(i)) continue;
            if (!plan_.databases[i].budget.limits.known) continue;
            if (platform::takes(*fleet_.databases[i].platform, added_kind))
                keep.insert(keep.end(), pools.begin(), pools.end());
            else
                refuse(i, refused);
        }
        strategy_.cons.insert(strategy_.cons.end(), refused.begin(), refused.end());
        if (!keep.empty()) strategy_.cons.push_back(about(Kind::stay_direct, std::move(keep)));
    }

    bool has_hop(Index database) const { return std::ranges::binary_search(hops_, database, {}, &Hop::database); }

    /// Databases of one platform are named together.
    void refuse(Index database, std::vector<Point>& refused) const {
        const Platform* platform = fleet_.databases[database].platform;
        const auto same = std::find_if(refused.begin(), refused.end(), [&](const Point& point) {
            return fleet_.databases[point.databases.front()].platform == platform;
        });
        Point& of = same != refused.end() ? *same : refused.emplace_back(point(Kind::pooler_refused));
        of.pooler_kind = added_kind;
        of.databases.push_back(database);
    }

    void add_hops() {
        for (const Hop& hop : hops_) {
            Point add = point(Kind::add_pooler);
            add.pooler_kind = added_kind;
            add.database = hop.database;
            add.to = hop.server.value;
            add.count = static_cast<std::size_t>(hop.pairs.value);
            add.all = static_cast<std::size_t>(hop.size.value);
            add.from = Connections(hop.accepts.value);
            add.pools = hop.through;
            strategy_.changes.push_back(add);
            strategy_.poolers.push_back({hop.database, added_kind, hop.pairs, hop.size, hop.server, hop.accepts});
            compare(hop);
            if (hop.listeners) {
                Point listen = counted(Kind::listen_direct, static_cast<std::size_t>(hop.listeners->value.value));
                listen.database = hop.database;
                strategy_.changes.push_back(std::move(listen));
            }
            for (const Index p : hop.direct) strategy_.changes.push_back(about(Kind::stay_direct, {p}));
        }
    }

    void sides() {
        const auto any = [&](auto part) { return std::any_of(hops_.begin(), hops_.end(), part); };
        strategy_.unmeasured = any([](const Hop& hop) { return !hop.measured; });
        if (strategy_.unmeasured) {
            const bool forced = any([](const Hop& hop) { return hop.by_limit; });
            strategy_.cons.push_back(point(forced ? Kind::server_side_by_limit : Kind::server_side_unknown));
        } else {
            if (any([](const Hop& hop) { return hop.by_load; }))
                strategy_.pros.push_back(point(Kind::server_side_by_load));
            if (any([](const Hop& hop) { return hop.by_use; })) {
                strategy_.pros.push_back(point(Kind::server_side_by_use));
                strategy_.pros.back().buffer = *fleet_.policy.observed_buffer;
            }
            std::vector<Index> silent;
            for (const Hop& hop : hops_) silent.insert(silent.end(), hop.silent.begin(), hop.silent.end());
            if (!silent.empty()) strategy_.cons.push_back(about(Kind::silent_in_full, std::move(silent)));
        }
        strategy_.pros.push_back(point(Kind::clients_only_grow));
        strategy_.cons.push_back(point(Kind::one_more_hop));
    }

    /// Server connections with a pooler against right-sized pools without one.
    void compare(const Hop& hop) {
        const auto& direct = plan_.databases[hop.database].right_sized.allocated;
        const auto& total = strategy_.databases[hop.database].after;
        if (!direct || direct->value.value <= 0 || !total) return;
        Point both = point(Kind::server_connections);
        both.database = hop.database;
        both.to = total->value;
        both.from = direct->value;
        (total->value < direct->value ? strategy_.pros : strategy_.cons).push_back(std::move(both));
    }

    /// What the pooler runs on: next to a self-managed server another such server, else a host of the provider.
    void cost() {
        std::map<std::string_view, Index> regions;
        bool own = false;
        for (const Hop& hop : hops_) {
            const Database& database = fleet_.databases[hop.database];
            const BuiltInPooler* made = database.platform->built_in_pooler;
            if (made != nullptr && !database.type->unknown && made->on(*database.type)) {
                Point comes = point(Kind::built_in);
                comes.database = hop.database;
                strategy_.pros.push_back(std::move(comes));
            } else if (database.platform->has_classes && database.platform->lists_hosts)
                regions.try_emplace(*database.region, hop.database);
            else
                own = true;
        }
        if (own) strategy_.cons.push_back(point(Kind::own_host));
        if (!regions.empty()) provider_host(regions);
        managed();
    }

    /// The cheapest host that the catalog prices; the catalog has hosts' prices of one region only.
    void provider_host(const std::map<std::string_view, Index>& regions) {
        const HostType* best = nullptr;
        for (const HostType& host : plan_.market->catalog().hosts()) {
            if (!host.price || host.arch != Arch::x86_64 || gib(host.memory) < least_memory_gib) continue;
            if (best == nullptr || *host.price < *best->price) best = &host;
        }
        if (best == nullptr) {
            strategy_.cons.push_back(point(Kind::no_host_price));
            return;
        }
        const bool priced = regions.size() == 1 && regions.begin()->first == HostType::priced_in;
        Point costs = point(priced ? Kind::host_costs : Kind::host_price_unknown);
        costs.host = best;
        costs.cost = *best->price;
        costs.cost_per_year = costs.cost * 12;
        for (const auto& [region, database] : regions) costs.databases.push_back(database);
        strategy_.host = costs.cost;
        if (priced) price(*best);
        strategy_.cons.push_back(std::move(costs));
    }

    /// Managed poolers, each once.
    void managed() {
        std::vector<Pooler::Kind> said{added_kind};
        for (const Hop& hop : hops_)
            for (const Pooler::Kind kind : fleet_.databases[hop.database].platform->poolers) {
                if (std::find(said.begin(), said.end(), kind) != said.end()) continue;
                said.push_back(kind);
                Point instead = point(Kind::managed_instead);
                instead.pooler_kind = kind;
                price_managed(instead);
                strategy_.cons.push_back(std::move(instead));
            }
    }

    /// In front of all that would get a pooler; of a single one against the next class up too.
    void price_managed(Point& instead) const {
        MicroUsdPerMonth all{};
        for (const Hop& hop : hops_) {
            if (!platform::takes(*fleet_.databases[hop.database].platform, instead.pooler_kind)) continue;
            const auto cost = managed_cost(fleet_, plan_, hop.database);
            if (!cost) return;
            all += *cost;
            instead.databases.push_back(hop.database);
        }
        instead.cost = all;
        if (instead.databases.size() == 1) next_class(instead);
    }

    /// The cheapest class with more memory, and so more connections.
    void next_class(Point& instead) const {
        const Index index = instead.databases.front();
        const Projection& chosen = plan_.databases[index].chosen;
        if (!chosen.list) return;
        const Offers& offers = plan_.market->offers(index);
        for (std::size_t i = 0; i < offers.offered; ++i) {  // by what is paid
            const Offer& offer = offers.all[i];
            const bool allowed = offer.cls->arch == chosen.cls->arch || *fleet_.policy.allow_arm;
            if (!allowed || offer.cls->memory <= chosen.cls->memory) continue;
            if (offer.price->amount <= chosen.list->value) continue;
            instead.cls = offer.cls;
            instead.more = offer.price->amount - chosen.list->value;
            return;
        }
    }

    void price(const HostType& host) {
        const Recorder& r = scene_.r;
        const Key key{{Subject::Kind::host_type, 0}, Name::host_price, Phase::now, nullptr, host.name};
        const Figure<MicroUsdPerMonth> month{*host.price,
                                             r.row(key, assess::measured(*host.price), host.row, {Note::us_east_1})};
        strategy_.saves_per_year = r.keep<MicroUsdPerMonth>(strategy_key(strategy_, Name::strategy_saves_per_year),
                                                            Measure::usd_per_year, r.literal(-12) * r(month));
    }

    void breaks() {
        std::set<const DriverDefault*> said;
        std::vector<Index> hard;
        const auto add = [&](Kind kind, Index pool) { strategy_.cons.push_back(about(kind, {pool})); };
        for (const Hop& hop : hops_)
            for (const Index p : hop.through) {
                const Pool& pool = fleet_.pools[p];
                for (const auto& [feature, kind] :
                     {std::pair("prepared", Kind::prepares), std::pair("listen", Kind::listens)})
                    if (has_feature(pool, feature)) {
                        hard.push_back(p);
                        add(kind, p);
                    }
                const DriverDefault* driver = pool.driver_default;
                if (driver == nullptr) {
                    add(Kind::unknown_in_transaction_mode, p);
                    continue;
                }
                if (driver->transaction_pooling.empty() || !said.insert(driver).second) continue;
                strategy_.cons.push_back(point(Kind::in_transaction_mode));
                strategy_.cons.back().driver = driver;
            }
        strategy_.cons.push_back(point(Kind::session_state_drops));
        strategy_.risk = hard.empty() ? Risk::medium : Risk::high;
        strategy_.hazard.kind = hard.empty() ? Hazard::Kind::session_changes : Hazard::Kind::features_break;
        strategy_.hazard.pools = std::move(hard);
    }

    const Scene& scene_;
    const Fleet& fleet_;
    const Plan& plan_;
    Strategy& strategy_;
    std::vector<Hop> hops_;  ///< by database
};

}  // namespace

void make_pooler(const Scene& scene, Strategy& strategy) { PoolerMaker(scene, strategy).make(); }

}  // namespace poolfit::plan
