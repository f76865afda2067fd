// Services and pools: references, drivers, and the sizes evaluated once.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "drafts.hpp"
#include "parts.hpp"

namespace poolfit::load {

void report_unknown_driver(Context& context, const Located<std::string>& driver, bool sized, bool in_use) {
    const auto known = context.catalog.driver_names();
    const auto near = context.suggester.nearest(*driver, known);
    std::string message = fmt::format("driver: {} is not in the catalog", quote(*driver));
    auto& made = in_use ? context.out.error(driver.place, std::move(message))
                        : context.out.warning(driver.place, std::move(message));
    if (near.empty()) {
        made.notes.emplace_back("drivers", fmt::format("{}", fmt::join(known, ", ")));
        made.fix = sized ? "one of the drivers below, or none: max is given"
                         : "one of the drivers below, or the size of the pool: " + context.assign("max", "10");
    } else {
        made.label = fmt::format("did you mean {}?", near);
        made.fix = context.assign("driver", fmt::format("\"{}\"", near));
    }
}

namespace {

void resolve_driver(Context& context, const PoolDraft& draft, const Service& service, Pool& pool) {
    if (!pool.driver) return;
    const auto& driver = *pool.driver;
    pool.driver_default = context.catalog.find_driver(*driver);
    if (pool.driver_default == nullptr) {
        report_unknown_driver(context, driver, draft.has_max);
        return;
    }
    if (draft.has_max) return;
    using Kind = DriverDefault::Kind;
    const auto kind = pool.driver_default->kind;
    if (kind == Kind::mandatory)
        context.out.error(driver.place, fmt::format("driver: {} has no default size, so the pool needs max", *driver),
                          context.assign("max", "10"));
    else if (kind == Kind::driver)
        context.out.error(driver.place,
                          fmt::format("driver: {} has no pool of its own, so the pool needs max", *driver),
                          context.assign("max", "10") + ", or set the underlying driver");
    else if (kind == Kind::formula && !service.host)
        context.out.error(
            driver.place,
            fmt::format("driver: the default of {} depends on the host, but the service has none", *driver),
            context.assign("host", "\"app\"") + " in the service, or max in the pool");
}

Place place_in(const Size& size, Span span) {
    if (!size.text_place || span.end <= span.begin) return size.place;
    const auto begin = size.text_place.span.begin;
    return {size.text_place.source, {begin + span.begin, begin + span.end}};
}

/// The value, or an error for the variable or the figure that is wrong.
std::optional<Connections> evaluated(Context& context, std::string_view key, const Size& size, const Service& service,
                                     const formula::Variables& variables) {
    const auto& names = size.formula.names();
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        const auto& name = names[i];
        if (std::ranges::find(variables, name, &formula::Variables::value_type::first) != variables.end()) continue;
        const auto node = std::ranges::find_if(
            size.formula.nodes(), [&](const Formula::Node& n) { return n.op == Formula::Op::variable && n.name == i; });
        const auto place = place_in(size, node == size.formula.nodes().end() ? Span{} : node->span);
        if (name == "TOTAL_VCPUS") {
            context.out.error(
                place,
                fmt::format("{}: TOTAL_VCPUS is the host's, but service {} has no host", key, quote(*service.name)),
                context.assign("host", "\"app\"") + " in the service");
            return std::nullopt;
        }
        if (name == "DB_VCPUS") {
            context.out.error(place, fmt::format("{}: DB_VCPUS is not known: the database has no class", key),
                              "write the class of the database, or a number here");
            return std::nullopt;
        }
        if (name == "TOTAL_CORES") {
            context.out.error(
                place,
                service.host ? fmt::format("{}: TOTAL_CORES needs threads_per_core, and the host has no class", key)
                             : fmt::format("{}: TOTAL_CORES is the host's, but service {} has no host", key,
                                           quote(*service.name)),
                service.host ? context.assign("threads_per_core", "2") + " in the host"
                             : context.assign("host", "\"app\"") + " in the service");
            return std::nullopt;
        }
        std::vector<std::string_view> known(std::begin(model::built_in_variables), std::end(model::built_in_variables));
        for (const auto& [var, value] : service.vars) known.push_back(var);
        const auto near = context.suggester.nearest(name, known);
        auto& made = context.out.error(place, fmt::format("{}: {} is not a variable here", key, quote(name)));
        if (near.empty()) {
            made.fix = fmt::format("declare it in {}", context.header("[service.vars]"));
        } else {
            made.label = fmt::format("did you mean {}?", near);
            made.fix = fmt::format("write {}", near);
        }
        if (known.size() > 12) {
            known.resize(12);
            known.push_back("…");
        }
        made.notes.emplace_back("known", join(known));
        return std::nullopt;
    }
    auto result = model::evaluate(size, variables);
    if (const auto* error = std::get_if<FormulaError>(&result)) {
        context.out.error(place_in(size, error->span), fmt::format("{}: {}", key, error->message),
                          error->fix.empty() ? std::string("write 1 or more") : error->fix);
        return std::nullopt;
    }
    return std::get<Connections>(result);
}

/// More connections busy than the pool opens: one of the two is not per process.
void check_in_use(Context& context, const Pool& pool, std::int64_t most) {
    const std::int64_t databases = *pool.databases;
    if (!pool.in_use || pool.in_use->value.high <= static_cast<double>(most * databases)) return;
    const std::string pools =
        databases > 1 ? fmt::format("{} pools", unit::print(Connections(databases))) : std::string("a pool");
    context.out.warning(pool.in_use->place,
                        fmt::format("in_use: {} busy in {} of {}; are both per process?",
                                    unit::print_number(pool.in_use->value.high), pools, unit::print(Connections(most))),
                        "write the busy connections of one process");
}

/// More connections busy than its threads can hold.
void check_threads(Context& context, const Service& service, const Fleet& fleet, const Pool& pool) {
    if (!pool.in_use || !service.threads) return;
    const auto most = model::most_of_process(fleet, pool);
    if (!most || pool.in_use->value.high <= static_cast<double>(most->value)) return;
    context.note(context.out.warning(
                     pool.in_use->place,
                     fmt::format("in_use: {} busy, and a process of {} can hold {}; are both per process?",
                                 unit::print_number(pool.in_use->value.high),
                                 fmt::format("{} {}", **service.threads, **service.threads == 1 ? "thread" : "threads"),
                                 unit::print(*most)),
                     "write the busy connections of one process, and the threads of one"),
                 "threads", service.threads->place);
}

/// What a service refers to, by name.
struct Known {
    const Names &hosts, &databases, &poolers;
};

/// A pool's `database` names neither a database nor one pooler: perhaps a pooler that has several aliases.
void report_target(Context& context, const Draft& draft, const Located<std::string>& target, const Known& known) {
    const bool whole = known.databases.whole && known.poolers.whole;
    auto names = known.databases.ordered;
    names.insert(names.end(), known.poolers.ordered.begin(), known.poolers.ordered.end());
    std::vector<std::string_view> with_processes = names;
    for (const auto& process : draft.processes)
        if (process.count > 1) with_processes.push_back(*process.out.name);
    const auto near = context.suggester.nearest(*target, with_processes);
    const auto process = std::ranges::find_if(draft.processes, [&](const ProcessDraft& each) {
        const std::string& name = *each.out.name;
        return each.count > 1 && !name.empty() && (name == *target || name == near);
    });
    if (process == draft.processes.end()) {
        report_dangling(context, "database", target, "database or pooler", names, whole);
        return;
    }
    std::vector<std::string_view> aliases;
    for (std::size_t i = process->first; i < process->first + process->count; ++i)
        if (const auto& name = draft.poolers[i].out.name; !name->empty()) aliases.push_back(*name);
    const bool exact = *process->out.name == *target;
    if (aliases.empty() || (!exact && !whole)) return;
    auto& made = context.out.error(
        target.place, exact
                          ? fmt::format("database: pooler {} has {} databases: which?", quote(*target), aliases.size())
                          : fmt::format("database: no database or pooler named {}", quote(*target)));
    if (!exact) made.label = fmt::format("did you mean {}?", aliases.front());
    made.fix = context.assign("database", fmt::format("\"{}\"", aliases.front()));
    if (aliases.size() > 8) {
        aliases.resize(8);
        aliases.push_back("…");
    }
    made.notes.emplace_back("declared", join(aliases));
}

/// What the service and its pools refer to.
void refer(Context& context, const Draft& draft, ServiceDraft& own, const Known& known, Service& service,
           std::vector<Pool>& pools) {
    if (own.host) {
        service.host_place = own.host->place;
        if (const auto at = known.hosts.find(own.host->value))
            service.host = *at;
        else
            report_dangling(context, "host", *own.host, "host", known.hosts.ordered, known.hosts.whole);
    }
    own.formulas_hold = own.formulas_hold && (!own.host || service.host);
    for (std::size_t i = 0; i < own.pools.size(); ++i) {
        if (context.exhausted()) return;
        const PoolDraft& own_pool = own.pools[i];
        Pool& pool = pools[service.pools[i]];
        if (own_pool.target) {
            pool.target_place = own_pool.target->place;
            if (const auto at = known.databases.find(own_pool.target->value))
                pool.database = *at;
            else if (const auto pooler = known.poolers.find(own_pool.target->value))
                pool.pooler = *pooler;
            else
                report_target(context, draft, *own_pool.target, known);
        }
        resolve_driver(context, own_pool, service, pool);
    }
}

/// Without a size it opens as much as its pooler lets it: a share of max_connections, which has to be known then.
void check_share(Context& context, const Fleet& fleet, const Pool& pool) {
    const Database& database = fleet.databases[model::database_of(fleet, pool)];
    if (!pool.pooler || fleet.poolers[*pool.pooler].kind != Pooler::Kind::proxy || !database.type->unknown ||
        database.max_connections || pool.max || pool.driver_default == nullptr)
        return;
    using Kind = DriverDefault::Kind;
    const DriverDefault* driver = pool.driver_default;
    if (driver->kind == Kind::number || driver->kind == Kind::formula) return;
    context.out.error(
        pool.place,
        fmt::format("{} has no max, and its pooler takes a share of max_connections, which is not known",
                    context.header("[[service.pool]]")),
        fmt::format("{}, or write max_connections or the class of the database", context.assign("max", "10")));
}

/// The sizes of a service's pools, evaluated once.
void check_sizes(Context& context, bool formulas_hold, const Fleet& fleet, std::size_t index) {
    const auto& service = fleet.services[index];
    std::vector<Index> databases;  // that the service's pools end at
    for (const auto p : service.pools) {
        if (context.exhausted()) return;
        const auto& pool = fleet.pools[p];
        check_threads(context, service, fleet, pool);
        if (pool.driver_default != nullptr && !pool.max && pool.driver_default->kind == DriverDefault::Kind::number)
            check_in_use(context, pool, pool.driver_default->number);
        const bool known = (pool.database || pool.pooler) && formulas_hold &&
                           model::database_of(fleet, pool) < fleet.databases.size() &&
                           fleet.databases[model::database_of(fleet, pool)].type != nullptr;
        if (known) databases.push_back(model::database_of(fleet, pool));
        if (known) check_share(context, fleet, pool);
        const auto varies = [](const std::optional<Size>& size) { return size && !size->formula.is_constant(); };
        const bool asks = known && (varies(pool.max) || varies(pool.vcpu_max));
        const auto variables = asks ? model::size_variables(fleet, service, pool) : formula::Variables{};
        if (pool.max && (known || pool.max->formula.is_constant()))
            if (const auto most = evaluated(context, "max", *pool.max, service, variables))
                check_in_use(context, pool, most->value);
        if (pool.vcpu_max && (known || pool.vcpu_max->formula.is_constant()))
            (void)evaluated(context, "vcpu_max", *pool.vcpu_max, service, variables);
    }
    if (!service.merged_max) return;
    std::ranges::sort(databases);
    databases.erase(std::unique(databases.begin(), databases.end()), databases.end());
    for (const auto database : databases)
        if (!evaluated(context, "merged_max", *service.merged_max, service,
                       model::size_variables(fleet, service, database)))
            break;
}

}  // namespace

