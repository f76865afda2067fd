#include <algorithm>

#include <fmt/format.h>

#include <poolfit/assess/budget.hpp>

#include "names.hpp"

namespace poolfit::assess {

namespace {

/// Figures of the current class carry the database's name alone; those of another class say "on".
std::string scope(const Database& database, const InstanceClass& cls) {
    const std::string name = database_name(database);
    return &cls == database.type ? name : fmt::format("{}.on.{}", name, cls.name);
}

Figure<Connections> reserved(const Catalog& catalog, const Database& database, Ledger& ledger) {
    const std::string name = database_name(database) + ".connections.reserved";
    if (database.reserved_connections) {
        const Connections slots = **database.reserved_connections;
        return {slots, ledger.input(name, measured(slots), database.reserved_connections->place)};
    }
    std::int64_t total = 0;
    std::vector<FigureId> inputs;
    std::string formula;
    const std::optional<EngineVersion> version =
        database.version ? std::optional(database.version->value) : std::nullopt;
    for (const ReservedSlots& slots : catalog.reserved_slots(*database.platform, version)) {
        total += slots.slots;
        inputs.push_back(ledger.catalog(fmt::format("engine.{}.{}", database.platform->engine, slots.parameter),
                                        measured(Connections(slots.slots)), slots.row));
        formula += formula.empty() ? std::string(slots.parameter) : fmt::format(" + {}", slots.parameter);
    }
    const bool exact = version && version->exact();
    return {Connections(total), ledger.derive(name, measured(Connections(total)), formula, std::move(inputs),
                                              exact ? "" : "the minor version is not given: the most that any keeps")};
}

Figure<Connections> minus_reserved(std::string name, const Figure<Connections>& max, std::string_view of,
                                   const Figure<Connections>& reserved, Ledger& ledger) {
    const Connections usable(std::max<std::int64_t>(0, max.value.value - reserved.value.value));
    return {usable,
            ledger.derive(std::move(name), measured(usable), fmt::format("{} − reserved", of), {max.id, reserved.id})};
}

/// Where no formula gives max_connections, the inventory does: that is what every figure of it stands on.
Limits limits_by_hand(const Catalog& catalog, const Database& database, Ledger& ledger) {
    const std::string connections = database_name(database) + ".connections.";
    const Connections most = **database.max_connections;
    const FigureId leaf = ledger.input(connections + "max_observed", measured(most), database.max_connections->place);
    Limits result;
    result.max_nominal = {most, leaf};
    result.max_expected = {Interval<Connections>(most), leaf};
    result.max_observed = {most, leaf};
    result.set_by_hand = true;
    result.max_planned = {most, ledger.derive(connections + "max_planned", measured(most), "max_observed", {leaf})};
    result.reserved = reserved(catalog, database, ledger);
    result.usable = minus_reserved(connections + "usable", result.max_planned, "max_planned", result.reserved, ledger);
    result.usable_nominal = result.usable;
    return result;
}

}  // namespace

Limits limits(const Fleet&, const Catalog& catalog, const Database& database, const InstanceClass& cls,
              Ledger& ledger) {
    Limits result;
    const std::string connections = scope(database, cls) + ".connections.";
    const Platform& platform = *database.platform;
    const auto given = catalog.max_connections_formula(platform);
    if (!given) return limits_by_hand(catalog, database, ledger);
    const Catalog::LimitFormula& formula = *given;
    const FigureId formula_row =
        ledger.catalog(fmt::format("engine.{}.max_connections", platform.engine), measured(Measure::count, 1),
                       formula.row, fmt::format("the formula itself: {}", formula.text));

    const Connections nominal(catalog::max_connections_nominal(catalog, platform, cls));
    result.max_nominal = {nominal, ledger.derive(class_name(cls) + ".max_nominal", measured(nominal),
                                                 std::string(formula.text), {class_memory(cls, ledger), formula_row},
                                                 "a ceiling: the engine sees less memory than the label says")};
    const Interval<Connections> expected = catalog::max_connections_expected(catalog, platform, cls);
    result.max_expected = {
        expected, ledger.derive(class_name(cls) + ".max_expected", measured(expected), std::string(formula.text),
                                {engine_memory(platform, cls, ledger), formula_row})};

    Connections planned = expected.low;
    FigureId planned_id = 0;
    const auto observed_leaf = [&] {
        return ledger.input(database_name(database) + ".connections.max_observed", measured(**database.max_connections),
                            database.max_connections->place);
    };
    if (database.max_connections) {
        const Interval<Connections> own = catalog::max_connections_expected(catalog, platform, *database.type);
        const Connections observed = **database.max_connections;
        result.set_by_hand = observed < own.low || observed > own.high;
        if (&cls == database.type) {
            result.max_observed = {observed, observed_leaf()};
            planned = observed;
            planned_id = ledger.derive(connections + "max_planned", measured(planned), "max_observed",
                                       {result.max_observed->id}, "what the server says wins over the formula");
        } else if (result.set_by_hand) {
            planned = std::min(observed, expected.low);
            planned_id = ledger.derive(connections + "max_planned", measured(planned),
                                       "min(max_observed, max_expected.low)", {observed_leaf(), result.max_expected.id},
                                       "max_observed is not what the formula gives on today's class: set by hand, it "
                                       "stays when the class changes");
        }
    }
    if (planned_id == 0)
        planned_id = ledger.derive(connections + "max_planned", measured(planned), "max_expected.low",
                                   {result.max_expected.id}, "the low end: the server has not been asked");
    result.max_planned = {planned, planned_id};

    result.reserved = reserved(catalog, database, ledger);
    result.usable = minus_reserved(connections + "usable", result.max_planned, "max_planned", result.reserved, ledger);
    result.usable_nominal =
        minus_reserved(connections + "usable_nominal", result.max_nominal, "max_nominal", result.reserved, ledger);
    return result;
}

}  // namespace poolfit::assess
