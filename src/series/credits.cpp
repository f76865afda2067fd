#include <poolfit/series/credits.hpp>

#include <algorithm>
#include <limits>

namespace poolfit::series {

namespace {

/// What is done in each period of what `busy` asks for: no more than all vCPUs do. The rest waits for the next one. The
/// window repeats, so what waits at its end waits at its beginning.
std::vector<double> served(const std::vector<double>& busy, const std::vector<double>& hours) {
    double waits = 0, sum = 0;
    for (std::size_t i = 0; i < busy.size(); ++i) {
        sum += (busy[i] - 1) * hours[i];
        waits = std::max(0.0, waits + (busy[i] - 1) * hours[i]);
    }
    std::vector<double> out(busy.size(), 1);
    if (sum >= 0) return out;
    for (std::size_t i = 0; i < busy.size(); ++i) {
        const double asked = waits + busy[i] * hours[i];
        out[i] = std::min(1.0, asked / hours[i]);
        waits = std::max(0.0, asked - hours[i]);
    }
    return out;
}

}  // namespace

CreditRun run_credits(const TimeSeries& series, const std::vector<double>& busy, const CreditRules& rules) {
    CreditRun out;
    if (busy.empty() || series.period <= 0) return out;
    std::vector<double> hours;
    hours.reserve(busy.size());
    for (const Stretch& stretch : stretches(series))
        for (std::size_t i = stretch.begin; i < stretch.end; ++i)
            hours.push_back(static_cast<double>(stretch.span) / 3'600);
    const std::vector<double> done = served(busy, hours);
    const double floor = rules.unlimited ? -rules.most : 0;

    // A period moves the balance by a sum and keeps it between two ends, and so do all periods one after the other:
    // b becomes min(high, max(low, b + sum)). Where the window repeats, the balance begins where it ends.
    double sum = 0, low = -std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t i = 0; i < done.size(); ++i) {
        const double change = (rules.earned_per_hour - done[i] * rules.per_hour) * hours[i];
        sum += change;
        low = std::clamp(low + change, floor, rules.most);
        high = std::clamp(high + change, floor, rules.most);
    }
    double balance = sum < 0 ? low : high;

    out.lowest = balance;
    out.lowest_at = series.points.empty() ? 0 : series.points.front().at;
    double spent = 0;
    for (std::size_t i = 0; i < done.size(); ++i) {
        const double use = done[i] * rules.per_hour * hours[i], earned = rules.earned_per_hour * hours[i];
        out.hours += hours[i];
        balance += earned - use;
        spent += use;
        if (balance < floor) {
            const double missing = floor - balance;
            out.short_credits += missing;
            // The balance falls steadily, so it was at its end for this part of the period.
            out.short_hours += hours[i] * std::min(1.0, missing / (use - earned));
            if (!rules.unlimited) spent -= missing;
            balance = floor;
        }
        balance = std::min(balance, rules.most);
        if (balance < out.lowest - 1e-9) {
            out.lowest = balance;
            out.lowest_at = i < series.points.size() ? series.points[i].at : 0;
        }
    }
    out.spent_per_hour = spent / out.hours;
    return out;
}

}  // namespace poolfit::series
