#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/model/topology.hpp>
#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "pooler_words.hpp"
#include "table.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_names = 5;

std::string names_of(const Fleet& fleet, const std::vector<Index>& pools) {
    const auto end = pools.begin() + static_cast<long>(std::min(pools.size(), most_names));
    std::string text = joined(pool_keys(fleet, {pools.begin(), end}), ", ");
    if (pools.size() > most_names) text += fmt::format(" and {} more", pools.size() - most_names);
    return text;
}

std::string limit_text(const Limits& limits) {
    if (!limits.known)
        return fmt::format("max_connections not known, {} of them reserved", unit::print(limits.reserved.value));
    if (!limits.max_expected)
        return fmt::format("max_connections {} ({}) − {} reserved = {} usable", unit::print(limits.max_planned.value),
                           limits.set_by_hand ? "set by hand" : "observed", unit::print(limits.reserved.value),
                           unit::print(limits.usable.value));
    const std::string expected = fmt::format("{} expected", unit::print(limits.max_expected->value));
    std::vector<std::string> parts;
    if (limits.max_nominal) {
        parts.push_back(fmt::format("max_connections {} nominal", unit::print(limits.max_nominal->value)));
        parts.push_back(expected);
    } else {
        parts.push_back("max_connections " + expected);
    }
    if (limits.max_observed)
        parts.push_back(fmt::format("{} observed{}", unit::print(limits.max_observed->value),
                                    limits.set_by_hand ? " (set by hand)" : ""));
    parts.push_back(fmt::format("planned {} − {} reserved = {} usable", unit::print(limits.max_planned.value),
                                unit::print(limits.reserved.value), unit::print(limits.usable.value)));
    return joined(parts);
}

std::string use_text(const std::optional<Figure<Connections>>& allocated, const Limits& limits,
                     const std::optional<Figure<Fraction>>& utilization,
                     const std::optional<Figure<Fraction>>& of_nominal) {
    if (!allocated) return {};
    if (!limits.known) return fmt::format("{}, and how many are usable is not known", unit::print(allocated->value));
    std::string text = fmt::format("{} of {} usable", unit::print(allocated->value), unit::print(limits.usable.value));
    if (utilization) text += " = " + percent(utilization->value.value);
    if (of_nominal) text += fmt::format(" ({} of nominal)", percent(of_nominal->value.value));
    return text;
}

std::string room_text(const Budget& budget) {
    if (!budget.headroom) return {};
    if (budget.headroom->value.value < 0)
        return fmt::format("over by {}", unit::print(Connections(-budget.headroom->value.value)));
    std::string text = fmt::format("headroom {}", unit::print(budget.headroom->value));
    if (!budget.copies) return text;
    const Connections copies = budget.copies->value;
    if (copies.value <= 1) return text + ": no room for another stack like this";
    return text + fmt::format(": room for {} more {} like this", unit::print(copies - Connections(1)),
                              copies.value == 2 ? "stack" : "stacks");
}

std::string arrow(const std::optional<Figure<Connections>>& now, const std::optional<Figure<Connections>>& after) {
    const auto text = [](const auto& figure) { return figure ? unit::print(figure->value) : std::string("no limit"); };
    const std::string before = text(now), then = text(after);
    return before == then ? then : before + " → " + then;
}

std::string range(const Interval<std::int64_t>& instances) {
    return instances.is_point() ? std::to_string(instances.high) : fmt::format("{}–{}", instances.low, instances.high);
}

std::string_view basis_text(Basis basis) {
    switch (basis) {
        case Basis::workload:
            return "workload";
        case Basis::observed:
            return "observed";
        case Basis::formula:
            return "formula";
        case Basis::runtime:
            return "runtime";
        case Basis::declared:
            return "declared";
        case Basis::driver_default:
            return "driver default";
        case Basis::limit:
            return "limit";
        case Basis::strategy:
            return "strategy";
        case Basis::unlimited:
            return "no limit";
    }
    return {};
}

std::string_view mode_text(const Pooler& pooler, const PoolerPlan& plan) {
    if (pooler.kind == Pooler::Kind::proxy) return pooler_name(pooler.kind);
    switch (pooler.mode) {
        case Pooler::Mode::session:
            return plan.to_transaction ? "session → transaction mode" : "session mode";
        case Pooler::Mode::transaction:
            return "transaction mode";
        case Pooler::Mode::statement:
            return "statement mode";
    }
    return {};
}

