#include <poolfit/sizing/pool.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/queue/range.hpp>
#include <poolfit/queue/search.hpp>
#include <poolfit/queue/shared_cpu.hpp>
#include <poolfit/unit/print.hpp>

#include "shared_cpu.hpp"
#include "simulated.hpp"

namespace poolfit::sizing {
namespace {

using queue::BadInput;
using queue::check_range;
using queue::Checked;

constexpr double rarest_simulated = 1e-5;
constexpr std::int64_t most_simulated = 20'000;  // connections
/// The search for a size looks at each less closely than the answer is looked at in the end.
constexpr double coarser = 4.0;

Checked check_load(const Load& load, Millis hold) {
    if (load.users != 0) {
        if (auto bad = check_range("number of users", static_cast<double>(load.users), 1, queue::most_users))
            return bad;
        if (load.think.value != 0.0)
            if (auto bad = check_range("mean think time", load.think.value, queue::shortest_time, queue::longest_time))
                return bad;
    } else if (auto bad = check_range("arrival rate", load.rate.value, 1e-9, 1e13)) {
        return bad;
    }
    if (auto bad = check_range("mean batch", load.batch, 1, 1e6)) return bad;
    if (load.acquire_timeout)
        if (auto bad = check_range("acquire timeout", load.acquire_timeout->value, 0, queue::longest_time)) return bad;
    if (auto bad = check_range("number of vCPUs", static_cast<double>(load.vcpus), 0, 4096)) return bad;
    return check_range("CPU part of the hold", load.cpu.value, 0, hold.value * (1 + 1e-12));
}

Checked check_goals(const Question& question) {
    const queue::Goals& goals = question.goals;
    constexpr double least = 1e-300;
    if (goals.wait) {
        if (auto bad = check_range("share that may wait longer", goals.wait->p, least, 1)) return bad;
        if (auto bad = check_range("wait", goals.wait->t.value, 0, queue::longest_time)) return bad;
    }
    if (goals.mean_wait)
        if (auto bad = check_range("mean wait", goals.mean_wait->value, 0, queue::longest_time)) return bad;
    if (goals.utilization)
        if (auto bad = check_range("utilization", goals.utilization->value, 1e-9, 1e9)) return bad;
    if (question.timeouts) return check_range("share that may time out", *question.timeouts, least, 1);
    return std::nullopt;
}

std::variant<Asked, BadInput> checked(const Load& load) {
    const auto made = shape(load.hold);
    if (const auto* bad = std::get_if<BadInput>(&made)) return *bad;
    const Shape& hold = std::get<Shape>(made);
    if (const auto bad = check_load(load, hold.mean)) return *bad;
    Erlangs offered = load.rate * hold.mean;
    if (load.users > 0)
        offered = Erlangs(static_cast<double>(load.users) * hold.mean.value / (load.think + hold.mean).value);
    if (const auto bad = check_range(queue::load_input, offered.value, queue::least_load, queue::most_load))
        return *bad;
    return Asked{load, hold, offered};
}

bool grows_without_end(const Asked& asked, Connections size) {
    return asked.load.users == 0 && !asked.load.acquire_timeout &&
           asked.offered.value >= static_cast<double>(size.value);
}

Figures overloaded(const Asked& asked, Connections size) {
    Figures figures;
    figures.size = size;
    figures.overloaded = true;
    figures.utilization = Fraction(asked.offered.value / static_cast<double>(size.value));
    figures.throughput = PerSecond(static_cast<double>(size.value) / asked.shape.mean.value * 1000.0);
    figures.busy_mean = static_cast<double>(size.value);
    figures.method = exact_method(asked);
    return figures;
}

Answer<Figures> solve(const Asked& asked, Connections size, const Question& question);

/// No size of the pool ends the wait for a CPU that is asked for more than it has.
std::optional<Refused> cpu_is_full(const Load& load) {
    if (!shares_cpu(load) || load.users > 0) return std::nullopt;
    const double asked = load.rate.value * load.cpu.value / 1000.0,
                 there = static_cast<double>(load.vcpus) - load.others;
    if (asked < there) return std::nullopt;
    std::string of = fmt::format("{} vCPUs", load.vcpus);
    if (load.others > 0) of += fmt::format(", {} of which others use", unit::print_number(load.others));
    return Refused{fmt::format("the load needs {} of {}: no pool size helps", unit::print_number(asked), of),
                   "less CPU per transaction, fewer transactions, or more vCPUs"};
}

/// By the formula where the holds are exponential; others as if they had a CPU of their own, and longer holds.
Answer<Figures> with_shared_cpu(const Asked& asked, Connections size, const Question& question) {
    const auto figures = shared_figures(asked, size, question);
    if (!figures)
        return Refused{
            fmt::format(
                "the load needs more than {} connections, the largest pool that can be solved with a shared CPU",
                unit::print(Connections(queue::most_sharing))),
            "use a looser goal, or the load of one process alone"};
    if (figures->overloaded || is_exponential_there(asked)) return *figures;
    const auto alone = as_if_alone(asked, size, question);
    if (!alone) return *figures;
    auto answer = solve(Asked{alone->load, alone->shape, alone->offered}, size, question);
    if (auto* like = std::get_if<Figures>(&answer)) {
        like->busy_mean = figures->busy_mean;
        like->utilization = figures->utilization;
        like->throughput = figures->throughput;
        add_error(*like);
    }
    return answer;
}

Answer<Figures> solve(const Asked& asked, Connections size, const Question& question) {
    if (shares_cpu(asked.load)) return with_shared_cpu(asked, size, question);
    if (grows_without_end(asked, size)) return overloaded(asked, size);
    const Method method = exact_method(asked);
    if (method != Method::simulation)
        if (const auto figures = exact(asked, method, size, question)) return *figures;
    if (const auto figures = exact_at(asked, size, question)) return *figures;
    // So many users cost seconds a size to simulate, and the fast formula is within 0.6 %.
    if (method == Method::closed_network && static_cast<double>(asked.load.users) > most_users_simulated)
        if (const auto figures = exact(asked, Method::closed_network_fast, size, question)) return *figures;
    auto answer = simulated(asked, size, question);
    if (auto* figures = std::get_if<Figures>(&answer)) return *figures;
    if (method == Method::closed_network)
        if (const auto figures = exact(asked, Method::closed_network_fast, size, question)) return *figures;
    return std::get<Refused>(std::move(answer));
}

/// Looks for the smallest size that meets the goals, and keeps what stopped it.
struct Search {
    const Asked& asked;
    const Question& question;
    std::optional<Answer<Figures>> stopped{};

