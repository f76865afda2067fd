#include <poolfit/report/pool.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <poolfit/queue/deadlock.hpp>
#include <poolfit/queue/search.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::report {
namespace {

using sizing::Figures;

/// What is simulated beside the answer is looked at less closely, or the table would cost ten answers.
constexpr double rough_precision = 0.05;
constexpr double rough_transactions = 1e6;
/// The knee of a larger system is nobody's question.
constexpr std::int64_t farthest_knee = 1'000'000;
constexpr std::int64_t usual_vcpus[] = {2, 4, 8};

NoAnswer no_answer(const queue::BadInput& bad) {
    std::string fix = "leave it out, or write another value";
    const std::string limit = unit::print_number(bad.limit);
    if (bad.flaw == queue::Flaw::too_small) fix = "write a larger one";
    if (bad.flaw == queue::Flaw::too_large) fix = "write a smaller one";
    if (bad.flaw == queue::Flaw::out_of_order) fix = fmt::format("write {} or more, or a smaller one before it", limit);
    return {queue::describe(bad), std::move(fix)};
}

template <class T>
std::optional<NoAnswer> fault(const sizing::Answer<T>& answer) {
    if (const auto* bad = std::get_if<queue::BadInput>(&answer)) return no_answer(*bad);
    if (const auto* refused = std::get_if<sizing::Refused>(&answer))
        return NoAnswer{refused->why, refused->fix.empty() ? "ask for a load that a formula solves: --cv 1, or --cv 0"
                                                           : refused->fix};
    return std::nullopt;
}

/// Figures of sizes, each worked out once.
class Sizes {
public:
    explicit Sizes(const PoolRequest& request) : request_(request), question_(request.question) {
        question_.precision = std::max(question_.precision, rough_precision);
        question_.transactions = std::min(question_.transactions, rough_transactions);
    }

    void know(const Figures& figures) { known_.insert_or_assign(figures.size.value, figures); }

