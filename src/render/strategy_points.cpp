// The sentences of points: what a strategy changes, its pros and its cons.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "listing.hpp"
#include "pooler_words.hpp"
#include "strategy_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

using Kind = Point::Kind;

/// An input that a database lacks: where it is read, and the key that it goes to.
std::string lack_text(const Platform::Words& words, Unmeasured input) {
    switch (input) {
        case Unmeasured::cpu_mean:
            return fmt::format("mean of {} (observed.cpu_mean)", words.cpu);
        case Unmeasured::cpu_peak:
            return fmt::format("maximum of {} (observed.cpu_peak)", words.cpu);
        case Unmeasured::freeable_memory:
            return fmt::format("minimum of {} (observed.freeable_memory)", words.freeable_memory);
        case Unmeasured::disk:
            return fmt::format("{}, {} and their throughput (observed.iops, observed.ebs_throughput)", words.read_iops,
                               words.write_iops);
        case Unmeasured::window:
            return "observation window (observed.window)";
        case Unmeasured::max_connections:
            break;
    }
    return fmt::format("{} (max_connections)", words.limit_command);
}

class Words {
public:
    Words(const Report& report, const Strategy& strategy, const Point& point)
        : report_(report), fleet_(*report.fleet), strategy_(strategy), p_(point) {}

    std::string text() const {
        for (const auto words : {&Words::change, &Words::size, &Words::merging, &Words::measuring, &Words::pooler,
                                 &Words::transaction_mode})
            if (std::string text = (this->*words)(); !text.empty()) return text;
        return {};
    }

private:
    std::string label(Index pool) const { return pool_label(fleet_, pool); }
    std::string pools() const {
        return listed(p_.pools, [&](Index pool) { return label(pool); });
    }
    const std::string& pool(std::size_t at) const { return *fleet_.pools[p_.pools[at]].name; }
    const std::string& service() const { return *fleet_.services[fleet_.pools[p_.pools.front()].service].name; }
    const std::string& database() const { return *fleet_.databases[p_.database].name; }
    const Platform::Words& words() const { return fleet_.databases[p_.database].platform->words; }
    /// "postgres.js", or "its driver" where none is named.
    std::string driver_of(Index index) const {
        const auto& driver = fleet_.pools[index].driver;
        return driver ? **driver : std::string("its driver");
    }
    std::string before_after() const {
        return fmt::format("{} → {} connections in total ({})", unit::print(strategy_.before->value),
                           unit::print(strategy_.after->value), per_server(fleet_, strategy_));
    }

    std::string resize_pooler() const {
        const PoolerPlan& plan = report_.plan.poolers[p_.pooler];
        return fmt::format("{}: {} ({}){}", *fleet_.poolers[p_.pooler].name,
                           pooler_settings(report_, p_.pooler, plan.to_transaction, plan.size ? plan.size->value : 0),
                           pooler_basis(plan), plan.to_transaction ? and_breaks(report_, p_.pooler) : std::string());
    }

