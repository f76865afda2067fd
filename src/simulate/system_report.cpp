#include "system_report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "elementary.hpp"
#include "quantiles.hpp"

namespace poolfit::simulate {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr Estimate unknown{not_a_number, not_a_number};

// Holds are rare that are drawn less often than this, and matter if they make such a share of the mean squared hold.
constexpr double drawn_often = 50, least_share = 0.05;
constexpr double same = 1e-6;

class Reporter {
public:
    Reporter(const Prepared& prepared, const Runs& runs, const SystemOptions& options)
        : prepared_(prepared), runs_(runs), confidence_(options.confidence) {}

    /// An estimate from one figure of each replication; replications where it has no meaning (0 / 0) are left out, and
    /// where it has one in none it is not a number.
    template <class Figure>
    Estimate of(const Figure& figure) const {
        std::vector<double> values;
        for (const auto& run : runs_)
            if (const double x = figure(*run); x == x) values.push_back(x);
        if (values.empty()) return unknown;
        return estimate(values, confidence_);
    }
    /// How far the squares of the holds that each replication drew are from the law's own mean, as a share of it; of
    /// those with any request. All 0 where the run drew even the longest holds often.
    std::vector<double> drawn(std::size_t service) const {
        std::vector<double> result;
        double asked = 0;
        for (const auto& run : runs_) asked += static_cast<double>(run->service(service).wait.asked);
        const double square = prepared_.services[service].square;
        const bool often = !(asked > 0) || !(square > 0) ||
                           prepared_.longest(service, drawn_often / asked).second < least_share * square;
        for (const auto& run : runs_) {
            const ServiceCount& count = run->service(service);
            if (count.wait.asked == 0) continue;
            const double all = static_cast<double>(count.granted);
            result.push_back(often || count.granted == 0 ? 0 : count.squares / all / square - 1);
        }
        return result;
    }
    /// Waits follow those squares, so a run that drew few long holds shows short waits, and little scatter. The
    /// interval takes in what a run that had drawn the law's mean would have shown, by a regression.
    Estimate by_holds(const std::vector<double>& values, const std::vector<double>& drawn) const {
        if (values.empty()) return unknown;
        const Estimate plain = estimate(values, confidence_);
        const auto [least, most] = std::minmax_element(drawn.begin(), drawn.end());
        if (*most - *least < same) return plain;  // but for rounding: no replication drew a long one
        const Estimate fit = controlled(values, drawn, confidence_);
        return {plain.value, std::max({plain.half_width, fit.high() - plain.value, plain.value - fit.low()})};
    }
    template <class Figure>
    double scatter(const Figure& figure) const {
        std::vector<double> values;
        double sum = 0, squares = 0;
        for (const auto& run : runs_)
            if (const double x = figure(*run); x == x) values.push_back(x);
        const double n = static_cast<double>(values.size());
        for (const double x : values) sum += x;
        for (const double x : values) squares += (x - sum / n) * (x - sum / n);
        return n > 1 ? std::sqrt(squares / (n - 1)) : 0;
    }
    template <class WaitOf>
    Histogram merged(double unit, const WaitOf& wait) const {
        Histogram all(unit);
        for (const auto& run : runs_) {
            const WaitCount& w = wait(*run);
            for (std::size_t b = 0; b < w.bins.size(); ++b) all.add_bin(b, w.bins[b]);
        }
        return all;
    }
    /// `drawn`: empty where waits follow more than one law.
    template <class WaitOf>
    Estimate quantile(const Histogram& all, double level, double most, const WaitOf& wait,
                      const std::vector<double>& drawn) const {
        if (all.count() == 0) return unknown;
        std::vector<double> sizes;
        for (const auto& run : runs_) sizes.push_back(static_cast<double>(wait(*run).asked));
        const auto bins = [&](std::size_t i, std::size_t bin) {
            return static_cast<double>(wait(*runs_[i]).bins[bin]);
        };
        Estimate e = quantile_of(all, level, sizes, bins, [&](const std::vector<double>& shares) {
            return (drawn.empty() ? estimate(shares, confidence_) : by_holds(shares, drawn)).half_width;
        });
        e.value = std::min(e.value, most);
        return e;
    }
    /// What was never seen in n trials may still happen: see Replications::rare.
    void allow_for_unseen(Estimate& e, double trials) const {
        if ((e.value == 0 || e.value > 1 - 1e-9) && trials > 0)
            e.half_width = std::max(e.half_width, -natural_log((1 - confidence_) / 2) / trials);
    }