    const Figures* find(Connections size) {
        auto at = known_.find(size.value);
        if (at == known_.end()) {
            const auto answer = sizing::evaluate(request_.load, size, question_);
            const auto* figures = std::get_if<Figures>(&answer);
            if (figures == nullptr) return nullptr;
            at = known_.emplace(size.value, *figures).first;
        }
        return &at->second;
    }

private:
    const PoolRequest& request_;
    sizing::Question question_;
    std::map<std::int64_t, Figures> known_;
};

/// Little's law: how many wait, on the mean.
double waiting(const Figures& figures, const sizing::Load& load) {
    const PerSecond arrive = load.users > 0 ? figures.throughput : load.rate;
    return (arrive * figures.wait_mean).value;
}

/// Waiting is convex in the size, so what one more connection spares shrinks: the search may halve its range.
std::optional<Connections> knee_size(const PoolReport& report, Sizes& sizes) {
    const sizing::Load& load = report.asked.load;
    if (load.acquire_timeout || load.cpu.value > 0) return std::nullopt;
    const std::int64_t first = load.users > 0 ? 1 : static_cast<std::int64_t>(std::floor(report.offered.value)) + 1;
    const std::int64_t last = load.users > 0 ? load.users : farthest_knee - 1;
    bool known = true;
    const auto size = queue::smallest_size(Connections(first), Connections(last), [&](Connections size) {
        const Figures* here = sizes.find(size);
        const Figures* next = sizes.find(size + Connections(1));
        known = known && here != nullptr && next != nullptr;
        return !known || waiting(*here, load) - waiting(*next, load) < 1;
    });
    return known ? size : std::nullopt;
}

void add_rows(PoolReport& report, Sizes& sizes) {
    std::vector<Connections> wanted = sizing::around(report.asked.load, report.answer.size);
    if (report.smallest) wanted.push_back(report.smallest->size);
    if (report.knee_size) wanted.push_back(*report.knee_size);
    if (report.answer.overloaded && report.smallest_stable) wanted.push_back(*report.smallest_stable);
    std::ranges::sort(wanted);
    const auto repeated = std::ranges::unique(wanted);
    wanted.erase(repeated.begin(), repeated.end());
    for (const Connections size : wanted)
        if (const Figures* figures = sizes.find(size))
            report.around.push_back({*figures, sizing::meets(*figures, report.asked.question)});
}

std::optional<NoAnswer> add_floor(PoolReport& report) {
    const PoolRequest& asked = report.asked;
    if (asked.nested == 0) return std::nullopt;
    const auto floor = queue::deadlock_floor(asked.threads, asked.nested + 1);
    if (const auto* bad = std::get_if<queue::BadInput>(&floor)) return no_answer(*bad);
    const Connections size = std::get<Connections>(floor);
    if (size.value > queue::most_servers)
        return NoAnswer{fmt::format("{} threads that hold {} connections each need {} to be safe from deadlock",
                                    unit::print(Connections(asked.threads)), asked.nested + 1, unit::print(size)),
                        "hold one connection at a time: pass the transaction on"};
    report.deadlock_floor = {asked.threads, asked.nested + 1, size};
    return std::nullopt;
}

/// The answer: the size asked about, else the smallest that meets the goals and the floor.
std::optional<NoAnswer> add_answer(PoolReport& report) {
    const PoolRequest& asked = report.asked;
    const auto smallest = sizing::smallest(asked.load, asked.question);
    const auto none = fault(smallest);
    if (none && !asked.size) return none;
    if (none)
        report.why_none = none->why;
    else
        report.smallest = std::get<Figures>(smallest);
    Connections size = asked.size ? *asked.size : report.smallest->size;
    if (!asked.size && report.deadlock_floor) size = std::max(size, report.deadlock_floor->size);
    if (report.smallest && report.smallest->size == size) {
        report.answer = *report.smallest;
    } else {
        const auto answer = sizing::evaluate(asked.load, size, asked.question);
        if (auto wrong = fault(answer)) return wrong;
        report.answer = std::get<Figures>(answer);
    }
    report.met = sizing::meets(report.answer, asked.question) &&
                 !(report.deadlock_floor && report.answer.size < report.deadlock_floor->size);
    return std::nullopt;
}

}  // namespace

std::variant<PoolReport, NoAnswer> pool(const PoolRequest& request) {
    PoolReport report;
    report.asked = request;
    const auto hold = sizing::mean_hold(request.load.hold);
    if (const auto* bad = std::get_if<queue::BadInput>(&hold)) return no_answer(*bad);
    report.hold = std::get<Millis>(hold);
    const auto offered = sizing::offered(request.load);
    if (const auto* bad = std::get_if<queue::BadInput>(&offered)) return no_answer(*bad);
    report.offered = std::get<Erlangs>(offered);
    if (auto wrong = add_floor(report)) return *std::move(wrong);
    if (auto wrong = add_answer(report)) return *std::move(wrong);
    if (request.load.users == 0 && !request.load.acquire_timeout)
        report.smallest_stable = Connections(static_cast<std::int64_t>(std::floor(report.offered.value)) + 1);

    Sizes sizes(request);
    sizes.know(report.answer);
    if (report.smallest) sizes.know(*report.smallest);
    report.knee_size = knee_size(report, sizes);
    add_rows(report, sizes);
    report.reach = sizing::reach(request.load, report.answer.size, request.question);
    report.knee = sizing::knee(request.load, report.answer.size);
    if (request.better) {
        const auto better = sizing::smallest(*request.better, request.question);
        if (const auto* figures = std::get_if<Figures>(&better)) report.better_size = figures->size;
    }
    if (request.vcpus > 0) {
        report.core_rule.push_back({request.vcpus, Connections(2 * request.vcpus + 1)});
    } else {
        for (const std::int64_t vcpus : usual_vcpus) report.core_rule.push_back({vcpus, Connections(2 * vcpus + 1)});
    }
    return report;
}

bool is_floor(const PoolReport& report) {
    return !report.asked.size && report.deadlock_floor && report.smallest &&
           report.deadlock_floor->size > report.smallest->size;
}

}  // namespace poolfit::report
