// What comes by itself: life cycles, and limits that growth reaches.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/print.hpp>

#include "phase_words.hpp"
#include "words.hpp"

namespace poolfit::render {

std::string upgrade_target(const Report& report, Index database) {
    const Recommendation& advice = report.plan.databases[database].recommendation;
    if (!advice.upgrade->to) return "a newer version";
    const std::optional<bool> runs = advice.cls->unknown ? std::optional(true) : advice.upgrade->on_class;
    return fmt::format("{} or newer{}", advice.upgrade->to->text,
                       !runs    ? fmt::format(", if {} runs it", advice.cls->name)
                       : !*runs ? fmt::format(", which {} does not run", advice.cls->name)
                                : std::string());
}

std::string support_text(const Fleet& fleet, const SupportEvent& next) {
    const Database& database = fleet.databases[next.database];
    const std::string whose =
        fmt::format("{}{} {}{}: ", fleet.databases.size() == 1 ? std::string() : *database.name + ", ",
                    database.platform->names.engine, database.version_text,
                    next.cls->unknown ? std::string() : fmt::format(" on {}", next.cls->name));
    const std::string cost = next.unit_hour ? fmt::format("{} per {}-hour", unit::print_unit_price(*next.unit_hour),
                                                          database.platform->elastic->unit)
                             : next.cost    ? unit::print(next.cost->value) + "/mo"
                                            : std::string("at a price not known here");
    const std::string when = fmt::format("{} ({} {})", unit::print(next.event.on),
                                         next.months == 0   ? std::string("within a month of")
                                         : next.months == 1 ? std::string("a month after")
                                                            : fmt::format("{} months after", next.months),
                                         unit::print(next.today));
    switch (next.event.kind) {
        case Life::Event::Kind::starts:
            return fmt::format("{}Extended Support starts on {}: {}", whose, when, cost);
        case Life::Event::Kind::rises:
            return fmt::format("{}Extended Support gets dearer on {}: {}", whose, when, cost);
        case Life::Event::Kind::ends:
            break;
    }
    return fmt::format("{}all support ends on {}, and {} upgrades it{}", whose, when, database.platform->names.keeper,
                       next.then_unknown ? "; what Extended Support costs from then on is not known" : "");
}

std::string runway_text(const Fleet& fleet, const Runway& runway) {
    const auto print = [&](double value) { return assess::print(assess::measured(runway.measure, value)); };
    const std::string limit = print(runway.limit);
    const std::string when = !runway.months        ? fmt::format("not over {} within 10 years", limit)
                             : *runway.months == 0 ? fmt::format("already over {}", limit)
                                                   : fmt::format("over {} in month {}", limit, *runway.months);
    std::string dimension(assess::name(runway.dimension));
    std::replace(dimension.begin(), dimension.end(), '_', ' ');
    const std::string on =
        fleet.databases.size() == 1 ? std::string() : *fleet.databases[runway.database].name + " on ";
    return fmt::format("{}{}: {} {}, {}", on, runway.cls->name, dimension, print(runway.now), when);
}

}  // namespace poolfit::render