namespace {

/// A connector leads to servers of one platform.
void check_connector(Context& context, const Service& service, const Fleet& fleet) {
    if (!service.connector) return;
    const Connector* made = platform::connector(service.connector->value);
    bool known = true;
    for (const Index p : service.pools) {
        const Pool& pool = fleet.pools[p];
        if (!pool.database && !pool.pooler) known = false;
        if (!pool.database) continue;
        const Platform* platform = fleet.databases[*pool.database].platform;
        if (platform == nullptr || platform->connector == made) return;
    }
    if (!known) return;  // a reference that dangles may be right for all we know
    context.out.error(service.connector->place,
                      fmt::format("connector: {} leads to none of the databases of {}", made->name, *service.name),
                      "remove connector");
}

}  // namespace

void resolve_services(Context& context, Draft& draft, const Names& hosts, const Names& databases, const Names& poolers,
                      Fleet& fleet) {
    fleet.services.reserve(draft.services.size());
    fleet.pools.reserve(draft.pools);
    for (auto& own : draft.services) {
        Service& service = fleet.services.emplace_back(std::move(own.out));
        for (auto& own_pool : own.pools) {
            fleet.pools.emplace_back(std::move(own_pool.out)).service = static_cast<Index>(fleet.services.size() - 1);
            service.pools.push_back(static_cast<Index>(fleet.pools.size() - 1));
        }
    }
    check_in_parts(context, draft.services.size(), [&](Context& own, std::size_t first, std::size_t last) {
        for (std::size_t s = first; s < last; ++s) {
            if (own.exhausted()) return;
            refer(own, draft, draft.services[s], {hosts, databases, poolers}, fleet.services[s], fleet.pools);
            check_connector(own, fleet.services[s], fleet);
        }
    });
}

