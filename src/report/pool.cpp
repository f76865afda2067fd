#include <poolfit/report/pool.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <poolfit/queue/deadlock.hpp>
#include <poolfit/queue/search.hpp>

namespace poolfit::report {
namespace {

// A simulation is given as many transactions as are done in some tenths of a second, and takes them all: to stop once
// the mean is known would leave the few long waits unknown that the goal is about. What stands beside the answer is
// looked at less closely, or the table would cost ten answers.
constexpr double usual_transactions = 8e6, rough_transactions = 1e6;
constexpr double usual_precision = 0.01, take_all = 0.0;
/// From so many users or connections on, a transaction costs in proportion, with a CPU part four times as much.
constexpr double large_system = 100;
/// Transactions for each user, or each busy connection, of the 64 replications together, or a run has not forgotten
/// how it began; the search for a size takes a quarter.
constexpr double least_rounds_closed = 64 * 4 * 3, least_rounds_open = 64 * 4 * 12;
/// The knee of a larger system is of no interest.
constexpr std::int64_t farthest_knee = 1'000'000;
/// What a difference of two waits is not known by.
constexpr double rounding = 1e-6;
constexpr std::int64_t usual_vcpus[] = {2, 4, 8};

NoAnswer no_answer(const queue::BadInput& bad) {
    using Fix = NoAnswer::Fix;
    Fix fix = Fix::other_value;
    if (bad.flaw == queue::Flaw::too_small) fix = Fix::larger_value;
    if (bad.flaw == queue::Flaw::too_large) fix = Fix::smaller_value;
    if (bad.flaw == queue::Flaw::out_of_order) fix = Fix::not_below_limit;
    if (bad.input == queue::scv_input) fix = Fix::lognormal_law;
    if (bad.flaw == queue::Flaw::too_large && (bad.input == sizing::high_p95 || bad.input == sizing::high_p99))
        fix = Fix::three_percentiles;
    if (bad.input == queue::load_input) fix = Fix::less_load;
    return {bad, fix};
}

template <class T>
std::optional<NoAnswer> fault(const sizing::Answer<T>& answer) {
    if (const auto* bad = std::get_if<queue::BadInput>(&answer)) return no_answer(*bad);
    if (const auto* refused = std::get_if<sizing::Refused>(&answer))
        return NoAnswer{*refused, refused->fix.empty() ? NoAnswer::Fix::solvable_law : NoAnswer::Fix::as_refused};
    return std::nullopt;
}

/// Users, or busy connections.
double system_size(const PoolReport& report) {
    return std::max(static_cast<double>(report.asked.load.users), report.offered.value);
}

/// Transactions to simulate for a size, at most.
double effort(const PoolReport& report, double transactions) {
    const sizing::Load& load = report.asked.load;
    const double cost = system_size(report) / large_system * (load.cpu.value > 0 ? 4 : 1);
    const double rounds = load.users > 0 ? least_rounds_closed : least_rounds_open;
    return std::max(transactions / std::max(1.0, cost), system_size(report) * rounds);
}

bool is_large(const PoolReport& report) {
    return report.answer.method == sizing::Method::simulation && system_size(report) > large_system;
}

sizing::Question question(const PoolReport& report, double transactions) {
    sizing::Question question = report.asked.question;
    question.precision = take_all;
    question.transactions = effort(report, transactions);
    return question;
}

/// More precision than usual may take longer.
sizing::Question of_answer(const PoolReport& report) {
    const double finer = std::max(0.5, usual_precision / report.asked.question.precision);
    return question(report, usual_transactions * finer * finer);
}

bool is_precise(const sizing::Figures& figures, double precision) {
    return figures.settled && figures.error_bound.value_or(0.0) <= precision &&
           figures.unseen.value_or(0.0) <= precision;
}

bool is_met(const PoolReport& report, const sizing::Figures& figures) {
    return sizing::meets(figures, report.asked.question) && !can_deadlock(report, figures.size);
}

/// A larger pool waits less: a quick simulation of it need not be as sure as that of the size that is known to do.
bool row_is_met(const PoolReport& report, const sizing::Figures& figures) {
    if (figures.method != sizing::Method::simulation || !report.smallest || figures.size == report.answer.size)
        return is_met(report, figures);
    return figures.size >= report.smallest->size && !can_deadlock(report, figures.size);
}

/// Each further connection of a transaction is asked for as well, and taken to be held as long: as plan::load_of.
void count_checkouts(PoolRequest& asked) {
    const double checkouts = static_cast<double>(1 + asked.nested);
    asked.load.rate = asked.load.rate * checkouts;
    if (asked.better) asked.better->rate = asked.better->rate * checkouts;
}

/// Figures of sizes, each worked out once.
class Sizes {
public:
    explicit Sizes(const PoolReport& report)
        : load_(report.asked.load),
          question_(question(report, rough_transactions)),
          precision_(report.asked.question.precision) {}

