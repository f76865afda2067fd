#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "table.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_pools = 60;  // of one database; a longer list is for --json
constexpr std::size_t most_names = 5;

std::string names_of(const std::vector<std::string>& names) {
    std::vector<std::string> few(names.begin(), names.begin() + static_cast<long>(std::min(names.size(), most_names)));
    std::string text = joined(few, ", ");
    if (names.size() > most_names) text += fmt::format(" and {} more", names.size() - most_names);
    return text;
}

std::string limit_text(const Limits& limits) {
    std::vector<std::string> parts{fmt::format("max_connections {} nominal", unit::print(limits.max_nominal.value)),
                                   fmt::format("{} expected", unit::print(limits.max_expected.value))};
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
    if (copies.value <= 1) return text + ": no second copy of this stack fits";
    return text + fmt::format(": fits {} copies of this stack, {} more", unit::print(copies),
                              unit::print(copies - Connections(1)));
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
        case Basis::declared:
            return "declared";
        case Basis::driver_default:
            return "driver default";
        case Basis::unlimited:
            return "no limit";
    }
    return {};
}

std::string_view mode_text(const Pooler& pooler) {
    if (pooler.kind == Pooler::Kind::rds_proxy) return platform::pooler_kind(pooler.kind).name;
    switch (pooler.mode) {
        case Pooler::Mode::session:
            return "session mode";
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
    PoolList(const Report& report, Index database) : report_(report), fleet_(*report.fleet), database_(database) {
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < fleet_.pools.size(); ++i)
            if (model::database_of(fleet_, fleet_.pools[i]) == database_) all.push_back(i);
        shown_.assign(fleet_.pools.size(), false);
        // Where there are too many, those that change are worth more of the screen.
        if (all.size() > most_pools) {
            std::stable_partition(all.begin(), all.end(), [&](std::size_t i) { return changes(i); });
            left_out_ = all.size() - most_pools;
            all.resize(most_pools);
        }
        for (const std::size_t i : all) shown_[i] = true;
        empty_ = all.empty();
    }

    bool empty() const {
        return empty_ && std::ranges::none_of(fleet_.poolers, [&](const Pooler& p) { return p.database == database_; });
    }
    std::size_t left_out() const { return left_out_; }
    std::vector<std::size_t> shown() const {
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < shown_.size(); ++i)
            if (shown_[i]) all.push_back(i);
        return all;
    }

    Table table(bool narrow) const {
        Table table({{"pools", false, 0, false},
                     {narrow ? "size" : "per process", true, 0, false},
                     {"procs", true, 0, false},
                     {narrow ? "inst." : "instances", true, 0, false},
                     {narrow ? "total" : "connections", true, 0, false},
                     {"basis", false, 0, false}});
        for (std::size_t i = 0; i < fleet_.pools.size(); ++i)
            if (shown_[i] && fleet_.pools[i].database) add(table, i, "  ");
        for (std::size_t p = 0; p < fleet_.poolers.size(); ++p) {
            const Pooler& pooler = fleet_.poolers[p];
            if (pooler.database != database_) continue;
            table.add({"  via " + *pooler.name, "", "", range(*pooler.instances), server_connections(pooler),
                       std::string(mode_text(pooler))});
            for (std::size_t i = 0; i < fleet_.pools.size(); ++i)
                if (shown_[i] && fleet_.pools[i].pooler == p) add(table, i, "    ");
        }
        const Connections other = *fleet_.databases[database_].other_connections;
        if (other.value > 0) table.add({"  other", "", "", "", unit::print(other), "declared"});
        return table;
    }

private:
    bool changes(std::size_t i) const {
        const PoolSize &now = report_.plan.sizes[i], &after = report_.plan.pools[i].size;
        return now.has_value() != after.has_value() || (now && after && now->value != after->value);
    }

    void add(Table& table, std::size_t i, std::string_view indent) const {
        const Pool& pool = fleet_.pools[i];
        const Service& service = fleet_.services[pool.service];
        const Plan& plan = report_.plan;
        table.add({fmt::format("{}{}/{}", indent, *service.name, *pool.name), arrow(plan.sizes[i], plan.pools[i].size),
                   std::to_string(*service.processes), range(*service.instances),
                   arrow(plan.now.pools[i].allocated, plan.after.pools[i].allocated),
                   std::string(basis_text(plan.pools[i].basis))});
    }

    std::string server_connections(const Pooler& pooler) const {
        const Ledger& ledger = report_.plan.ledger;
        const auto value = [&](std::string_view phase) -> std::string {
            const auto id = ledger.find(fmt::format("pooler.{}.{}server_connections", *pooler.name, phase));
            return id ? assess::print(ledger[*id].value) : "";
        };
        const std::string now = value(""), after = value("after.");
        return now == after || after.empty() ? now : now + " → " + after;
    }

    const Report& report_;
    const Fleet& fleet_;
    Index database_;
    std::vector<bool> shown_;
    std::size_t left_out_ = 0;
    bool empty_ = true;
};

