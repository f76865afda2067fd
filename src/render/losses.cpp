// Words for a lost server, and for the parts of a class's price.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "listing.hpp"

namespace poolfit::render {
namespace {

std::string busy(const Survival& loss) { return (loss.cpu_at_least ? "at least " : "") + unit::print(loss.cpu->value); }

std::string_view can(Standing standing) {
    switch (standing) {
        case Standing::inside:
            return "survives";
        case Standing::over:
            return "does not survive";
        case Standing::unknown:
        case Standing::no_worse:
            break;
    }
    return "unknown whether it survives";
}

/// What it takes: CPU, then memory and connections where they are too many, then credits.
std::string load(const Fleet& fleet, Index database, const DatabasePlan& plan, const Survival& now,
                 const Survival& then) {
    std::vector<std::string> parts;
    if (then.cpu && now.cpu) {
        const bool moves = now.cpu->value != then.cpu->value;
        parts.push_back(moves ? fmt::format("combined peak CPU {} today, {} after", busy(now), busy(then))
                              : fmt::format("combined peak CPU {}", busy(then)));
    } else {
        const Index lacks = fleet.databases[then.from].observed.cpu_peak ? database : then.from;
        parts.push_back(fmt::format("database.{}.observed.cpu_peak is not set", *fleet.databases[lacks].name));
    }
    if (then.memory && then.memory_standing == Standing::over)
        parts.push_back(
            fmt::format("memory {} (limit {})", unit::print(then.memory->value), unit::print(plan.chosen.cls->memory)));
    if (then.connections_standing == Standing::over)
        parts.push_back(fmt::format("{} connections, {} usable", unit::print(then.connections),
                                    unit::print(plan.chosen.limits.usable.value)));
    if (then.standing() == Standing::over) return joined(parts);
    if (then.series_apart)
        parts.push_back(fmt::format("credits unknown: the CPU series of {} and {} are of different times",
                                    *fleet.databases[database].name, *fleet.databases[then.from].name));
    else if (then.balance && then.runs_short())
        parts.push_back(fmt::format(
            "without credits for {} h/mo over the CPU series{}",
            unit::print_number(std::round(then.balance->short_hours.value)),
            then.surplus ? fmt::format(": {}/mo surplus", unit::print(then.surplus->value)) : std::string()));
    else if (then.hours_to_empty)
        parts.push_back(fmt::format("credits last {} h{}", unit::print_number(std::round(then.hours_to_empty->value)),
                                    then.surplus
                                        ? fmt::format(", then up to {}/mo surplus", unit::print(then.surplus->value))
                                        : std::string()));
    return joined(parts);
}

}  // namespace

std::string parts_text(const Projection& on) {
    if (!on.list || !on.cost || on.list->value == on.cost->value) return {};
    std::string text = fmt::format("{}: {}", on.cls->name, unit::print(on.list->value));
    MicroUsdPerMonth credits = on.cost->value - on.list->value;
    if (on.support) {
        text += fmt::format(" + {} Extended Support", unit::print(on.support->value));
        credits = credits - on.support->value;
    }
    if (credits.value != 0) text += fmt::format(" + {} surplus credits", unit::print(credits));
    return fmt::format("{} = {}/mo", text, unit::print(on.cost->value));
}

std::string support_gap(const Report& report) {
    std::vector<std::string> unset, unpriced, ended, older;
    for (const Index i : report.shown) {
        const Database& database = report.fleet->databases[i];
        if (!report.plan.databases[i].now.support_unknown) continue;
        const Offers& offers = report.plan.market->offers(i);
        auto& kind = !database.version                                              ? unset
                     : offers.older                                                 ? older
                     : offers.life && offers.life->stage == LifeCycle::Stage::ended ? ended
                                                                                    : unpriced;
        kind.push_back(*database.name);
    }
    std::string text;
    const auto name = [](const std::string& each) { return each; };
    if (!unpriced.empty()) text += fmt::format(", without Extended Support of {}: no price", listed(unpriced, name));
    if (!ended.empty())
        text +=
            fmt::format(", without Extended Support of {}: all support of the version has ended", listed(ended, name));
    if (!older.empty())
        text +=
            fmt::format(", without Extended Support of {}: life cycle of the version not known", listed(older, name));
    if (unset.size() == report.shown.size())
        text += ", without Extended Support: version not set";
    else if (!unset.empty())
        text += fmt::format(", without Extended Support of {}: version not set", listed(unset, name));
    return text;
}

std::string upgrades_text(const Report& report) {
    const auto& saves = report.plan.totals.upgrades_save;
    const auto& of_capacity = report.plan.totals.upgrades_save_capacity;
    if (!saves && !of_capacity) return {};
    const auto upgraded = std::ranges::count_if(report.shown, [&](Index i) {
        const DatabasePlan& own = report.plan.databases[i];
        const auto& upgrade = own.recommendation.upgrade;
        return upgrade && (upgrade->saves || (own.capacity && !own.capacity->instead && own.capacity->support));
    });
    std::vector<std::string> parts;
    if (saves) parts.push_back(unit::print(saves->value) + "/mo");
    if (of_capacity) parts.push_back(money_range(of_capacity->value) + (saves ? " of serverless capacity" : ""));
    return fmt::format("; {} would save {} more", upgraded == 1 ? "an upgrade" : "upgrades", joined(parts, " and "));
}

std::string paid_text(const Report& report, const std::vector<Index>& databases) {
    bool support = false, credits = false;
    for (const Index i : databases)
        for (const Projection* on : {&report.plan.databases[i].now, &report.plan.databases[i].chosen}) {
            if (!on->list || !on->cost) continue;
            const MicroUsdPerMonth of_support = on->support ? on->support->value : MicroUsdPerMonth(0);
            support = support || of_support.value != 0;
            credits = credits || on->cost->value != on->list->value + of_support;
        }
    std::vector<std::string> parts{std::string(in_words(report.plan.term))};
    if (support) parts.emplace_back("Extended Support");
    if (credits) parts.emplace_back("surplus credits");
    return listed(parts, [](const std::string& part) { return part; });
}

std::string new_host_text(const Report& report) {
    const auto taken = std::ranges::find_if(report.strategies, &Strategy::recommended);
    if (taken == report.strategies.end() || !taken->host) return {};
    return fmt::format(", without the new pooler's host (about {}/mo)", unit::print(*taken->host));
}

std::string peak_text(const std::optional<Figure<MicroUsdPerMonth>>& peak_per_year) {
    if (!peak_per_year || peak_per_year->value.value == 0) return {};
    const bool less = peak_per_year->value.value > 0;
    const MicroUsdPerMonth amount = less ? peak_per_year->value : MicroUsdPerMonth(-peak_per_year->value.value);
    return fmt::format("; up to {}/yr {} if CPU stayed at its peak", unit::print(amount), less ? "less" : "more");
}

namespace {

/// Of a replica that nothing connects to.
std::string spare_text(const Report& report, Index index) {
    const auto& spare = report.plan.databases[index].recommendation.spare;
    if (!spare) return {};
    return fmt::format("no connection was open in {}: kept to take over from {} (set failover_target = true)",
                       unit::print(spare->window), *report.fleet->databases[spare->primary].name);
}

}  // namespace

std::string loss_text(const Report& report, Index index) {
    const auto& worst = report::view_of(report, index).loss;
    const std::string spare = spare_text(report, index);
    if (!worst) return spare;
    const DatabasePlan& plan = report.plan.databases[index];
    const Survival &now = plan.now.losses[*worst], &then = plan.chosen.losses[*worst];
    const std::string_view before = can(now.standing()), after = can(then.standing());
    const std::string& lost = *report.fleet->databases[then.from].name;
    std::string text = before == after ? fmt::format("{} the loss of {}", after, lost)
                                       : fmt::format("{} the loss of {} today, {} it after", before, lost, after);
    text += ": " + load(*report.fleet, index, plan, now, then);
    const std::size_t others = plan.chosen.losses.size() - 1;
    if (others > 0) text += fmt::format("; {} other {} less", others, others == 1 ? "loss needs" : "losses need");
    return spare.empty() ? text : text + "; " + spare;
}

}  // namespace poolfit::render
