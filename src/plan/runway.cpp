// How long each limit lasts under the inventory's growth: connections by new services, load compounding by the month.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/plan/action.hpp>
#include <poolfit/unit/print.hpp>

#include "phase_parts.hpp"

namespace poolfit::plan {

namespace {

constexpr int horizon = 120;  // months: 10 years

/// What grows, to which limit, in one of two ways.
struct Line {
    Dimension dimension{};
    double now = 0, limit = 0;
    Measure measure = Measure::count;
    double per_month = 0;  ///< added each month
    double factor = 1;     ///< or multiplied each month
    std::vector<FigureId> inputs;
    std::string_view formula;
};

/// The first whole month past the limit.
std::optional<int> month(const Line& line) {
    const auto over = [&](double value) { return value > line.limit * (1 + 1e-9) + 1e-9; };
    double compounded = line.now;
    for (int m = 0; m <= horizon; ++m) {
        if (over(compounded + line.per_month * m)) return m;
        compounded *= line.factor;
    }
    return std::nullopt;
}

std::string in_words(Dimension dimension) {
    std::string text(assess::name(dimension));
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

class Maker {
public:
    Maker(const Fleet& fleet, Plan& plan) : fleet_(fleet), plan_(plan), ledger_(plan.ledger) {}

    std::vector<Runway> make() {
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            for (const bool after : {false, true}) database(i, after);
        std::stable_sort(all_.begin(), all_.end(), [](const Runway& a, const Runway& b) {
            if (a.after != b.after) return !a.after;
            return a.months.value_or(horizon + 1) < b.months.value_or(horizon + 1);
        });
        return std::move(all_);
    }

private:
    void database(Index i, bool after) {
        const DatabasePlan& plan = plan_.databases[i];
        const Projection& on = after ? *chosen_projection(plan) : plan.now;
        if (on.cls == nullptr) return;
        if (fleet_.growth->services_per_year && !fleet_.services.empty()) connections(i, after, on);
        if (fleet_.growth->load_per_month) load(i, after, on);
    }

    void connections(Index i, bool after, const Projection& on) {
        const auto& rate = *fleet_.growth->services_per_year;
        const FigureId per_year =
            ledger_.input("growth.services_per_year", assess::measured(Measure::count, *rate), rate.place);
        const double services = static_cast<double>(fleet_.services.size());
        const FigureId count = ledger_.input("fleet.services", assess::measured(Measure::count, services),
                                             fleet_.services.front().place, "[[service]] records");
        const DatabaseDemand& demand = (after ? plan_.after : plan_.now).databases[i];
        const double other = static_cast<double>(fleet_.databases[i].other_connections->value);
        const auto add = [&](Dimension dimension, const std::optional<Figure<Connections>>& now) {
            const Check* check = on.find(dimension);
            if (!now || check == nullptr || !check->limit) return;
            const double value = static_cast<double>(now->value.value);
            // A new service is like the average of today's.
            put(i, after, on,
                {dimension, value, *check->limit, Measure::connections, std::max(0.0, value - other) / services * *rate / 12, 1,
                 {now->id, count, per_year, on.limits.usable.id},
                 "first month with connections + average of a service × services_per_year / 12 × months over the limit"});
        };
        add(Dimension::connections_steady, demand.allocated);
        add(Dimension::connections_deploy, demand.deploy_peak);
    }

    void load(Index i, bool after, const Projection& on) {
        const auto& rate = *fleet_.growth->load_per_month;
        const FigureId monthly = ledger_.input("growth.load_per_month", assess::measured(*rate), rate.place);
        for (const Dimension dimension : {Dimension::cpu_peak, Dimension::credits, Dimension::ebs_throughput,
                                          Dimension::iops, Dimension::network}) {
            const Check* check = on.find(dimension);
            if (check == nullptr || !check->value || !check->limit || *check->limit <= 0) continue;
            // At a peak that is all that is known, the mean's limit is not what binds.
            if (dimension == Dimension::credits && !(on.credits && on.credits->mean_known)) continue;
            put(i, after, on,
                {dimension, check->value->high, *check->limit, check->measure, 0, 1 + rate->value, {check->figure, monthly},
                 "first month with load × (1 + load_per_month)^months over the limit"});
        }
    }

    void put(Index i, bool after, const Projection& on, const Line& line) {
        Runway runway;
        runway.database = i;
        runway.after = after;
        runway.cls = on.cls;
        runway.dimension = line.dimension;
        runway.months = month(line);
        runway.now = line.now;
        runway.limit = line.limit;
        runway.measure = line.measure;
        const std::string name = fmt::format("runway.{}.{}.{}", after ? "after" : "now", *fleet_.databases[i].name,
                                             assess::name(line.dimension));
        const double months = runway.months ? *runway.months : horizon;
        runway.figure = ledger_.derive(name, assess::measured(Measure::count, months), std::string(line.formula), line.inputs,
                                       runway.months ? "months from now" : "not within 10 years");
        const std::string limit = assess::print({Interval<double>(line.limit), line.measure});
        const std::string when = !runway.months        ? fmt::format("not over {} within 10 years", limit)
                                 : *runway.months == 0 ? fmt::format("over {} already", limit)
                                                       : fmt::format("over {} in month {}", limit, *runway.months);
        runway.text = fmt::format("{} on {}: {} {} today, {}", *fleet_.databases[i].name, on.cls->name,
                                  in_words(line.dimension), assess::print({Interval<double>(line.now), line.measure}), when);
        all_.push_back(std::move(runway));
    }

    const Fleet& fleet_;
    Plan& plan_;
    Ledger& ledger_;
    std::vector<Runway> all_;
};

}  // namespace

std::vector<Runway> runway(const Fleet& fleet, const Catalog&, Plan& plan) {
    if (!fleet.growth) return {};
    return Maker(fleet, plan).make();
}

}  // namespace poolfit::plan