    void know(const sizing::Figures& figures) { known_.insert_or_assign(figures.size.value, figures); }

    const sizing::Figures* find(Connections size) {
        auto at = known_.find(size.value);
        if (at == known_.end()) {
            const auto answer = sizing::evaluate(load_, size, question_);
            const auto* figures = std::get_if<sizing::Figures>(&answer);
            if (figures == nullptr) return nullptr;
            at = known_.emplace(size.value, *figures).first;
            at->second.precise = is_precise(*figures, precision_);
        }
        return &at->second;
    }

private:
    const sizing::Load& load_;
    sizing::Question question_;
    double precision_;
    std::map<std::int64_t, sizing::Figures> known_;
};

/// Little's law: how many wait on average.
double waiting(const sizing::Figures& figures, const sizing::Load& load) {
    const PerSecond arrive = load.users > 0 ? figures.throughput : load.rate;
    return (arrive * figures.wait_mean).value;
}

/// Waiting is convex in the size, so each extra connection removes less: the search may halve its range.
std::optional<Connections> knee_size(const PoolReport& report, Sizes& sizes) {
    const sizing::Load& load = report.asked.load;
    if (load.acquire_timeout || load.cpu.value > 0 || is_large(report)) return std::nullopt;
    // Every user waits or holds: each connection removes exactly one waiter, to the last.
    if (load.users > 0 && load.think.value == 0) return std::nullopt;
    const std::int64_t first = load.users > 0 ? 1 : static_cast<std::int64_t>(std::floor(report.offered.value)) + 1;
    const std::int64_t last = load.users > 0 ? load.users : farthest_knee - 1;
    bool known = true;
    const auto size = queue::smallest_size(Connections(first), Connections(last), [&](Connections size) {
        const sizing::Figures* here = sizes.find(size);
        const sizing::Figures* next = sizes.find(size + Connections(1));
        known = known && here != nullptr && next != nullptr;
        return !known || waiting(*here, load) - waiting(*next, load) < 1 - rounding;
    });
    return known ? size : std::nullopt;
}

void add_rows(PoolReport& report, Sizes& sizes) {
    std::vector<Connections> wanted = sizing::around(report.asked.load, report.answer.size, is_large(report) ? 5 : 7);
    if (report.smallest) wanted.push_back(report.smallest->size);
    if (report.knee_size) wanted.push_back(*report.knee_size);
    if (report.answer.overloaded && report.smallest_stable) wanted.push_back(*report.smallest_stable);
    std::ranges::sort(wanted);
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    for (const Connections size : wanted)
        if (const sizing::Figures* figures = sizes.find(size))
            report.around.push_back({*figures, row_is_met(report, *figures)});
}

std::optional<NoAnswer> add_floor(PoolReport& report) {
    const PoolRequest& asked = report.asked;
    if (asked.nested == 0) return std::nullopt;
    const auto floor = queue::deadlock_floor(asked.threads, asked.nested + 1);
    if (const auto* bad = std::get_if<queue::BadInput>(&floor)) return no_answer(*bad);
    const DeadlockFloor needed{asked.threads, asked.nested + 1, std::get<Connections>(floor)};
    if (needed.size.value > queue::most_servers) return NoAnswer{needed, NoAnswer::Fix::one_connection};
    report.deadlock_floor = needed;
    return std::nullopt;
}

std::optional<Millis> tail_of(const sizing::Hold& hold) {
    const auto* known = std::get_if<sizing::PercentileHold>(&hold);
    if (known == nullptr || !known->p95 || !known->p99) return std::nullopt;
    const auto law = queue::percentile_hold(known->p50, *known->p95, *known->p99);
    const auto* fitted = std::get_if<queue::PercentileHold>(&law);
    return fitted == nullptr ? std::nullopt : std::optional(fitted->tail);
}

/// What each of so many pools gets. Users are whole: the pools with the most of them are meant.
sizing::Load share_of(sizing::Load load, std::int64_t pools) {
    load.rate = load.rate * (1.0 / static_cast<double>(pools));
    load.users = (load.users + pools - 1) / pools;
    return load;
}

std::int64_t pools_of(const PoolRequest::Service& service) { return service.most * service.processes; }

void share_load(PoolRequest& asked) {
    if (asked.service) {
        const std::int64_t pools = pools_of(*asked.service);
        asked.load = share_of(asked.load, pools);
        if (asked.better) asked.better = share_of(*asked.better, pools);
    }
    if (asked.threads == 0) asked.threads = asked.load.users;
}

/// The smallest size that is enough for a load like that of the answer, looked at as closely.
std::optional<Connections> size_for(const PoolReport& report, const sizing::Load& load) {
    PoolReport other;
    other.asked = report.asked;
    other.asked.load = load;
    const auto offered = sizing::offered(load);
    if (std::holds_alternative<queue::BadInput>(offered)) return std::nullopt;
    other.offered = std::get<Erlangs>(offered);
    const auto smallest = sizing::smallest(load, of_answer(other));
    const auto* figures = std::get_if<sizing::Figures>(&smallest);
    return figures != nullptr ? std::optional(figures->size) : std::nullopt;
}

PoolReport::Pools pools(std::int64_t instances, std::int64_t count, Connections size) {
    return {instances, count, size, Connections(count * size.value)};
}

/// One instance, two powers of two below and above the given number, and that.
std::vector<std::int64_t> numbers_around(std::int64_t instances) {
    std::int64_t below = 1;
    while (below * 2 < instances) below *= 2;
    const std::int64_t above = below * 2 > instances ? below * 2 : instances * 2;
    std::vector<std::int64_t> numbers{1, std::max<std::int64_t>(1, below / 2), below, instances, above, above * 2};
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
}

/// Of a load that is the whole service's. `by_users`: as many threads may nest in a pool as it has users.
void add_service(PoolReport& report, const sizing::Load& whole, bool by_users) {
    if (!report.asked.service) return;
    const PoolRequest::Service& given = *report.asked.service;
    PoolReport::Service service;
    service.fewest = pools(given.fewest, given.fewest * given.processes, report.answer.size);
    service.most = pools(given.most, pools_of(given), report.answer.size);
    if (sizing::has_formula(whole)) {
        for (const std::int64_t instances : numbers_around(given.most)) {
            const std::int64_t count = instances * given.processes;
            const sizing::Load load = share_of(whole, count);
            std::optional<Connections> size;
            if (instances != given.most)
                size = size_for(report, load);
            else if (report.smallest)
                size = report.smallest->size;
            if (!size) continue;
            if (report.deadlock_floor) {
                const std::int64_t threads = by_users ? load.users : report.asked.threads;
                const auto floor = queue::deadlock_floor(threads, report.asked.nested + 1);
                if (const auto* least = std::get_if<Connections>(&floor)) size = std::max(*size, *least);
            }
            service.by_instances.push_back(pools(instances, count, *size));
        }
    }
    if (given.pooler > 0)
        if (const auto size = size_for(report, share_of(whole, given.pooler)))
            service.pooler = pools(0, given.pooler, *size);
    if (const auto& rate = report.reach.largest_rate)
        service.largest_rate = PerSecond(rate->value * static_cast<double>(service.most.pools) / report.asked.peak);
    if (const auto& users = report.reach.most_users) service.most_users = *users * service.most.pools;
    report.service = std::move(service);
}

/// The answer: the size asked about, else the smallest that meets the goals and the floor.
std::optional<NoAnswer> add_answer(PoolReport& report) {
    const PoolRequest& asked = report.asked;
    const sizing::Question question = of_answer(report);
    const auto smallest = sizing::smallest(asked.load, question);
    const auto none = fault(smallest);
    if (none && !asked.size) return none;
    if (none)
        report.no_smallest = none;
    else
        report.smallest = std::get<sizing::Figures>(smallest);
    Connections size = asked.size ? *asked.size : report.smallest->size;
    if (!asked.size && report.deadlock_floor) size = std::max(size, report.deadlock_floor->size);
    if (report.smallest && report.smallest->size == size) {
        report.answer = *report.smallest;
    } else {
        const auto answer = sizing::evaluate(asked.load, size, question);
        if (auto wrong = fault(answer)) return wrong;
        report.answer = std::get<sizing::Figures>(answer);
    }
    for (sizing::Figures* figures : {&report.answer, report.smallest ? &*report.smallest : nullptr})
        if (figures != nullptr) figures->precise = is_precise(*figures, asked.question.precision);
    report.met = is_met(report, report.answer);
    return std::nullopt;
}

}  // namespace

std::variant<PoolReport, NoAnswer> pool(const PoolRequest& request) {
    PoolReport report;
    report.asked = request;
    report.asked.users = request.load.users;
    count_checkouts(report.asked);
    const sizing::Load whole = report.asked.load;
    share_load(report.asked);
    const auto hold = sizing::mean_hold(request.load.hold);
    if (const auto* bad = std::get_if<queue::BadInput>(&hold)) return no_answer(*bad);
    report.hold = std::get<Millis>(hold);
    report.tail = tail_of(request.load.hold);
    const auto offered = sizing::offered(report.asked.load);
    if (const auto* bad = std::get_if<queue::BadInput>(&offered)) return no_answer(*bad);
    report.offered = std::get<Erlangs>(offered);
    if (auto wrong = add_floor(report)) return *std::move(wrong);
    if (auto wrong = add_answer(report)) return *std::move(wrong);
    if (report.asked.load.users == 0 && !report.asked.load.acquire_timeout)
        report.smallest_stable = Connections(static_cast<std::int64_t>(std::floor(report.offered.value)) + 1);

    Sizes sizes(report);
    sizes.know(report.answer);
    if (report.smallest) sizes.know(*report.smallest);
    report.knee_size = knee_size(report, sizes);
    add_rows(report, sizes);
    if (request.nested == 0) report.reach = sizing::reach(report.asked.load, report.answer.size, request.question);
    report.knee = sizing::knee(report.asked.load, report.answer.size);
    if (report.knee.rate_of_pool)  // of transactions, not of checkouts
        report.knee.rate_of_pool = *report.knee.rate_of_pool * (1.0 / static_cast<double>(1 + request.nested));
    if (report.asked.better) {
        const auto better = sizing::smallest(*report.asked.better, of_answer(report));
        if (const auto* figures = std::get_if<sizing::Figures>(&better)) {
            report.better_size = figures->size;
            if (report.deadlock_floor) report.better_size = std::max(figures->size, report.deadlock_floor->size);
        }
    }
    if (report.asked.better && report.answer.cpu) {
        const auto other =
            sizing::evaluate(*report.asked.better, report.answer.size, question(report, rough_transactions));
        if (const auto* figures = std::get_if<sizing::Figures>(&other)) report.better_cpu = figures->cpu;
    }
    add_service(report, whole, request.threads == 0);
    if (request.vcpus > 0) {
        report.core_rule.push_back({request.vcpus, Connections(2 * request.vcpus + 1)});
    } else {
        for (const std::int64_t vcpus : usual_vcpus) report.core_rule.push_back({vcpus, Connections(2 * vcpus + 1)});
    }
    return report;
}

bool can_deadlock(const PoolReport& report, Connections size) {
    return report.deadlock_floor && size < report.deadlock_floor->size;
}

bool is_floor(const PoolReport& report) {
    return !report.asked.size && report.deadlock_floor && report.smallest &&
           report.deadlock_floor->size > report.smallest->size;
}

}  // namespace poolfit::report
