// What one change adds to the bill of all, from sums: no second look at the others, of which there may be ten thousand.
#include <algorithm>
#include <numeric>

#include <poolfit/assess/leaves.hpp>

#include "bill.hpp"

namespace poolfit::plan {

using assess::Term;

namespace {

constexpr double none = 1e-9;  // of units or micro-USD: what is left of equal sums is rounding

}  // namespace

Term Bill::plan_money() const {
    std::vector<Term> money;
    for (const Index c : terms_.plans()) {
        const auto& paid = *fleet_.commitments[c].paid;
        const double value = static_cast<double>(paid->value);
        money.push_back({Interval<double>(value),
                         r_.input({{Subject::Kind::commitment, c}, Name::plan_commitment},
                                  assess::measured(Measure::usd_per_month, value), paid.place),
                         r_.figures()});
    }
    return assess::sum(money, r_.figures());
}

Sums Bill::sums(const std::vector<Line>& lines) {
    const std::size_t pools = terms_.pools().size(), rates = terms_.rates().size();
    std::vector<std::vector<Term>> units(pools), list(pools), at_rate(rates);
    Sums all;
    all.ratio.resize(rates);
    all.pool.assign(rates, -1);
    for (Index i = 0; i < lines.size(); ++i) {
        const Item& item = lines[i].item;
        if (item.pool < 0 && item.rate < 0) continue;
        const Term price = list_price(i, lines[i]);
        if (item.pool >= 0) {
            units[static_cast<std::size_t>(item.pool)].push_back(units_on(i, *item.cls));
            list[static_cast<std::size_t>(item.pool)].push_back(price);
        }
        if (item.rate < 0 || item.list <= 0) continue;
        const auto rate = static_cast<std::size_t>(item.rate);
        at_rate[rate].push_back(price);
        all.pool[rate] = item.pool;
        if (!all.ratio[rate]) all.ratio[rate] = ratio(i, lines[i]);
    }
    for (std::size_t k = 0; k < pools; ++k) {
        all.units.push_back(assess::sum(units[k], r_.figures()));
        all.list.push_back(assess::sum(list[k], r_.figures()));
    }
    for (std::size_t k = 0; k < rates; ++k) all.at_rate.push_back(assess::sum(at_rate[k], r_.figures()));
    return all;
}

Sums Bill::with(Sums sums, Index i, const Line& line) {
    const Item& item = line.item;
    if (item.pool >= 0) {
        const auto pool = static_cast<std::size_t>(item.pool);
        sums.units[pool] = sums.units[pool] + units_on(i, *item.cls);
        sums.list[pool] = sums.list[pool] + list_price(i, line);
    }
    if (item.rate < 0 || item.list <= 0) return sums;
    const auto rate = static_cast<std::size_t>(item.rate);
    sums.at_rate[rate] = sums.at_rate[rate] + list_price(i, line);
    sums.pool[rate] = item.pool;
    if (!sums.ratio[rate]) sums.ratio[rate] = ratio(i, line);
    return sums;
}

Sums Bill::without(Sums sums, Index i, const Line& line) {
    const Item& item = line.item;
    if (item.pool >= 0) {
        const auto pool = static_cast<std::size_t>(item.pool);
        sums.units[pool] = sums.units[pool] - units_on(i, *item.cls);
        sums.list[pool] = sums.list[pool] - list_price(i, line);
    }
    if (item.rate < 0 || item.list <= 0) return sums;
    const auto rate = static_cast<std::size_t>(item.rate);
    sums.at_rate[rate] = sums.at_rate[rate] - list_price(i, line);
    return sums;
}

/// Of a pool's units, what is owned.
Term Bill::share_of(const Sums& sums, std::size_t pool) const {
    const Term share = owned(pool) / sums.units[pool];
    return assess::least(r_.literal(1), share);
}

/// What no units cover.
Term Bill::of_pool(const Sums& sums, std::size_t pool) const {
    if (sums.units[pool].value.high < none) return r_.literal(0);
    return sums.list[pool] - sums.list[pool] * share_of(sums, pool);
}

/// Of the list price, what savings plans take the place of: the highest discount first.
Term Bill::by_plans(const Sums& sums) const {
    std::vector<std::size_t> order(sums.at_rate.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto ratio_of = [&](std::size_t k) { return sums.ratio[k] ? sums.ratio[k]->value.low : 1.0; };
    std::ranges::stable_sort(order, {}, ratio_of);
    Term left = plan_money();
    std::vector<Term> parts;
    for (const std::size_t k : order) {
        if (sums.at_rate[k].value.high < none || !sums.ratio[k]) continue;
        Term rest = sums.at_rate[k];
        const int pool = sums.pool[k];
        if (pool >= 0 && sums.units[static_cast<std::size_t>(pool)].value.high >= none)
            rest = rest - rest * share_of(sums, static_cast<std::size_t>(pool));
        const Term need = rest * *sums.ratio[k];
        if (need.value.high < none) continue;
        const Term share = left / need;
        parts.push_back(rest * assess::least(r_.literal(1), share));
        const Term over = left - need;
        left = assess::most(r_.literal(0), over);
    }
    return assess::sum(parts, r_.figures());
}

Term Bill::adds(const Sums& others, Index i, const Line& line) {
    const Sums all = with(others, i, line);
    Term more = list_price(i, line);
    if (const int pool = line.item.pool; pool >= 0) {
        const auto at = static_cast<std::size_t>(pool);
        const Term before = of_pool(others, at);
        more = of_pool(all, at) - before;
    }
    if (terms_.plans().empty() || (line.item.pool < 0 && line.item.rate < 0)) return more;
    const Term covered = by_plans(all);
    const Term before = by_plans(others);
    return more - (covered - before);
}

}  // namespace poolfit::plan
