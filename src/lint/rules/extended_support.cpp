// PF306: the version's life cycle costs money, or is about to.
#include <string>
#include <string_view>
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
    "The version is in paid Extended Support or no longer supported, or one of the two begins within six months.",
    "After standard support, RDS and Aurora charge Extended Support for each vCPU-hour, of a Multi-AZ standby too, and "
    "for each ACU-hour of Serverless v2. Reserved instances do not reduce it, and for most engines its third year "
    "costs "
    "twice as much. When all support ends, AWS upgrades the server. An old version often pays more for this than for "
    "its instance. Dates are judged on --today or SOURCE_DATE_EPOCH, else on the newest date of the catalog. RDS for "
    "MariaDB has no Extended Support: its servers are upgraded when standard support ends.",
    "Upgrade to a version in standard support. Fewer vCPUs cost less until then.",
    check,
};

namespace {

constexpr std::string_view not_known_here = "at a price not known here";

/// "$292.00/mo"; of capacity that follows the load "$0.085 per ACU-hour".
std::string cost_text(const Database& database, const Life& life, LifeCycle::Stage stage) {
    const auto hourly = life.charged(stage);
    if (life.by_unit && hourly)
        return fmt::format("{} per {}-hour", unit::print_unit_price(*hourly), database.platform->elastic->unit);
    const auto cost = life.cost(stage, *database.type, *database.multi_az);
    return cost ? fmt::format("{}/mo", unit::print(*cost)) : std::string(not_known_here);
}

/// "$584.00/mo from 2027-03-01 on": what comes next within half a year; empty where nothing does.
std::string next_text(const Database& database, const Life& life, Date today) {
    const auto next = life.next(today);
    if (!next || unit::days_since_epoch(next->on) - unit::days_since_epoch(today) > Life::half_year) return {};
    const std::string cost = cost_text(database, life, life.cycle.stage(next->on));
    switch (next->kind) {
        case Life::Event::Kind::starts:
            return fmt::format("Extended Support starts on {}: {}", unit::print(next->on), cost);
        case Life::Event::Kind::rises:
            return cost != not_known_here
                       ? fmt::format("{} from {} on", cost, unit::print(next->on))
                       : fmt::format("and more from {} on, {}", unit::print(next->on), not_known_here);
        case Life::Event::Kind::ends:
            break;
    }
    return fmt::format("all support ends on {}: {} upgrades it then", unit::print(next->on),
                       database.platform->names.keeper);
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

Finding not_known(const LintInput& input, const std::vector<Index>& without) {
    const Database& first = input.fleet.databases[without.front()];
    Finding finding = found(table::extended_support, without, *first.name, class_place(input.fleet, first),
                            "version not set: the cost of Extended Support is unknown");
    finding.severity = Severity::info;
    std::vector<std::string> others;
    for (std::size_t k = 1; k < without.size(); ++k) others.push_back(*input.fleet.databases[without[k]].name);
    if (!others.empty()) finding.notes.emplace_back("also", list(others));
    finding.fix = fmt::format("set version, such as \"{}\"", first.platform->versions.example);
    return finding;
}

/// "8.0, and from there to ": the series on the way.
std::string through(const Recommendation& advice) {
    std::string text;
    if (advice.upgrade)
        for (const LifeCycle& cycle : advice.upgrade->through)
            text += fmt::format("{}, and from there to ", cycle.text);
    return text;
}

Finding older(const LintInput& input, Index i) {
    const Database& database = input.fleet.databases[i];
    Finding finding = found(table::extended_support, {i}, *database.name, database.version->place,
                            fmt::format("{} {}: its life cycle is not known, nor what Extended Support costs",
                                        database.platform->names.engine, database.version_text));
    finding.fix = "upgrade to a version in standard support";
    return finding;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    std::vector<Index> without;
    const Market& market = *input.plan.market;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& database = input.fleet.databases[i];
        const auto& life = market.offers(i).life;
        if (input.plan.databases[i].recommendation.idle) continue;  // to be deleted, and not upgraded before: PF105
        if (market.offers(i).asks_version) without.push_back(i);
        if (market.offers(i).older) findings.push_back(older(input, i));
        std::string text = life ? message(database, *life, market.today()) : std::string();
        if (text.empty()) continue;
        Finding finding = found(table::extended_support, {i}, *database.name, database.version->place, std::move(text));
        finding.label = fmt::format("on {}", unit::print(market.today()));
        finding.fix = life->next_version
                          ? fmt::format("upgrade to {} {}{} or newer", database.platform->names.engine,
                                        through(input.plan.databases[i].recommendation), life->next_version->text)
                          : std::string("upgrade to a version in standard support");
        findings.push_back(std::move(finding));
    }
    if (!without.empty()) findings.push_back(not_known(input, without));
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