    ServiceReport service(std::size_t i) const {
        const ServiceModel& m = prepared_.model.services[i];
        ServiceReport r;
        r.name = m.name;
        const auto wait = [i](const Replication& x) -> const WaitCount& { return x.service(i).wait; };
        const auto asked = [&](const Replication& x) { return static_cast<double>(wait(x).asked); };
        r.throughput = of([&](const Replication& x) { return static_cast<double>(x.service(i).ended) / x.measured(); });
        r.utilization = of([&](const Replication& x) { return x.busy(i) / x.service(i).capacity; });
        r.response =
            of([&](const Replication& x) { return x.service(i).response / static_cast<double>(x.service(i).ended); });
        const std::vector<double> squares = drawn(i);
        const auto of_holds = [&](const auto& figure) {
            std::vector<double> values;
            for (const auto& run : runs_)
                if (wait(*run).asked > 0) values.push_back(figure(*run));
            return by_holds(values, squares);
        };
        r.wait_mean = of_holds([&](const Replication& x) { return wait(x).sum / asked(x); });
        r.wait_scatter = scatter([&](const Replication& x) { return wait(x).sum / asked(x); });
        r.wait_probability =
            of_holds([&](const Replication& x) { return static_cast<double>(wait(x).waited) / asked(x); });
        r.wait_over = of_holds([&](const Replication& x) { return static_cast<double>(wait(x).over) / asked(x); });
        r.timeouts =
            of_holds([&](const Replication& x) { return static_cast<double>(x.service(i).timeouts) / asked(x); });
        r.refused = of([&](const Replication& x) { return static_cast<double>(x.service(i).refused) / asked(x); });
        r.failures = of([&](const Replication& x) { return static_cast<double>(x.service(i).failures) / asked(x); });
        r.waits = merged(prepared_.unit(i), wait);
        r.wait_p50 = quantile(r.waits, 0.50, m.acquire_timeout, wait, squares);
        r.wait_p95 = quantile(r.waits, 0.95, m.acquire_timeout, wait, squares);
        r.wait_p99 = quantile(r.waits, 0.99, m.acquire_timeout, wait, squares);
        r.deadlocked = of([&](const Replication& x) { return x.deadlock_time(i) < never ? 1.0 : 0.0; });
        r.deadlock_time = of([&](const Replication& x) { return std::min(x.deadlock_time(i), x.now()); });
        const double trials = static_cast<double>(r.waits.count());
        allow_for_unseen(r.wait_probability, trials);
        allow_for_unseen(r.wait_over, trials);
        if (r.utilization.value > 0) allow_for_unseen(r.utilization, trials);
        if (r.wait_probability.value == 0) r.wait_mean.half_width = r.wait_probability.half_width * prepared_.unit(i);
        if (m.acquire_timeout < never) allow_for_unseen(r.timeouts, trials);
        if (m.nested > 0) allow_for_unseen(r.deadlocked, static_cast<double>(runs_.size()));
        const bool turned_away =
            std::any_of(runs_.begin(), runs_.end(), [i](const auto& run) { return run->service(i).turned_away > 0; });
        r.overloaded = turned_away || (m.users == 0 && m.acquire_timeout == never &&
                                       prepared_.services[i].hold >= prepared_.services[i].gap.mean() * m.connections);
        return r;
    }

    PoolerReport pooler(std::size_t i) const {
        const PoolerModel& m = prepared_.model.poolers[i];
        PoolerReport r;
        r.name = m.name;
        const auto wait = [i](const Replication& x) -> const WaitCount& { return x.pooler_wait(i); };
        const auto asked = [&](const Replication& x) { return static_cast<double>(wait(x).asked); };
        r.utilization = of([&](const Replication& x) { return x.pooler_busy(i) / (x.measured() * m.connections); });
        r.wait_mean = of([&](const Replication& x) { return wait(x).sum / asked(x); });
        r.timeouts = of([&](const Replication& x) { return static_cast<double>(x.pooler_timeouts(i)) / asked(x); });
        r.waits = merged(prepared_.pooler_unit[i], wait);
        r.wait_p99 = quantile(r.waits, 0.99, m.wait_timeout, wait, {});
        return r;
    }

    DatabaseReport database(std::size_t i) const {
        const DatabaseModel& m = prepared_.model.databases[i];
        DatabaseReport r;
        r.name = m.name;
        r.cpu_utilization = of([&](const Replication& x) { return x.cpu(i).busy() / (x.measured() * m.vcpus); });
        r.active = of([&](const Replication& x) { return x.active(i) / x.measured(); });
        r.most_active = of([&](const Replication& x) { return x.most_active(i); });
        r.stretch = of([&](const Replication& x) {
            const double demand = x.cpu(i).demand();
            return demand > 0 ? x.cpu(i).present() / demand : std::numeric_limits<double>::quiet_NaN();
        });
        double offered = 0;
        for (std::size_t s = 0; s < prepared_.services.size(); ++s) {
            const ServiceModel& service = prepared_.model.services[s];
            const Prepared::Service& p = prepared_.services[s];
            if (service.users == 0 && service.acquire_timeout == never && prepared_.database_of(service) == i)
                offered += p.cpu.mean() / p.gap.mean() * p.processes;
        }
        r.overloaded = offered >= m.vcpus;
        return r;
    }

private:
    const Prepared& prepared_;
    const Runs& runs_;
    double confidence_;
};

}  // namespace

SystemRun report(const Prepared& prepared, const Runs& runs, const SystemOptions& options) {
    const Reporter reporter(prepared, runs, options);
    SystemRun result;
    result.replications = static_cast<int>(runs.size());
    result.seconds = runs.front()->measured();
    for (std::size_t i = 0; i < prepared.services.size(); ++i) {
        result.services.push_back(reporter.service(i));
        result.transactions += static_cast<double>(result.services.back().waits.count());
    }
    for (std::size_t i = 0; i < prepared.model.poolers.size(); ++i) result.poolers.push_back(reporter.pooler(i));
    for (std::size_t i = 0; i < prepared.model.databases.size(); ++i) result.databases.push_back(reporter.database(i));
    return result;
}

}  // namespace poolfit::simulate
