// The sentences of thresholds: how far away the next strategy is.
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "strategy_words.hpp"

namespace poolfit::render {
namespace {

using Quantity = Threshold::Quantity;

/// In per cent, to a tenth.
std::string points(double share) { return unit::print_number(std::round(share * 1000) / 10); }
std::string share(double value) { return unit::print(Fraction(value)); }

/// "200 connections in total": what is reached.
std::string goal(const Threshold& t) {
    switch (t.quantity) {
        case Quantity::connections:
            return fmt::format("{} connections in total", t.at);
        case Quantity::new_services:
            return fmt::format("{} more {}", t.at, t.at == 1 ? "service" : "services");
        case Quantity::services:
            return fmt::format("{} {}", t.at, t.at == 1 ? "service" : "services");
        case Quantity::max_connections_share:
            return fmt::format("{} of max_connections", share(t.at));
        case Quantity::cpu_peak:
            return fmt::format("{} CPU", share(t.at));
        case Quantity::unmeasured_pools:
            break;
    }
    return "no pool's use is known";
}

std::string of_server(const Fleet& fleet, const Threshold& t, std::string_view nothing) {
    if (!t.now || !t.database) return fmt::format("{}: {}", goal(t), nothing);
    const std::string where = fmt::format("{}: {}{} on {}", goal(t), t.reached ? "reached, " : "", share(*t.now),
                                          *fleet.databases[*t.database].name);
    return t.reached ? where : fmt::format("{}, {} points to go", where, points(t.left));
}

std::string in_all(const Threshold& t) {
    if (!t.now) return fmt::format("{}: unlimited today", goal(t));
    const std::string after = t.right_sized ? fmt::format(" ({} right-sized)", unit::print(*t.right_sized)) : "";
    const std::string now = unit::print(Connections(static_cast<std::int64_t>(*t.now)));
    return t.reached ? fmt::format("{}: reached, {} today{}", goal(t), now, after)
                     : fmt::format("{}: {} today{}, {} to go", goal(t), now, after, unit::print_number(t.left));
}

std::string more_services(const Fleet& fleet, const Threshold& t) {
    std::string text = fmt::format("{}: {} today, so at {}", goal(t), fleet.services.size(), t.total);
    if (t.months)
        text += fmt::format(", in {} {} at {} per year", unit::print_number(*t.months),
                            *t.months == 1 ? "month" : "months", unit::print_number(**fleet.growth->services_per_year));
    return text;
}

}  // namespace

std::string quantity_text(const Fleet& fleet, const Threshold& t) {
    const auto of = [&](std::string_view what) {
        return t.database ? fmt::format("{} of {}", what, *fleet.databases[*t.database].name) : std::string(what);
    };
    switch (t.quantity) {
        case Quantity::connections:
            return "connections in total";
        case Quantity::new_services:
            return "services added from now on";
        case Quantity::services:
            return "services";
        case Quantity::max_connections_share:
            return of("share of max_connections");
        case Quantity::cpu_peak:
            return of("peak CPU");
        case Quantity::unmeasured_pools:
            break;
    }
    return "pools with unknown use";
}

std::string threshold_text(const Fleet& fleet, const Threshold& t) {
    switch (t.quantity) {
        case Quantity::connections:
            return in_all(t);
        case Quantity::new_services:
            return more_services(fleet, t);
        case Quantity::services:
            return t.reached ? fmt::format("{}: reached, {} today", goal(t), *t.now)
                             : fmt::format("{}: {} today, {} to go", goal(t), *t.now, t.left);
        case Quantity::max_connections_share:
            return of_server(fleet, t, "unlimited today");
        case Quantity::cpu_peak:
            return of_server(fleet, t, "no peak set");
        case Quantity::unmeasured_pools:
            break;
    }
    return fmt::format("{}: {}{} of {} known today", goal(t), t.reached ? "reached, " : "", t.total, t.at);
}

std::string threshold_brief(const Threshold& t) {
    if (!t.now) return fmt::format("{} (unknown today)", goal(t));
    if (t.reached) return fmt::format("{} (reached)", goal(t));
    if (t.quantity == Quantity::unmeasured_pools) return fmt::format("{} ({} of {} known)", goal(t), t.total, t.at);
    return t.measure == Measure::fraction ? fmt::format("{} ({} points to go)", goal(t), points(t.left))
                                          : fmt::format("{} ({} to go)", goal(t), unit::print_number(t.left));
}

}  // namespace poolfit::render
