#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/report/report.hpp>

namespace poolfit::report {

std::string_view version() { return POOLFIT_VERSION; }

namespace {

/// Oldest and newest date of the catalog's prices among the classes that count: today's and the recommended.
std::string price_dates(const Report& report) {
    std::string_view oldest, newest;
    const auto see = [&](const std::optional<Price>& price) {
        if (!price || price->row.as_of.empty()) return;
        const std::string_view date = price->row.as_of;
        if (oldest.empty() || date < oldest) oldest = date;
        if (newest.empty() || date > newest) newest = date;
    };
    bool own = false;
    for (const Index i : report.shown) {
        const DatabasePlan& plan = report.plan.databases[i];
        const auto& chosen = plan.candidates[plan.recommendation.candidate].projection;
        for (const auto* price : {&plan.now.price, &chosen->price}) {
            see(*price);
            own = own || (*price && (*price)->row.place);
        }
    }
    if (oldest.empty()) return own ? "the inventory's own" : "";
    std::string dates = oldest == newest ? std::string(oldest) : fmt::format("{} to {}", oldest, newest);
    return own ? dates + " and the inventory's own" : dates;
}

/// Strategies, phases and runway: what is about more than one database, cut to what is shown.
void go_on(Report& report) {
    const Fleet& fleet = *report.fleet;
    const auto shown = [&](Index database) {
        return std::find(report.shown.begin(), report.shown.end(), database) != report.shown.end();
    };
    // Services connect to several servers: a strategy is about all of them or none.
    if (report.shown.size() == fleet.databases.size())
        report.strategies = plan::strategies(fleet, *report.catalog, report.plan);
    report.vcpus = plan::vcpu_table(fleet, report.plan);
    report.phases = plan::phases(fleet, report.plan, report.strategies);
    report.runway = plan::runway(fleet, *report.catalog, report.plan);
    std::erase_if(report.vcpus,
                  [&](const VcpuRow& row) { return !shown(model::database_of(fleet, fleet.pools[row.pool])); });
    std::erase_if(report.phases, [&](const Phase& phase) {
        return std::none_of(phase.databases.begin(), phase.databases.end(), shown);
    });
    std::erase_if(report.runway, [&](const Runway& line) { return !shown(line.database); });
}

}  // namespace

Report compose(const Fleet& fleet, const Catalog& catalog, PriceTerm term, std::vector<Index> only,
               std::optional<Date> today) {
    Report report;
    report.fleet = &fleet;
    report.catalog = &catalog;
    report.shown = std::move(only);
    if (report.shown.empty())
        for (Index i = 0; i < fleet.databases.size(); ++i) report.shown.push_back(i);
    report.plan = plan::make(fleet, catalog, term, report.shown);
    go_on(report);
    const bool all = report.shown.size() == fleet.databases.size();
    report.findings =
        lint::run({fleet, catalog, report.plan, today}, {{}, {}, all ? std::vector<Index>{} : report.shown});
    report.prices_as_of = price_dates(report);
    report.catalog_as_of = std::string(catalog.as_of());
    const bool in_full = report.shown.size() <= most_in_full || composing.depth == plan::Depth::all;
    for (const Index i : report.shown) report.views.push_back(view(fleet, report.plan, i, in_full));
    return report;
}

}  // namespace poolfit::report
