// What the storage of all databases adds to the total, and what of it is not counted.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "listing.hpp"
#include "storage_words.hpp"

namespace poolfit::render {

std::string_view uncounted_part(const StorageUse& use) {
    if (!use.cost.cost) return "the storage";
    if (use.volume.kind->io_charged) return "the I/O requests";
    const auto& price = use.cost.price;
    const bool iops = use.volume.iops && price && !price->per_iops;
    return iops ? "provisioned IOPS" : "provisioned throughput";
}

namespace {

using Money = Interval<MicroUsdPerMonth>;

/// Databases of which the same is missing for the same reason.
struct Uncounted {
    std::string_view part, why;
    std::vector<Index> databases;
};

/// In order of the first database of each.
std::vector<Uncounted> uncounted(const Report& report) {
    std::vector<Uncounted> all;
    for (const Index i : report.plan.totals.without_storage) {
        const StorageUse& use = *report.plan.databases[i].storage;
        const bool unknown_requests = use.cost.cost && use.volume.kind->io_charged && !use.requests;
        const Uncounted one{uncounted_part(use), unknown_requests ? "give io_requests" : "no price", {}};
        const auto same = [&](const Uncounted& each) { return each.part == one.part && each.why == one.why; };
        auto found = std::ranges::find_if(all, same);
        if (found == all.end()) found = all.insert(found, one);
        found->databases.push_back(i);
    }
    return all;
}

}  // namespace

std::string bill_text(const Report& report) {
    const Totals& totals = report.plan.totals;
    std::string text;
    const auto name = [&](Index i) { return *report.fleet->databases[i].name; };
    if (totals.storage) {
        const auto change = [](const Money& now, const std::optional<Figure<Money>>& after) {
            const std::string from = money_range(now), to = after ? money_range(after->value) : "not known";
            return from == to ? from : fmt::format("{} → {}", from, to);
        };
        // A lower bound stays one in every sum.
        const std::string_view least = totals.without_storage.empty() ? "" : "≥ ";
        text += fmt::format(", and {}{} storage", least, change(totals.storage->value, totals.storage_after));
        // All of it, unless a volume is missing.
        const bool all = totals.storage_not_given.empty() && totals.without_storage.empty() &&
                         totals.unpriced_poolers.empty() && totals.unpriced.empty();
        if (totals.bill_now && totals.bill_after)
            text += fmt::format(": {}{} {}", least, change(totals.bill_now->value, totals.bill_after),
                                all ? "in all" : "with storage");
        // Deleted databases take theirs along.
        const bool least_saved = std::ranges::any_of(totals.without_storage, [&](Index i) {
            return report.plan.databases[i].recommendation.verdict == Verdict::idle;
        });
        if (totals.bill_saves && totals.saves && !(totals.bill_saves->value == Money(totals.saves->value)))
            text += fmt::format(", saves {}{}", least_saved ? "≥ " : "", money_range(totals.bill_saves->value));
        if (!totals.storage_not_given.empty())
            text += fmt::format("; not counted: the storage of {} (no [database.storage])",
                                listed(totals.storage_not_given, name));
    }
    for (const Uncounted& each : uncounted(report))
        text += fmt::format("; not counted: {} of {} ({})", each.part, listed(each.databases, name), each.why);
    return text;
}

std::string storage_savings(const Report& report) {
    const auto& saves = report.plan.totals.storage_saves;
    return saves ? fmt::format("; other storage would save {} more", money_range(saves->value)) : std::string();
}

}  // namespace poolfit::render