/// The pools that end on one database, directly or through a pooler.
class PoolList {
public:
    PoolList(const Report& report, Index database, std::vector<Index> pools)
        : report_(report),
          fleet_(*report.fleet),
          plan_(report.plan),
          database_(database),
          pools_(std::move(pools)),
          poolers_(plan_.topology.poolers[database]) {}

    bool empty() const { return pools_.empty() && poolers_.empty(); }

    Table table(bool narrow) const {
        Table table({{"pools", false, 0, false},
                     {narrow          ? "size"
                      : has_tenants() ? "per pool"
                                      : "per process",
                      true, 0, false},
                     {has_tenants() ? "dbs × procs" : "procs", true, 0, false},
                     {narrow ? "inst." : "instances", true, 0, false},
                     {narrow ? "total" : "connections", true, 0, false},
                     {"basis", false, 0, false}});
        for (const Index i : pools_)
            if (fleet_.pools[i].database) add(table, i, "  ");
        for (const Index p : poolers_) {
            const Pooler& pooler = fleet_.poolers[p];
            if (are_all_left_out(p)) continue;
            const std::string server = plan_.topology.clients[p].empty() ? "?" : server_connections(plan_.poolers[p]);
            table.add({"  via " + *pooler.name, "", "", range(*pooler.instances), server,
                       std::string(mode_text(pooler, plan_.poolers[p]))});
            for (const Index i : pools_)
                if (fleet_.pools[i].pooler == p) add(table, i, "    ");
        }
        if (const Point* added = new_pooler()) {
            const std::string server = "→ " + unit::print(*added->to);
            table.add({fmt::format("  via a new {}", pooler_name(added->pooler_kind)), "", "", "", server, "strategy"});
        }
        const Connections other = *fleet_.databases[database_].other_connections;
        if (other.value > 0) table.add({"  other", "", "", "", unit::print(other), "declared"});
        return table;
    }

private:
    void add(Table& table, Index i, std::string_view indent) const {
        const Service& service = fleet_.services[fleet_.pools[i].service];
        const PoolPlan& plan = plan_.pools[i];
        const bool merged = plan.taken && plan.taken->into;
        const std::string size =
            merged ? fmt::format("{} → –", plan.declared ? unit::print(plan.declared->value) : std::string("no limit"))
                   : arrow(plan.declared, plan.recommended());
        table.add({fmt::format("{}{}", indent, pool_label(fleet_, i)), size,
                   copies_text(fleet_.pools[i], *service.processes), range(*service.instances),
                   arrow(plan.now.allocated, plan.after.allocated),
                   std::string(merged ? "merged" : basis_text(plan.basis()))});
    }

    /// Of the pooler's pools, is none shown, though there are some?
    bool are_all_left_out(Index pooler) const {
        const auto through = [&](Index i) { return fleet_.pools[i].pooler == pooler; };
        return std::ranges::none_of(pools_, through) && std::ranges::any_of(plan_.topology.pools[database_], through);
    }

    /// Does a process have pools for several databases?
    bool has_tenants() const {
        return std::ranges::any_of(pools_, [&](Index i) { return *fleet_.pools[i].databases > 1; });
    }

    std::string copies_text(const Pool& pool, std::int64_t processes) const {
        return has_tenants() ? fmt::format("{} × {}", unit::print(Connections(*pool.databases)), processes)
                             : std::to_string(processes);
    }

    /// The pooler that the recommended strategy puts in front of this database.
    const Point* new_pooler() const {
        const auto taken = std::ranges::find_if(report_.strategies, &Strategy::recommended);
        if (taken == report_.strategies.end()) return nullptr;
        const auto at = std::ranges::find_if(taken->changes, [&](const Point& change) {
            return change.kind == Point::Kind::add_pooler && change.database == database_;
        });
        return at == taken->changes.end() ? nullptr : &*at;
    }

    static std::string server_connections(const PoolerPlan& pooler) {
        return arrow(pooler.now.server, pooler.after.server);
    }

    const Report& report_;
    const Fleet& fleet_;
    const Plan& plan_;
    Index database_;
    std::vector<Index> pools_;
    const std::vector<Index>& poolers_;
};

/// Two digits are what a simulation of it knows.
std::string lock_up_text(const HangingPool& hangs) {
    const double seconds = hangs.time.seconds, step = std::pow(10, std::floor(std::log10(seconds)) - 1);
    return fmt::format("no size is safe: nested checkouts lock it up after {} {} on average",
                       hangs.time.at_least ? "at least" : "about",
                       unit::print(Millis(std::round(seconds / step) * step * 1000)));
}

