#include <poolfit/render/simulation.hpp>

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/report/report.hpp>

#include "csv_line.hpp"
#include "json_report.hpp"
#include "json_writer.hpp"
#include "simulation_remarks.hpp"

namespace poolfit::render {
namespace {

using Layout = JsonWriter::Layout;
using simulate::Estimate;

/// Six digits: more would be noise, and diffs stay readable.
double shortened(double value) {
    const std::string digits = fmt::format("{:.6g}", value);
    double result = value;
    std::from_chars(digits.data(), digits.data() + digits.size(), result);
    return result;
}

void write(JsonWriter& json, std::string_view key, const Estimate& e, double factor = 1) {
    json.open_object(key, Layout::line);
    json.number("value", shortened(e.value * factor));
    json.number("half_width", shortened(e.half_width * factor));
    json.close();
}

void write(JsonWriter& json, std::string_view key, const std::optional<double>& value) {
    value ? json.number(key, shortened(*value)) : json.null(key);
}

std::string_view name_of(Bound bound) {
    switch (bound) {
        case Bound::exact:
            break;
        case Bound::at_least:
            return "at-least";
        case Bound::at_most:
            return "at-most";
    }
    return "exact";
}

void write_compared(JsonWriter& json, std::string_view key, const Compared& figure) {
    json.open_object(key, Layout::line);
    json.number("value", shortened(figure.simulated.value));
    json.number("half_width", shortened(figure.simulated.half_width));
    write(json, "formula", figure.formula);
    json.text_or_null("bound", figure.formula ? name_of(figure.bound) : "");
    write(json, "difference", figure.difference);
    json.truth("outside", figure.outside);
    json.close();
}

std::string_view name_of(SimulatedGoal::NoSize reason) {
    using NoSize = SimulatedGoal::NoSize;
    switch (reason) {
        case NoSize::none:
            break;
        case NoSize::cpu:
            return "cpu";
        case NoSize::pooler:
            return "pooler";
        case NoSize::never_safe:
            return "never-safe";
        case NoSize::too_short:
            return "too-short";
        case NoSize::not_found:
            return "not-found";
        case NoSize::not_searched:
            return "not-searched";
    }
    return "";
}

std::string_view name_of(FullPart part) {
    switch (part) {
        case FullPart::none:
            break;
        case FullPart::pool:
            return "pool";
        case FullPart::pooler:
            return "pooler";
        case FullPart::cpu:
            return "cpu";
    }
    return "";
}

void write_goal(JsonWriter& json, const std::optional<SimulatedGoal>& goal) {
    using Met = SimulatedGoal::Met;
    if (!goal) return json.null("goal");
    json.open_object("goal");
    json.number("wait_ms", shortened(goal->wait.value));
    json.number("probability", shortened(goal->share));
    write(json, "p_over", goal->over);
    goal->met == Met::not_known ? json.null("met") : json.truth("met", goal->met == Met::yes);
    goal->size ? json.whole("size", goal->size->value) : json.null("size");
    goal->size ? write(json, "p_over_at_size", goal->over_at_size) : json.null("p_over_at_size");
    write(json, "pooler_wait_mean_ms_at_size",
          goal->pooler_wait ? std::optional(goal->pooler_wait->value) : std::nullopt);
    json.text_or_null("no_size", name_of(goal->no_size));
    json.close();
}

void write_pool(JsonWriter& json, const Fleet& fleet, const SimulatedPool& simulated) {
    const Pool& pool = fleet.pools[simulated.pool];
    const Service& service = fleet.services[pool.service];
    json.open_object();
    json.text("service", *service.name);
    json.text("pool", *pool.name);
    json.text_or_null("pooler", pool.pooler ? std::string_view(*fleet.poolers[*pool.pooler].name) : "");
    simulated.size ? json.whole("size", simulated.size->value) : json.null("size");
    json.whole("instances", service.instances->high);
    json.whole("processes", *service.processes);
    json.whole("databases", *pool.databases);
    write(json, "acquire_timeout_ms",
          simulated.acquire_timeout ? std::optional(simulated.acquire_timeout->value) : std::nullopt);
    json.truth("overloaded", simulated.overloaded);
    json.text_or_null("full", name_of(simulated.full));
    write(json, "failures", simulated.failures);
    write(json, "refused", simulated.refused);
    write(json, "busy_mean", simulated.busy);
    for (const FigureRow& row : report::figure_rows())
        write_compared(json, row.key, simulated.figures[static_cast<std::size_t>(row.figure)]);
    simulated.deadlocked ? write(json, "deadlocked", *simulated.deadlocked) : json.null("deadlocked");
    simulated.deadlock_after ? write(json, "deadlock_after_s", *simulated.deadlock_after)
                             : json.null("deadlock_after_s");
    simulated.deadlock_floor ? json.whole("deadlock_floor", simulated.deadlock_floor->value)
                             : json.null("deadlock_floor");
    json.text_or_null("method", simulated.method.value_or(""));
    json.text_or_null("no_formula", no_formula_text(simulated.no_formula));
    json.text_or_null("why", deviation_text(fleet, simulated.deviation));
    write_goal(json, simulated.goal);
    std::vector<std::string> notes;
    for (const PoolNote note : simulated.notes) notes.push_back(note_text(fleet, simulated, note));
    json.texts("notes", notes);
    json.close();
}

void write_database(JsonWriter& json, const Fleet& fleet, const SimulatedDatabase& server) {
    const Database& database = fleet.databases[server.database];
    json.open_object();
    json.text("name", *database.name);
    const bool unknown = database.type->unknown;
    unknown ? json.null("class") : json.text("class", *database.cls);
    unknown ? json.null("vcpus") : json.whole("vcpus", database.type->vcpus);
    json.number("seconds", shortened(server.seconds));
    json.whole("replications", server.replications);
    json.whole("transactions", std::llround(server.transactions));
    json.truth("story", server.story);
    json.truth("precise", server.precise);
    json.truth("warmed_up", server.warmed_up);
    json.truth("overloaded", server.report.overloaded);
    write_compared(json, "cpu_utilization", server.cpu);
    write(json, "active_mean", server.report.active);
    write(json, "active_most", server.report.most_active);
    write(json, "cpu_stretch", server.report.stretch);
    json.open_array("poolers");
    for (const SimulatedPooler& pooler : server.poolers) {
        json.open_object();
        json.text("name", *fleet.poolers[pooler.pooler].name);
        json.whole("server_connections", pooler.connections.value);
        write(json, "utilization", pooler.report.utilization);
        write(json, "wait_mean_ms", pooler.report.wait_mean, 1000);
        write(json, "wait_p99_ms", pooler.report.wait_p99, 1000);
        write(json, "timeouts", pooler.report.timeouts);
        json.text_or_null("note", note_text(pooler.note));
        json.close();
    }
    json.close();
    json.open_array("pools");
    for (const SimulatedPool& pool : server.pools) write_pool(json, fleet, pool);
    json.close();
    json.close();
}

}  // namespace

std::string simulation_json(const Simulation& simulation) {
    const Fleet& fleet = *simulation.fleet;
    JsonWriter json;
    json.open_object();
    json.text("schema", Simulation::schema);
    json.open_object("tool", Layout::line);
    json.text("name", "poolfit");
    json.text("version", report::version());
    json.close();
    json.open_object("inventory", Layout::line);
    write_inputs(json, fleet);
    json.close();
    json.whole("seed", static_cast<std::int64_t>(simulation.seed));
    json.number("scale", simulation.scale);
    json.number("precision", simulation.precision);
    json.number("confidence", simulation.confidence);
    json.open_array("deploys");
    for (const SimulatedDeploy& deploy : simulation.deploys) {
        json.open_object(Layout::line);
        json.text("service", *fleet.services[deploy.service].name);
        json.whole("extra_instances", deploy.extra_instances);
        json.number("start_s", deploy.start);
        json.number("end_s", deploy.end);
        json.close();
    }
    json.close();
    if (const auto& failover = simulation.failover) {
        json.open_object("failover", Layout::line);
        json.text("database", *fleet.databases[failover->database].name);
        json.text("to", *fleet.databases[failover->to].name);
        json.number("at_s", failover->at);
        json.number("outage_s", SimulatedFailover::outage);
        if (const auto& open = failover->connections) {
            json.whole("connections", open->allocated.value);
            open->usable ? json.whole("usable", open->usable->value) : json.null("usable");
        } else {
            json.null("connections");
            json.null("usable");
        }
        json.close();
    } else {
        json.null("failover");
    }
    json.open_array("databases");
    for (const SimulatedDatabase& server : simulation.databases) write_database(json, fleet, server);
    json.close();
    json.open_array("left_out");
    for (const Index index : simulation.left_out) {
        const Pool& pool = fleet.pools[index];
        json.open_object(Layout::line);
        json.text("service", *fleet.services[pool.service].name);
        json.text("pool", *pool.name);
        json.text("reason", "no workload");
        json.close();
    }
    json.close();
    std::vector<std::string_view> notes;
    for (const RunNote note : simulation.notes) notes.push_back(note_text(note));
    json.texts("notes", notes);
    json.close();
    return json.take();
}

std::string simulation_csv(const Simulation& simulation) {
    const Fleet& fleet = *simulation.fleet;
    const auto number = [](const std::optional<double>& value) {
        return value && std::isfinite(*value) ? csv_number(shortened(*value)) : std::string();
    };
    std::string out = csv_line({"database", "service", "pool", "figure", "simulated", "half_width", "formula",
                                "difference", "outside", "bound"});
    for (const SimulatedDatabase& server : simulation.databases)
        for (const SimulatedPool& simulated : server.pools) {
            const Pool& pool = fleet.pools[simulated.pool];
            for (const FigureRow& row : report::figure_rows()) {
                const Compared& figure = simulated.figures[static_cast<std::size_t>(row.figure)];
                out += csv_line({*fleet.databases[server.database].name, *fleet.services[pool.service].name, *pool.name,
                                 std::string(row.key), number(figure.simulated.value),
                                 number(figure.simulated.half_width), number(figure.formula),
                                 number(report::shown_difference(figure)), figure.outside ? "true" : "false",
                                 figure.formula ? std::string(name_of(figure.bound)) : std::string()});
            }
        }
    return out;
}

}  // namespace poolfit::render
