#include "system_unseen.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/simulate/unseen.hpp>

namespace poolfit::simulate {
namespace {

constexpr double few = 10;          // rarer in a run than this is not known from it
constexpr double seen_often = 50;   // and its scatter is, as the replications show it, from here on
constexpr double fills_often = 20;  // the same of so many at once as fill a pool, which is a bound
constexpr double long_hold = 10;    // of the mean: others are what a usual queue is made of
constexpr double most_candidates = 0.25;
constexpr double worth_a_word = 0.1;  // of a wait, or of a tenth of a hold

/// Of one pool of the service, while the run's waits for the CPU and for the pooler make a hold longer.
class Seen {
public:
    Seen(const SystemRun& run, const Prepared& prepared, const Runs& runs, std::size_t i)
        : prepared_(prepared), service_(i), asked_(static_cast<double>(run.services[i].waits.count())) {
        const ServiceModel& m = prepared.model.services[i];
        const Prepared::Service& p = prepared.services[i];
        const ServiceReport& r = run.services[i];
        rate_ = asked_ / (run.seconds * run.replications * p.processes);
        double held = p.hold + m.nested * m.nested_share * p.nested_hold.mean();
        const double stretch = run.databases[prepared.database_of(m)].stretch.value;
        if (stretch > 1) held += (stretch - 1) * p.cpu.mean();
        if (m.through_pooler && run.poolers[m.target].wait_mean.value > 0)
            held += run.poolers[m.target].wait_mean.value;
        longer_ = held / p.hold;
        pool_.connections = m.connections;
        pool_.users = m.users;
        pool_.think = p.gap.mean();
        pool_.wait = r.wait_mean.value;
        double squares = 0, granted = 0;
        for (const auto& one : runs) {
            squares += one->service(i).squares;
            granted += static_cast<double>(one->service(i).granted);
        }
        missing_ = granted > 0 ? std::max(0.0, p.square - squares / granted) : p.square;
    }

    Unseen waits() {
        Unseen most = alone(seen_often / asked_);
        for (double upper = seen_often / asked_; upper < most_candidates; upper *= 2) {
            const Unseen here = at_once(upper);
            most.share = std::max(most.share, here.share);
            most.wait = std::max(most.wait, here.wait);
        }
        return most;
    }

private:
    /// The holds so rare as `upper`, beside the pool without them; false: they are not long.
    bool split(double upper) {
        const Prepared::Service& p = prepared_.services[service_];
        part_ = prepared_.longest(service_, std::min(1.0, upper));
        if (!(part_.first > 0) || part_.first >= p.hold) return false;
        holds_ = {rate_ * part_.first * longer_, part_.second / part_.first * longer_};
        const double hold = p.hold - part_.first, square = std::max(hold * hold, p.square - part_.second);
        pool_.hold = hold * longer_;
        pool_.scv = square / (hold * hold) - 1;
        pool_.load = rate_ * pool_.hold;
        return holds_.length >= long_hold * pool_.hold;
    }
    /// Seen one by one, but less of them than the law says.
    Unseen alone(double upper) {
        if (!split(upper)) return {};
        const std::int64_t full = that_fill(pool_);
        const double share = std::min(1.0, missing_ / part_.second);
        const Unseen all = full > 1 ? unseen(pool_, holds_, 1, full - 1) : unseen(pool_, holds_);
        return {all.share * share, all.wait * share};
    }
    /// So many at once as fill the pool.
    Unseen at_once(double upper) {
        if (!split(upper)) return {};
        const std::int64_t full = that_fill(pool_);
        if (full < 2 || asked_ * upper * chance_of(holds_, full - 1) >= fills_often) return {};
        return unseen(pool_, holds_, full);
    }

    const Prepared& prepared_;
    std::size_t service_;
    double asked_, rate_ = 0, longer_ = 1, missing_ = 0;
    SteadyPool pool_;
    LongPart part_;
    LongHolds holds_;
};

}  // namespace

void allow_for_unseen(SystemRun& run, const Prepared& prepared, const Runs& runs) {
    for (std::size_t i = 0; i < prepared.services.size(); ++i) {
        const Prepared::Service& p = prepared.services[i];
        ServiceReport& r = run.services[i];
        const double asked = static_cast<double>(r.waits.count());
        if (!(p.hold > 0) || !(asked > 0)) continue;
        run.unseen = std::max(run.unseen, prepared.longest(i, few / asked).first / p.hold);
        if (r.overloaded) continue;  // its waits have no end
        const double timeout = prepared.model.services[i].acquire_timeout;
        Unseen more = Seen(run, prepared, runs, i).waits();
        if (timeout < never) {
            more.wait = std::min(more.wait, more.share * timeout);
            r.timeouts.half_width = std::min(1.0, r.timeouts.half_width + more.share);
        }
        const double least = 0.1 * prepared.unit(i), wait = std::max(r.wait_mean.value, least);
        run.waits_unseen = run.waits_unseen || more.wait > worth_a_word * wait;
        widen({r.wait_mean, r.wait_probability, r.wait_over, r.wait_p50, r.wait_p95, r.wait_p99, r.waits, timeout},
              more);
        if (more.wait > wait)
            for (Estimate* e : {&r.wait_mean, &r.wait_p50, &r.wait_p95, &r.wait_p99}) e->half_width = never;
        for (Estimate* e : {&r.wait_probability, &r.wait_over}) e->half_width = std::min(1.0, e->half_width);
    }
}

}  // namespace poolfit::simulate
