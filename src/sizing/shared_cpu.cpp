#include "shared_cpu.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/queue/shared_cpu.hpp>

namespace poolfit::sizing {
namespace {

/// What nine of ten generated pools keep to (queue/shared_cpu.hpp): of waits, and of the share that waits longer.
constexpr double wait_error = 0.25, share_error = 0.2;

queue::SharedCpuLoad network(const Asked& asked) {
    const Load& load = asked.load;
    const Millis elsewhere(std::max(0.0, (asked.shape.mean - load.cpu).value));
    return {load.rate, load.users, load.think, load.cpu, elsewhere, load.vcpus, load.others, load.others_most};
}

/// Of users the CPU part is exponential whatever the rest is; of open loads all parts grow and shrink together.
double scv_of(const Asked& asked) {
    if (asked.load.users == 0 || !std::holds_alternative<MeanHold>(asked.load.hold)) return asked.shape.scv;
    const double cpu = asked.load.cpu.value / asked.shape.mean.value;
    return cpu * cpu + asked.shape.scv * (1.0 - cpu) * (1.0 - cpu);
}

}  // namespace

bool shares_cpu(const Load& load) {
    if (!(load.cpu.value > 0.0) || load.vcpus <= 0 || load.batch > 1.0 || load.acquire_timeout) return false;
    return load.users == 0 || load.others > 0.0;
}

bool is_exponential_there(const Asked& asked) {
    return asked.shape.kind == Shape::Kind::exponential ||
           (std::holds_alternative<MeanHold>(asked.load.hold) && std::abs(scv_of(asked) - 1.0) < 1e-6);
}

std::optional<Figures> shared_figures(const Asked& asked, Connections size, const Question& question) {
    const auto answer = queue::solve_shared_cpu(network(asked), size);
    Figures figures;
    figures.size = size;
    figures.method = Method::shared_cpu;
    if (const auto* unstable = std::get_if<queue::Unstable>(&answer)) {
        figures.overloaded = true;
        figures.utilization = unstable->utilization;
        figures.throughput = PerSecond(asked.load.rate.value / unstable->utilization.value);
        figures.busy_mean = static_cast<double>(size.value);
        return figures;
    }
    const auto* pool = std::get_if<queue::SharedCpuPool>(&answer);
    if (pool == nullptr) return std::nullopt;
    figures.busy_mean = pool->busy_mean;
    figures.utilization = Fraction(std::min(1.0, pool->busy_mean / static_cast<double>(size.value)));
    figures.throughput = pool->throughput;
    figures.p_wait = pool->wait.value;
    figures.wait_mean = pool->mean_wait;
    figures.wait_p50 = wait_quantile(*pool, 0.50);
    figures.wait_p95 = wait_quantile(*pool, 0.95);
    figures.wait_p99 = wait_quantile(*pool, 0.99);
    if (question.goals.wait) figures.p_over = p_wait_over(*pool, question.goals.wait->t);
    add_error(figures);
    return figures;
}

void add_error(Figures& figures) {
    if (figures.p_over) figures.p_over_error = figures.p_over_error.value_or(0.0) + share_error * *figures.p_over;
    figures.error_bound = std::max(figures.error_bound.value_or(0.0), wait_error);
}

std::optional<Connections> smallest_shared(const Asked& asked, const Question& question) {
    const auto answer = queue::smallest_shared_cpu(network(asked), question.goals);
    const auto* pool = std::get_if<queue::SharedCpuPool>(&answer);
    return pool == nullptr ? std::nullopt : std::optional(pool->size);
}

std::optional<Alone> as_if_alone(const Asked& asked, Connections size, const Question& question) {
    const auto answer = queue::solve_shared_cpu(network(asked), size);
    const auto* pool = std::get_if<queue::SharedCpuPool>(&answer);
    if (pool == nullptr) return std::nullopt;
    const Millis hold = queue::hold_alike(*pool, question.goals.wait ? question.goals.wait->t : Millis(0));
    Alone alone{asked.load, asked.shape, {}, pool->busy_mean, pool->throughput};
    alone.load.cpu = Millis(0);
    alone.load.vcpus = 0;
    alone.load.others = 0.0;
    alone.shape.law = simulate::stretched(asked.shape.law, hold.value / asked.shape.mean.value);
    const double scv = scv_of(asked);
    if (scv != asked.shape.scv) {
        alone.shape.kind = Shape::Kind::other;
        alone.shape.law = simulate::by_mean_and_cv(hold.value, std::sqrt(scv));
    }
    alone.shape.scv = scv;
    alone.shape.mean = hold;
    const double users = static_cast<double>(asked.load.users);
    alone.offered =
        users > 0.0 ? Erlangs(users * hold.value / (asked.load.think + hold).value) : asked.load.rate * hold;
    return alone;
}

}  // namespace poolfit::sizing
