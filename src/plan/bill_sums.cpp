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

Parts::Pointer Parts::joined(const Pointer& left, const Pointer& right) {
    if (!left) return right;
    if (!right) return left;
    return std::make_shared<const Half>(Half{std::min(left->first, right->first), std::max(left->last, right->last),
                                             left->sum + right->sum, left, right});
}

Parts::Pointer Parts::halved(const std::vector<std::pair<Index, Term>>& terms, std::size_t from, std::size_t to,
                             Figures* figures) {
    if (from == to) return nullptr;
    if (to - from == 1) {
        const Index database = terms[from].first;
        return std::make_shared<const Half>(Half{database, database, terms[from].second, nullptr, nullptr});
    }
    const std::size_t middle = from + (to - from) / 2;
    return joined(halved(terms, from, middle, figures), halved(terms, middle, to, figures));
}

Parts::Pointer Parts::without(const Pointer& all, Index database) {
    if (!all || database < all->first || database > all->last) return all;
    if (!all->left) return nullptr;
    const Pointer left = without(all->left, database), right = without(all->right, database);
    return left == all->left && right == all->right ? all : joined(left, right);
}

Term Parts::sum() const { return top_ ? top_->sum : Recorder(figures_).literal(0); }

Parts Parts::with(Index database, const Term& term) const {
    Parts all = *this;
    all.top_ = joined(top_, std::make_shared<const Half>(Half{database, database, term, nullptr, nullptr}));
    return all;
}

Parts Parts::without(Index database) const {
    Parts others = *this;
    others.top_ = without(top_, database);
    return others;
}

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
    using Terms = std::vector<std::pair<Index, Term>>;
    std::vector<Terms> units(pools), listed(pools), at_rate(rates);
    Sums all;
    all.ratio.resize(rates);
    all.pool.assign(rates, -1);
    for (Index i = 0; i < lines.size(); ++i) {
        const Item& item = lines[i].item;
        if (item.pool < 0 && item.rate < 0) continue;
        const Term price = list_price(i, lines[i]);
        if (item.pool >= 0) {
            units[static_cast<std::size_t>(item.pool)].emplace_back(i, units_on(i, *item.cls));
            listed[static_cast<std::size_t>(item.pool)].emplace_back(i, price);
        }
        if (item.rate < 0 || list(lines[i]) <= 0) continue;
        const auto rate = static_cast<std::size_t>(item.rate);
        at_rate[rate].emplace_back(i, price);
        all.pool[rate] = item.pool;
        if (!all.ratio[rate]) all.ratio[rate] = ratio(i, lines[i]);
    }
    for (std::size_t k = 0; k < pools; ++k) {
        all.units.emplace_back(units[k], r_.figures());
        all.list.emplace_back(listed[k], r_.figures());
    }
    for (std::size_t k = 0; k < rates; ++k) all.at_rate.emplace_back(at_rate[k], r_.figures());
    return all;
}

Sums Bill::with(Sums sums, Index i, const Line& line) {
    const Item& item = line.item;
    if (item.pool >= 0) {
        const auto pool = static_cast<std::size_t>(item.pool);
        sums.units[pool] = sums.units[pool].with(i, units_on(i, *item.cls));
        sums.list[pool] = sums.list[pool].with(i, list_price(i, line));
    }
    if (item.rate < 0 || list(line) <= 0) return sums;
    const auto rate = static_cast<std::size_t>(item.rate);
    sums.at_rate[rate] = sums.at_rate[rate].with(i, list_price(i, line));
    sums.pool[rate] = item.pool;
    if (!sums.ratio[rate]) sums.ratio[rate] = ratio(i, line);
    return sums;
}

Sums Bill::without(Sums sums, Index i, const Line& line) {
    const Item& item = line.item;
    if (item.pool >= 0) {
        const auto pool = static_cast<std::size_t>(item.pool);
        sums.units[pool] = sums.units[pool].without(i);
        sums.list[pool] = sums.list[pool].without(i);
    }
    if (item.rate < 0 || list(line) <= 0) return sums;
    const auto rate = static_cast<std::size_t>(item.rate);
    sums.at_rate[rate] = sums.at_rate[rate].without(i);
    return sums;
}

/// Of a pool's units, what is owned.
Term Bill::share_of(const Sums& sums, std::size_t pool) const {
    const Term share = owned(pool) / sums.units[pool].sum();
    return assess::least(r_.literal(1), share);
}

/// What no units cover.
Term Bill::of_pool(const Sums& sums, std::size_t pool) const {
    if (sums.units[pool].empty()) return r_.literal(0);
    const Term list = sums.list[pool].sum();
    return list - list * share_of(sums, pool);
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
        if (sums.at_rate[k].empty() || !sums.ratio[k]) continue;
        Term rest = sums.at_rate[k].sum();
        const int pool = sums.pool[k];
        if (pool >= 0 && !sums.units[static_cast<std::size_t>(pool)].empty())
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
    // What only takes units leaves plans as they are, where these cover no class of the same units.
    if (line.item.rate < 0 && std::ranges::find(all.pool, line.item.pool) == all.pool.end()) return more;
    const Term covered = by_plans(all);
    const Term before = by_plans(others);
    return more - (covered - before);
}

}  // namespace poolfit::plan
