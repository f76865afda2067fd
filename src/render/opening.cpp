// The sentence that a database's block begins with: what is wrong or right, what to do, what it saves, how sure.
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "block.hpp"
#include "commitments.hpp"
#include "outage_words.hpp"
#include "phase_words.hpp"

namespace poolfit::render {
namespace {

std::string capitalised(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

/// " Saves $811.22/yr."
std::string money_sentence(const Recommendation& advice) {
    if (!advice.saves_per_year || advice.saves_per_year->value.value == 0) return {};
    const MicroUsdPerMonth year = advice.saves_per_year->value;
    return year.value > 0 ? fmt::format(" Saves {}/yr.", unit::print(year))
                          : fmt::format(" Costs {}/yr more.", unit::print(MicroUsdPerMonth(-year.value)));
}

/// " After commitments it saves $10.00/mo.": where that is another amount.
std::string paid_sentence(const Report& report, Index index) {
    const std::string text = saves_after_text(report, index);
    return text.empty() ? text : fmt::format(" {}.", capitalised(text));
}

/// "Extended Support costs $712.48/mo, $1,424.96/mo from 2027-03-01 on": of today's class.
std::string support_text(const Report& report, Index index) {
    const Market& market = *report.plan.market;
    const Database& database = report.fleet->databases[index];
    const Life& life = *market.offers(index).life;
    if (life.stage == LifeCycle::Stage::ended)
        return fmt::format("all support ended on {}", unit::print(life.cycle.ends));
    const auto cost = [&](LifeCycle::Stage at) -> std::string {
        if (const auto hourly = life.charged(at); life.by_unit && hourly)
            return fmt::format("{} per {}-hour", unit::print_unit_price(*hourly), database.platform->elastic->unit);
        const auto amount = life.cost(at, *database.type, *database.multi_az);
        return amount ? unit::print(*amount) + "/mo" : std::string();
    };
    const std::string now = cost(life.stage);
    std::string text = now.empty()
                           ? fmt::format("Extended Support is charged, at a price not known for {}", *database.region)
                           : "Extended Support costs " + now;
    const auto next = life.next(market.today());
    if (!next) return text;
    if (next->kind == Life::Event::Kind::rises) {
        const std::string then = cost(LifeCycle::Stage::dearer);
        text += then.empty() ? fmt::format(", and more from {} on, at a price not known here", unit::print(next->on))
                             : fmt::format(", {} from {} on", then, unit::print(next->on));
    } else if (unit::days_since_epoch(next->on) - unit::days_since_epoch(market.today()) <= Life::half_year) {
        text += fmt::format(", and all support ends on {}", unit::print(next->on));
    }
    return text;
}

/// " An upgrade to 8.4 or newer saves $712.48/mo of Extended Support."
std::string upgrade_sentence(const Report& report, Index index) {
    const auto& upgrade = report.plan.databases[index].recommendation.upgrade;
    if (!upgrade || !upgrade->saves) return {};
    return fmt::format(" An upgrade to {} saves {}/mo of Extended Support.", upgrade_target(report, index),
                       unit::print(upgrade->saves->value));
}

/// " Connections 160 → 96.", " Connections 160 → 96, and 60 that no pool explains."
std::string connections_sentence(const DatabasePlan& plan) {
    const auto &now = plan.demand.allocated, &after = plan.after.allocated;
    if (!now || !after || now->value == after->value) return {};
    const auto& unexplained = plan.budget.unexplained;
    return fmt::format(" Connections {} → {}{}.", unit::print(now->value), unit::print(after->value),
                       unexplained && unexplained->value.value > 0
                           ? fmt::format(", and {} that no pool explains", unit::print(unexplained->value))
                           : std::string());
}

}  // namespace

std::string opening_text(const Report& report, Index index) {
    const Database& database = report.fleet->databases[index];
    const Recommendation& advice = report.plan.databases[index].recommendation;
    if (!advice.outages.empty()) return outages_text(report, index);
    std::string why = summary_text(*report.fleet, report.plan, index);
    const std::string risk = fmt::format(" Risk {}.", plan::name(advice.risk));
    const bool moves = advice.cls && advice.cls != database.type;
    if (advice.verdict == Verdict::unknown) {
        if (advice.summary.kind == Summary::Kind::server_missing)
            return fmt::format("Not judged: {}. {}{}", why,
                               server_lines(report.fleet->databases[advice.missing.front().database]),
                               stop_sentence(advice));
        const std::vector<std::string> missing = missing_texts(*report.fleet, report.plan, index);
        // Its limits are judged; which size would be enough is not.
        const bool judged =
            advice.summary.kind == Summary::Kind::class_fails || advice.summary.kind == Summary::Kind::pools_fail;
        std::string text = judged ? capitalised(std::move(why)) + '.' : fmt::format("Not judged: {}.", why);
        if (!missing.empty()) text += fmt::format(" Set {}.", joined(missing, ", "));
        return text + stop_sentence(advice);
    }
    if (std::string beside = opening_beside(report, index); !beside.empty()) return beside;
    const std::string upgrade = advice.verdict == Verdict::upgrade ? std::string() : upgrade_sentence(report, index);
    const std::string sure = upgrade + stop_sentence(advice) + risk;
    if (moves)
        return fmt::format("Change {} to {}: {}.{}{}{}", *database.cls, advice.cls->name, why, money_sentence(advice),
                           paid_sentence(report, index), sure);
    if (advice.verdict == Verdict::upgrade)
        return fmt::format("Upgrade {} {} to {}: {}. {}.{}", database.platform->names.engine, database.version_text,
                           upgrade_target(report, index), support_text(report, index),
                           database.platform->has_classes ? fmt::format("Keep {}: {}", *database.cls,
                                                                        class_text(*report.fleet, report.plan, index))
                                                          : capitalised(class_text(*report.fleet, report.plan, index)),
                           sure);
    if (advice.verdict == Verdict::keep && database.platform->has_classes)
        return fmt::format("Keep {}: {}.{}", *database.cls, why, sure);
    return fmt::format("{}.{}{}{}", capitalised(std::move(why)), connections_sentence(report.plan.databases[index]),
                       money_sentence(advice), sure);
}

}  // namespace poolfit::render
