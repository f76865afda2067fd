#include "cover.hpp"

#include <algorithm>
#include <set>

#include <poolfit/assess/storage.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit::plan {

double units_of(const Commitment& commitment) {
    if (commitment.units) return **commitment.units;
    const double one = *platform::normalized_units(*commitment.platform, *commitment.type);
    return one * static_cast<double>(**commitment.count) *
           (*commitment.multi_az ? commitment.platform->commitment->standby_factor : 1);
}

Terms::Terms(const Fleet& fleet, const Plan& plan, Date on) : fleet_(fleet), plan_(plan) {
    for (Index c = 0; c < fleet.commitments.size(); ++c) {
        const Commitment& commitment = fleet.commitments[c];
        if (!is_active(commitment, on)) continue;
        if (commitment.kind == Commitment::Kind::savings_plan) {
            plans_.push_back(c);
            plan_money_ += static_cast<double>(commitment.paid->value.value);
            for (const PlanRate& row : commitment.rates)
                for (const Platform* platform : platform::all())
                    if (platform->commitment != nullptr && (row.platform == nullptr || row.platform == platform) &&
                        (platform->elastic != nullptr) == platform::is_elastic_class(*row.cls))
                        add({platform, *row.cls, *row.region, row.multi_az, *row.amount, row.amount.place, nullptr});
            continue;
        }
        const auto at = std::ranges::find_if(pools_, [&](const Pool& pool) {
            return pool.platform == commitment.platform && pool.family == *commitment.family &&
                   pool.region == *commitment.region;
        });
        Pool& pool =
            at != pools_.end()
                ? *at
                : pools_.emplace_back(Pool{{}, commitment.platform, *commitment.family, *commitment.region, 0});
        pool.commitments.push_back(c);
        pool.owned += units_of(commitment);
    }
    if (!plans_.empty()) add_known_rates();
}

void Terms::add(const Rate& rate) {
    const auto at = static_cast<int>(rates_.size());
    if (rate_at_.try_emplace({rate.platform, rate.region, rate.cls, rate.multi_az}, at).second) rates_.push_back(rate);
}

/// Those of catalog files that a database of the fleet may pay at.
void Terms::add_known_rates() {
    const auto known = plan_.market->catalog().plan_prices();
    if (known.empty()) return;
    std::set<std::tuple<std::string_view, std::string_view, std::string_view, bool>> used;
    for (const Database& database : fleet_.databases)
        used.emplace(database.platform->provider, database.platform->engine, *database.region, *database.multi_az);
    for (const Catalog::PlanPrice& row : known)
        if (row.platform->commitment != nullptr &&
            used.contains({row.platform->provider, row.platform->engine, row.region, row.multi_az}))
            add({row.platform, row.cls, row.region, row.multi_az, row.price.amount, {}, &row.price.row});
}

int Terms::pool_of(Index index, const InstanceClass& cls) const {
    const Database& database = fleet_.databases[index];
    const auto at = std::ranges::find_if(pools_, [&](const Pool& pool) {
        return pool.platform == database.platform && pool.family == cls.family && pool.region == *database.region;
    });
    return at == pools_.end() ? -1 : static_cast<int>(at - pools_.begin());
}

int Terms::rate_of(Index index, const Platform& platform, std::string_view cls) const {
    const Database& database = fleet_.databases[index];
    const auto at = rate_at_.find({&platform, *database.region, cls, *database.multi_az});
    return at == rate_at_.end() ? -1 : at->second;
}

Item Terms::item(Index index, const InstanceClass& cls, double list) const {
    const Database& database = fleet_.databases[index];
    Item item;
    item.cls = &cls;
    item.list = list;
    if (const auto units = platform::normalized_units(*database.platform, cls)) {
        item.units = *units * (*database.multi_az ? database.platform->commitment->standby_factor : 1);
        if (const VolumeKind* kind = assess::volume_factor(fleet_, index)) item.units *= kind->class_factor;
        item.pool = pool_of(index, cls);
    }
    item.covered = !plans_.empty() && platform::plan_covers(*database.platform, cls);
    if (!item.covered) return item;
    item.rate = rate_of(index, *database.platform,
                        database.platform->elastic != nullptr ? database.platform->elastic->class_name : cls.name);
    if (item.rate >= 0 && (list > 0 || database.platform->elastic != nullptr)) {
        const double rate = static_cast<double>(rates_[static_cast<std::size_t>(item.rate)].amount.value);
        const auto& use = plan_.databases[index].capacity;
        const double price = database.platform->elastic == nullptr
                                 ? list
                                 : (use && use->unit_price ? static_cast<double>(use->unit_price->amount.value) : rate);
        item.ratio = std::min(rate / price, 1.0);
    }
    return item;
}