    std::string change() const {
        switch (p_.kind) {
            case Kind::resize:
                return fmt::format("{}: {} → {} per process{} ({})", label(p_.pools.front()),
                                   p_.from ? unit::print(*p_.from) : std::string("no limit"), unit::print(*p_.to),
                                   p_.in_code ? ", set in code" : "",
                                   size_text(*report_.fleet, report_.plan, p_.pools.front(), p_.reason));
            case Kind::resize_pooler:
                return resize_pooler();
            case Kind::merge:
                return fmt::format("{}: one pool of {} per process instead of {} ({})", service(), unit::print(*p_.to),
                                   listed(p_.pools, [&](Index pool) { return *fleet_.pools[pool].name; }),
                                   size_text(*report_.fleet, report_.plan, p_.pools.front(), p_.reason));
            case Kind::measure:
                return fmt::format("measure busy, idle and waiting connections of {}", pools());
            case Kind::log:
                return fmt::format("{}: log busy, idle and waiting connections each minute ({})", pools(),
                                   p_.driver == nullptr ? std::string(words().by_client)
                                                        : fmt::format("{}: {}", p_.driver->name, p_.driver->metrics));
            case Kind::find_out: {
                std::vector<std::string> texts;
                for (const Unmeasured input : p_.lacks) texts.push_back(lack_text(words(), input));
                return fmt::format("{}: {}", database(), fmt::join(texts, "; "));
            }
            case Kind::watch_long:
                return fmt::format("watch for {}, to cover each weekday twice", unit::print(p_.days));
            case Kind::add_pooler:
                return fmt::format(
                    "{} in front of {}: pool_mode = transaction, default_pool_size = {}{}, max_client_conn ≥ {}",
                    pooler_name(p_.pooler_kind), database(),
                    unit::print(Connections(static_cast<std::int64_t>(p_.all))),
                    p_.count > 1 ? fmt::format(" for each of {}, assumed equally busy", counted(p_.count, "database"))
                                 : std::string(),
                    unit::print(*p_.from));
            case Kind::listen_direct:
                return fmt::format("{}: {} for LISTEN stay direct", database(), counted(p_.count, "connection"));
            case Kind::stay_direct:
                return fmt::format("{} stays direct: it keeps session state", pools());
            default:
                return {};
        }
    }

    std::string size() const {
        const bool one = p_.count == 1;
        switch (p_.kind) {
            case Kind::sizes_change:
                return fmt::format("{}, {}", counted(p_.count, "setting"), before_after());
            case Kind::fewer:
                return before_after();
            case Kind::by_workload:
                return fmt::format("{} sized by {} workload: P(wait > {}) ≤ {}", counted(p_.count, "pool"),
                                   one ? "its" : "their", unit::print(*fleet_.policy.wait),
                                   unit::print_probability(fleet_.policy.wait_probability->value));
            case Kind::by_use:
                return fmt::format("{} sized by {} own use: {} × typical, and at least one above the observed peak",
                                   counted(p_.count, "pool"), one ? "its" : "their",
                                   unit::print_number(*fleet_.policy.observed_buffer));
            case Kind::by_formula:
                return fmt::format("{} keep{} formula and still follow{} its variables", counted(p_.count, "pool"),
                                   one ? "s its" : " their", one ? "s" : "");
            case Kind::own_use_on_replica:
                return fmt::format("replica rule: {} sized by their own observed use, not copied from the primary",
                                   pools());
            case Kind::no_new_parts:
                return "no code to merge, nothing new to run";
            case Kind::keeps_pools:
                return fmt::format("{} keeps {} pools on {}", service(), p_.pools.size(), database());
            case Kind::fixed_numbers:
                return fmt::format("fixed numbers, regardless of the host's vCPUs: {}", pools());
            case Kind::forced:
                return fmt::format("as large as the server's limit allows, not sized by use: {}", pools());
            case Kind::left_as_today:
                return fmt::format("unchanged because use is not measured: {}", pools());
            case Kind::without_limit:
                return fmt::format("no limit set and use not measured, so still unlimited: {}", pools());
            case Kind::fails_silently:
                return fmt::format(
                    "a pool that is too small shows up as slow queries, not as errors: no acquire timeout in {}",
                    listed(p_.pools, [&](Index pool) { return fmt::format("{} ({})", label(pool), driver_of(pool)); }));
            default:
                return {};
        }
    }

