// A class, for each database that could be on it: what it costs there, and why it is taken or not.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "explain_parts.hpp"
#include "table.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

/// The class of that name on the database's platform, which may be another one of an engine; null where it has none.
const Offer* offer_of(const Report& report, Index index, std::string_view name) {
    const auto& all = report.plan.market->offers(index).all;
    const auto at = std::ranges::find(all, name, [](const Offer& offer) { return std::string_view(offer.cls->name); });
    return at == all.end() ? nullptr : &*at;
}

/// Of a class that was judged, and is neither the recommended one nor over a limit.
std::string fits_text(const Report& report, Index index, const Candidate& candidate) {
    const Recommendation& advice = report.plan.databases[index].recommendation;
    if (!candidate.ranked_by) return "passes every limit, but its price is not known";
    if (!advice.ranked_by) return "passes every limit";
    if (*candidate.ranked_by > *advice.ranked_by)
        return fmt::format("passes every limit, but costs {}/mo more than {}",
                           unit::print(*candidate.ranked_by - *advice.ranked_by), advice.cls->name);
    if (*candidate.ranked_by == *advice.ranked_by)
        return fmt::format("passes every limit, at the price of {}", advice.cls->name);
    return summary_text(*report.fleet, report.plan, index);
}

std::string why_text(const Report& report, Index index, const Offer& offer) {
    const Database& database = report.fleet->databases[index];
    const DatabasePlan& own = report.plan.databases[index];
    const Recommendation& advice = own.recommendation;
    const std::string today = database.type == offer.cls ? "today's class: " : "";
    if (advice.cls == offer.cls) {
        const std::string why = summary_text(*report.fleet, report.plan, index);
        return today.empty() ? "recommended: " + why : today + why;
    }
    const auto at = std::ranges::find(own.candidates, offer.cls, &Candidate::cls);
    if (at != own.candidates.end()) {
        const std::string why = rejection_text(*report.fleet, report.plan, index, *at);
        return today + (why.empty() ? fits_text(report, index, *at) : why);
    }
    if (offer.state != Offer::State::offered) return offer_text(database, offer.state);
    return offer.price && advice.cost && offer.paid() > advice.cost->value
               ? fmt::format("not judged: it costs more than {}", advice.cls->name)
               : std::string("not judged: a cheaper class passes every limit");
}

}  // namespace

void explain_class(Page& page, const Report& report, const InstanceClass& cls) {
    page.write({fmt::format("{}  class, {} vCPU, {}", cls.name, cls.vcpus, unit::print(cls.memory))}, 2);
    page.blank();
    Table table({{"database", false, 0, false}, {"per month", true, 0, false}, {"why", false, 0, true}});
    for (const Index i : report.shown) {
        const Offer* offer = offer_of(report, i, cls.name);
        if (offer == nullptr) continue;
        table.add({*report.fleet->databases[i].name, offer->price ? unit::print(offer->paid()) : std::string("–"),
                   why_text(report, i, *offer)});
    }
    table.print(page);
    page.blank();
}

}  // namespace poolfit::render
