#include "strategy_words.hpp"

#include <cmath>

#include <string_view>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "listing.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

/// Of what classes save.
std::string_view after_commitments(const Report& report) { return report.plan.committed ? " after commitments" : ""; }

std::string text_or_unknown(const std::optional<Connections>& number) {
    return number ? unit::print(*number) : std::string("an unknown number of");
}
std::string text_or_unknown(const std::optional<Figure<Connections>>& figure) {
    return text_or_unknown(figure ? std::optional(figure->value) : std::nullopt);
}

std::string_view fits_text(const Strategy& strategy) {
    return strategy.phase == Phase::pooler ? "right-sized pools exceed their servers' limits; with a pooler they fit"
                                           : "right-sized pools exceed their servers' limits; merged pools fit";
}

std::string over_threshold(const Fleet& fleet, const Strategy& strategy) {
    const Why& why = strategy.why;
    const Threshold& threshold = strategy.thresholds[why.threshold];
    switch (threshold.quantity) {
        case Threshold::Quantity::max_connections_share:
            return fmt::format("even right-sized, the pools take {} of max_connections", unit::print(why.share));
        case Threshold::Quantity::services:
            return fmt::format(
                "{} services with {} connections after right-sizing: we suggest a pooler at {} services or more",
                fleet.services.size(), text_or_unknown(why.right_sized), threshold.at);
        default:
            break;
    }
    return fmt::format("even right-sized, the services open {} connections in total: we suggest a pooler at {} or more",
                       text_or_unknown(why.right_sized), threshold.at);
}

/// "…; over a limit today: steady connections 104 (limit 90, …)".
std::string cured_text(const Report& report, const Why& why) {
    if (!why.trouble) return "; no limit requires more";
    const Fleet& fleet = *report.fleet;
    return fmt::format("; over a limit today: {}",
                       check_text(fleet, why.database, *fleet.databases[why.database].type, why.trouble->check));
}

std::string host_text(const Why& why) {
    if (why.host.value == 0) return {};
    return fmt::format("; its host costs about {}/mo (list price in {})", unit::print(why.host), HostType::priced_in);
}

/// What the strategy's work is for.
std::string change_for(const Strategy& strategy) {
    if (!strategy.after) return "sizes for pools with known use, others stay unlimited; effort: ";
    const std::string after = unit::print(strategy.after->value);
    if (!strategy.before) return fmt::format("a limit on every pool, {} connections in total; effort: ", after);
    if (strategy.before->value == strategy.after->value)
        return fmt::format("{} connections in total, as today; effort: ", after);
    return change_words(strategy) + (strategy.unmeasured ? "; effort: " : " connections; effort: ");
}

/// What stands against a strategy that cannot be done, or for doing nothing.
std::string not_possible(const Report& report, const Strategy& strategy) {
    if (!strategy.cons.empty()) return point_text(report, strategy, strategy.cons.front());
    if (!strategy.pros.empty()) return point_text(report, strategy, strategy.pros.front());
    return "not possible here";
}

/// Those that some server of the fleet takes.
std::string pooler_names(const Fleet& fleet) {
    std::vector<std::string_view> taken;
    for (const PoolerKind& kind : platform::pooler_kinds()) {
        if (std::ranges::any_of(fleet.databases, [&](const Database& database) {
                return platform::takes(*database.platform, kind.kind);
            }))
            taken.push_back(kind.name);
    }
    if (taken.empty()) return "a connection pooler";
    return fmt::format("{}", fmt::join(taken, " or "));
}

}  // namespace

std::string title(const Fleet& fleet, const Strategy& strategy) {
    switch (strategy.phase) {
        case Phase::conservative:
            return "Right-size each pool to what it uses";
        case Phase::aggressive:
            return "Merge pools, size by vCPUs, and measure";
        case Phase::monitor:
            return "Measure first, change nothing yet";
        case Phase::pooler:
            return fmt::format("Add {}", pooler_names(fleet));
        case Phase::now:
        case Phase::after:
        case Phase::right_sized:
            break;
    }
    return std::string(strategy.name);
}

