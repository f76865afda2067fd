#include <poolfit/series/credits.hpp>

#include <algorithm>
#include <limits>

namespace poolfit::series {

Stretches stretches(const TimeSeries& series, const std::vector<double>& busy, const CreditRules& rules) {
    Stretches out;
    const double hours = static_cast<double>(series.period) / 3'600;
    bool falling = false;
    for (std::size_t i = 0; i < busy.size(); ++i) {
        const double share = std::min(1.0, busy[i]);
        const bool falls = share * rules.per_hour > rules.earned_per_hour;
        if (out.empty() || falls != falling) out.push_back({0, 0, 0});
        falling = falls;
        Stretch& last = out.back();
        last.busy += share * hours;  // divided below
        last.hours += hours;
        last.at = series.points[i].at;
    }
    for (Stretch& each : out) each.busy /= each.hours;
    return out;
}

CreditRun run_credits(const TimeSeries& series, const std::vector<double>& busy, const CreditRules& rules) {
    const double hours = static_cast<double>(series.period) / 3'600;
    if (hours <= 0) return {};
    Stretches each(busy.size());
    for (std::size_t i = 0; i < busy.size(); ++i) each[i] = {busy[i], hours, series.points[i].at};
    CreditRun out = run_credits(each, rules);
    if (out.hours > 0 && out.lowest_at == 0) out.lowest_at = series.points.front().at;
    return out;
}

CreditRun run_credits(const Stretches& stretches, const CreditRules& rules) {
    CreditRun out;
    if (stretches.empty()) return out;
    const double floor = rules.unlimited ? -rules.most : 0;
    const auto spent = [&](const Stretch& each) { return std::min(1.0, each.busy) * rules.per_hour * each.hours; };

    // A stretch moves the balance by a sum and keeps it between two ends, and so do all stretches one after the other:
    // b becomes min(high, max(low, b + sum)). Where the window repeats, the balance begins where it ends.
    double sum = 0, low = -std::numeric_limits<double>::infinity(), high = -low;
    for (const Stretch& each : stretches) {
        const double change = rules.earned_per_hour * each.hours - spent(each);
        sum += change;
        low = std::clamp(low + change, floor, rules.most);
        high = std::clamp(high + change, floor, rules.most);
    }
    double balance = sum < 0 ? low : high;

    out.lowest = balance;
    double served = 0;
    for (const Stretch& each : stretches) {
        const double use = spent(each), earned = rules.earned_per_hour * each.hours;
        out.hours += each.hours;
        balance += earned - use;
        served += use;
        if (balance < floor) {
            const double missing = floor - balance;
            out.short_credits += missing;
            // The balance falls steadily, so it was at its end for this part of the period.
            out.short_hours += each.hours * std::min(1.0, missing / (use - earned));
            if (!rules.unlimited) served -= missing;
            balance = floor;
        }
        balance = std::min(balance, rules.most);
        if (balance < out.lowest - 1e-9) {
            out.lowest = balance;
            out.lowest_at = each.at;
        }
    }
    out.spent_per_hour = served / out.hours;
    return out;
}

}  // namespace poolfit::series