/// What a pool's wait is today and after, in words: "p99 wait 1.99 s → 0 ms · 72 % → 0.06 % wait longer than 5 ms".
std::string wait_change(const Report& report, Index index, const PoolLoad& load, Length length) {
    const Pool& pool = report.fleet->pools[index];
    if (load.refused != PoolLoad::Refused::no) return "its workload could not be sized: " + unsized_text(load);
    if (!load.now && !load.after)
        return load.cpu_full ? "waits unknown: the workloads need all of the database's CPU" : "waits unknown";
    const auto p99 = [](const std::optional<RatedPool>& rated) -> std::string {
        if (rated->figures.overloaded) return "unbounded";
        return rated->figures.wait_p99 ? unit::print(*rated->figures.wait_p99) : "unknown";
    };
    const auto late = [](const std::optional<RatedPool>& rated) -> std::string {
        if (rated->figures.overloaded) return "100 %";
        return unit::print_probability(rated->figures.p_over.value_or(rated->figures.p_wait));
    };
    const auto change = [&](const auto& text) {
        if (!load.now || !load.after) return text(load.now ? load.now : load.after);
        const std::string now = text(load.now), then = text(load.after);
        return now == then ? now : now + " → " + then;
    };
    std::string words = fmt::format("p99 wait {} · {} wait longer than {}", change(p99), change(late),
                                    unit::print(*report.fleet->policy.wait));
    if (!load.now) words = "after: " + words + " · today's waits unknown";
    if (!load.after) words = "today: " + words + " · waits after the plan unknown";
    if (length == Length::brief) return words;
    const auto& rated = load.after ? load.after : load.now;
    words += fmt::format(" · {}", sizing::name(rated->figures.method));
    if (rated->load.others > 0) words += ", approximate: check it with simulate";
    if (rated->one_for_each)
        words += fmt::format(" · for one of its {}, each with a connection", at_a_time_text(*report.fleet, pool));
    if (load.hangs_now) words += " · " + lock_up_text(*load.hangs_now);
    if (pool.pooler) words += " · not counting the wait at its pooler";
    if (load.cap == PoolLoad::Cap::knee) words += fmt::format(" · CPU knee {}", unit::print(load.knee->value));
    return words;
}

/// What the plan sets at the poolers in front of the database.
void print_pooler_changes(Page& page, const Report& report, Index database) {
    std::set<Index> processes;
    for (const Index i : report.plan.topology.poolers[database]) processes.insert(model::process_of(*report.fleet, i));
    for (const Index i : processes)
        if (const std::string text = client_change(report, i); !text.empty())
            page.write({fmt::format("    pooler {}", text)}, 6);
    for (const Index i : report.plan.topology.poolers[database]) {
        const PoolerPlan& plan = report.plan.poolers[i];
        if (const std::string text = need_text(report, i); !text.empty())
            page.write({fmt::format("    pooler {}  {}", *report.fleet->poolers[i].name, text)}, 6);
        if (!plan.size && !plan.to_transaction) continue;
        page.write({fmt::format("    pooler {}  {} ({})", *report.fleet->poolers[i].name,
                                pooler_settings(report, i, plan.to_transaction, plan.size ? plan.size->value : 0),
                                pooler_basis(plan))},
                   6);
    }
}

}  // namespace

