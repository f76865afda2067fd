#include "simulated.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <poolfit/queue/band.hpp>
#include <poolfit/queue/mdc.hpp>
#include <poolfit/simulate/pool.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::sizing {
namespace {

/// Two moments of the hold, and what they are taken to mean: the ends of a band, beside the simulation.
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

Figures figures_of(const simulate::PoolRun& run, const Asked& asked, Connections size, const Question& question) {
    Figures figures;
    figures.size = size;
    figures.method = Method::simulation;
    figures.utilisation = Fraction(run.utilisation.value);
    figures.busy_mean = run.utilisation.value * static_cast<double>(size.value);
    figures.throughput = PerSecond(run.throughput.value * 1000.0);
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
    if (asked.load.vcpus > 0 && asked.load.cpu.value > 0.0) figures.cpu = Fraction(run.cpu_utilisation.value);
    figures.error_bound =
        std::max(simulate::spread(run.wait_mean, run.hold_mean), simulate::spread(run.wait_p99, run.hold_mean));
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
            "ask with cv 1 and without a CPU part: a formula solves that, and in so large a pool the law "
            "matters little"};
    if (load.batch > 1.0)
        return Refused{"batches are solved for exponential holds (cv 1) without an acquire timeout only",
                       "leave the batch, or the spread and the timeout, out"};
    if (asked.shape.kind == Shape::Kind::phases && asked.shape.scv < 1.0)
        return Refused{fmt::format("{} connections are too many for phases", size.value),
                       "ask with the lognormal law: it is simulated at any size"};
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
        return Refused{fmt::format("this load has to be simulated, and can't be: {}", run.reason), {}};
    const double used = static_cast<double>(most_used) / static_cast<double>(size.value);
    run.utilisation.value *= used;
    return figures_of(run, asked, size, question);
}

}  // namespace poolfit::sizing
