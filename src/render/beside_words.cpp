#include "beside_words.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "commitments.hpp"
#include "storage_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

const Recommendation& advice_of(const Report& report, Index database) {
    return report.plan.databases[database].recommendation;
}

/// "≥ $77.28": of capacity that follows the load the least is counted.
std::string saved(const Stop& stop) { return (stop.at_least ? "≥ " : "") + unit::print(stop.saves.value); }

std::string percent_of(const Serverless& serverless) {
    const auto& saves = serverless.saves.value;
    return saves.low == saves.high ? unit::print(saves.high) + "/mo" : money_range(saves);
}

/// "$314.24/mo with its storage": of a database that is deleted.
std::string removal_saves(const Report& report, Index index) {
    const DatabasePlan& own = report.plan.databases[index];
    const auto& primary = report.fleet->databases[index].replica_of;
    std::vector<std::string> with;
    const bool stored = own.storage && own.storage->cost.cost;
    if (stored) with.emplace_back("its storage");
    if (primary && report.plan.databases[*primary].storage && report.plan.databases[*primary].storage->kept)
        for (const StorageUse::OfReader& reader : report.plan.databases[*primary].storage->deleted_readers)
            if (reader.database == index) with.emplace_back("its I/O requests");
    const auto is_billed = [&](Index i) { return report.plan.poolers[i].bill && report.plan.poolers[i].bill->now; };
    if (std::ranges::any_of(report.plan.topology.poolers[index], is_billed)) with.emplace_back(managed_pooler());
    return fmt::format("{}{}{}", stored && own.storage->cost.at_least ? "≥ " : "",
                       money_range(own.recommendation.idle->saves->value),
                       with.empty() ? std::string() : " with " + joined(with, " and "));
}

std::string idle_opening(const Report& report, Index index) {
    const Recommendation& advice = advice_of(report, index);
    const Database& database = report.fleet->databases[index];
    std::string text = advice.idle->replica
                           ? fmt::format("Delete {}: nothing reads from it. No connection was open in {}",
                                         *database.name, unit::print(advice.idle->window))
                           : fmt::format("Delete {} after {}: no connection was open in {}", *database.name,
                                         database.platform->leaving->copy, unit::print(advice.idle->window));
    const DatabasePlan& own = report.plan.databases[index];
    const bool instance = advice.saves_per_year && !(own.capacity && !own.capacity->instead);
    if (advice.idle->saves)
        text += fmt::format(". Saves {}{}.", removal_saves(report, index),
                            instance ? fmt::format(": {}/mo of the instance", unit::print(advice.saves->value)) : "");
    else
        text += advice.saves_per_year ? fmt::format(". Saves {}/yr.", unit::print(advice.saves_per_year->value)) : ".";
    if (std::string paid = saves_after_text(report, index); !paid.empty()) {
        if (!advice.idle->saves)
            paid.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(paid.front())));
        text += fmt::format(" {}{}.", advice.idle->saves ? "The instance " : "", paid);
    }
    if (advice.idle->replica && database.platform->replica_takes_over)
        text += " If it is kept to take over from its primary, set failover_target = true.";
    return text;
}

/// ", and px (RDS Proxy)": what goes with a database that is deleted.
std::string unused_proxies(const Report& report, Index database) {
    std::string text;
    for (const Index i : report.plan.topology.poolers[database])
        if (report.fleet->poolers[i].kind == Pooler::Kind::proxy)
            text += fmt::format(", and {} ({})", *report.fleet->poolers[i].name, managed_pooler());
    return text;
}

bool behind_proxy(const Report& report, Index database) {
    return std::ranges::any_of(report.plan.topology.poolers[database],
                               [&](Index i) { return report.fleet->poolers[i].kind == Pooler::Kind::proxy; });
}

/// "observed.cpu_mean is 40 %".
std::string activity_text(const Activity& activity) {
    return fmt::format("observed.{} is {}", activity.key, assess::print(activity.seen));
}

}  // namespace

std::string stop_reason(const Fleet& fleet, const Plan& plan, Index index) {
    if (plan.databases[index].recommendation.stop) return "need not run all week";
    return fmt::format("stops with {}'s cluster", *fleet.databases[*fleet.databases[index].replica_of].name);
}

std::string contradicted_text(const Fleet& fleet, const Plan& plan, Index index) {
    const Database& database = fleet.databases[index];
    const DatabasePlan& own = plan.databases[index];
    const auto& activity = own.recommendation.summary.activity;
    const auto& open = own.demand.allocated;
    const std::string none = fmt::format("{} was 0 for {}: one of the two is wrong",
                                         database.platform->words.connections, unit::print(**database.observed.window));
    if (open && open->value.value == 0 && activity)
        return fmt::format("{}, more than a server has that nothing uses, but {}", activity_text(*activity), none);
    return fmt::format("the inventory opens {} on it{}, but {}",
                       open ? counted(static_cast<std::size_t>(open->value.value), "connection") : "connections",
                       activity ? fmt::format(" and {}", activity_text(*activity)) : std::string(), none);
}

