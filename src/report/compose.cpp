#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/lint/fingerprint.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/report/report.hpp>
#include <poolfit/threads/parallel.hpp>

#include "asked.hpp"
#include "printed.hpp"

namespace poolfit::report {

std::string_view version() { return POOLFIT_VERSION; }

namespace {

/// Among the classes that count: today's and the recommended.
PriceDates price_dates(const Report& report) {
    PriceDates dates;
    const auto see = [&](const std::optional<Price>& price) {
        if (!price || price->row.as_of.empty()) return;
        // "2026-08..2026-10" is a range itself.
        const std::string_view as_of = price->row.as_of;
        const std::size_t range = as_of.find("..");
        const std::string_view first = as_of.substr(0, range);
        const std::string_view last = range == as_of.npos ? as_of : as_of.substr(range + 2);
        if (dates.oldest.empty() || first < dates.oldest) dates.oldest = first;
        if (dates.newest.empty() || last > dates.newest) dates.newest = last;
    };
    for (const Index i : report.shown) {
        const DatabasePlan& plan = report.plan.databases[i];
        for (const auto* price : {&plan.now.price, &plan.chosen.price}) {
            see(*price);
            dates.own = dates.own || (*price && (*price)->row.place && (*price)->row.as_of.empty());
        }
    }
    return dates;
}

/// Strategies, phases and runway: what is about more than one database, cut to what is shown.
void go_on(Report& report, bool vcpus, Recorder recorder) {
    const Fleet& fleet = *report.fleet;
    std::vector<char> is_shown(fleet.databases.size(), 0);
    for (const Index i : report.shown) is_shown[i] = 1;
    const auto shown = [&](Index database) { return is_shown[database] != 0; };
    // Services connect to several servers: a strategy is about all of them or none.
    if (report.shown.size() == fleet.databases.size())
        report.strategies = plan::strategies(fleet, report.plan, recorder, report.threads);
    const bool large = fleet.databases.size() > threads::databases_at_once && !recorder.on();
    threads::in_parallel(3, large ? report.threads : 1, [&](int piece) {
        if (piece == 0 && vcpus) report.vcpus = plan::vcpu_table(fleet, report.plan, recorder);
        if (piece == 1) report.phases = plan::phases(fleet, report.plan, report.strategies);
        if (piece != 2) return;
        report.runway = plan::runway(fleet, report.plan, recorder);
        report.support = plan::support_events(fleet, report.plan, recorder);
    });
    for (Strategy& strategy : report.strategies)
        strategy.demand.reset();  // large: an entry for each server, and no longer needed
    std::erase_if(report.vcpus,
                  [&](const VcpuRow& row) { return !shown(model::database_of(fleet, fleet.pools[row.pool])); });
    std::erase_if(report.phases, [&](const Action& phase) {
        return std::none_of(phase.databases.begin(), phase.databases.end(), shown);
    });
    std::size_t number = 0, before = 0;
    for (Action& action : report.phases) {
        number += action.phase == before ? 0 : 1;
        before = std::exchange(action.phase, number);
    }
    std::erase_if(report.runway, [&](const Runway& line) { return !shown(line.database); });
    std::erase_if(report.support, [&](const SupportEvent& event) { return !shown(event.database); });
}

/// Classes that a figure asked for is on: "database.primary.on.db.t3.small.cpu.peak".
void derive_named(Report& report, const std::vector<std::string>& words, Recorder recorder) {
    if (std::ranges::none_of(words, [](const std::string& word) { return word.find("on.") != std::string::npos; }))
        return;
    for (const Index i : report.shown)
        for (const Offer& offer : report.plan.market->offers(i).all) {
            const std::string on = fmt::format(".on.{}.", offer.cls->name);
            if (std::any_of(words.begin(), words.end(), [&](const std::string& word) {
                    return fmt::format(".{}", word).find(on) != std::string::npos;
                }))
                plan::project(*report.fleet, report.plan, i, *offer.cls, recorder);
        }
}

Report composed(const Fleet& fleet, const Catalog& catalog, Composing composing) {
    Report report;
    report.fleet = &fleet;
    report.catalog = &catalog;
    report.threads = composing.threads;
    report.shown = std::move(composing.only);
    if (report.shown.empty())
        for (Index i = 0; i < fleet.databases.size(); ++i) report.shown.push_back(i);
    // Rules look at all classes that cost no more than today's, so what they find is the same for every format.
    if (composing.findings) composing.depth = std::max(composing.depth, plan::Depth::cheaper);
    Figures* const figures = composing.derive ? &report.figures : nullptr;
    // What commitments save is a sum over all that they cover.
    std::optional<std::vector<Index>> asked;
    if (composing.derive && !composing.whole && fleet.commitments.empty())
        asked = databases_named(fleet, composing.words);
    if (asked) report.figures.keep_only(needed_of(fleet, *asked));
    report.partial = asked.has_value();
    report.plan = plan::make(
        fleet, catalog, {composing.term, report.shown, composing.depth, figures, composing.threads, composing.today});
    if (!fleet.commitments.empty() && report.plan.committed == nullptr)
        report.notes.push_back(ReportNote::commitments_left_out);
    const LintInput input{fleet, catalog, report.plan, composing.today};
    const bool large = fleet.databases.size() > threads::databases_at_once && !composing.derive;
    threads::in_parallel(2, large ? report.threads : 1, [&](int piece) {
        if (piece == 0 && composing.ways) go_on(report, composing.vcpus, Recorder(figures));
        if (piece == 1) report.in_code = lint::in_code(input, report.shown);
    });
    if (composing.worlds) {
        // Of what `explain` is asked about, the chances are derived too.
        plan::WorldsRequest asked{composing.worlds->count, composing.worlds->seed, report.shown, composing.threads,
                                  composing.words.empty() ? nullptr : figures};
        for (Worlds& each : plan::worlds(fleet, report.plan, asked))
            report.worlds.push_back(view(report.plan, std::move(each)));
    }
    if (composing.derive) name_printed(report, Recorder(figures));
    if (composing.derive) derive_named(report, composing.words, Recorder(figures));
    const bool all = report.shown.size() == fleet.databases.size();
    if (composing.findings) {
        report.findings = lint::run(input, {{}, {}, all ? std::vector<Index>{} : report.shown, composing.threads});
        report.fingerprints = lint::fingerprints(fleet, report.findings);
        report.rules = lint::looking(input, {});
    }
    for (const Index i : report.shown)
        if (!report.plan.databases[i].recommendation.outages.empty()) report.over.push_back(i);
    report.overview = overview(report, composing.order.value_or(Order::action), composing.top);
    report.overview.asked = composing.order || composing.top;
    report.price_dates = price_dates(report);
    report.catalog_as_of = std::string(catalog.as_of());
    report.brief = report.shown.size() > most_in_full && !composing.derive;
    const bool in_full = report.shown.size() <= most_in_full || composing.depth == plan::Depth::all;
    if (!composing.views) return report;
    report.views.resize(report.shown.size());
    threads::over_databases(report.shown.size(), report.threads, [&](std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) report.views[k] = view(fleet, report.plan, report.shown[k], in_full);
    });
    return report;
}

}  // namespace

Report compose(const Fleet& fleet, const Catalog& catalog, Composing composing) {
    Composing in_full = composing;
    Report report = composed(fleet, catalog, std::move(composing));
    if (!report.partial || !report.figures.is_cut(shown_of(fleet, *databases_named(fleet, in_full.words))))
        return report;
    in_full.whole = true;
    return composed(fleet, catalog, std::move(in_full));
}

}  // namespace poolfit::report