std::string why_text(const Report& report, const Strategy& strategy, Length length) {
    const Fleet& fleet = *report.fleet;
    const Why& why = strategy.why;
    const Strategy& chosen = report.strategies[why.instead];
    const auto reached = [&] { return threshold_text(fleet, strategy.thresholds[why.threshold]); };
    switch (why.kind) {
        case Why::Kind::nothing_known:
            return why.count == 1
                       ? "the pool's use is unknown: any new size would be a guess"
                       : fmt::format("no pool's use is known (0 of {}): any new size would be a guess", why.count);
        case Why::Kind::fits:
            return std::string(fits_text(strategy));
        case Why::Kind::over:
            return over_threshold(fleet, strategy);
        case Why::Kind::some_unknown:
            return fmt::format("pools with known use are right-sized; use of {} is unknown",
                               counted(why.count, "pool"));
        case Why::Kind::sizes_right:
            return "every pool is sized to its use";
        case Why::Kind::change:
            // The table has the change, and the block's first sentence the limit.
            return fmt::format(
                "{}{}{}{}", length == Length::brief ? std::string() : change_for(strategy), work_text(strategy.work),
                length == Length::brief && why.trouble ? std::string() : cured_text(report, why),
                strategy.hazard.kind == Hazard::Kind::forced ? "; pools as large as the limit allows, not sized by use"
                                                             : "");
        case Why::Kind::not_possible:
            return not_possible(report, strategy);
        case Why::Kind::all_given:
            return "use of every pool is known: change first, measure as you go";
        case Why::Kind::some_given:
            return why.count == 0 ? "no pool's use is known, but a pooler has to change first"
                                  : fmt::format("use of {} is known: enough to start with", counted(why.count, "pool"));
        case Why::Kind::fewer_with:
            return fmt::format("{} opens {} connections in total, this one {}", chosen.name,
                               text_or_unknown(chosen.after), text_or_unknown(strategy.after));
        case Why::Kind::no_use_known:
            return "its sizes would not be based on measured use";
        case Why::Kind::reached_blind:
            return fmt::format("{}; but without measured use it can't be sized", reached());
        case Why::Kind::reached:
            return fmt::format("{}; but it leaves {} connections in total, and {} leaves {}", reached(),
                               text_or_unknown(strategy.after), chosen.name, text_or_unknown(chosen.after));
        case Why::Kind::gains_little:
            return fmt::format("{}; but {} fits, and this saves little ({} instead of {} connections)", reached(),
                               chosen.name, text_or_unknown(strategy.after), text_or_unknown(chosen.after));
        case Why::Kind::cheaper:
            return fmt::format("its connections fit classes that cost {}/mo less than those for right-sized pools{}{}",
                               unit::print(why.saves), after_commitments(report), host_text(why));
        case Why::Kind::dearer:
            return fmt::format("right-sized pools fit too, {}{}",
                               why.saves.value > 0 ? fmt::format("and its classes would save only {}/mo{}",
                                                                 unit::print(why.saves), after_commitments(report))
                                                   : "on classes that cost no more",
                               host_text(why));
        case Why::Kind::raise_instead:
            return fmt::format("right-sized pools fit if max_connections of {} is raised, which is free",
                               *fleet.databases[why.database].name);
        case Why::Kind::does_not_fit:
            return fmt::format("it does not fit {}: {} connections{}, {}", *fleet.databases[why.database].name,
                               unit::print(why.needs), why.in_deploy ? " in a deploy" : "",
                               why.needs > why.usable || why.share.value >= 1
                                   ? fmt::format("{} usable", unit::print(why.usable))
                                   : fmt::format("limit {}, {} of {} usable",
                                                 unit::print(Connections(static_cast<std::int64_t>(std::floor(
                                                     why.share.value * static_cast<double>(why.usable.value) + 1e-9)))),
                                                 unit::print(why.share), unit::print(why.usable)));
        case Why::Kind::below:
            break;
    }
    return fmt::format("below its thresholds: {}", reached());
}

std::string_view at_list_price(const Report& report) { return report.plan.committed ? " at list price" : ""; }

