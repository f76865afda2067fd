#include <poolfit/queue/sizing.hpp>

#include <algorithm>
#include <cmath>

#include <poolfit/queue/search.hpp>

#include "checks.hpp"
#include "erlang.hpp"

namespace poolfit::queue {
namespace {

Checked check_share(std::string_view input, double p) {
    if (p == 0.0) return BadInput{input, Flaw::too_small, p, 0.0};
    return check_range(input, p, 1e-300, 1.0);
}

Checked check(const Goals& goals) {
    if (goals.wait) {
        if (const auto bad = check_share("share that may wait longer", goals.wait->p)) return bad;
        if (const auto bad = check_time("wait", goals.wait->t)) return bad;
    }
    if (goals.mean_wait) {
        if (const auto bad = check_time("mean wait", *goals.mean_wait)) return bad;
    }
    if (goals.utilization) return check_range("utilization", goals.utilization->value, 1e-9, 1e9);
    return std::nullopt;
}

template <class System>
bool waits_meet(const System& system, Millis mean, const Goals& goals) {
    if (goals.wait && ln_p_wait_over(system, goals.wait->t) > std::log(goals.wait->p)) return false;
    return !goals.mean_wait || mean <= *goals.mean_wait;
}

Mmc mmc(double load, double hold, Connections servers) {
    return {Erlangs(load), Millis(hold), servers, waiting(number(servers), load)};
}

/// The largest x in (0, limit) that meets; meeting gets harder as x grows. 0 when not even limit x 1e-15 does.
template <class Meets>
double largest(double limit, Meets meets) {
    double low = limit * 0.5;
    for (int i = 0; i < 50 && !meets(low); ++i) low *= 0.5;
    if (!meets(low)) return 0.0;
    double high = std::min(limit, low * 2.0);
    while (high - low > 2e-13 * high) {
        const double middle = low + 0.5 * (high - low);
        (meets(middle) ? low : high) = middle;
    }
    return low;
}

constexpr BadInput unreachable{"goals", Flaw::unreachable, 0.0, 0.0};

}  // namespace

bool meets(const Mmc& system, const Goals& goals) {
    if (goals.utilization && utilization(system) > *goals.utilization) return false;
    return waits_meet(system, mean_wait(system), goals);
}

bool meets(const FiniteSource& system, const Goals& goals) {
    if (goals.utilization && system.utilization > *goals.utilization) return false;
    return waits_meet(system, system.mean_wait, goals);
}

Answer<Mmc> smallest_mmc(Erlangs load, Millis hold, const Goals& goals) {
    if (const auto bad = check_load(load)) return *bad;
    if (const auto bad = check_hold(hold)) return *bad;
    if (const auto bad = check(goals)) return *bad;
    if (const auto bad = check_range(load_input, load.value, least_load, most_servers - 1.0)) return *bad;
    const Connections first(static_cast<std::int64_t>(std::floor(load.value)) + 1);
    const auto size = smallest_size(first, Connections(most_servers),
                                    [&](Connections c) { return meets(mmc(load.value, hold.value, c), goals); });
    if (!size) return unreachable;
    return mmc(load.value, hold.value, *size);
}

Answer<MmcTimeout> smallest_mmc_timeout(Erlangs load, Millis hold, Millis timeout, double p) {
    if (const auto bad = check_share("share that may time out", p)) return *bad;
    Answer<MmcTimeout> answer = solve_mmc_timeout(load, hold, Connections(1), timeout);
    if (!std::holds_alternative<MmcTimeout>(answer)) return answer;
    const auto size = smallest_size(Connections(1), Connections(most_servers), [&](Connections c) {
        answer = solve_mmc_timeout(load, hold, c, timeout);
        return std::get<MmcTimeout>(answer).p_timeout <= p;
    });
    if (!size) return unreachable;
    return solve_mmc_timeout(load, hold, *size, timeout);
}

Answer<FiniteSource> smallest_pool(std::int64_t users, Millis think, Millis hold, const Goals& goals) {
    if (const auto bad = check(goals)) return *bad;
    Answer<FiniteSource> answer = solve_finite_source(users, think, hold, Connections(1));
    if (!std::holds_alternative<FiniteSource>(answer)) return answer;
    const auto size = smallest_size(Connections(1), Connections(most_servers), [&](Connections c) {
        answer = solve_finite_source(users, think, hold, c);
        return meets(std::get<FiniteSource>(answer), goals);
    });
    if (!size) return unreachable;
    return solve_finite_source(users, think, hold, *size);
}

Answer<PerSecond> largest_rate(Connections servers, Millis hold, const Goals& goals) {
    if (const auto bad = check_servers(servers)) return *bad;
    if (const auto bad = check_hold(hold)) return *bad;
    if (const auto bad = check(goals)) return *bad;
    const double load = largest(number(servers), [&](double a) { return meets(mmc(a, hold.value, servers), goals); });
    if (load < least_load) return unreachable;
    return PerSecond(load / hold.value * 1000.0);
}

Answer<Millis> longest_hold(Connections servers, PerSecond rate, const Goals& goals) {
    if (const auto bad = check_servers(servers)) return *bad;
    if (const auto bad = check_range("arrival rate", rate.value, 1e-9, 1e13)) return *bad;
    if (const auto bad = check(goals)) return *bad;
    const double limit = number(servers) / rate.value * 1000.0;
    const double hold = largest(limit, [&](double s) {
        const double load = (rate * Millis(s)).value;
        return load < number(servers) && meets(mmc(load, s, servers), goals);
    });
    if (hold < shortest_time) return unreachable;
    return Millis(hold);
}

Answer<std::int64_t> most_users_served(Connections servers, Millis think, Millis hold, const Goals& goals) {
    if (const auto bad = check(goals)) return *bad;
    const auto first = solve_finite_source(1, think, hold, servers);
    if (const auto* bad = std::get_if<BadInput>(&first)) return *bad;
    if (!meets(std::get<FiniteSource>(first), goals)) return unreachable;
    const auto too_many = smallest_size(Connections(2), Connections(most_users), [&](Connections n) {
        return !meets(std::get<FiniteSource>(solve_finite_source(n.value, think, hold, servers)), goals);
    });
    return too_many ? too_many->value - 1 : most_users;
}

}  // namespace poolfit::queue
