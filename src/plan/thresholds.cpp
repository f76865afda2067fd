#include "thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace poolfit::plan {

namespace {

using Quantity = Threshold::Quantity;
using Term = assess::Term;

constexpr double past_any = std::numeric_limits<double>::infinity();

/// What a quantity is today.
struct Reading {
    Measure measure = Measure::count;
    std::optional<Term> now;
    std::optional<Index> database;
};

class Gauge {
public:
    Gauge(const Scene& scene, const Strategy& base)
        : fleet_(scene.fleet), plan_(scene.plan), r_(scene.r), base_(base) {}

    Threshold make(const Limit& limit) const {
        const Reading today = read(limit.quantity);
        const Key at_key{{Subject::Kind::threshold, 0}, Name::threshold_at, Phase::now, nullptr, name(limit.quantity)};
        Figure<double> at{limit.at, {}};
        if (limit.share_of_all) {
            const double records = static_cast<double>(fleet_.pools.size());
            const Figure<double> pools{
                records, r_.input({{Subject::Kind::fleet, 0}, Name::pools}, assess::measured(Measure::count, records),
                                  fleet_.pools.front().place, {Note::records_of_pools})};
            at = r_.keep<double>(at_key, Measure::count, limit.at == 1 ? r_(pools) : r_.literal(limit.at) * r_(pools));
        } else {
            at.id = r_.constant(at_key, assess::measured(today.measure, limit.at), limit.grounds);
        }
        Threshold result;
        result.quantity = limit.quantity;
        result.measure = today.measure;
        result.at = at.value;
        result.database = today.database;
        result.figure = at.id;
        if (today.now) {
            Key key = at_key;
            key.name = Name::threshold_distance;
            const auto left = r_.keep<double>(key, today.measure, r_(at) - *today.now);
            result.now = today.now->value.high;
            result.reached = *result.now >= result.at;
            result.left = left.value;
            result.figure = left.id;
        }
        complete(result);
        return result;
    }

private:
    Term count(Name name, std::size_t records, const Place& place, Note note) const {
        const auto number = static_cast<double>(records);
        return r_(Figure<double>{number,
                                 r_.input({{Subject::Kind::fleet, 0}, name}, assess::measured(number), place, {note})});
    }

    Reading read(Quantity quantity) const {
        switch (quantity) {
            case Quantity::connections:
                if (!base_.before) return {Measure::connections, {}, {}};
                return {Measure::connections, r_(*base_.before), {}};
            case Quantity::new_services:
                return {Measure::count, r_.literal(0), {}};
            case Quantity::services:
                return {Measure::count,
                        count(Name::services, fleet_.services.size(), fleet_.services.front().place,
                              Note::records_of_services),
                        {}};
            case Quantity::max_connections_share:
                return share_of_max();
            case Quantity::cpu_peak:
                return cpu_peak();
            case Quantity::unmeasured_pools:
                return unmeasured();
        }
        return {};
    }

    Reading share_of_max() const {
        double worst = -1;
        Reading reading{Measure::fraction, {}, {}};
        for (Index i = 0; i < plan_.databases.size(); ++i) {
            const auto& allocated = plan_.databases[i].demand.allocated;
            const auto& most = plan_.databases[i].budget.limits.max_planned;
            if (!allocated || !plan_.databases[i].budget.limits.known || most.value.value <= 0) continue;
            const double share = static_cast<double>(allocated->value.value) / static_cast<double>(most.value.value);
            if (share <= worst) continue;
            worst = share;
            reading.database = i;
        }
        if (!reading.database) return reading;
        const DatabasePlan& fullest = plan_.databases[*reading.database];
        reading.now = r_(*fullest.demand.allocated) / r_(fullest.budget.limits.max_planned);
        return reading;
    }

    Reading cpu_peak() const {
        double worst = -1;
        Reading reading{Measure::fraction, {}, {}};
        for (Index i = 0; i < plan_.databases.size(); ++i) {
            const auto& peak = plan_.databases[i].now.cpu_peak;
            if (!peak || peak->value.high.value <= worst) continue;
            worst = peak->value.high.value;
            reading.database = i;
        }
        if (reading.database) reading.now = assess::high(r_(*plan_.databases[*reading.database].now.cpu_peak));
        return reading;
    }

    Reading unmeasured() const {
        const std::size_t all = fleet_.pools.size(), known = all - count_unknown(plan_, fleet_);
        const Place& first = fleet_.pools.front().place;
        const Term pools = count(Name::pools, all, first, Note::records_of_pools);
        return {Measure::count, pools - count(Name::known_pools, known, first, Note::none), {}};
    }

    /// What there is to say beside the distance.
    void complete(Threshold& t) const {
        if (t.quantity == Quantity::connections && base_.before && base_.after &&
            base_.after->value != base_.before->value)
            t.right_sized = base_.after->value;
        if (t.quantity == Quantity::unmeasured_pools) t.total = t.left;
        if (t.quantity != Quantity::new_services) return;
        t.total = static_cast<double>(fleet_.services.size()) + t.at;
        const auto& growth = fleet_.growth;
        if (growth && growth->services_per_year && **growth->services_per_year > 0)
            t.months = std::ceil(t.at / **growth->services_per_year * 12 - 1e-9);
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Recorder r_;
    const Strategy& base_;
};

}  // namespace

Threshold threshold(const Scene& scene, const Limit& limit, const Strategy& base) {
    return Gauge(scene, base).make(limit);
}

double right_sized(const Scene& scene, Quantity quantity, const Strategy& base) {
    if (quantity == Quantity::services) return static_cast<double>(scene.fleet.services.size());
    if (quantity == Quantity::connections) return base.after ? static_cast<double>(base.after->value.value) : past_any;
    if (quantity != Quantity::max_connections_share) return 0;
    double worst = 0;
    for (const StrategyDatabase& server : base.databases) {
        if (!server.after) return past_any;
        const auto most = static_cast<double>(server.most.value);
        if (most > 0) worst = std::max(worst, static_cast<double>(server.after->value.value) / most);
    }
    return worst;
}

std::string_view name(Quantity quantity) {
    constexpr std::string_view names[] = {"connections",           "new_services", "services",
                                          "max_connections_share", "cpu_peak",     "unmeasured_pools"};
    return names[static_cast<std::size_t>(quantity)];
}

}  // namespace poolfit::plan