std::string work_text(const Work& work) {
    const std::string services = counted(work.services, "service");
    switch (work.kind) {
        case Work::Kind::nothing_to_change:
            break;
        case Work::Kind::nothing_missing:
            return "nothing is missing";
        case Work::Kind::as_conservative:
            return "same as conservative";
        case Work::Kind::impossible:
            return "cannot be done";
        case Work::Kind::there_already:
            return "already in place";
        case Work::Kind::settings:
            return fmt::format("{}, {} to deploy", counted(work.settings, "setting"),
                               work.services == 0 ? std::string("no service") : services);
        case Work::Kind::formulas:
            return fmt::format("formulas in {}, one deploy each", services);
        case Work::Kind::code:
            return fmt::format("code changes in {}, tests, one deploy each", services);
        case Work::Kind::hop:
            return fmt::format("a host or a proxy, {} to point at it, tests for what transaction mode breaks",
                               services);
        case Work::Kind::watching:
            return fmt::format("an hour of work, then watch for {}", unit::print(work.days));
    }
    return "nothing to change";
}

std::string hazard_text(const Fleet& fleet, const Hazard& hazard) {
    switch (hazard.kind) {
        case Hazard::Kind::nothing_changes:
            break;
        case Hazard::Kind::as_conservative:
            return "same as conservative";
        case Hazard::Kind::forced:
            return fmt::format("{} as large as the server's limit allows: use is not measured",
                               hazard.count == 1 ? "a pool is" : fmt::format("{} pools are", hazard.count));
        case Hazard::Kind::room_kept: {
            const std::string text = "every changed pool keeps room above its observed peak";
            if (hazard.blind == 0) return text;
            if (hazard.count == 1) return text + "; it is not monitored, so that peak is an estimate";
            return text + fmt::format("; {} of the {} {} not monitored, so that peak is an estimate", hazard.blind,
                                      hazard.count, hazard.blind == 1 ? "is" : "are");
        }
        case Hazard::Kind::formulas_hold:
            return "formulas stay above observed peaks";
        case Hazard::Kind::foreign_drivers:
            return fmt::format(
                "{} on a driver other than its own{}",
                hazard.count == 1 ? "a library has to run" : fmt::format("{} libraries have to run", hazard.count),
                hazard.no_room_either ? "; pools without room above their peak" : "");
        case Hazard::Kind::too_small:
            return "pools too small for their workload";
        case Hazard::Kind::no_room:
            return "pools without room above their peak";
        case Hazard::Kind::unmeasured:
            return "formulas not checked against measured use";
        case Hazard::Kind::session_changes:
            return "transaction mode limits what a session can keep, and the pooler is one more thing that can fail";
        case Hazard::Kind::session_ends:
            return "transaction mode limits what a session can keep";
        case Hazard::Kind::poolers_forced:
            return "a pooler is as large as its server's limit allows: its clients' use is not measured";
        case Hazard::Kind::poolers_by_load:
            return "poolers sized for the combined load of their clients";
        case Hazard::Kind::features_break:
            return fmt::format("transaction mode breaks features in use by {}",
                               listed(hazard.pools, [&](Index pool) { return pool_label(fleet, pool); }));
    }
    return "nothing changes";
}

std::string per_server(const Fleet& fleet, const Strategy& strategy) {
    std::vector<StrategyDatabase> servers = strategy.databases;
    std::erase_if(servers, [](const StrategyDatabase& server) { return !server.connected(); });
    return listed(servers, [&](const StrategyDatabase& server) {
        const std::string before = count_text(server.before), after = count_text(server.after);
        const std::string& name = *fleet.databases[server.database].name;
        return before == after ? fmt::format("{} on {}", after, name)
                               : fmt::format("{} → {} on {}", before, after, name);
    });
}

std::string change_words(const Strategy& strategy) {
    if (strategy.unmeasured) return "not based on measured use";
    if (!strategy.change || strategy.change->value.value == 0) return "no change";
    const double share = strategy.change->value.value;
    return fmt::format("{}{}", share < 0 ? "−" : "+", unit::print(Fraction(std::abs(share))));
}

std::string count_text(const std::optional<Figure<Connections>>& figure) {
    return figure ? unit::print(figure->value) : std::string("no limit");
}

}  // namespace poolfit::render
