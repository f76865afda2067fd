#include "exact.hpp"

#include <algorithm>

#include <poolfit/queue/batch.hpp>
#include <poolfit/queue/closed_pool.hpp>
#include <poolfit/queue/mdc.hpp>
#include <poolfit/queue/mg1.hpp>
#include <poolfit/queue/mphc.hpp>
#include <poolfit/queue/timeout.hpp>

#include "shared_cpu.hpp"

namespace poolfit::sizing {
namespace {

/// Longer than this, the closed network's chain is left to the simulation: it would take over 10 ms a size.
constexpr double most_chain_work = 3e6;
/// The transform of M/D/c grows with 1/(1 - utilization): 40 ms at 0.995.
constexpr double most_constant_utilization = queue::most_mdc_utilization;
/// States of M/PH/c: 10 ms here.
constexpr double most_states = 50;

double share(double part, Connections whole) { return part / static_cast<double>(whole.value); }

/// What the law of the wait says; `System` has p_wait_over and wait_quantile in the queue room.
template <class System>
void take_waits(const System& system, const Question& question, Figures& figures) {
    figures.wait_p50 = wait_quantile(system, 0.50);
    figures.wait_p95 = wait_quantile(system, 0.95);
    figures.wait_p99 = wait_quantile(system, 0.99);
    if (question.goals.wait) figures.p_over = p_wait_over(system, question.goals.wait->t);
}

/// All arrivals are served: an open system below saturation.
Figures open_figures(const Asked& asked, Connections size, Method method) {
    Figures figures;
    figures.size = size;
    figures.utilization = Fraction(share(asked.offered.value, size));
    figures.throughput = asked.load.rate;
    figures.busy_mean = asked.offered.value;
    figures.method = method;
    return figures;
}

template <class System>
std::optional<Figures> open_solved(const Asked& asked, Connections size, Method method,
                                   const queue::Answer<System>& answer, const Question& question) {
    const auto* system = std::get_if<System>(&answer);
    if (system == nullptr) return std::nullopt;
    Figures figures = open_figures(asked, size, method);
    figures.p_wait = system->p_wait;
    figures.wait_mean = system->mean_wait;
    take_waits(*system, question, figures);
    return figures;
}

std::optional<Figures> with_erlang_c(const Asked& asked, Connections size, const Question& question) {
    const auto answer = queue::solve_mmc(asked.offered, asked.shape.mean, size);
    const auto* system = std::get_if<queue::Mmc>(&answer);
    if (system == nullptr) return std::nullopt;
    Figures figures = open_figures(asked, size, Method::erlang_c);
    figures.p_wait = queue::p_wait(*system);
    figures.wait_mean = queue::mean_wait(*system);
    take_waits(*system, question, figures);
    return figures;
}

std::optional<Figures> with_timeout(const Asked& asked, Connections size, const Question& question) {
    const auto answer = queue::solve_mmc_timeout(asked.offered, asked.shape.mean, size, *asked.load.acquire_timeout);
    auto figures = open_solved(asked, size, Method::timeout, answer, question);
    if (!figures) return figures;
    const auto& system = std::get<queue::MmcTimeout>(answer);
    figures->utilization = system.utilization;
    figures->throughput = system.throughput;
    figures->busy_mean = system.utilization.value * static_cast<double>(size.value);
    figures->p_timeout = system.p_timeout;
    return figures;
}

std::optional<Figures> with_constant(const Asked& asked, Connections size, const Question& question) {
    if (share(asked.offered.value, size) > most_constant_utilization) return std::nullopt;
    return open_solved(asked, size, Method::constant, queue::solve_mdc(asked.offered, asked.shape.mean, size),
                       question);
}

std::optional<Figures> with_phases(const Asked& asked, Connections size, const Question& question) {
    const auto law = queue::fit_phases(asked.shape.scv);
    const auto* phases = std::get_if<queue::PhaseLaw>(&law);
    if (phases == nullptr) return std::nullopt;
    double states = 1;  // ways to spread the connections over the phases
    for (std::size_t i = 1; i < phases->count; ++i)
        states *= static_cast<double>(size.value) / static_cast<double>(i) + 1;
    if (states > most_states) return std::nullopt;
    return open_solved(asked, size, Method::phases, queue::solve_mphc(asked.offered, asked.shape.mean, *phases, size),
                       question);
}

std::optional<Figures> with_finite_source(const Asked& asked, Connections size, const Question& question) {
    const auto answer = queue::solve_finite_source(asked.load.users, asked.load.think, asked.shape.mean, size);
    const auto* system = std::get_if<queue::FiniteSource>(&answer);
    if (system == nullptr) return std::nullopt;
    Figures figures;
    figures.size = size;
    figures.utilization = system->utilization;
    figures.throughput = system->throughput;
    figures.busy_mean = system->utilization.value * static_cast<double>(size.value);
    figures.p_wait = system->wait.value;
    figures.wait_mean = system->mean_wait;
    figures.method = Method::finite_source;
    take_waits(*system, question, figures);
    return figures;
}

void take_means(const queue::ClosedPool& means, Connections size, Figures& figures) {
    figures.size = size;
    figures.utilization = means.pool;
    figures.throughput = means.throughput;
    figures.busy_mean = means.pool.value * static_cast<double>(size.value);
    figures.p_wait = means.p_wait;
    figures.wait_mean = means.mean_wait;
    figures.cpu = means.cpu;
}

queue::ClosedPoolInput network(const Asked& asked, Connections size) {
    const Load& load = asked.load;
    const Millis external(std::max(0.0, asked.shape.mean.value - load.cpu.value));
    return {load.users, load.think, size, load.vcpus, load.cpu, external};
}

std::optional<Figures> with_closed_network(const Asked& asked, Connections size, const Question& question) {
    const double held = static_cast<double>(std::min(size.value, asked.load.users)) + 1;
    if (static_cast<double>(asked.load.users) * held * held * held > most_chain_work) return std::nullopt;
    const auto answer = queue::solve_closed_pool(network(asked, size));
    const auto* system = std::get_if<queue::ClosedPoolExact>(&answer);
    if (system == nullptr || !system->has_law) return std::nullopt;
    Figures figures;
    figures.method = Method::closed_network;
    take_means(system->means, size, figures);
    take_waits(*system, question, figures);
    return figures;
}

std::optional<Figures> with_closed_network_fast(const Asked& asked, Connections size) {
    const auto answer = queue::solve_closed_pool_fast(network(asked, size));
    const auto* means = std::get_if<queue::ClosedPool>(&answer);
    if (means == nullptr) return std::nullopt;
    Figures figures;
    figures.method = Method::closed_network_fast;
    figures.error_bound = 0.006;
    take_means(*means, size, figures);
    return figures;
}

/// Any law, one connection.
std::optional<Figures> with_one_connection(const Asked& asked, Connections size, const Question& question) {
    const Load& load = asked.load;
    if (size.value != 1 || load.users > 0 || load.batch > 1.0 || load.acquire_timeout) return std::nullopt;
    const queue::HoldMoments moments{asked.shape.mean, asked.shape.scv};
    return open_solved(asked, size, Method::single, queue::solve_mg1(asked.offered, moments, bins(asked.shape)),
                       question);
}

/// Any law, a connection for each user. With a CPU the network has a product form, which knows means of the times
/// besides only (Baskett, Chandy, Muntz and Palacios 1975): as if all were exponential.
std::optional<Figures> without_waits(const Asked& asked, Connections size, const Question& question) {
    const Load& load = asked.load;
    Figures figures;
    if (load.vcpus > 0 && load.cpu.value > 0.0) {
        auto means = with_closed_network(asked, size, question);
        if (!means) means = with_closed_network_fast(asked, size);
        if (!means) return means;
        figures = *means;
    } else {
        const double users = static_cast<double>(load.users);
        figures.method = Method::nobody_waits;
        figures.size = size;
        figures.busy_mean = asked.offered.value;
        figures.utilization = Fraction(share(figures.busy_mean, size));
        figures.throughput = PerSecond(users / (load.think + asked.shape.mean).value * 1000.0);
    }
    figures.p_wait = 0.0;
    figures.wait_mean = Millis(0.0);
    figures.wait_p50 = figures.wait_p95 = figures.wait_p99 = Millis(0.0);
    if (question.goals.wait) figures.p_over = 0.0;
    if (load.acquire_timeout) figures.p_timeout = 0.0;
    return figures;
}

}  // namespace

Method exact_method(const Asked& asked) {
    using Kind = Shape::Kind;
    const Load& load = asked.load;
    const bool exponential = asked.shape.kind == Kind::exponential;
    if (shares_cpu(load) && is_exponential_there(asked)) return Method::shared_cpu;
    if (load.users > 0) {
        if (!exponential || load.acquire_timeout) return Method::simulation;
        return load.vcpus > 0 && load.cpu.value > 0.0 ? Method::closed_network : Method::finite_source;
    }
    if (load.batch > 1.0) return exponential && !load.acquire_timeout ? Method::batch : Method::simulation;
    if (load.acquire_timeout) return exponential ? Method::timeout : Method::simulation;
    switch (asked.shape.kind) {
        case Kind::exponential:
            return Method::erlang_c;
        case Kind::constant:
            return Method::constant;
        case Kind::phases:
            return Method::phases;
        case Kind::other:
            break;
    }
    return Method::simulation;
}

std::optional<Figures> exact(const Asked& asked, Method method, Connections size, const Question& question) {
    switch (method) {
        case Method::erlang_c:
            return with_erlang_c(asked, size, question);
        case Method::batch:
            return open_solved(asked, size, method,
                               queue::solve_batch_mmc(asked.offered, asked.shape.mean, size, asked.load.batch),
                               question);
        case Method::timeout:
            return with_timeout(asked, size, question);
        case Method::constant:
            return with_constant(asked, size, question);
        case Method::phases:
            return with_phases(asked, size, question);
        case Method::finite_source:
            return with_finite_source(asked, size, question);
        case Method::closed_network:
            return with_closed_network(asked, size, question);
        case Method::closed_network_fast:
            return with_closed_network_fast(asked, size);
        case Method::single:
            return with_one_connection(asked, size, question);
        case Method::nobody_waits:
            return without_waits(asked, size, question);
        case Method::shared_cpu:
        case Method::simulation:
            break;
    }
    return std::nullopt;
}

std::optional<Figures> exact_at(const Asked& asked, Connections size, const Question& question) {
    if (asked.load.users > 0 && size.value >= asked.load.users) return without_waits(asked, size, question);
    return with_one_connection(asked, size, question);
}

}  // namespace poolfit::sizing
