#include "simulated.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <poolfit/queue/band.hpp>
#include <poolfit/queue/bounds.hpp>
#include <poolfit/queue/mdc.hpp>
#include <poolfit/simulate/pool.hpp>
#include <poolfit/unit/print.hpp>

#include "unseen.hpp"

namespace poolfit::sizing {
namespace {

/// Two moments of the hold, and what they are assumed to mean: the ends of a band, beside the simulation.
std::optional<Interval<Millis>> band(const Asked& asked, Connections size) {
    if (asked.load.users > 0 || asked.load.batch > 1.0 || asked.load.acquire_timeout) return std::nullopt;
    const auto mmc = queue::solve_mmc(asked.offered, asked.shape.mean, size);
    const auto* system = std::get_if<queue::Mmc>(&mmc);
    if (system == nullptr) return std::nullopt;
    const auto answer = queue::wait_band(*system, asked.shape.scv);
    const auto* waits = std::get_if<queue::WaitBand>(&answer);
    if (waits == nullptr) return std::nullopt;
    return waits->mean_wait;
}

constexpr double replications = 64;

/// Transactions of one replication that cover two relaxation times (Abate and Whitt 1988, the spread of the hold put
/// in) and two holds, or three rounds of all users. The run itself wants five times as many for its warm-up.
double to_settle(const Asked& asked, Connections size) {
    if (asked.load.users > 0) return 3.0 * static_cast<double>(asked.load.users);
    const double load = asked.offered.value, used = load / static_cast<double>(size.value);
    if (used >= 1.0) return std::numeric_limits<double>::infinity();  // only with a timeout
    const double distance = 1.0 - std::sqrt(used), spread = std::max(0.2, (1.0 + asked.shape.scv) / 2.0);
    return 2.0 * (load + used * spread / (distance * distance));
}

/// What is known of a share or a time beforehand: it lies between `low` and `high`.
void keep_within(simulate::Estimate& estimate, double low, double high) {
    const double from = std::clamp(estimate.low(), low, high), to = std::clamp(estimate.high(), low, high);
    estimate.value = std::clamp(estimate.value, low, high);
    estimate.half_width = std::max(to - estimate.value, estimate.value - from);
}

/// A run knows no more than the laws say: intervals take in what it was too short to see, and end where theory does.
void use_what_is_known(simulate::PoolRun& run, const Asked& asked, Connections size) {
    const Load& load = asked.load;
    const double c = static_cast<double>(size.value);
    allow_for_unseen(run, asked, size, run.utilization.value * c);
    for (simulate::Estimate* share : {&run.wait_probability, &run.wait_over, &run.timeout_probability})
        keep_within(*share, 0.0, 1.0);
    if (load.acquire_timeout) keep_within(run.wait_mean, 0.0, load.acquire_timeout->value);
    if (load.users > 0 || load.acquire_timeout) return;
    const auto bounds = queue::mean_wait_bounds(asked.offered, asked.shape.mean, asked.shape.scv, size);
    if (const auto* known = std::get_if<Interval<Millis>>(&bounds))
        keep_within(run.wait_mean, known->low.value, known->high.value);
}

/// Utilization and throughput: for an open load without timeouts they are known, for others only their bounds.
void take_flow(Figures& figures, const simulate::PoolRun& run, const Asked& asked, Connections size) {
    const Load& load = asked.load;
    const double c = static_cast<double>(size.value), mean = asked.shape.mean.value;
    if (load.users == 0 && !load.acquire_timeout) {
        figures.throughput = load.rate;
        figures.busy_mean = asked.offered.value;
    } else {
        const double users = static_cast<double>(load.users);
        const double most = load.users > 0 ? users / (load.think.value + mean) : load.rate.value / 1000.0;
        figures.throughput = PerSecond(std::min({run.throughput.value, most, c / mean}) * 1000.0);
        const bool shares_cpu = load.vcpus > 0 && load.cpu.value > 0.0;
        figures.busy_mean =
            shares_cpu ? std::min(c, run.utilization.value * c) : figures.throughput.value / 1000.0 * mean;
    }
    figures.utilization = Fraction(std::min(1.0, figures.busy_mean / c));
}

Figures figures_of(const simulate::PoolRun& run, const Asked& asked, Connections size, const Question& question) {
    Figures figures;
    figures.size = size;
    figures.method = Method::simulation;
    take_flow(figures, run, asked, size);
    figures.p_wait = run.wait_probability.value;
    figures.wait_mean = Millis(run.wait_mean.value);
    figures.wait_p50 = Millis(run.wait_p50.value);
    figures.wait_p95 = Millis(run.wait_p95.value);
    figures.wait_p99 = Millis(run.wait_p99.value);
    if (question.goals.wait) {
        figures.p_over = run.wait_over.value;
        figures.p_over_error = run.wait_over.half_width;
    }
    if (asked.load.acquire_timeout) figures.p_timeout = run.timeout_probability.value;
    if (asked.load.vcpus > 0 && asked.load.cpu.value > 0.0) figures.cpu = Fraction(run.cpu_utilization.value);
    figures.error_bound =
        std::max(simulate::spread(run.wait_mean, run.hold_mean), simulate::spread(run.wait_p99, run.hold_mean));
    figures.unseen = run.unseen_load;
    figures.wait_mean_range = {Millis(std::max(0.0, run.wait_mean.low())), Millis(run.wait_mean.high())};
    // A mean of holds that is off is an error of every wait.
    figures.error_bound = std::max(*figures.error_bound, run.hold_error);
    figures.precise = run.precise && run.warmed_up;
    figures.settled = run.warmed_up || question.transactions / replications >= to_settle(asked, size);
    figures.approximations = band(asked, size);
    return figures;
}

}  // namespace

std::variant<Figures, Refused> simulated(const Asked& asked, Connections size, const Question& question) {
    const Load& load = asked.load;
    const double users = static_cast<double>(load.users), most = load.users > 0 ? users : asked.offered.value;
    if (most > (load.users > 0 ? most_users_simulated : most_busy_simulated))
        return Refused{
            fmt::format("{} {} with this hold have to be simulated, which would take too long",
                        unit::print(Connections(std::llround(most))), load.users > 0 ? "users" : "busy connections"),
            "use cv 1 and no CPU part: a formula solves that, and in a pool this large the law matters "
            "little"};
    if (load.batch > 1.0)
        return Refused{"batches are solved only for exponential holds (cv 1) without an acquire timeout",
                       "remove the batch, or the spread and the timeout"};
    if (asked.shape.kind == Shape::Kind::phases && asked.shape.scv < 1.0)
        return Refused{fmt::format("{} connections are too many for phases", size.value),
                       "use the lognormal law: it is simulated at any size"};
    simulate::PoolModel model;
    model.hold = asked.shape.law;
    if (load.users > 0) {
        model.users = static_cast<int>(std::min<std::int64_t>(load.users, 1'000'000));
        model.gap = load.think.value > 0.0 ? simulate::exponential(load.think.value) : simulate::constant(0.0);
        if (load.vcpus > 0 && load.cpu.value > 0.0) {
            model.vcpus = static_cast<int>(std::min<std::int64_t>(load.vcpus, 1'000'000));
            model.cpu_mean = load.cpu.value;
            const double rest = 1.0 - load.cpu.value / asked.shape.mean.value;
            model.hold = rest > 0.0 ? simulate::stretched(asked.shape.law, rest) : simulate::constant(0.0);
        }
    } else {
        model.gap = simulate::exponential(1000.0 / load.rate.value);
    }
    const std::int64_t most_used = load.users > 0 ? std::min(size.value, load.users) : size.value;
    model.connections = static_cast<int>(std::min<std::int64_t>(most_used, 1'000'000));
    if (question.goals.wait) model.watched_wait = question.goals.wait->t.value;
    if (load.acquire_timeout) model.acquire_timeout = load.acquire_timeout->value;
    simulate::Options options;
    options.seed = question.seed;
    options.threads = question.threads;
    options.precision = question.precision;
    options.transactions = question.transactions;
    simulate::PoolRun run = simulate::simulate_pool(model, options);
    if (run.outcome != simulate::PoolRun::Outcome::done)
        return Refused{fmt::format("this load can only be simulated, and that fails: {}", run.reason), {}};
    const double used = static_cast<double>(most_used) / static_cast<double>(size.value);
    run.utilization.value *= used;
    use_what_is_known(run, asked, size);
    return figures_of(run, asked, size, question);
}

}  // namespace poolfit::sizing
