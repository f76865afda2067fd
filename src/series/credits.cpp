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

/// Of each point.
std::vector<double> hours_of(const TimeSeries& series) {
    std::vector<double> hours;
    hours.reserve(series.points.size());
    for (const Stretch& stretch : stretches(series))
        for (std::size_t i = stretch.begin; i < stretch.end; ++i)
            hours.push_back(static_cast<double>(stretch.span) / 3'600);
    return hours;
}

}  // namespace

CreditSteps credit_steps(const TimeSeries& series, const std::vector<double>& busy, const CreditRules& rules) {
    CreditSteps out;
    if (busy.empty() || series.period <= 0) return out;
    const std::vector<double> hours = hours_of(series), done = served(busy, hours);
    bool falling = false;
    for (std::size_t i = 0; i < done.size(); ++i) {
        const bool falls = done[i] * rules.per_hour > rules.earned_per_hour;
        if (out.empty() || falls != falling) out.push_back({0, 0, 0});
        falling = falls;
        CreditStep& last = out.back();
        last.busy += done[i] * hours[i];  // divided below
        last.hours += hours[i];
        last.at = series.points[i].at;
    }
    for (CreditStep& each : out) each.busy /= each.hours;
    return out;
}

CreditRun run_credits(const TimeSeries& series, const std::vector<double>& busy, const CreditRules& rules,
                      std::vector<double>* balances) {
    if (busy.empty() || series.period <= 0) return {};
    const std::vector<double> hours = hours_of(series), done = served(busy, hours);
    CreditSteps each(done.size());
    for (std::size_t i = 0; i < done.size(); ++i) each[i] = {done[i], hours[i], series.points[i].at};
    CreditRun out = run_credits(each, rules, balances);
    if (out.hours > 0 && out.lowest_at == 0) out.lowest_at = series.points.front().at;
    return out;
}

CreditRun run_credits(const CreditSteps& steps, const CreditRules& rules, std::vector<double>* balances) {
    CreditRun out;
    if (steps.empty()) return out;
    const double floor = rules.unlimited ? -rules.most : 0;
    const auto spent = [&](const CreditStep& each) { return std::min(1.0, each.busy) * rules.per_hour * each.hours; };

    // A step moves the balance by a sum and keeps it between two ends, and so do all steps one after the other:
    // b becomes min(high, max(low, b + sum)). Where the window repeats, the balance begins where it ends.
    double sum = 0, low = -std::numeric_limits<double>::infinity(), high = -low;
    for (const CreditStep& each : steps) {
        const double change = rules.earned_per_hour * each.hours - spent(each);
        sum += change;
        low = std::clamp(low + change, floor, rules.most);
        high = std::clamp(high + change, floor, rules.most);
    }
    double balance = sum < 0 ? low : high;

    out.lowest = balance;
    double done = 0;
    for (const CreditStep& each : steps) {
        const double use = spent(each), earned = rules.earned_per_hour * each.hours;
        out.hours += each.hours;
        balance += earned - use;
        done += use;
        if (balance < floor) {
            const double missing = floor - balance;
            out.short_credits += missing;
            // The balance falls steadily, so it was at its end for this part of the period.
            out.short_hours += each.hours * std::min(1.0, missing / (use - earned));
            if (!rules.unlimited) done -= missing;
            balance = floor;
        }
        balance = std::min(balance, rules.most);
        if (balances != nullptr) balances->push_back(balance);
        if (balance < out.lowest - 1e-9) {
            out.lowest = balance;
            out.lowest_at = each.at;
        }
    }
    out.spent_per_hour = done / out.hours;
    return out;
}

}  // namespace poolfit::series