void print_connections(Page& page, const Report& report, Index index, const Extent& extent) {
    const bool details = extent.details;
    const Fleet& fleet = *report.fleet;
    const DatabasePlan& plan = report.plan.databases[index];
    const DatabaseView& view = report::view_of(report, index);
    const Projection& then = plan.chosen;
    const Budget& budget = plan.budget;

    if (details) {
        std::string_view label = "today";
        for (const Check& check : view.over_today) {
            print_fact(page, label, {over_text(fleet, index, *plan.now.cls, check)});
            label = "";
        }
    } else if (!view.over_besides.empty() && !extent.leaves_out(Cut::all_pools)) {
        const std::size_t more = view.over_besides.size() - 1;
        print_fact(page, "today",
                   {over_text(fleet, index, *plan.now.cls, view.over_besides.front(), Length::brief) +
                    (more > 0 ? fmt::format(", and {} more", more) : std::string())});
    }
    if (!budget.unlimited.empty())
        print_fact(page, "no limit",
                   {names_of(fleet, budget.unlimited) + (budget.unlimited.size() == 1 ? " has" : " have") +
                    " no limit, so connections are unlimited"});
    if (budget.unexplained && budget.unexplained->value.value > 0 && !fleet.services.empty() &&
        !extent.leaves_out(Cut::all_pools))
        print_fact(
            page, "unexplained",
            {fmt::format("{} seen that no pool explains{}",
                         counted(budget.unexplained->value.value, "connection", "connections"),
                         extent.leaves_out(Cut::rest) ? "" : ": find what opens them, or set other_connections")});
    if (!details) return;

    print_fact(page, "limits",
               {(view.moves ? std::string(plan.now.cls->name) + ": " : "") + limit_text(budget.limits)});
    if (view.moves) print_fact(page, "", {fmt::format("{}: {}", then.cls->name, limit_text(then.limits))});
    const Database& database = fleet.databases[index];
    if (const auto cap = capped_limit(database, *database.type))
        print_fact(
            page, "",
            {fmt::format("{} at most while {} is {} or less", unit::print(*cap), database.platform->elastic->min_key,
                         unit::print_number(database.platform->elastic->low_min))});

    if (plan.recommendation.max_connections)
        print_fact(page, "",
                   {fmt::format("then: max_connections {} − {} reserved = {} usable",
                                unit::print(then.limits.max_planned.value), unit::print(then.limits.reserved.value),
                                unit::print(then.limits.usable.value))});

    const bool listed = model::lists_connections(fleet, report.plan.topology, index);
    std::vector<std::string> parts{
        listed ? use_text(plan.demand.allocated, budget.limits, budget.utilization, budget.utilization_nominal) : ""};
    if (listed && budget.in_use) parts.push_back("in use " + unit::print(budget.in_use->value));
    if (budget.in_use_at_least)
        parts.push_back(fmt::format("in use at least {} ({} of {} not measured)",
                                    unit::print(budget.in_use_at_least->value), budget.unmeasured.size(),
                                    counted(report.plan.topology.pools[index].size(), "pool")));
    if (listed && budget.waste) parts.push_back("idle " + unit::print(budget.waste->value));
    if (budget.observed) parts.push_back("observed " + unit::print(budget.observed->value));
    if ((listed && plan.demand.allocated) || budget.observed) print_fact(page, "use", {joined(parts)});
    if (budget.unexplained && budget.unexplained->value.value > 0 && !fleet.services.empty())
        print_fact(page, "",
                   {fmt::format("{} that no pool explains (PF304)",
                                counted(budget.unexplained->value.value, "connection", "connections"))});
    if (!budget.unmeasured.empty()) print_fact(page, "", {"in use unknown for " + names_of(fleet, budget.unmeasured)});
    if (const std::string text = room_text(budget); listed && !text.empty()) print_fact(page, "", {text});
    if (listed && view.connections_change)
        print_fact(page, "", {"after: " + use_text(plan.after.allocated, then.limits, then.utilization, {})});
}

void print_pools(Page& page, const Report& report, Index database, const Extent& extent) {
    const DatabaseView& view = report::view_of(report, database);
    if (extent.leaves_out(Cut::all_pools))
        return print_fact(page, "pools", {counted(report.plan.topology.pools[database].size(), "pool") + ": see -v"});
    const std::vector<Index> shown = report::some_pools(report.plan, view.pools, extent.pools);
    const PoolList pools(report, database, shown);
    if (pools.empty()) print_fact(page, "pools", {"none: no service connects here"});
    Table table = pools.table(false);
    if (!table.fits(page)) table = pools.table(true);
    if (!table.fits(page) && !table.empty()) page.write({"  pools"});
    table.print(page);
    for (const Index i : shown) {
        const auto& load = report.plan.pools[i].load;
        if (!load || (extent.leaves_out(Cut::rest) && !load->hangs_now)) continue;
        const Length length = extent.leaves_out(Cut::waits) && !load->hangs_now ? Length::brief : Length::whole;
        page.write({fmt::format("    {}  {}", pool_label(*report.fleet, i), wait_change(report, i, *load, length))}, 6);
    }
    if (!extent.leaves_out(Cut::rest)) print_pooler_changes(page, report, database);
    if (const std::size_t more = view.pools.size() - shown.size() + view.pools_left_out; more > 0) {
        const std::string where = view.pools_left_out > 0 ? model::command(*report.fleet, "plan", "--json") : "-v";
        page.write({fmt::format("    and {} more: see {}", more, where)}, 4);
    }
}

}  // namespace poolfit::render