std::string range_text(const Serverless& serverless) {
    return fmt::format("{} to {} {}", unit::print_number(serverless.min), unit::print_number(serverless.max),
                       serverless.elastic->unit);
}

std::string hours_text(double hours) { return fmt::format("{} of 168 hours a week", unit::print_number(hours)); }
std::string hours_text(const Stop& stop) { return hours_text(stop.hours); }

std::string instead_of_class(const Recommendation& advice) {
    if (advice.verdict == Verdict::idle) return "→ delete";
    if (advice.verdict == Verdict::serverless)
        return fmt::format("→ {}, {}", advice.serverless->elastic->class_name, range_text(*advice.serverless));
    return {};
}

std::string opening_beside(const Report& report, Index index) {
    const Recommendation& advice = advice_of(report, index);
    const Database& database = report.fleet->databases[index];
    const std::string sure = fmt::format(" Risk {}.", plan::name(advice.risk));
    switch (advice.verdict) {
        case Verdict::idle:
            return idle_opening(report, index) + sure;
        case Verdict::serverless:
            return fmt::format("Move {} to {} with {}: {}. Saves {}{}.{}{}", *database.name,
                               advice.serverless->elastic->class_name, range_text(*advice.serverless),
                               class_text(*report.fleet, report.plan, index), percent_of(*advice.serverless),
                               report.plan.committed ? " after commitments" : "", stop_sentence(advice), sure);
        case Verdict::stop:
            if (!advice.stop) {
                const Index primary = *database.replica_of;
                return fmt::format("Runs {} with {}'s cluster ({}), whose saving counts it. Keep {}: {}.{}",
                                   hours_text(*advice_of(report, primary).stop), *report.fleet->databases[primary].name,
                                   model::name(database.environment), *database.cls,
                                   class_text(*report.fleet, report.plan, index), sure);
            }
            return fmt::format("Run {}{} {} ({}): saves {}/mo. Keep {}: {}.{}", *database.name,
                               database.platform->cluster ? "'s cluster" : "", hours_text(*advice.stop),
                               model::name(database.environment), saved(*advice.stop), *database.cls,
                               class_text(*report.fleet, report.plan, index), sure);
        default:
            return {};
    }
}

std::string stop_sentence(const Recommendation& advice) {
    if (advice.stop_held) {
        const StopHeld& held = *advice.stop_held;
        return fmt::format(
            " Running {} saves {}{}/mo after commitments: too little{}{}.", hours_text(held.hours),
            held.at_least ? "≥ " : "", unit::print(held.saves.value), held.at_least ? " to count on" : "",
            held.pays_from ? fmt::format("; it pays from {} on", unit::print(*held.pays_from)) : std::string());
    }
    if (!advice.stop || advice.verdict == Verdict::stop) return {};
    const bool more = advice.verdict != Verdict::unknown && advice.saves && advice.saves->value.value > 0;
    return fmt::format(" Running {} saves {}/mo{}.", hours_text(*advice.stop), saved(*advice.stop),
                       more ? " more" : "");
}

std::string poolers_text(const Report& report) {
    const Totals& totals = report.plan.totals;
    std::string text;
    std::vector<std::string> unpriced;
    std::vector<std::string> then;  // today's price is known
    for (const Index i : totals.unpriced_poolers) {
        const auto& bill = report.plan.poolers[i].bill;
        (bill && bill->now ? then : unpriced).push_back(*report.fleet->poolers[i].name);
    }
    if (totals.poolers_now) {
        const MicroUsdPerMonth now = totals.poolers_now->value, after = totals.poolers_after->value;
        text += fmt::format(", including {}{}/mo for {}", now == after ? std::string() : unit::print(now) + " → ",
                            unit::print(after), managed_pooler());
    }
    if (totals.elastic_poolers)
        text +=
            fmt::format(", and {} for {} of serverless", money_range(totals.elastic_poolers->value), managed_pooler());
    if (!unpriced.empty()) text += fmt::format(", without {} ({}): no price", joined(unpriced, ", "), managed_pooler());
    if (!then.empty())
        text += fmt::format(", without {} ({}): no price after the plan", joined(then, ", "), managed_pooler());
    return text;
}

std::string beside_total(const Report& report) {
    const Totals& totals = report.plan.totals;
    const bool at_least = std::ranges::any_of(report.shown, [&](Index i) {
        const auto& stop = advice_of(report, i).stop;
        return stop && stop->at_least;
    });
    std::string text;
    if (totals.stops_save)
        text += fmt::format("; schedules would save {}{}/mo more", at_least ? "≥ " : "",
                            unit::print(totals.stops_save->value));
    if (totals.serverless_saves)
        text += fmt::format("; {} would save {} more", "serverless", money_range(totals.serverless_saves->value));
    return text;
}