    std::optional<Figures> look(Connections size, const Question& how) {
        if (stopped) return std::nullopt;
        auto answer = solve(asked, size, how);
        if (const auto* figures = std::get_if<Figures>(&answer)) return *figures;
        stopped = std::move(answer);
        return std::nullopt;
    }

    /// Once stopped, everything does: that ends the search.
    bool meets(Connections size, const Question& how) {
        const auto figures = look(size, how);
        return !figures || sizing::meets(*figures, how);
    }

    Answer<Figures> unreachable(std::int64_t most) const {
        return Refused{fmt::format("no pool of up to {} connections meets these goals", most),
                       "allow longer waits, or a higher probability of them"};
    }

    Answer<Figures> by_formula(Connections first) {
        const auto size = queue::smallest_size(first, Connections(queue::most_servers),
                                               [&](Connections c) { return meets(c, question); });
        if (stopped) return *stopped;
        return size ? solve(asked, *size, question) : unreachable(queue::most_servers);
    }

    /// As if the simulation knew P(wait > t) exactly: what it would be with any number of transactions, roughly.
    bool may_meet(Figures figures) const {
        figures.p_over_error.reset();
        return sizing::meets(figures, question);
    }

    /// A close look; with all transactions where fewer don't tell whether the goals are met.
    std::optional<Figures> look_closely(Connections size) {
        auto figures = look(size, question);
        if (!figures || question.precision <= 0 || sizing::meets(*figures, question) || !may_meet(*figures))
            return figures;
        Question longest = question;
        longest.precision = 0;
        return look(size, longest);
    }