bool Terms::touches(Index index, const InstanceClass& cls) const {
    const Platform& platform = *fleet_.databases[index].platform;
    if (!plans_.empty() && platform::plan_covers(platform, cls)) return true;
    return pool_of(index, cls) >= 0 && platform::normalized_units(platform, cls);
}

namespace {

Interval<double> without_support(const Interval<MicroUsdPerMonth>& cost, const std::optional<CapacityUse>& use) {
    const MicroUsdPerMonth none(0), low = use && use->support ? use->support->value.low : none,
                                    high = use && use->support ? use->support->value.high : none;
    return {static_cast<double>((cost.low - low).value), static_cast<double>((cost.high - high).value)};
}

/// What the database costs by list, without Extended Support: of capacity that follows the load a range.
Interval<double> list_of(const Fleet& fleet, const DatabasePlan& plan, Index database, const Projection& on) {
    if (fleet.databases[database].platform->elastic == nullptr)
        return Interval<double>(on.list ? static_cast<double>(on.list->value.value) : 0);
    const auto& use = plan.capacity;
    if (!use || use->instead || !use->cost) return Interval<double>(0);
    return without_support(use->cost->value, use);
}

Item with_range(Item item, const Interval<double>& list) {
    item.more = list.high - list.low;
    return item;
}

}  // namespace

Item Terms::today(Index i) const {
    const DatabasePlan& plan = plan_.databases[i];
    const Interval<double> list = list_of(fleet_, plan, i, plan.now);
    return with_range(item(i, *plan.now.cls, list.low), list);
}

Item Terms::serverless(Index i) const {
    const auto& use = plan_.databases[i].capacity;
    const Platform& platform = *platform::elastic_of(*fleet_.databases[i].platform);
    const Interval<double> list = without_support(plan_.databases[i].recommendation.serverless->cost.value, use);
    Item item;
    item.list = list.low;
    item.more = list.high - list.low;
    item.covered = !plans_.empty() && platform.commitment != nullptr;
    if (!item.covered) return item;
    item.rate = rate_of(i, platform, platform.elastic->class_name);
    if (item.rate >= 0 && use && use->unit_price) {
        const double rate = static_cast<double>(rates_[static_cast<std::size_t>(item.rate)].amount.value);
        item.ratio = std::min(rate / static_cast<double>(use->unit_price->amount.value), 1.0);
    }
    return item;
}

Item Terms::planned(Index i) const {
    const DatabasePlan& plan = plan_.databases[i];
    if (plan.recommendation.verdict == Verdict::idle) return {};
    if (plan.recommendation.serverless) return serverless(i);
    const Interval<double> list = list_of(fleet_, plan, i, plan.chosen);
    return with_range(item(i, *plan.chosen.cls, list.low), list);
}

PaidFleet::PaidFleet(const Terms& terms, bool at_most)
    : terms_(terms), at_most_(at_most), pools_(terms.pools().size()), rates_(terms.rates().size()) {}

void PaidFleet::add(const Item& item, int sign) {
    const double list = item.list + (at_most_ ? item.more : 0);
    if (item.pool >= 0) {
        Sum& pool = pools_[static_cast<std::size_t>(item.pool)];
        pool.units += sign * item.units;
        pool.list += sign * list;
    } else {
        other_ += sign * list;
    }
    if (item.rate < 0 || list <= 0) return;
    AtRate& rate = rates_[static_cast<std::size_t>(item.rate)];
    rate.list += sign * list;
    rate.ratio = item.ratio;
    rate.pool = item.pool;
}

double PaidFleet::share(int pool) const {
    const double used = units(pool), owned = terms_.pools()[static_cast<std::size_t>(pool)].owned;
    return used > 0 ? std::min(owned / used, 1.0) : 0;
}

double PaidFleet::rest(std::size_t rate) const {
    const AtRate& at = rates_[rate];
    return at.pool >= 0 ? at.list * (1 - share(at.pool)) : at.list;
}

PaidFleet::ByPlan PaidFleet::by_plan() const {
    ByPlan result;
    result.share.resize(rates_.size());
    for (std::size_t k = 0; k < rates_.size(); ++k)
        if (rates_[k].list > 0) result.order.push_back(k);
    std::ranges::stable_sort(result.order, {}, [&](std::size_t k) { return rates_[k].ratio; });
    for (const std::size_t k : result.order) {
        const double need = rest(k) * rates_[k].ratio, left = terms_.plan_money() - result.paid;
        result.share[k] = need > 0 ? std::min(left / need, 1.0) : 0;
        result.paid += need * result.share[k];
    }
    return result;
}

double PaidFleet::paid() const {
    double sum = other_;
    for (std::size_t k = 0; k < pools_.size(); ++k) sum += pools_[k].list * (1 - share(static_cast<int>(k)));
    const ByPlan plan = by_plan();
    for (std::size_t k = 0; k < rates_.size(); ++k) sum -= rest(k) * plan.share[k];
    return sum;
}

}  // namespace poolfit::plan