/// What a pool's wait is today and after, in words: "p99 wait 1.99 s → 0 ms · 72 % → 0.06 % wait longer than 5 ms".
std::string wait_change(const Report& report, const PoolLoad& load, bool pooled) {
    if (!load.refused.empty()) return "its workload is not sized: " + load.refused;
    if (!load.now && !load.after)
        return load.cpu_full ? "waits not known: the workloads ask for all of the database's CPU" : "waits not known";
    const auto p99 = [](const std::optional<RatedPool>& rated) -> std::string {
        if (!rated) return "not known";
        if (rated->figures.overloaded) return "without end";
        return rated->figures.wait_p99 ? unit::print(*rated->figures.wait_p99) : "not known";
    };
    const auto late = [](const std::optional<RatedPool>& rated) -> std::string {
        if (!rated) return "?";
        if (rated->figures.overloaded) return "100 %";
        return unit::print_probability(rated->figures.p_over.value_or(rated->figures.p_wait));
    };
    const auto change = [&](const auto& text) {
        const std::string now = text(load.now), then = text(load.after);
        return now == then ? now : now + " → " + then;
    };
    std::string words = fmt::format("p99 wait {} · {} wait longer than {}", change(p99), change(late),
                                    unit::print(*report.fleet->policy.wait));
    const auto& rated = load.after ? load.after : load.now;
    if (rated) words += fmt::format(" · {}", sizing::name(rated->figures.method));
    if (pooled) words += " · without the wait at its pooler";
    if (load.cap == PoolLoad::Cap::knee) words += fmt::format(" · the CPU's knee is {}", unit::print(load.knee->value));
    return words;
}

}  // namespace

void print_connections(Page& page, const Report& report, Index index) {
    const DatabasePlan& plan = report.plan.databases[index];
    const Projection& then = chosen(plan);
    const Budget& budget = plan.budget;

    std::string_view label = "today";
    for (const Check& check : plan.now.checks) {
        if (check.standing != Standing::over || check.dimension > Dimension::network) continue;
        const bool said =
            check.text.find(" over ") != std::string::npos || check.text.find("under ") != std::string::npos;
        print_fact(page, label, {check.text + (said ? "" : ": over")});
        label = "";
    }

    const bool moves = then.cls && plan.now.cls && then.cls != plan.now.cls;
    print_fact(page, "limits", {(moves ? std::string(plan.now.cls->name) + ": " : "") + limit_text(budget.limits)});
    if (moves) print_fact(page, "", {fmt::format("{}: {}", then.cls->name, limit_text(then.limits))});

    std::vector<std::string> parts{
        use_text(budget.demand.allocated, budget.limits, budget.utilization, budget.utilization_nominal)};
    if (budget.in_use) parts.push_back("in use " + unit::print(budget.in_use->value));
    if (budget.waste) parts.push_back("waste " + unit::print(budget.waste->value));
    if (budget.demand.allocated) print_fact(page, "use", {joined(parts)});
    if (!budget.unlimited.empty())
        print_fact(page, "no limit",
                   {names_of(budget.unlimited) + (budget.unlimited.size() == 1 ? " sets" : " set") +
                    " no limit: the connections have none either"});
    if (!budget.unmeasured.empty()) print_fact(page, "", {"in use not known of " + names_of(budget.unmeasured)});
    if (const std::string text = room_text(budget); !text.empty()) print_fact(page, "", {text});
    const bool changed = plan.after.allocated && budget.demand.allocated &&
                         (moves || plan.after.allocated->value != budget.demand.allocated->value);
    if (changed) print_fact(page, "", {"after: " + use_text(plan.after.allocated, then.limits, then.utilization, {})});
}

void print_pools(Page& page, const Report& report, Index database) {
    const PoolList pools(report, database);
    if (pools.empty()) print_fact(page, "pools", {"none: no service connects here"});
    Table table = pools.table(false);
    if (!table.fits(page)) table = pools.table(true);
    if (!table.fits(page) && !table.empty()) page.write({"  pools"});
    table.print(page);
    for (const std::size_t i : pools.shown()) {
        const auto& load = report.plan.loads[i];
        if (!load) continue;
        const Pool& pool = report.fleet->pools[i];
        page.write({fmt::format("    {}/{}  {}", *report.fleet->services[pool.service].name, *pool.name,
                                wait_change(report, *load, pool.pooler.has_value()))},
                   6);
    }
    if (pools.left_out() > 0)
        page.write({fmt::format("    and {} more: poolfit plan --json has them all", pools.left_out())}, 4);
}

}  // namespace poolfit::render
