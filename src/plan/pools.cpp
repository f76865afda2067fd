#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/plan/plan.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::plan {

namespace {

std::string figure_name(const Fleet& fleet, const Pool& pool, std::string_view figure) {
    return fmt::format("service.{}.pool.{}.{}", *fleet.services[pool.service].name, *pool.name, figure);
}

/// max(⌈buffer × typical⌉, peak + 1): room above what was seen, and never the peak itself.
struct ObservedSize {
    Connections size;
    FigureId buffer = 0, in_use = 0;  ///< what it is made of
    std::string reason;
};

ObservedSize observed_size(const Fleet& fleet, const Pool& pool, Ledger& ledger) {
    const auto& buffer = fleet.policy.observed_buffer;
    const double typical = (*pool.in_use)->low, peak = (*pool.in_use)->high;
    // A hair below the product, so that 2.5 × 2 is 5 on any machine.
    const auto buffered = static_cast<std::int64_t>(std::ceil(*buffer * typical - 1e-9));
    const auto above_peak = static_cast<std::int64_t>(std::ceil(peak - 1e-9)) + 1;
    const Connections size(std::clamp<std::int64_t>(std::max(buffered, above_peak), 1, max_pool));
    const FigureId in_use = ledger.input(figure_name(fleet, pool, "in_use_per_process"),
                                         assess::measured(Measure::connections, **pool.in_use), pool.in_use->place);
    const FigureId factor =
        ledger.input("policy.observed_buffer", assess::measured(Measure::ratio, *buffer), buffer.place);
    return {size, factor, in_use,
            fmt::format("max(⌈{} × {}⌉, {} + 1)", unit::print_number(*buffer), unit::print_number(typical),
                        unit::print_number(peak))};
}

/// What the workload's size stands on: "P(wait > 5 ms) ≤ 0.1 % at 120/s × 80 ms".
std::string load_reason(const Fleet& fleet, const Pool& pool, const PoolLoad& load) {
    const auto mean = sizing::mean_hold(load.base.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    const std::string held = unit::print(hold != nullptr ? *hold : Millis(0));
    std::string reason = fmt::format("P(wait > {}) ≤ {} ", unit::print(*fleet.policy.wait),
                                     unit::print_probability(fleet.policy.wait_probability->value));
    if (load.base.users > 0)
        reason += fmt::format("for {} users, think {}, hold {}", load.base.users, unit::print(load.base.think), held);
    else
        reason += fmt::format("at {} × {}", unit::print(load.base.rate), held);
    if (load.deadlock_floor && load.deadlock_floor->value == load.size->value)
        return fmt::format("{} in flight × {} nested + 1, against deadlock", load.in_flight->value,
                           *pool.workload->nested);
    if (load.cap == PoolLoad::Cap::runtime) return "its runtime serves one request at a time";
    if (load.cap == PoolLoad::Cap::knee)
        reason += fmt::format(" takes {}, but from {} on more mostly wait for the database's CPU",
                              unit::print(load.for_wait->value), unit::print(load.knee->value));
    else if (load.at_best)
        reason += fmt::format("; {} at the low end", unit::print(*load.at_best));
    return reason;
}

PoolAdvice advise(const Fleet& fleet, const Pool& pool, const PoolSize& declared, const std::optional<PoolLoad>& load,
                  Ledger& ledger) {
    std::optional<ObservedSize> observed;
    if (pool.in_use) observed = observed_size(fleet, pool, ledger);
    const auto take = [&](const Figure<Connections>& size, Basis basis, std::string reason) {
        const FigureId id = ledger.derive(figure_name(fleet, pool, "recommended"), assess::measured(size.value),
                                          std::string(name(basis)), {size.id}, reason);
        return PoolAdvice{Figure<Connections>{size.value, id}, basis, std::move(reason)};
    };
    const auto peak = pool.in_use ? static_cast<std::int64_t>(std::ceil((*pool.in_use)->high - 1e-9)) : 0;
    /// A size that stands, but is raised to hold the peak that was seen.
    const auto at_least_peak = [&](const Figure<Connections>& size, Basis basis, std::string reason,
                                   std::string_view what) {
        if (size.value.value > peak) return take(size, basis, std::move(reason));
        const Connections raised(std::min(peak + 1, max_pool));
        const FigureId id = ledger.derive(figure_name(fleet, pool, "observed_size"), assess::measured(raised),
                                          fmt::format("max({}, peak + 1)", name(basis)), {size.id, observed->in_use});
        return take({raised, id}, Basis::observed,
                    fmt::format("{} gives {}, its peak use is {}", what, unit::print(size.value), peak));
    };
    if (load && load->size)
        return at_least_peak(*load->size, Basis::workload, load_reason(fleet, pool, *load), "its workload");
    if (pool.max && pool.max->is_formula && declared)  // the team's own rule
        return at_least_peak(*declared, Basis::formula, pool.max->formula.text(), pool.max->formula.text());
    if (observed) {
        const FigureId id =
            ledger.derive(figure_name(fleet, pool, "observed_size"), assess::measured(observed->size),
                          "max(⌈observed_buffer × typical⌉, peak + 1)", {observed->buffer, observed->in_use});
        return take({observed->size, id}, Basis::observed, observed->reason);
    }
    if (!declared) return {std::nullopt, Basis::unlimited, "no limit is set and its use is not measured"};
    if (pool.max) return take(*declared, Basis::declared, "its use is not measured");
    return take(*declared, Basis::driver_default,
                fmt::format("default of {}; its use is not measured", pool.driver_default->name));
}

}  // namespace

std::vector<PoolAdvice> size_pools(const Fleet& fleet, const std::vector<PoolSize>& declared,
                                   const std::vector<std::optional<PoolLoad>>& loads, Ledger& ledger) {
    std::vector<PoolAdvice> advice;
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        advice.push_back(advise(fleet, fleet.pools[i], declared[i], loads[i], ledger));
        if (loads[i] && !loads[i]->refused.empty())
            advice.back().reason += fmt::format("; its workload is not sized: {}", loads[i]->refused);
    }
    return advice;
}

std::string_view name(Basis basis) {
    switch (basis) {
        case Basis::workload:
            return "workload";
        case Basis::observed:
            return "observed";
        case Basis::formula:
            return "formula";
        case Basis::declared:
            return "declared";
        case Basis::driver_default:
            return "driver_default";
        case Basis::unlimited:
            return "unlimited";
    }
    return {};
}

}  // namespace poolfit::plan