    std::string merging() const {
        switch (p_.kind) {
            case Kind::share_unknown:
                return fmt::format(
                    "{}: unknown whether {} and {} can share a pool, since {}'s driver is not in the catalog",
                    service(), pool(0), pool(1), pool(2));
            case Kind::share_driver:
                return fmt::format("{}: {} and {} both use {}: one pool object is enough", service(), pool(0), pool(1),
                                   p_.driver->name);
            case Kind::share_base:
                return fmt::format("{}: {} and {} are both built on {}: pass one the other's pool", service(),
                                   p_.driver->name, p_.other->name, p_.base->name);
            case Kind::foreign_driver:
                return fmt::format("{}: {} would have to run on {} instead of {}{}{}", service(), p_.other->name,
                                   p_.driver->name, p_.base->name, p_.other->merge.empty() ? "" : "; it ",
                                   p_.other->merge);
            case Kind::nothing_to_merge:
                return "no service has two pools on one database and no pool has a vcpu_max: same as conservative";
            case Kind::merged:
                return fmt::format("{}: its users borrow each other's idle connections",
                                   counted(p_.count, "merged pool"));
            case Kind::scaled:
                return fmt::format("sized by formula from the host's vCPUs: {}", pools());
            case Kind::scaled_on_replica:
                return fmt::format("replica rule: each pool's own vCPU formula, not the primary's size: {}", pools());
            case Kind::no_room:
                return fmt::format("no room above the observed peak: {}", listed(p_.shares, [&](auto& s) {
                                       return fmt::format("{} ({} of {})", label(s.pool), s.part.value, s.of.value);
                                   }));
            case Kind::too_small:
                return fmt::format("too small for its workload: {}", listed(p_.shares, [&](auto& s) {
                                       return fmt::format("{} ({} of {})", label(s.pool), unit::print(s.part),
                                                          unit::print(s.of));
                                   }));
            case Kind::formulas_unchecked:
                return fmt::format("use of {} is unknown: nothing to check the formulas against",
                                   counted(p_.count, "pool"));
            default:
                return {};
        }
    }

    std::string holds() const {
        return fmt::format("{}: typical use above {} or a peak above {} would need more than", pools(),
                           unit::print_number(p_.typical), unit::print(Connections(p_.to->value - 1)));
    }

    std::string measuring() const {
        switch (p_.kind) {
            case Kind::nothing_to_measure:
                return "every pool's use is known and monitored: nothing left to measure";
            case Kind::not_monitored:
                return fmt::format("{} of {} pools {} not monitored: measuring replaces estimates", p_.count, p_.all,
                                   p_.count == 1 ? "is" : "are");
            case Kind::not_known:
                return fmt::format("use of {} of {} pools is unknown", p_.count, p_.all);
            case Kind::idle_meanwhile:
                return fmt::format("{} idle connections stay open meanwhile", unit::print(p_.idle));
            case Kind::waiting_costs:
                return fmt::format("waiting with the classes too costs {}/mo", unit::print(p_.cost));
            case Kind::holds_recommended:
                return fmt::format("{} the recommended {}", holds(), unit::print(*p_.to));
            case Kind::holds_today:
                return fmt::format("{} today's {}; lower use makes it smaller", holds(), unit::print(*p_.to));
            case Kind::mean_over_baseline:
                return fmt::format("{}: a mean CPU above {} today may exceed the {} baseline of {}", database(),
                                   unit::print(p_.mean), unit::print(p_.cls->burst->baseline), p_.cls->name);
            default:
                return {};
        }
    }

    /// "orders: PgBouncer does not work with RDS for MySQL; poolers that do: RDS Proxy".
    std::string refused() const {
        const Platform& platform = *fleet_.databases[p_.databases.front()].platform;
        const std::string others =
            listed(platform.poolers, [](Pooler::Kind kind) { return std::string(pooler_name(kind)); });
        return fmt::format("{}: {} does not work with {}; poolers that do: {}",
                           listed(p_.databases, [&](Index i) { return *fleet_.databases[i].name; }),
                           pooler_name(p_.pooler_kind), platform.names.full, others.empty() ? "none" : others);
    }

