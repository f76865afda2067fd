#include <poolfit/render/simulation.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/model/workload.hpp>
#include <poolfit/report/report.hpp>
#include <poolfit/unit/print.hpp>

#include "layout.hpp"
#include "phrase.hpp"
#include "simulation_remarks.hpp"
#include "simulation_words.hpp"
#include "table.hpp"

namespace poolfit::render {
namespace {

std::string usable_text(const DeployConnections& open) {
    return open.usable ? fmt::format("{} are usable", unit::print(*open.usable))
                       : std::string("how many are usable is not known");
}

using Unit = FigureRow::Unit;

constexpr int label_width = 12;

void print_fact(Page& page, std::string_view label, Pieces text) {
    page.labelled(label, std::move(text), label_width + 4, 4);
}

/// "2 instances × 4 processes × 10 connections, through bouncer".
std::string shape_text(const Fleet& fleet, const SimulatedPool& simulated) {
    const Pool& pool = fleet.pools[simulated.pool];
    const Service& service = fleet.services[pool.service];
    const auto counted_of = [](std::int64_t n, std::string_view one, std::string_view many) {
        return fmt::format("{}\u00A0{}", unit::print(Connections(n)), n == 1 ? one : many);
    };
    std::string text =
        fmt::format("{} × {} × {}", counted_of(service.instances->high, "instance", "instances"),
                    *pool.databases > 1 ? fmt::format("{} × {}", counted_of(*service.processes, "process", "processes"),
                                                      counted_of(*pool.databases, "database", "databases"))
                                        : counted_of(*service.processes, "process", "processes"),
                    simulated.size ? counted_of(simulated.size->value, "connection", "connections") : "no limit");
    if (pool.pooler) text += fmt::format(", through {}", *fleet.poolers[*pool.pooler].name);
    return text;
}

/// The load at the end that is simulated.
std::string load_text(const Workload& w) {
    std::string text = w.users ? fmt::format("{}, think {}", counted(w.users->value, "user", "users"),
                                             unit::print(w.think ? w.think->value.low : Millis(0)))
                               : unit::print(w.rate->value.high);
    if (!model::has_percentiles(w))
        text += fmt::format(", hold {}, cv {}", unit::print(w.hold->value.high), unit::print_number(*w.cv));
    else
        text += fmt::format(", hold p50 {}", unit::print(w.hold_p50->value));
    if (w.hold_p95) text += fmt::format(", p95 {}", unit::print(w.hold_p95->value));
    if (w.hold_p99) text += fmt::format(", p99 {}", unit::print(w.hold_p99->value));
    if (w.cpu) text += fmt::format(", cpu {}", unit::print(w.cpu->value.high));
    if (w.external) text += fmt::format(", external {}", unit::print(w.external->value.high));
    if (*w.nested > 0) text += fmt::format(", nested {}", *w.nested);
    if (w.acquire_timeout) text += fmt::format(", timeout {}", unit::print(w.acquire_timeout->value));
    return text;
}

bool is_listed(const FigureRow& row, const SimulatedPool& pool) {
    if (row.figure == PoolFigure::wait_p50) return false;
    if (row.figure == PoolFigure::timeouts) return pool.acquire_timeout.has_value() && !pool.overloaded;
    if (row.figure == PoolFigure::throughput) return true;
    if (row.figure == PoolFigure::utilization) return pool.size.has_value();
    return pool.size && !pool.overloaded && !pool.hangs;
}

void print_pool(Page& page, const Fleet& fleet, const SimulatedDatabase& server, const SimulatedPool& simulated) {
    const Pool& pool = fleet.pools[simulated.pool];
    page.write(
        {fmt::format("  {}.{}  {}", *fleet.services[pool.service].name, *pool.name, shape_text(fleet, simulated))}, 4);
    print_fact(page, "per process", {load_text(*pool.workload)});
    Table table({{"", false, 0, false},
                 {"simulated", true, 0, false},
                 {"±\u00A095\u00A0%", true, 0, false},
                 {"formula", true, 0, false},
                 {"difference", true, 0, false},
                 {"", false, 0, false}},
                4);
    bool any_marked = false;
    for (const FigureRow& row : report::figure_rows()) {
        const Compared& figure = simulated.figures[static_cast<std::size_t>(row.figure)];
        if (!is_listed(row, simulated)) continue;
        const bool marked = report::is_marked(figure);
        any_marked = any_marked || marked;
        table.add({std::string(label(row.figure)), printed(figure.simulated.value, row.unit),
                   printed(figure.simulated.half_width, row.unit), formula_text(figure, row.unit),
                   difference_text(figure, row.unit), marked ? "◀" : ""});
    }
    table.print(page);
    if (simulated.refused.value > 0)
        print_fact(page, "refused",
                   {Piece(with_interval(simulated.refused, Unit::share) +
                              " of all transactions got no connection on the server that took over",
                          Paint::bad)});
    if (simulated.failures.value > 0)
        print_fact(page, "failed",
                   {Piece(with_interval(simulated.failures, Unit::share) +
                              " of all transactions were aborted by a failover or the pooler's timeout",
                          Paint::warn)});
    if (const std::string full = full_text(fleet, simulated); !simulated.overloaded && !full.empty())
        print_fact(page, "full", {Piece(full + "; the pool in front of it is full too", Paint::bad)});
    if (simulated.overloaded) print_fact(page, "overloaded", {Piece(overload_text(fleet, simulated), Paint::bad)});
    if (simulated.deadlocked) print_fact(page, "deadlock", deadlock_text(server, simulated));
    if (simulated.goal) print_fact(page, "goal", goal_text(fleet, simulated));
    const std::string method =
        simulated.method ? std::string(*simulated.method) : no_formula_text(simulated.no_formula);
    const std::string formula =
        method == "simulation" ? "none is exact: compared with a simulation of this pool alone" : method;
    const std::string_view bounds =
        method == "simulation" ? "; ≥ and ≤ are bounds" : ", for this pool alone; ≥ and ≤ are bounds";
    print_fact(page, "formula", {simulated.bounded && simulated.method ? formula + std::string(bounds) : formula});
    if (simulated.bounded || any_marked)
        print_fact(page, any_marked ? "◀ outside" : "bounds", {deviation_text(fleet, simulated.deviation)});
    for (const PoolNote note : simulated.notes) print_fact(page, "note", {note_text(fleet, simulated, note)});
    page.blank();
}

void print_story(Page& page, const Simulation& simulation) {
    const Fleet& fleet = *simulation.fleet;
    const auto at = [](double seconds) { return fmt::format("{}\u00A0s", unit::print_number(seconds)); };
    for (const SimulatedDeploy& deploy : simulation.deploys) {
        const Service& service = fleet.services[deploy.service];
        const std::int64_t before = service.instances->high;
        page.labelled("deploy",
                      {fmt::format("{}: {} → {} instances from {} to {}, under the same load", *service.name, before,
                                   before + deploy.extra_instances, at(deploy.start), at(deploy.end))},
                      label_width, 0);
    }
    if (const auto& failover = simulation.failover) {
        const std::string& name = *fleet.databases[failover->database].name;
        page.labelled(
            "failover",
            {fmt::format("{} stops at {} for {}; then {}", name, at(failover->at), at(SimulatedFailover::outage),
                         failover->to == failover->database
                             ? std::string(*fleet.databases[failover->to].multi_az ? "its standby takes over"
                                                                                   : "it comes back (no replica)")
                             : fmt::format("its load runs on {}", *fleet.databases[failover->to].name))},
            label_width, 0);
        if (const auto& open = failover->connections) {
            const bool refused = open->usable && open->allocated > *open->usable;
            page.labelled(
                "",
                {Piece(fmt::format("pools can open {}{} connections there; {}{}", open->at_least ? "at least " : "",
                                   unit::print(open->allocated), usable_text(*open),
                                   refused ? "; the rest are refused, and their transactions fail" : ""),
                       refused ? Paint::bad : Paint::plain)},
                label_width, 0);
        }
    }
    if (!simulation.deploys.empty() || simulation.failover) page.blank();
}

void print_database(Page& page, const Simulation& simulation, const SimulatedDatabase& server) {
    const Fleet& fleet = *simulation.fleet;
    const Database& database = fleet.databases[server.database];
    page.labelled(*database.name,
                  {database.type->unknown ? *database.cls
                                          : fmt::format("{} · {}\u00A0vCPU", *database.cls, database.type->vcpus)},
                  label_width, 0);
    page.labelled("runs", run_text(simulation, server), label_width);
    const simulate::DatabaseReport& report = server.report;
    std::vector<std::string> texts;
    if (database.type->unknown) {
        texts.emplace_back("not known without its class: nothing waits for a CPU in this run");
    } else if (report.cpu_utilization.value > 0) {
        texts.push_back(with_interval(report.cpu_utilization, Unit::share) + " busy");
        if (server.cpu.formula) texts.push_back("formula " + formula_text(server.cpu, Unit::share));
        if (std::isfinite(report.stretch.value))
            texts.push_back(
                fmt::format("CPU time takes {} × as long as without contention", number_with_interval(report.stretch)));
    } else {
        texts.emplace_back("no workload sets cpu");
    }
    page.labelled("cpu", {joined(texts)}, label_width);
    page.labelled("active",
                  {fmt::format("{} transactions · peak {} (mean of {} runs)", number_with_interval(report.active),
                               unit::print_number(report.most_active.value), server.replications)},
                  label_width);
    if (const auto& deploy = server.in_deploy) {
        const bool refused = deploy->usable && deploy->allocated > *deploy->usable;
        page.labelled(
            "deploy",
            {Piece(fmt::format("its pools can open {}{} connections in the deploy; {}{}",
                               deploy->at_least ? "at least " : "", unit::print(deploy->allocated),
                               usable_text(*deploy), refused ? "; the rest are refused, which is not simulated" : ""),
                   refused ? Paint::bad : Paint::plain)},
            label_width);
    }
    if (report.overloaded)
        page.labelled("overloaded", {Piece("CPU demand exceeds capacity: every queue for it grows", Paint::bad)},
                      label_width);
    for (const SimulatedPooler& pooler : server.poolers) {
        page.labelled(
            *fleet.poolers[pooler.pooler].name,
            {joined({fmt::format("{} server connections", unit::print(pooler.connections)),
                     with_interval(pooler.report.utilization, Unit::share) + " busy",
                     fmt::format("wait {} on average", with_interval({pooler.report.wait_mean.value * 1000,
                                                                      pooler.report.wait_mean.half_width * 1000},
                                                                     Unit::milliseconds)),
                     fmt::format("p99 {}", unit::print(Millis(pooler.report.wait_p99.value * 1000))),
                     pooler.report.timeouts.value > 0
                         ? printed(pooler.report.timeouts.value, Unit::share) + " timed out after 120 s"
                         : ""})},
            label_width);
        if (const std::string note = note_text(pooler.note); !note.empty()) page.labelled("", {note}, label_width);
    }
    page.blank();
    for (const SimulatedPool& pool : server.pools) print_pool(page, fleet, server, pool);
}

}  // namespace

std::string simulation_text(const Simulation& simulation, const diag::Style& style) {
    Page page(style);
    const Fleet& fleet = *simulation.fleet;
    std::size_t pools = 0;
    for (const SimulatedDatabase& server : simulation.databases) pools += server.pools.size();
    page.flow("",
              {fmt::format("poolfit {}", report::version()), inputs_text(fleet),
               counted(pools, "pool") + " · " + counted(simulation.databases.size(), "database"),
               fmt::format("seed {}", simulation.seed),
               simulation.scale == 1 ? "" : fmt::format("load × {}", unit::print_number(simulation.scale))},
              "  ", 2);
    page.blank();
    print_story(page, simulation);
    for (const SimulatedDatabase& server : simulation.databases) print_database(page, simulation, server);
    if (!simulation.left_out.empty()) {
        std::vector<std::string> names;
        for (const Index index : simulation.left_out)
            names.push_back(
                fmt::format("{}.{}", *fleet.services[fleet.pools[index].service].name, *fleet.pools[index].name));
        page.labelled("left out", {joined(names, ", ") + ": no workload"}, label_width, 0);
    }
    for (const RunNote note : simulation.notes) page.labelled("note", {std::string(note_text(note))}, label_width, 0);
    return page.take();
}

}  // namespace poolfit::render
