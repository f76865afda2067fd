#include "total_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "block.hpp"
#include "storage_words.hpp"
#include "unpriced.hpp"

namespace poolfit::render {
namespace {

/// Of servers that have none.
std::string no_list_price(const Report& report) {
    bool serverless = false, own = false, classless = false;
    for (const Index i : report.shown) {
        const Database& database = report.fleet->databases[i];
        (database.platform->elastic != nullptr ? serverless : is_own(database) ? own : classless) = true;
    }
    if (serverless)
        return own || !classless ? "No list price: the servers are serverless, or self-managed."
                                 : "No list price: the servers are serverless, or have no class.";
    if (own && classless) return "No list price: the servers are self-managed, or have no class.";
    return own ? "No list price: the servers are self-managed." : "No list price: the servers have no class.";
}

/// With both sums.
std::string sums(const Report& report, const Marks& marks) {
    const Totals& totals = report.plan.totals;
    std::string saves;
    if (totals.saves_per_year && totals.saves_per_year->value.value > 0)
        saves = fmt::format(": {0}saves {1}/yr{0}{2}", marks.strong, unit::print(totals.saves_per_year->value),
                            peak_text(totals.peak_per_year));
    const std::string besides = (totals.capacity ? fmt::format(", and {} serverless", capacity_sum(totals)) : "") +
                                new_host_text(report) + without_text(report, marks.name) + support_gap(report) +
                                poolers_text(report) + bill_text(report) + upgrades_text(report) +
                                beside_total(report) + storage_savings(report);
    return fmt::format("Today {}/mo, after the plan {}/mo{}{}.", unit::print(totals.now->value),
                       unit::print(totals.after->value), saves, besides);
}

}  // namespace

std::string total_sentence(const Report& report, const Marks& marks) {
    const Totals& totals = report.plan.totals;
    if (totals.now && totals.after) return sums(report, marks);
    if (std::none_of(report.shown.begin(), report.shown.end(),
                     [&](Index i) { return has_list_price(report.fleet->databases[i]); }))
        return no_list_price(report);
    const bool open =
        std::ranges::any_of(totals.unpriced, [&](Index i) { return report.fleet->databases[i].type->unknown; });
    if (open) return fmt::format("Cost unknown{}.", without_text(report, marks.name));
    return fmt::format("Cost unknown: a price is missing. Add {}.", marks.key(price_keys(report.plan.term)));
}

std::string_view nothing_to_do(const Report& report) {
    const bool fits = std::all_of(report.shown.begin(), report.shown.end(), [&](Index i) {
        return report.plan.databases[i].recommendation.verdict == Verdict::keep;
    });
    if (fits) return "Nothing to do: instances and pools fit their load.";
    if (report.shown.size() < report.fleet->databases.size())
        return "No action for these databases alone: pools are planned for the whole inventory.";
    return "No action found: see the reasons for each database below.";
}

}  // namespace poolfit::render