    std::string pooler() const {
        switch (p_.kind) {
            case Kind::pooler_exists: {
                const Pooler& there = fleet_.poolers[p_.pooler];
                return fmt::format("{} already has one: {} ({})", database(), *there.name, pooler_name(there.kind));
            }
            case Kind::pooler_refused:
                return refused();
            case Kind::built_in:
                return fmt::format("{}: {} needs no host", database(),
                                   fleet_.databases[p_.database].platform->built_in_pooler->name);
            case Kind::own_host:
                return "it needs its own server, or room on an existing one";
            case Kind::server_connections:
                return fmt::format("{}: {} server connections, {} with right-sized pools and no pooler", database(),
                                   unit::print(*p_.to), unit::print(*p_.from));
            case Kind::server_side_by_use:
                return fmt::format("the server side is sized by the use of its clients: max(⌈{} × typical⌉, peak + 1)",
                                   unit::print_number(p_.buffer));
            case Kind::server_side_by_load:
                return "the server side is sized as one pool under the workloads of all its clients";
            case Kind::server_side_by_limit:
                return "the server side is all that the limit allows, not sized by use: its clients' use is unknown, "
                       "so first measure how many are busy at once";
            case Kind::server_side_unknown:
                return "its clients' use is unknown, so the server side has as many connections as they can open";
            case Kind::silent_in_full:
                return fmt::format("use of {} is unknown: counted as every connection that {} can open", pools(),
                                   p_.pools.size() == 1 ? "it" : "they");
            case Kind::clients_only_grow:
                return "more services, more processes and deploys add clients, not server connections";
            case Kind::one_more_hop:
                return "one more hop for each query, and one more thing that can be down";
            case Kind::no_host_price:
                return "its host's cost is unknown: the catalog has no price";
            case Kind::host_costs:
                return fmt::format("its own {} costs {}/mo, {}/yr; a second one for failover costs the same again",
                                   p_.host->name, unit::print(p_.cost), unit::print(p_.cost_per_year));
            case Kind::host_price_unknown:
                return fmt::format("the catalog has no host price in {}; a {} is {}/mo in {}",
                                   listed(p_.databases, [&](Index i) { return *fleet_.databases[i].region; }),
                                   p_.host->name, unit::print(p_.cost), HostType::priced_in);
            case Kind::managed_instead:
                if (p_.cost.value == 0)
                    return fmt::format("{} instead: nothing to run, but its price is not in the catalog",
                                       pooler_name(p_.pooler_kind));
                return fmt::format(
                    "{} instead: nothing to run, at {}/mo{}", pooler_name(p_.pooler_kind), unit::print(p_.cost),
                    p_.cls == nullptr
                        ? std::string()
                        : fmt::format("; {}, the next class up, costs {}/mo more", p_.cls->name, unit::print(p_.more)));
            default:
                return {};
        }
    }

    std::string transaction_mode() const {
        switch (p_.kind) {
            case Kind::prepares:
                return fmt::format(
                    "prepared statements in {}: need {} with max_prepared_statements > 0; SQL PREPARE never works",
                    pools(), keeps_prepared_text());
            case Kind::listens:
                return fmt::format("LISTEN in {}: in transaction mode, notifications are lost without an error",
                                   pools());
            case Kind::unknown_in_transaction_mode:
                return fmt::format("{}: unknown what transaction mode breaks for {}", pools(),
                                   driver_of(p_.pools.front()));
            case Kind::in_transaction_mode:
                return fmt::format("transaction mode and {}: {}", p_.driver->name, p_.driver->transaction_pooling);
            case Kind::session_state_drops:
                return "transaction mode drops session state: SET, session advisory locks, temporary tables, WITH HOLD "
                       "cursors";
            default:
                return {};
        }
    }

    const Report& report_;
    const Fleet& fleet_;
    const Strategy& strategy_;
    const Point& p_;
};

}  // namespace

std::string point_text(const Report& report, const Strategy& strategy, const Point& point) {
    return Words(report, strategy, point).text();
}

std::vector<std::string> point_texts(const Report& report, const Strategy& strategy, const std::vector<Point>& points) {
    std::vector<std::string> texts;
    texts.reserve(points.size());
    for (const Point& point : points) texts.push_back(point_text(report, strategy, point));
    return texts;
}

}  // namespace poolfit::render
