#include "simulation_words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

namespace poolfit::render {
namespace {

using simulate::Estimate;
using Unit = FigureRow::Unit;

constexpr double most_seconds = 1e9;  // that --seconds takes
constexpr double least_share = 0.01;  // of a load, that is worth a number
constexpr std::string_view nothing = "–";

/// Anything closer to 0 makes no difference. JSON and CSV have all digits.
constexpr double least = 0.001;            // per second, milliseconds, per cent, or a plain number
constexpr double least_difference = 0.01;  // per cent
constexpr double dust = 1e-9;              // of rounding: prints as 0

bool is_tiny(double value) { return value >= dust && value < least; }

std::string printed(double value) {
    return is_tiny(value) ? fmt::format("<\u00A0{}", unit::print_number(least)) : unit::print_number(value);
}

/// Rounded up to two digits.
double two_digits(double value) {
    double unit = 1;
    while (value / unit >= 100) unit *= 10;
    return std::ceil(value / unit) * unit;
}

/// "At least next to nothing".
bool says_nothing(const Compared& figure, Unit unit) {
    return figure.formula && figure.bound == Bound::at_least &&
           *figure.formula * (unit == Unit::share ? 100 : 1) < least;
}

}  // namespace

std::string printed(double value, Unit unit) {
    if (!std::isfinite(value)) return std::string(nothing);
    if (unit == Unit::share) value *= 100;
    const bool tiny = is_tiny(value);
    if (tiny) value = least;
    std::string text;
    switch (unit) {
        case Unit::per_second:
            text = unit::print(PerSecond(value));
            break;
        case Unit::milliseconds:
            text = unit::print(Millis(value));
            break;
        case Unit::share:
            text = unit::print_number(value) + "\u00A0%";
            break;
    }
    return tiny ? "<\u00A0" + text : text;
}

std::string with_interval(const Estimate& e, Unit unit) {
    return fmt::format("{} ± {}", printed(e.value, unit), printed(e.half_width, unit));
}

std::string number_with_interval(const Estimate& e) {
    return fmt::format("{} ± {}", printed(e.value), printed(e.half_width));
}

std::string difference_text(const Compared& figure, Unit unit) {
    if (says_nothing(figure, unit)) return std::string(nothing);
    const auto difference = report::shown_difference(figure);
    if (!difference) return std::string(nothing);
    if (*difference >= 9999) return "× >9,999";
    if (*difference >= 9) return fmt::format("×\u00A0{}", unit::print_number(1 + *difference));
    const double percent = std::fabs(*difference) * 100;
    if (percent < dust) return "0\u00A0%";
    if (percent < least_difference) return fmt::format("<\u00A0{}\u00A0%", unit::print_number(least_difference));
    return fmt::format("{}{}\u00A0%", *difference < 0 ? "−" : "+", unit::print_number(percent));
}

Pieces deadlock_text(const SimulatedDatabase& server, const SimulatedPool& pool) {
    const std::string runs = fmt::format("{} × {} s", server.replications, unit::print_number(server.seconds));
    const std::string floor = !pool.deadlock_floor || (pool.size && *pool.size >= *pool.deadlock_floor)
                                  ? ""
                                  : fmt::format("; at {} or more it cannot",
                                                counted(pool.deadlock_floor->value, "connection", "connections"));
    if (pool.deadlocked->value > 0)
        return {Piece(fmt::format("{}: in {} of the runs, transactions that wait for one more held every connection, "
                                  "first after {} s on average",
                                  pool.hangs ? "hangs forever" : "until the timeout",
                                  printed(pool.deadlocked->value, Unit::share),
                                  unit::print_number(pool.deadlock_after->value)),
                      Paint::bad),
                floor};
    if (pool.size && pool.deadlock_floor && *pool.size >= *pool.deadlock_floor)
        return {fmt::format("cannot happen: {} {} enough",
                            counted(pool.deadlock_floor->value, "connection", "connections"),
                            pool.deadlock_floor->value == 1 ? "is" : "are")};
    return {fmt::format("none in {}{}", runs, floor)};
}

std::string overload_text(const Fleet& fleet, const SimulatedPool& pool) {
    const Compared& wait = pool.figures[static_cast<std::size_t>(PoolFigure::wait_mean)];
    if (pool.deadlocked && pool.deadlocked->value > 0)
        return "thousands wait for connections held by transactions that are themselves waiting, so waits are not "
               "shown";
    if (const std::string full = full_text(fleet, pool); !full.empty())
        return full + ": thousands wait, so waits are not shown";
    if (pool.method && !wait.formula && !pool.acquire_timeout) return "load exceeds capacity: waits grow without bound";
    return "thousands wait: load is at or above capacity, so waits are not shown";
}

std::string full_text(const Fleet& fleet, const SimulatedPool& pool) {
    const Pool& asked = fleet.pools[pool.pool];
    if (pool.full == FullPart::cpu) return "the database's CPU is saturated";
    if (pool.full == FullPart::pooler)
        return fmt::format("all server connections of {} are in use", *fleet.poolers[*asked.pooler].name);
    return {};
}

std::string formula_text(const Compared& figure, Unit unit) {
    if (!figure.formula || says_nothing(figure, unit)) return std::string(nothing);
    const std::string_view sign = figure.bound == Bound::at_least  ? "≥\u00A0"
                                  : figure.bound == Bound::at_most ? "≤\u00A0"
                                                                   : "";
    return fmt::format("{}{}", sign, printed(*figure.formula, unit));
}

Pieces goal_text(const Fleet& fleet, const SimulatedPool& pool) {
    const SimulatedGoal& goal = *pool.goal;
    using Met = SimulatedGoal::Met;
    using NoSize = SimulatedGoal::NoSize;
    const std::string said =
        fmt::format("P(wait > {}) ≤ {}: ", unit::print(goal.wait), printed(goal.share, Unit::share));
    const std::string over = with_interval(goal.over, Unit::share);
    if (goal.met == Met::yes) return {fmt::format("{}met, {}", said, over)};
    const Piece judged(fmt::format("{}, {}", goal.met == Met::no ? "missed" : "may be missed", over),
                       goal.met == Met::no ? Paint::bad : Paint::warn);
    const double behind = goal.pooler_wait ? goal.pooler_wait->value : 0;
    if (goal.size)
        return {said, judged,
                fmt::format(
                    "; {} {} it ({} in another run{})", counted(goal.size->value, "connection", "connections"),
                    goal.size->value == 1 ? "meets" : "meet", with_interval(goal.over_at_size, Unit::share),
                    behind >= least ? fmt::format(", plus {} wait for the pooler", unit::print(Millis(behind))) : "")};
    switch (goal.no_size) {
        case NoSize::none:
            break;
        case NoSize::cpu:
            return {said, judged, "; no size meets it: the database's CPU is saturated"};
        case NoSize::pooler:
            return {said, judged,
                    fmt::format("; no size meets it: all server connections of {} are in use",
                                *fleet.poolers[*fleet.pools[pool.pool].pooler].name)};
        case NoSize::never_safe:
            return {said, judged, "; no size is safe: with open arrivals, nested checkouts lock up at any size"};
        case NoSize::too_short:
            return {said, judged, "; no size found: the run is too short"};
        case NoSize::not_found:
            return {said, judged, fmt::format("; no size up to {} meets it", unit::print(goal.tried))};
        case NoSize::not_searched:
            return {said, judged,
                    fmt::format("; no size up to {} meets it; larger ones were not tried because that takes too "
                                "long",
                                unit::print(goal.tried))};
    }
    return {said, judged};
}

Pieces run_text(const Simulation& simulation, const SimulatedDatabase& server) {
    std::string text =
        fmt::format("{} × {} s, {} transactions", server.replications, unit::print_number(server.seconds),
                    unit::print(Connections(std::llround(server.transactions))));
    const std::string wanted = printed(simulation.precision, Unit::share);
    if (server.story) return {fmt::format("{}, from an empty start", text)};
    const bool hangs =
        std::any_of(server.pools.begin(), server.pools.end(), [](const SimulatedPool& pool) { return pool.hangs; });
    if (hangs) return {fmt::format("{}; a pool hangs", text)};
    const std::string_view figures = server.by_throughput ? "throughputs and waits are" : "waits are";
    if (server.too_rare) {
        const std::string what =
            server.unseen >= least_share
                ? fmt::format("{} of a pool's load comes from holds too rare for a run of this length",
                              printed(server.unseen, Unit::share))
                : "a run of this length has too few long holds, or too few at once";
        return {text + ". ", Piece(fmt::format("Too rare to simulate: {}. Each ± includes what they may add, and is – "
                                               "if that exceeds what was measured: raise --seconds",
                                               what),
                                   Paint::warn)};
    }
    if (server.precise)
        return {fmt::format(
            "{}; {} known to {}{}", text, figures, wanted,
            server.short_waits ? fmt::format(", those below a tenth of the hold to {} of it", wanted) : "")};
    if (!server.warmed_up)
        return {text + ". ", Piece("The run does not reach steady state: raise --seconds", Paint::warn)};
    const double factor = server.widest / simulation.precision;
    std::string more = "Too few transactions or timeouts in a pool: raise --seconds";
    if (std::isfinite(factor) && factor > 1) {
        more = fmt::format("{} known to {} only", server.by_throughput ? "Throughputs and waits are" : "Waits are",
                           printed(server.widest, Unit::share));
        const double seconds = two_digits(server.seconds * factor * factor);
        if (seconds <= most_seconds) more += fmt::format(": for {}, use about --seconds {:.0f}", wanted, seconds);
    }
    return {text + ". ", Piece(more, Paint::warn)};
}

}  // namespace poolfit::render