    /// From what exponential holds would take, outwards; the answer and its neighbour are then looked at closely.
    Answer<Figures> by_simulation(Connections first) {
        Question coarse = question;
        coarse.precision *= coarser;
        coarse.transactions /= coarser;
        const Connections last(most_simulated);
        const auto roughly = [&](Connections c) {
            const auto figures = look(c, coarse);
            return !figures || may_meet(*figures);
        };
        Connections size = std::clamp(guess(first), first, last);
        if (!roughly(size)) {
            const auto above = queue::smallest_size(size + Connections(1), last, roughly);
            if (!above && !stopped) return unreachable(most_simulated);
            if (above) size = *above;
        } else {
            while (size > first && roughly(size - Connections(1)) && !stopped) size -= Connections(1);
        }
        auto found = look_closely(size);
        while (found && !sizing::meets(*found, question) && size < last) {
            // Nothing was seen, and that is still not enough: a larger pool won't show more.
            if (found->settled && may_meet(*found) && found->p_over == 0.0)
                return Refused{
                    fmt::format("{:.0f} transactions are too few to estimate such a rare wait", question.transactions),
                    "allow a higher probability of long waits"};
            found = look_closely(size += Connections(1));
        }
        while (found && size > first) {
            const auto smaller = look_closely(size - Connections(1));
            if (!smaller || !sizing::meets(*smaller, question)) break;
            size -= Connections(1);
            found = smaller;
        }
        if (stopped) return *stopped;
        return *found;
    }

    Connections guess(Connections first) const {
        const Load& load = asked.load;
        if (shares_cpu(load)) return smallest_shared(asked, question).value_or(first);
        if (load.users > 0) {
            const auto answer = queue::smallest_pool(load.users, load.think, asked.shape.mean, question.goals);
            if (const auto* system = std::get_if<queue::FiniteSource>(&answer)) return system->servers;
        } else {
            const auto answer = queue::smallest_mmc(asked.offered, asked.shape.mean, question.goals);
            if (const auto* system = std::get_if<queue::Mmc>(&answer)) return system->servers;
        }
        return first;
    }
};

}  // namespace

queue::Answer<Erlangs> offered(const Load& load) {
    const auto asked = checked(load);
    if (const auto* bad = std::get_if<BadInput>(&asked)) return *bad;
    return std::get<Asked>(asked).offered;
}

bool has_formula(const Load& load) {
    const auto asked = checked(load);
    const auto* fine = std::get_if<Asked>(&asked);
    return fine != nullptr && exact_method(*fine) != Method::simulation;
}

Answer<Figures> evaluate(const Load& load, Connections size, const Question& question) {
    const auto asked = checked(load);
    if (const auto* bad = std::get_if<BadInput>(&asked)) return *bad;
    if (const auto bad = check_goals(question)) return *bad;
    if (const auto bad = check_range("number of connections", static_cast<double>(size.value), 1, queue::most_servers))
        return *bad;
    return solve(std::get<Asked>(asked), size, question);
}

Answer<Figures> smallest(const Load& load, const Question& question) {
    const auto made = checked(load);
    if (const auto* bad = std::get_if<BadInput>(&made)) return *bad;
    if (const auto bad = check_goals(question)) return *bad;
    const Asked& asked = std::get<Asked>(made);
    if (const auto bad =
            check_range(queue::load_input, asked.offered.value, queue::least_load, queue::most_servers - 1.0))
        return *bad;
    if (const auto full = cpu_is_full(load)) return *full;
    const bool can_be_full = load.users > 0 || load.acquire_timeout;
    const Connections first(can_be_full ? 1 : static_cast<std::int64_t>(std::floor(asked.offered.value)) + 1);
    Search search{asked, question};
    const Method method = exact_method(asked);
    if (method != Method::simulation) return search.by_formula(first);
    if (question.goals.wait && question.goals.wait->p < rarest_simulated)
        return Refused{"waits for this law are simulated, which cannot resolve less than 0.001 %", "allow 0.001 %"};
    if (first.value > most_simulated) return search.unreachable(most_simulated);
    return search.by_simulation(first);
}

bool meets(const Figures& figures, const Question& question) {
    const queue::Goals& goals = question.goals;
    if (figures.overloaded || !figures.settled) return false;
    if (goals.utilization && figures.utilization > *goals.utilization) return false;
    if (goals.mean_wait && figures.wait_mean > *goals.mean_wait) return false;
    if (question.timeouts && figures.p_timeout && *figures.p_timeout > *question.timeouts) return false;
    if (!goals.wait) return true;
    // Without the wait's law: a request that waits longer than t waits. With a timeout: one that gives up was not
    // served in time.
    const double over = figures.p_over.value_or(figures.p_wait) + figures.p_over_error.value_or(0.0);
    // Every share is at most 1, however wide its interval.
    return std::min(over, 1.0) <= goals.wait->p && figures.p_timeout.value_or(0.0) <= goals.wait->p;
}

}  // namespace poolfit::sizing
