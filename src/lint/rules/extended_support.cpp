// PF306: the version's life cycle costs money, or is about to.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/assess/offers.hpp>
#include <poolfit/unit/date.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::extended_support{
    "PF306",
    "extended-support",
    Severity::warning,
    "0.1.0",
    "The version is in paid Extended Support, or its standard support ends within six months.",
    "After standard support, Amazon RDS charges Extended Support for each vCPU-hour, of a Multi-AZ standby too. "
    "Reserved "
    "instances do not reduce it, and in its third year it costs about twice as much. At its end, RDS upgrades the "
    "server. "
    "An old version often pays more for this than for its instance. Dates are judged on --today or SOURCE_DATE_EPOCH, "
    "else on the newest date of the catalog. MariaDB has no Extended Support: its servers are upgraded.",
    "Upgrade to a version in standard support. Fewer vCPUs cost less until then.",
    check,
};

namespace {

constexpr long months_ahead = 183;  // days: half a year

std::string month(const std::optional<MicroUsdPerMonth>& cost) {
    return cost ? fmt::format("{}/mo", unit::print(*cost)) : std::string("at an unknown price");
}

/// At the price of this stage; nothing where that is not known.
std::optional<MicroUsdPerMonth> cost_at(const Database& database, const Life& life, LifeCycle::Stage stage) {
    const auto hourly = life.price ? life.price->at(stage) : std::nullopt;
    if (!hourly) return std::nullopt;
    return MicroUsdPerMonth(*hourly * hours_per_month * database.type->vcpus * (*database.multi_az ? 2 : 1));
}

/// "$292.00/mo"; of capacity that follows the load "$0.085 per ACU-hour".
std::string cost_text(const Database& database, const Life& life, LifeCycle::Stage stage) {
    const Elastic* elastic = database.platform->elastic;
    if (elastic == nullptr) return month(cost_at(database, life, stage));
    const auto hourly = life.price ? life.price->at(stage) : std::nullopt;
    if (!hourly) return month({});
    return fmt::format("${} per {}-hour", unit::print_number(static_cast<double>(*hourly) / 1e6), elastic->unit);
}

/// "doubles on 2027-03-01, to $584.00/mo": what comes next within half a year; empty where nothing does.
std::string next_text(const Database& database, const Life& life, Date today) {
    const LifeCycle& cycle = life.cycle;
    const auto soon = [&](const std::optional<Date>& day) {
        return day && *day > today && unit::days_since_epoch(*day) - unit::days_since_epoch(today) <= months_ahead;
    };
    if (life.stage == LifeCycle::Stage::standard && soon(cycle.charged_from))
        return fmt::format("Extended Support starts on {}: {}", unit::print(*cycle.charged_from),
                           cost_text(database, life, LifeCycle::Stage::charged));
    if (life.stage == LifeCycle::Stage::charged && soon(cycle.dearer_from))
        return fmt::format("{} from {} on", cost_text(database, life, LifeCycle::Stage::dearer),
                           unit::print(*cycle.dearer_from));
    if (soon(cycle.ends) && life.stage != LifeCycle::Stage::ended)
        return fmt::format("all support ends {} {}: {} upgrades it then", cycle.months ? "with the month of" : "on",
                           unit::print(cycle.ends), database.platform->names.keeper);
    return {};
}

std::string message(const Database& database, const Life& life, Date today) {
    const std::string version = fmt::format("{} {}", database.platform->names.engine, database.version_text);
    const std::string next = next_text(database, life, today);
    switch (life.stage) {
        case LifeCycle::Stage::standard:
            return next.empty() ? std::string() : fmt::format("{}: {}", version, next);
        case LifeCycle::Stage::charged:
        case LifeCycle::Stage::dearer:
            return fmt::format("{} is in Extended Support: {}{}", version, cost_text(database, life, life.stage),
                               next.empty() ? "" : ", " + next);
        case LifeCycle::Stage::ended:
            break;
    }
    return fmt::format("{}: all support ended on {}", version, unit::print(life.cycle.ends));
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    const Market& market = *input.plan.market;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& database = input.fleet.databases[i];
        const auto& life = market.offers(i).life;
        const bool unknown = !database.version && market.catalog().has_life_cycles(*database.platform);
        std::string text = life      ? message(database, *life, market.today())
                           : unknown ? std::string("version not set: the cost of Extended Support is unknown")
                                     : std::string();
        if (text.empty()) continue;
        Finding finding =
            found(table::extended_support, {i}, *database.name,
                  database.version ? database.version->place : class_place(input.fleet, database), std::move(text));
        if (unknown) finding.severity = Severity::info;
        finding.label = unknown ? std::string() : fmt::format("on {}", unit::print(market.today()));
        finding.fix = unknown ? fmt::format("set version, such as \"{}\"", database.platform->versions.example)
                              : std::string("upgrade to a version in standard support");
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
