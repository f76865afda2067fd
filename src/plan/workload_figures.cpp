#include "workload_figures.hpp"

#include <fmt/format.h>

#include <poolfit/model/workload.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::plan {
namespace {

Measured times(const Interval<Millis>& t) {
    return assess::measured(Measure::milliseconds, Interval<double>{t.low.value, t.high.value});
}

FigureId time_leaf(const Fleet& fleet, const Pool& pool, std::string_view key, const Located<Interval<Millis>>& given,
                   Ledger& ledger, std::string_view counts) {
    return ledger.input(load_name(fleet, pool, key), times(*given), given.place,
                        given->is_point() ? "" : fmt::format("the {} end counts", counts));
}

FigureId percentile_leaf(const Fleet& fleet, const Pool& pool, std::string_view key, const Located<Millis>& given,
                         Ledger& ledger) {
    return ledger.input(load_name(fleet, pool, key), times(Interval<Millis>(*given)), given.place);
}

/// The note of a rate or a number of users that --scale has multiplied.
std::string scaled(const Fleet& fleet, std::string note = {}) {
    if (fleet.load_scale == 1) return note;
    return fmt::format("{}times {} by --scale", note.empty() ? "" : note + "; ", unit::print_number(fleet.load_scale));
}

}  // namespace

std::string load_name(const Fleet& fleet, const Pool& pool, std::string_view figure) {
    return fmt::format("service.{}.pool.{}.workload.{}", *fleet.services[pool.service].name, *pool.name, figure);
}

FigureId hold_figure(const Fleet& fleet, const Pool& pool, const sizing::Load& load, Ledger& ledger) {
    const Workload& given = *pool.workload;
    if (!model::has_percentiles(given)) return time_leaf(fleet, pool, "hold", *given.hold, ledger, "longer");
    std::vector<FigureId> known;
    if (given.hold_p50) known.push_back(percentile_leaf(fleet, pool, "hold_p50", *given.hold_p50, ledger));
    if (given.hold_p95) known.push_back(percentile_leaf(fleet, pool, "hold_p95", *given.hold_p95, ledger));
    if (given.hold_p99) known.push_back(percentile_leaf(fleet, pool, "hold_p99", *given.hold_p99, ledger));
    const auto mean = sizing::mean_hold(load.hold);
    const Millis* value = std::get_if<Millis>(&mean);
    return ledger.derive(load_name(fleet, pool, "hold"), times(Interval<Millis>(value != nullptr ? *value : Millis(0))),
                         "mean of the law through the percentiles, lognormal between two of them", std::move(known));
}

FigureId cpu_figure(const Fleet& fleet, const Pool& pool, Ledger& ledger) {
    return time_leaf(fleet, pool, "cpu", *pool.workload->cpu, ledger, "longer");
}

FigureId nested_figure(const Fleet& fleet, const Pool& pool, Ledger& ledger) {
    const auto& nested = pool.workload->nested;
    return ledger.input(load_name(fleet, pool, "nested"),
                        assess::measured(Measure::count, static_cast<double>(*nested)), nested.place);
}

FigureId spread_figure(const Fleet& fleet, const Pool& pool, Ledger& ledger) {
    const auto& cv = pool.workload->cv;
    return ledger.input(load_name(fleet, pool, "cv"), assess::measured(Measure::ratio, *cv), cv.place);
}

FigureId vcpus_figure(const InstanceClass& cls, Ledger& ledger) {
    return ledger.catalog(fmt::format("class.{}.vcpus", cls.name), assess::measured(Measure::vcpus, cls.vcpus),
                          cls.row);
}

Figure<Erlangs> offered_figure(const Fleet& fleet, const Pool& pool, const sizing::Load& load, Ledger& ledger) {
    const Workload& given = *pool.workload;
    const auto answer = sizing::offered(load);
    const Erlangs* offered = std::get_if<Erlangs>(&answer);
    const Erlangs value = offered != nullptr ? *offered : Erlangs(0);
    const FigureId hold = hold_figure(fleet, pool, load, ledger);
    std::vector<FigureId> inputs;
    std::string formula;
    if (given.users) {
        const FigureId users = ledger.input(load_name(fleet, pool, "users"),
                                            assess::measured(Measure::count, static_cast<double>(**given.users)),
                                            given.users->place, scaled(fleet));
        inputs = {users, time_leaf(fleet, pool, "think", *given.think, ledger, "shorter"), hold};
        formula = "users * hold / (think + hold)";
    } else {
        const auto& rate = *given.rate;
        inputs = {ledger.input(load_name(fleet, pool, "rate"),
                               assess::measured(Measure::per_second, {rate->low.value, rate->high.value}), rate.place,
                               scaled(fleet, rate->is_point() ? "" : "the higher end counts")),
                  hold};
        formula = "rate * hold";
        if (*given.nested > 0) {
            formula = "rate * (1 + nested) * hold";
            inputs.push_back(nested_figure(fleet, pool, ledger));
        }
    }
    return {value, ledger.derive(load_name(fleet, pool, "offered"), assess::measured(Measure::erlangs, value.value),
                                 std::move(formula), std::move(inputs))};
}

}  // namespace poolfit::plan
