// The current state: hosts, servers, services, budgets, pools.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/model/topology.hpp>
#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "gauges.hpp"
#include "json_report.hpp"
#include "markdown_parts.hpp"
#include "strategies.hpp"

namespace poolfit::render {
namespace {

constexpr std::string_view unknown = "–";

std::string instances(const Interval<std::int64_t>& range) {
    return range.is_point() ? std::to_string(range.high) : fmt::format("{}–{}", range.low, range.high);
}

const std::string& or_unknown(const std::string& text) {
    static const std::string none(unknown);
    return text.empty() ? none : text;
}

std::string_view in_words(Runtime runtime) {
    switch (runtime) {
        case Runtime::unstated:
            break;
        case Runtime::event_loop:
            return "event loop";
        case Runtime::threads:
            return "threads";
        case Runtime::processes:
            return "processes";
        case Runtime::serverless:
            return "serverless";
    }
    return unknown;
}

std::string vcpus_of(const Host& host) {
    if (host.vcpus) return std::to_string(host.vcpus->value);
    return host.type != nullptr ? std::to_string(host.type->vcpus) : std::string(unknown);
}

void hosts(Markdown& page, const Fleet& fleet) {
    std::vector<std::vector<std::string>> services(fleet.hosts.size()), rows;
    for (const Service& service : fleet.services)
        if (service.host) services[*service.host].push_back(*service.name);
    for (Index h = 0; h < fleet.hosts.size(); ++h) {
        const Host& host = fleet.hosts[h];
        rows.push_back(
            {*host.name, host.cls ? **host.cls : std::string(unknown), vcpus_of(host), joined(services[h], ", ")});
    }
    page.table({{"host"}, {"class"}, {"vCPUs", true}, {"services"}}, rows);
}

void servers(Markdown& page, const Report& report) {
    const Fleet& fleet = *report.fleet;
    std::vector<std::vector<std::string>> rows;
    // One engine is the column's name; several stand beside their versions.
    const std::string_view engine = engine_name(fleet.databases.front());
    const bool one_engine = std::all_of(fleet.databases.begin(), fleet.databases.end(),
                                        [&](const Database& d) { return engine_name(d) == engine; });
    const auto version = [&](const Database& d) {
        if (one_engine) return d.version_text.empty() ? std::string("not set") : d.version_text;
        return fmt::format("{}{}{}", engine_name(d), d.version_text.empty() ? "" : " ", d.version_text);
    };
    for (const Index i : report.shown) {
        const Database& database = fleet.databases[i];
        const DatabasePlan& plan = report.plan.databases[i];
        const auto& free = database.observed.freeable_memory;
        rows.push_back({*database.name, *database.cls,
                        database.replica_of ? fmt::format("replica of {}", *fleet.databases[*database.replica_of].name)
                                            : std::string("primary"),
                        database.type->unknown ? std::string(unknown) : std::to_string(database.type->vcpus),
                        database.type->unknown ? std::string(unknown) : unit::print(database.type->memory),
                        std::string(zones_text(database)), or_unknown(*database.region), version(database),
                        cell(plan.now.cpu_mean), cell(plan.now.cpu_peak),
                        free ? unit::print(**free) : std::string(unknown),
                        has_list_price(database) ? cell(plan.now.cost) : std::string(unknown)});
    }
    page.table({{"database"},
                {"class"},
                {"role"},
                {"vCPUs", true},
                {"memory", true},
                {"zones"},
                {"region"},
                {one_engine ? std::string(engine) : std::string("engine")},
                {"CPU mean", true},
                {"CPU peak", true},
                {"freeable", true},
                {"per month", true}},
               rows);
}

std::string runtime_text(const Service& service) {
    if (service.runtime != Runtime::threads || !service.threads) return std::string(in_words(service.runtime));
    return fmt::format("{} {}", **service.threads, **service.threads == 1 ? "thread" : "threads");
}

void services(Markdown& page, const Fleet& fleet) {
    std::vector<std::vector<std::string>> rows;
    for (const Service& service : fleet.services)
        rows.push_back({*service.name, service.host ? *fleet.hosts[*service.host].name : std::string(unknown),
                        runtime_text(service), instances(*service.instances), std::to_string(*service.processes),
                        std::string(model::name(service.deploy))});
    page.table({{"service"}, {"host"}, {"runtime"}, {"instances", true}, {"processes", true}, {"deploy"}}, rows);
}

void poolers(Markdown& page, const Fleet& fleet) {
    std::vector<std::vector<std::string>> rows;
    for (const Pooler& pooler : fleet.poolers) {
        const bool proxy = pooler.kind == Pooler::Kind::proxy;
        const std::string_view mode = pooler.mode == Pooler::Mode::transaction ? "transaction"
                                      : pooler.mode == Pooler::Mode::session   ? "session"
                                                                               : "statement";
        rows.push_back({*pooler.name, std::string(pooler_name(pooler.kind)), *fleet.databases[pooler.database].name,
                        instances(*pooler.instances), proxy ? std::string(unknown) : std::string(mode)});
    }
    page.table({{"pooler"}, {"kind"}, {"database"}, {"instances", true}, {"mode"}}, rows);
}

/// What is known of the use, where some pools are not measured.
std::string use_cell(const Budget& budget) {
    return budget.in_use_at_least ? "at least " + unit::print(budget.in_use_at_least->value) : cell(budget.in_use);
}

}  // namespace

std::string cell(const std::optional<Figure<Connections>>& figure) {
    return figure ? unit::print(figure->value) : std::string("no limit");
}
std::string cell(const std::optional<Figure<Interval<Connections>>>& figure) {
    return figure ? unit::print(figure->value) : std::string(unknown);
}
std::string cell(const std::optional<Figure<Interval<Fraction>>>& figure) {
    return figure ? unit::print(figure->value) : std::string(unknown);
}
std::string cell(const std::optional<Figure<MicroUsdPerMonth>>& figure) {
    return figure ? unit::print(figure->value) : std::string("no price");
}

void markdown_infrastructure(Markdown& page, const Report& report) {
    page.heading(2, "Current infrastructure");
    hosts(page, *report.fleet);
    servers(page, report);
    services(page, *report.fleet);
    poolers(page, *report.fleet);
}

namespace {

void markdown_instances(Markdown& page, const Report& report) {
    std::vector<std::vector<std::string>> rows;
    for (const Index i : report.shown) {
        const auto& view = report::view_of(report, i).instances;
        if (!view) continue;
        std::vector<std::string> at;
        for (const InstancesView::Row& row : view->rows)
            at.push_back(fmt::format("{}: {} / {}", unit::print(Connections(row.instances)), unit::print(row.steady),
                                     unit::print(row.deploy)));
        rows.push_back({*report.fleet->databases[i].name, *report.fleet->services[view->service].name, joined(at),
                        fits_text(*view)});
    }
    if (rows.empty()) return;
    page.paragraph(
        "With other numbers of instances of a large service of each database that connects directly, at the "
        "recommended sizes and on the recommended class:");
    page.table({{"database"}, {"service"}, {"instances: steady / in a deploy"}, {"limit"}}, rows);
}

}  // namespace

void markdown_budgets(Markdown& page, const Report& report) {
    if (report.shown.empty()) return;
    const Fleet& fleet = *report.fleet;
    page.heading(2, "Connection budgets");
    const bool formulas = std::any_of(report.shown.begin(), report.shown.end(), [&](Index i) {
        return report.plan.databases[i].budget.limits.max_nominal.has_value();
    });
    page.paragraph(
        formulas ? "Per server: limits of different servers are never added up. Nominal is the formula applied to the "
                   "memory on the class's label; expected uses the memory that the engine sees. The plan uses the "
                   "observed value, or else the low end of expected."
                 : "Per server: limits of different servers are never added up. max_connections is each server's own "
                   "value.");
    std::vector<std::vector<std::string>> limits, use;
    for (const Index i : report.shown) {
        const DatabasePlan& plan = report.plan.databases[i];
        const Budget& budget = plan.budget;
        const Limits& of = budget.limits;
        const std::string& name = *fleet.databases[i].name;
        std::vector<std::string>& row = limits.emplace_back(std::vector<std::string>{name});
        if (formulas) {
            row.push_back(of.max_nominal ? unit::print(of.max_nominal->value) : std::string(unknown));
            row.push_back(of.max_expected ? unit::print(of.max_expected->value) : std::string(unknown));
        }
        row.push_back(of.max_observed ? unit::print(of.max_observed->value) : std::string("not observed"));
        row.push_back(of.known ? unit::print(of.max_planned.value) : std::string(unknown));
        row.push_back(unit::print(of.reserved.value));
        row.push_back(of.known ? unit::print(of.usable.value) : std::string(unknown));
        const std::string failover = plan.demand.failover_peak ? cell(plan.demand.failover_peak) : std::string(unknown);
        if (!model::lists_connections(fleet, report.plan.topology, i)) {
            std::vector<std::string>& none = use.emplace_back(9, std::string(unknown));
            none[0] = name;
            none[3] = failover;
            continue;
        }
        use.push_back({name, cell(plan.demand.allocated), cell(plan.demand.deploy_peak), failover,
                       budget.utilization ? percent(budget.utilization->value.value) : std::string(unknown),
                       use_cell(budget), cell(budget.waste),
                       budget.headroom ? unit::print(budget.headroom->value) : std::string(unknown),
                       budget.copies ? unit::print(budget.copies->value) : std::string(unknown)});
    }
    std::vector<Markdown::Head> heads{{"database"}};
    if (formulas) heads.insert(heads.end(), {{"max_connections nominal", true}, {"expected", true}});
    heads.push_back({formulas ? "observed" : "max_connections observed", true});
    heads.insert(heads.end(), {{"planned", true}, {"reserved", true}, {"usable", true}});
    page.table(heads, limits);
    page.table({{"database"},
                {"allocated", true},
                {"in a deploy", true},
                {"after a failover", true},
                {"of usable", true},
                {"in use", true},
                {"idle", true},
                {"headroom", true},
                {"stacks like this", true}},
               use);
    markdown_instances(page, report);
}

void markdown_pools(Markdown& page, const Report& report) {
    const Fleet& fleet = *report.fleet;
    std::vector<std::vector<std::string>> rows;
    const bool tenants = std::ranges::any_of(fleet.pools, [](const Pool& pool) { return *pool.databases > 1; });
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        const Index database = model::database_of(fleet, pool);
        if (!is_shown(report, database)) continue;
        const PoolPlan& plan = report.plan.pools[i];
        const std::string target =
            pool.pooler ? fmt::format("{} via {}", *fleet.databases[database].name, *fleet.poolers[*pool.pooler].name)
                        : *fleet.databases[database].name;
        rows.push_back({pool_label(fleet, i), target, pool.driver ? **pool.driver : std::string(unknown),
                        before_after(plan.declared, plan.recommended()),
                        before_after(plan.now.allocated, plan.after.allocated), cell(plan.use.in_use),
                        cell(plan.use.waste), *pool.monitored ? "yes" : "no", recommended_text(fleet, report.plan, i)});
        if (tenants) rows.back().insert(rows.back().begin() + 3, unit::print(Connections(*pool.databases)));
    }
    if (rows.empty()) return;
    page.heading(2, "Pools");
    std::vector<Markdown::Head> heads{{"pool"},
                                      {"database"},
                                      {"driver"},
                                      {tenants ? "max per database and process" : "max per process", true},
                                      {"connections", true},
                                      {"in use", true},
                                      {"idle", true},
                                      {"monitored"},
                                      {"why"}};
    if (tenants) heads.insert(heads.begin() + 3, {"databases", true});
    page.table(heads, rows);
}

}  // namespace poolfit::render
