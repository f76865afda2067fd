// How long each limit lasts under the inventory's growth: connections by new services, load compounding by the month.
#include <algorithm>

#include <poolfit/plan/action.hpp>

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

class RunwayMaker {
public:
    RunwayMaker(const Fleet& fleet, const Plan& plan, Recorder r) : fleet_(fleet), plan_(plan), r_(r) {}

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
        // What is deleted reaches no limit.
        if (after && plan_.databases[i].recommendation.verdict == Verdict::idle) return;
        const Projection& on = after ? plan_.databases[i].chosen : plan_.databases[i].now;
        if (fleet_.growth->services_per_year && !fleet_.services.empty()) connections(i, after, on);
        if (fleet_.growth->load_per_month) load(i, after, on);
    }

    FigureId growth(Name name, const Measured& value, const Place& place) const {
        return r_.input({{Subject::Kind::growth, 0}, name}, value, place);
    }

    void connections(Index i, bool after, const Projection& on) {
        const auto& rate = *fleet_.growth->services_per_year;
        const auto services = static_cast<double>(fleet_.services.size());
        const DatabaseDemand& demand = after ? plan_.databases[i].after : plan_.databases[i].demand;
        const auto other = static_cast<double>(fleet_.databases[i].other_connections->value);
        const auto add = [&](Dimension dimension, const std::optional<Figure<Connections>>& now) {
            const Check* check = on.find(dimension);
            if (!now || check == nullptr || !check->limit) return;
            const auto value = static_cast<double>(now->value.value);
            // A new service is like the average of today's.
            const double per_month = std::max(0.0, value - other) / services * *rate / 12;
            const FigureId inputs[] = {
                now->id,
                r_.input({{Subject::Kind::fleet, 0}, Name::services}, assess::measured(services),
                         fleet_.services.front().place, {Note::records_of_services}),
                growth(Name::services_per_year, assess::measured(Measure::count, *rate), rate.place),
                on.limits.usable.id};
            put(i, after, on, {dimension, value, *check->limit, Measure::connections, per_month, 1}, inputs);
        };
        add(Dimension::connections_steady, demand.allocated);
        add(Dimension::connections_deploy, demand.deploy_peak);
    }

    void load(Index i, bool after, const Projection& on) {
        const auto& rate = *fleet_.growth->load_per_month;
        for (const Dimension dimension : {Dimension::cpu_peak, Dimension::cpu_p95, Dimension::credits,
                                          Dimension::ebs_throughput, Dimension::iops, Dimension::network}) {
            const Check* check = on.find(dimension);
            if (check == nullptr || !check->value || !check->limit || *check->limit <= 0) continue;
            // At a peak that is all that is known, the mean's limit is not what binds.
            // Nor where it is a price.
            if (dimension == Dimension::credits &&
                !(on.credits && on.credits->mean_known && (on.credits->throttled || !on.credits->lives_on_credits)))
                continue;
            const FigureId inputs[] = {check->figure,
                                       growth(Name::load_per_month, assess::measured(*rate), rate.place)};
            put(i, after, on, {dimension, check->value->high, *check->limit, check->measure, 0, 1 + rate->value},
                inputs);
        }
    }

    void put(Index i, bool after, const Projection& on, const Line& line, std::span<const FigureId> inputs) {
        Runway runway;
        runway.database = i;
        runway.after = after;
        runway.cls = on.cls;
        runway.dimension = line.dimension;
        runway.months = month(line);
        runway.now = line.now;
        runway.limit = line.limit;
        runway.measure = line.measure;
        const double months = runway.months ? *runway.months : horizon;
        runway.figure = r_.by_model({{Subject::Kind::runway, i},
                                     Name::months,
                                     after ? Phase::after : Phase::now,
                                     nullptr,
                                     assess::name(line.dimension)},
                                    assess::measured(Measure::count, months), Model::month_over_limit, {}, inputs,
                                    {runway.months ? Note::within_ten_years : Note::not_within_ten_years});
        all_.push_back(runway);
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Recorder r_;
    std::vector<Runway> all_;
};

}  // namespace

std::vector<Runway> runway(const Fleet& fleet, const Plan& plan, Recorder recorder) {
    if (!fleet.growth) return {};
    return RunwayMaker(fleet, plan, recorder).make();
}

}  // namespace poolfit::plan
