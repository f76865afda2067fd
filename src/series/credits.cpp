#include <poolfit/series/credits.hpp>

#include <algorithm>
#include <limits>

namespace poolfit::series {

CreditRun run_credits(const TimeSeries& series, const std::vector<double>& busy, const CreditRules& rules) {
    CreditRun out;
    const double hours = static_cast<double>(series.period) / 3'600;
    if (busy.empty() || hours <= 0) return out;
    const double floor = rules.unlimited ? -rules.most : 0;
    const auto spent = [&](double share) { return std::min(1.0, share) * rules.per_hour * hours; };
    const double earned = rules.earned_per_hour * hours;

    // A period moves the balance by a sum and keeps it between two ends, and so do all periods one after the other:
    // b becomes min(high, max(low, b + sum)). Where the window repeats, the balance begins where it ends.
    double sum = 0, low = -std::numeric_limits<double>::infinity(), high = -low;
    for (const double share : busy) {
        const double change = earned - spent(share);
        sum += change;
        low = std::clamp(low + change, floor, rules.most);
        high = std::clamp(high + change, floor, rules.most);
    }
    double balance = sum < 0 ? low : high;

    out.hours = hours * static_cast<double>(busy.size());
    out.lowest = balance;
    out.lowest_at = series.points.empty() ? 0 : series.points.front().at;
    double served = 0;
    for (std::size_t i = 0; i < busy.size(); ++i) {
        const double use = spent(busy[i]);
        balance += earned - use;
        served += use;
        if (balance < floor) {
            const double missing = floor - balance;
            out.short_credits += missing;
            // The balance falls steadily, so it was at its end for this part of the period.
            out.short_hours += hours * std::min(1.0, missing / (use - earned));
            if (!rules.unlimited) served -= missing;
            balance = floor;
        }
        balance = std::min(balance, rules.most);
        if (balance < out.lowest - 1e-9) {
            out.lowest = balance;
            out.lowest_at = i < series.points.size() ? series.points[i].at : 0;
        }
    }
    out.spent_per_hour = served / out.hours;
    return out;
}

}  // namespace poolfit::series