void resolve_pairs(Context& context, Fleet& fleet) {
    for (const Pool& pool : fleet.pools) {
        if (context.exhausted()) return;
        if (!pool.pooler || *pool.databases == 1) continue;
        Pooler& pooler = fleet.poolers[*pool.pooler];
        if (pooler.kind != Pooler::Kind::pgbouncer) continue;
        pooler.databases = std::max(pooler.databases, *pool.databases);
        const bool given = pooler.pairs.place && !pooler.pairs_by_clients;
        if (*pooler.pairs >= *pool.databases) continue;
        if (!given) {
            pooler.pairs = pool.databases;
            pooler.pairs_by_clients = true;
            continue;
        }
        context.note(context.out.warning(
                         pooler.pairs.place,
                         fmt::format("pairs: {}, and {}.{} opens {} databases through it, each a pair of its own",
                                     unit::print(Connections(*pooler.pairs)), *fleet.services[pool.service].name,
                                     *pool.name, unit::print(Connections(*pool.databases))),
                         context.assign("pairs", std::to_string(*pool.databases)) +
                             ", or remove it; only schemas of one database and one user are one pair"),
                     "databases", pool.databases.place);
    }
    for (Pooler& pooler : fleet.poolers)
        pooler.databases = std::min(pooler.databases, std::max<std::int64_t>(1, *pooler.pairs));
}

