#include "words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "block.hpp"
#include "commitments.hpp"
#include "layout.hpp"

namespace poolfit::render {
namespace {

/// "db.t3.large fits, and saves $183.96/mo by list price, but not beside commitments: 16 units of m5 would be left
/// over, at $105.85/mo more; it pays from 2027-07-01 on".
std::string committed_text(const InstanceClass& today, const Summary& summary) {
    std::string text =
        fmt::format("{} fits and would save {}/mo at list price", summary.cls->name, unit::print(summary.saves));
    if (!summary.held) return text + ", but not after commitments";
    const Summary::Held& held = *summary.held;
    if (held.units > 0)
        text += fmt::format(", but strands {} of {}", units_text(held.units), today.family);
    else
        text += ", but not after commitments";
    text += held.saves.value < 0 ? fmt::format(": it costs {}{}/mo more", held.at_least ? "up to " : "",
                                               unit::print(MicroUsdPerMonth(-held.saves.value)))
            : held.saves.value == 0
                ? std::string(held.at_least ? ": it may save nothing" : ": it saves nothing")
                : fmt::format(": it saves {}{}/mo", held.at_least ? "≥ " : "", unit::print(held.saves));
    return text + (held.pays_from ? fmt::format("; it pays from {} on", unit::print(*held.pays_from))
                                  : std::string("; the end of a term does not change that"));
}

/// A limit that today's class exceeds, and may keep on exceeding.
std::string exceeded_text(const Fleet& fleet, const Plan& plan, Index index) {
    const Projection& on = plan.databases[index].chosen;
    const auto* at = std::ranges::find_if(on.checks, [](const Check& check) { return check.exceeds(); });
    if (at == on.checks.end()) return {};
    Check check = *at;
    check.caveat = Caveat::none;  // it is today's class
    check.standing = Standing::over;
    return fmt::format("; {} exceeds one as well: {}", on.cls->name,
                       check_text(fleet, index, *on.cls, check, Length::brief));
}

std::string kept_text(const Fleet& fleet, const Plan& plan, Index index) {
    const InstanceClass& today = *fleet.databases[index].type;
    const Policy& policy = fleet.policy;
    const Summary& summary = plan.databases[index].recommendation.summary;
    switch (summary.kept) {
        case Summary::Kept::no_cheaper:
            break;
        case Summary::Kept::saves_less:
            return fmt::format("{} fits, but saves only {}/mo (min_savings_per_month = {})", summary.cls->name,
                               unit::print(summary.saves), unit::print(*policy.min_savings_per_month));
        case Summary::Kept::saves_share:
            return fmt::format("{} fits, but saves only {} (min_savings = {})", summary.cls->name,
                               unit::print(summary.saves_share), unit::print(*policy.min_savings));
        case Summary::Kept::saves_nothing:
            return fmt::format("{} fits, but saves nothing", summary.cls->name);
        case Summary::Kept::committed:
            return committed_text(today, summary);
        case Summary::Kept::rate_missing:
            return fmt::format("{} fits, but what it saves depends on the savings plan's rate of {}", summary.cls->name,
                               today.name);
        case Summary::Kept::peak_alone:
            return fmt::format("{} costs {}/mo more, unless CPU stays at today's peak: set observed.cpu_mean",
                               summary.cls->name, unit::print(MicroUsdPerMonth(-summary.saves.value)));
    }
    return "no cheaper class passes every limit" + exceeded_text(fleet, plan, index);
}

/// The end of a range of capacity that has to be higher: what max_connections follows, or what CPU and memory do.
std::string larger_text(const Elastic& elastic, const DatabasePlan& plan) {
    const auto over = [](const Check& check, bool of_connections) {
        return check.standing == Standing::over && of_connections == (check.measure == Measure::connections);
    };
    const auto& checks = plan.chosen.checks;
    const bool connections = std::ranges::any_of(checks, [&](const Check& check) { return over(check, true); });
    const bool others = std::ranges::any_of(checks, [&](const Check& check) { return over(check, false); });
    if (!elastic.limit_by_min || !connections) return fmt::format("a higher {} makes it larger", elastic.max_key);
    return fmt::format("a higher {} raises max_connections{}", elastic.min_key,
                       others ? fmt::format(", a higher {} makes it larger", elastic.max_key) : std::string());
}

/// That there is no class to go to, after what is wrong with today's.
std::string no_class_text(const Database& database, const DatabasePlan& plan, Summary::NoClass found) {
    const Limits& limits = plan.budget.limits;
    switch (found) {
        case Summary::NoClass::found:
            break;
        case Summary::NoClass::none_passes:
            return database.platform->limit.follows_class
                       ? std::string(", and no class in the catalog passes every limit")
                       : fmt::format(
                             ", and no class in the catalog passes every limit; max_connections stays {} on each: "
                             "raise "
                             "it in the {}",
                             unit::print(limits.max_planned.value), settings_home(database));
        case Summary::NoClass::limit_by_hand:
            return fmt::format("; max_connections is set by hand to {}, but {} allows {}: raise it in the {}",
                               unit::print(limits.max_observed->value), database.type->name,
                               unit::print(limits.max_expected->value), settings_home(database));
        case Summary::NoClass::own_server:
            return database.platform->elastic
                       ? "; " + larger_text(*database.platform->elastic, plan)
                       : fmt::format(", and {} {} has no other class",
                                     server_name(database).starts_with('A') ? "an" : "a", server_name(database));
        case Summary::NoClass::own_limit:
            return "; a higher max_connections is enough if memory allows: set observed.freeable_memory";
    }
    return {};
}

/// "; db.t3.xlarge at $211.70/mo may be enough if its CPU stays at the low end: peak CPU 36–80 % (limit 60 %)".
std::string may_do_text(const Fleet& fleet, const Plan& plan, Index index) {
    const DatabasePlan& own = plan.databases[index];
    const InstanceClass* cls = own.recommendation.summary.cls;
    if (cls == nullptr) return {};
    const auto at = std::ranges::find(own.candidates, cls, &Candidate::cls);
    if (at == own.candidates.end() || !at->cost) return {};
    const auto reason = std::ranges::find(at->reasons, true, &Reason::blocking);
    return fmt::format("; {} at {}/mo may be enough if its CPU stays at the low end: {}", cls->name,
                       unit::print(*at->cost), reason_text(fleet, plan, index, *cls, *reason, Length::brief));
}

/// "; with max_surge = 12 for api, db.m5.large is enough: 574 of 774 usable in a deploy".
std::string surge_text(const Fleet& fleet, const Database& database, const std::optional<SmallerSurge>& surge) {
    if (!surge) return {};
    const Service& service = fleet.services[surge->service];
    return fmt::format("; with {}max_surge = {} for {}{}, {} is enough: {} of {} usable in a deploy",
                       service.deploy == Deploy::rolling ? "" : "deploy = \"rolling\" and ", surge->instances,
                       *service.name, surge->with_sizes ? " and the recommended pools" : "",
                       database.platform->has_classes ? database.type->name : "the server", unit::print(surge->deploy),
                       unit::print(surge->usable));
}

/// "capacity that follows the load costs $43.80–$87.60/mo, db.r6g.large $219.00/mo".
std::string serverless_text(const DatabasePlan& own) {
    const Recommendation& advice = own.recommendation;
    const auto best = std::ranges::find(own.candidates, advice.summary.cls, &Candidate::cls);
    if (!advice.serverless || best == own.candidates.end() || !best->cost)
        return "capacity that follows the load costs less than any class";
    return fmt::format("capacity that follows the load costs {}, {} {}/mo", money_range(advice.serverless->cost.value),
                       advice.summary.cls->name, unit::print(*best->cost));
}

}  // namespace

std::string price_dates_text(const PriceDates& dates) {
    if (dates.oldest.empty()) return dates.own ? "from the inventory" : "";
    std::string text(dates.oldest);
    if (dates.newest != dates.oldest) text += fmt::format(" to {}", dates.newest);
    if (dates.own) text += " and from the inventory";
    return text;
}

std::string_view note_text(ReportNote note) {
    switch (note) {
        case ReportNote::commitments_left_out:
            break;
    }
    return "commitments are left out: they count only with list prices (--price list)";
}

std::vector<std::string> note_texts(const std::vector<ReportNote>& notes) {
    std::vector<std::string> texts;
    for (const ReportNote note : notes) texts.emplace_back(note_text(note));
    return texts;
}

std::string class_text(const Fleet& fleet, const Plan& plan, Index index) {
    const Database& database = fleet.databases[index];
    const DatabasePlan& own = plan.databases[index];
    const Summary& summary = own.recommendation.summary;
    const auto trouble = [&] { return reason_text(fleet, plan, index, *database.type, *summary.trouble); };
    switch (summary.kind) {
        case Summary::Kind::cheapest:
            return "the cheapest class that passes every limit";
        case Summary::Kind::cheapest_committed:
            return "the cheapest class that passes every limit, after commitments";
        case Summary::Kind::kept:
            break;
        case Summary::Kind::pools_change:
            return fmt::format("keep the class, {}: {}",
                               own.by_strategy.empty()
                                   ? "change the pools"
                                   : fmt::format("strategy {} changes its connections", own.by_strategy),
                               kept_text(fleet, plan, index));
        case Summary::Kind::pools_cure:
            return fmt::format("over a limit today: {}; the recommended pools fit", trouble());
        case Summary::Kind::smaller_pooler:
            return fmt::format("over a limit today: {}; a smaller pooler fits", trouble());
        case Summary::Kind::strategy_cures:
            return fmt::format("over a limit today: {}; strategy {} fits", trouble(), own.by_strategy);
        case Summary::Kind::limit_raised:
            return fmt::format("over a limit today: {}; max_connections = {} is enough{}", trouble(),
                               unit::print(*own.recommendation.max_connections),
                               own.budget.limits.max_expected
                                   ? fmt::format(", and {} allows {}", database.type->name,
                                                 unit::print(own.budget.limits.max_expected->value))
                                   : std::string());
        case Summary::Kind::class_fails:
            return fmt::format("{} exceeds its limits: {}{}{}",
                               database.platform->has_classes ? "current class" : "the server", trouble(),
                               surge_text(fleet, database, summary.surge),
                               no_class_text(database, own, summary.no_class) + may_do_text(fleet, plan, index));
        case Summary::Kind::pools_fail:
            return fmt::format("today's pools fit; the sizes their use requires do not: {}{}{}", trouble(),
                               no_class_text(database, own, summary.no_class),
                               surge_text(fleet, database, summary.surge));
        case Summary::Kind::idle:
            return own.recommendation.idle
                       ? fmt::format("nothing connects to it: no pool of the inventory, and no connection in {}",
                                     unit::print(own.recommendation.idle->window))
                       : std::string("nothing connects to it");
        case Summary::Kind::contradicted:
            return contradicted_text(fleet, plan, index);
        case Summary::Kind::serverless:
            return serverless_text(own);
        case Summary::Kind::server_missing:
            return server_missing_text(fleet, index, own.recommendation.missing.front()) +
                   (summary.trouble ? "; over a limit: " + trouble() : std::string());
        case Summary::Kind::input_missing:
            return "an input is missing; smaller classes can't be judged without it";
        case Summary::Kind::version_lists_end:
            return "the catalog does not list which classes run this version";
        case Summary::Kind::outside_catalog:
            return database.platform->elastic
                       ? fmt::format(
                             "serverless: connections{} CPU and memory are checked at {}, as far as they are known",
                             database.platform->elastic->limit_by_min
                                 ? fmt::format(" are checked at {},", database.platform->elastic->min_key)
                                 : ",",
                             database.platform->elastic->max_key)
                       : fmt::format("{}: connections are checked, classes are not compared", server_name(database));
    }
    return kept_text(fleet, plan, index);
}

std::string summary_text(const Fleet& fleet, const Plan& plan, Index index) {
    const std::string text = class_text(fleet, plan, index);
    if (plan.databases[index].recommendation.verdict == Verdict::stop)
        return stop_reason(fleet, plan, index) + "; keep the class: " + text;
    if (plan.databases[index].recommendation.verdict != Verdict::upgrade) return text;
    return (fleet.databases[index].platform->has_classes ? "upgrade the version, keep the class: "
                                                         : "upgrade the version; ") +
           text;
}

}  // namespace poolfit::render