std::string title_beside(const Report& report, const Action& action) {
    const Index index = action.databases.front();
    const std::string& name = *report.fleet->databases[index].name;
    const Recommendation& advice = advice_of(report, index);
    if (action.kind == Action::Kind::remove) return fmt::format("{}: delete", name);
    if (action.kind == Action::Kind::serverless)
        return fmt::format("{}: {} {}", name, *report.fleet->databases[index].cls, instead_of_class(advice));
    return fmt::format("{}: run {}", name, hours_text(*advice.stop));
}

std::string gain_beside(const Report& report, const Action& action) {
    const Recommendation& advice = advice_of(report, action.databases.front());
    const std::string paid =
        action.kind == Action::Kind::remove ? saves_after_text(report, action.databases.front()) : std::string();
    if (action.kind == Action::Kind::remove && advice.idle->saves)
        return fmt::format("saves {}{}", removal_saves(report, action.databases.front()),
                           paid.empty() ? "" : "; the instance " + paid);
    if (!paid.empty()) return paid;
    if (action.kind == Action::Kind::remove)
        return advice.saves ? fmt::format("saves {}/mo", unit::print(advice.saves->value))
                            : std::string("one server less");
    if (action.kind == Action::Kind::serverless) return "saves " + percent_of(*advice.serverless);
    return fmt::format("saves {}/mo", saved(*advice.stop));
}

std::string work_beside(const Action& action) {
    if (action.kind == Action::Kind::remove) return "minutes, once its owner agrees";
    if (action.kind == Action::Kind::serverless) return "an hour, then watch it for a week";
    return "an hour, once";
}

namespace {

std::string add_capacity(const Report& report, Index index) {
    const Database& database = report.fleet->databases[index];
    const Serverless& to = *advice_of(report, index).serverless;
    if (!database.replica_of)
        return fmt::format("Add a {} reader with {} to {}'s cluster, fail over to it, and delete the old instance.",
                           to.elastic->class_name, range_text(to), *database.name);
    const std::string& writer = *report.fleet->databases[*database.replica_of].name;
    const std::string tier = to.takes_over ? fmt::format("{}, as large as its writer", to.elastic->writer_tiers)
                                           : fmt::format("{}: in {} it is never smaller than its writer",
                                                         to.elastic->own_tiers, to.elastic->writer_tiers);
    return fmt::format("Add a {} reader with {} to {}'s cluster, in {}. Move the clients of {} to it, and delete {}.",
                       to.elastic->class_name, range_text(to), writer, tier, *database.name, *database.name);
}

}  // namespace

std::string step_beside(const Report& report, const Step& step) {
    const Fleet& fleet = *report.fleet;
    const Database& database = fleet.databases[step.database];
    const Recommendation& advice = advice_of(report, step.database);
    const std::string_view connections = database.platform->words.connections;
    switch (step.kind) {
        case Step::Kind::ask_owner:
            return fmt::format("Ask the owner of {} whether a job of a month or a year needs it: {} was 0 for {}.",
                               *database.name, connections, unit::print(advice.idle->window));
        case Step::Kind::last_snapshot:
            return fmt::format("Take {} of {}, and restore it once{}", database.platform->leaving->copy, *database.name,
                               database.platform->leaving->why);
        case Step::Kind::remove:
            return fmt::format("Delete {}{}.", *database.name, unused_proxies(report, step.database));
        case Step::Kind::forget:
            return fmt::format("Remove {} from the inventory.", *database.name);
        case Step::Kind::schedule:
            return fmt::format("Stop {}{} outside its {} hours, by a scheduler{}. {}", *database.name,
                               database.platform->cluster ? "'s cluster" : "", unit::print_number(advice.stop->hours),
                               database.platform->stopping->how, database.platform->stopping->meanwhile);
        case Step::Kind::add_capacity:
            return add_capacity(report, step.database) +
                   (behind_proxy(report, step.database)
                        ? fmt::format(" Behind {} it never scales to zero: the proxy keeps connections open.",
                                      managed_pooler())
                        : std::string());
        case Step::Kind::set_capacity:
            return fmt::format("Set class = \"{}\", acu_min = {} and acu_max = {} of {} in the inventory.",
                               advice.serverless->elastic->class_name, unit::print_number(advice.serverless->min),
                               unit::print_number(advice.serverless->max), *database.name);
        default:
            return {};
    }
}

bool is_beside(const Action& action) {
    return action.kind == Action::Kind::remove || action.kind == Action::Kind::serverless ||
           action.kind == Action::Kind::stop;
}

std::string downtime_beside(const Downtime& downtime) {
    return downtime.kind == Downtime::Kind::gone ? "it does not come back" : "outside its hours; minutes to start";
}

}  // namespace poolfit::render