void resolve_sizes(Context& context, const Draft& draft, const Fleet& fleet) {
    check_in_parts(context, fleet.services.size(), [&](Context& own, std::size_t first, std::size_t last) {
        for (std::size_t s = first; s < last; ++s) check_sizes(own, draft.services[s].formulas_hold, fleet, s);
    });
}

void ignore_sizes(Context& context, Fleet& fleet) {
    for (Pool& pool : fleet.pools) {
        const DriverDefault* const driver = pool.driver_default;
        if (!pool.max || pool.max->is_formula || driver == nullptr || driver->kind != DriverDefault::Kind::number)
            continue;
        const bool fixed = model::is_fixed(*driver);
        if (!fixed && model::max_arrives(pool) != DriverDefault::Arrives::nowhere) continue;
        // What runs is the driver's default, unless more was seen in use.
        if (pool.in_use && (**pool.in_use).high > static_cast<double>(driver->number)) continue;
        if (const auto written = model::evaluate(*pool.max, {}); fixed && !context.exhausted())
            if (const auto* size = std::get_if<Connections>(&written); size && size->value != driver->number)
                context.out.warning(pool.max->place,
                                    fmt::format("max = {} has no effect: {} opens {} per process, and has no setting "
                                                "for another size",
                                                unit::print(*size), driver->name, driver->number),
                                    "remove max");
        pool.max_ignored = std::move(*pool.max);
        pool.max.reset();
    }
}

}  // namespace poolfit::load
