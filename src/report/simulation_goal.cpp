#include "simulation_goal.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/queue/deadlock.hpp>
#include <poolfit/simulate/generator.hpp>

#include "simulation_formula.hpp"

namespace poolfit::report {

namespace {

namespace sim = poolfit::simulate;
using Met = SimulatedGoal::Met;
using NoSize = SimulatedGoal::NoSize;

/// Of a run that looks for sizes, in all, and of the one that says what comes of them.
constexpr double look_transactions = 4e5, last_transactions = 1e6;
constexpr int most_looks = 40, most_last = 12;
constexpr std::uint64_t another_seed = 0x7f4a7c15;
constexpr int largest = 20'000;

/// What the search may take: some two seconds. Counted in transactions, so that what is found depends on no clock.
constexpr double most_work = 8e6;
/// A user or a process of one replication, to be set up; and a transaction among so many that memory has to be waited
/// for.
constexpr double work_of_source = 4;
constexpr double sources_in_cache = 2000;

double sources_of(const sim::SystemModel& model) {
    double sum = 0;
    for (const sim::ServiceModel& s : model.services)
        sum += static_cast<double>(s.instances) * s.processes * std::max(1, s.users);
    return sum;
}

/// One pool's size between the largest that is known to miss its goal and the smallest that meets it.
struct Wanted {
    std::size_t service = 0;
    int misses = 0, meets = 0;  ///< meets 0: none is known
    int step = 1;

    int next() const {
        if (meets == 0) return std::min(misses + step, largest);
        return meets - misses > 1 ? misses + (meets - misses) / 2 : meets;
    }
    bool is_found() const { return meets > 0 && meets - misses == 1; }
    void judge(int size, bool good) {
        if (good) {
            meets = meets == 0 ? size : std::min(meets, size);
            return;
        }
        misses = std::max(misses, size);
        if (meets != 0 && size < meets) return;
        meets = 0;  // others that grew take more of the CPU
        step *= 2;
    }
};

bool meets_goal(const sim::SystemRun& run, std::size_t service, double share) {
    return !run.services[service].overloaded && run.services[service].wait_over.high() <= share;
}

class Search {
public:
    enum class End : std::uint8_t { found, not_found, too_much_work };

    Search(const sim::FleetSystem& system, const sim::SystemOptions& options, double share)
        : system_(system), options_(options), share_(share) {
        options_.progress = {};
    }

    /// Pools of `wanted` miss their goal, those of `fine` meet it.
    End run(std::vector<Wanted>& wanted, std::vector<std::size_t> fine) {
        if (const End end = look(wanted, fine); end != End::found) return end;
        for (int i = 0; i < most_last; ++i) {
            if (!affords(last_transactions)) return End::too_much_work;
            simulate(last_transactions, options_.precision, sim::mix(options_.seed ^ another_seed));
            if (!last_.warmed_up) return End::not_found;  // longer runs may show it
            bool all = true;
            const auto grow = [&](std::size_t service) {
                int& size = model().services[service].connections;
                if (meets_goal(last_, service, share_)) return;
                all = false;
                size += std::max(1, size / 32);
            };
            for (const Wanted& one : wanted) grow(one.service);
            for (const std::size_t service : fine)
                if (last_.services[service].wait_over.low() > share_) grow(service);
            if (all) return End::found;
        }
        return End::not_found;
    }
    int size(std::size_t service) const { return system_.system.services[service].connections; }
    /// The latest run, if there was one, with the sizes of it.
    const sim::SystemRun& last() const { return last_; }
    FullPart full(std::size_t service) const {
        return last_.services.empty() ? FullPart::none : full_part(system_, last_, service);
    }

private:
    sim::SystemModel& model() { return system_.system; }

    double work_of(double transactions) const {
        const double sources = sources_of(system_.system);
        return transactions * std::max(1.0, sources / sources_in_cache) +
               work_of_source * sources * options_.replications;
    }
    bool affords(double transactions) const { return work_ + work_of(transactions) <= most_work; }

    void simulate(double transactions, double precision, std::uint64_t seed) {
        sim::SystemOptions options = options_;
        options.precision = precision;
        options.seed = seed;
        options.seconds = std::min(options_.seconds, sim::seconds_for(model(), transactions, options.replications));
        last_ = sim::simulate_system(model(), options);
        work_ += work_of(last_.transactions * (1 + last_.warm_up / last_.seconds));
    }

    End look(std::vector<Wanted>& wanted, std::vector<std::size_t>& fine) {
        for (int i = 0; i < most_looks; ++i) {
            if (!affords(look_transactions + last_transactions)) return End::too_much_work;
            bool found = true;
            for (const Wanted& one : wanted) {
                found = found && one.is_found();
                model().services[one.service].connections = one.next();
            }
            simulate(look_transactions, 0, options_.seed);
            bool all = true;
            for (Wanted& one : wanted) {
                const int size = model().services[one.service].connections;
                const bool good = meets_goal(last_, one.service, share_);
                all = all && good;
                one.judge(size, good);
                if (!good && size >= largest) return End::not_found;
            }
            for (std::size_t k = fine.size(); k-- > 0;) {
                if (!(last_.services[fine[k]].wait_over.low() > share_)) continue;
                wanted.push_back({fine[k], model().services[fine[k]].connections, 0, 1});
                fine.erase(fine.begin() + static_cast<std::ptrdiff_t>(k));
                all = false;
            }
            if (found && all) return End::found;
        }
        return End::not_found;
    }

    sim::FleetSystem system_;
    sim::SystemOptions options_;
    double share_, work_ = 0;
    sim::SystemRun last_;
};

}  // namespace

std::optional<Connections> deadlock_floor(const sim::ServiceModel& model) {
    if (model.nested == 0) return {};
    const auto floor = queue::deadlock_floor(model.users > 0 ? model.users : model.at_a_time, model.nested + 1);
    const auto* size = std::get_if<Connections>(&floor);
    return size == nullptr ? std::nullopt : std::optional(*size);
}

std::vector<std::optional<SimulatedGoal>> goals(const Fleet& fleet, const sim::FleetSystem& system,
                                                const sim::SystemRun& run, const sim::SystemOptions& options,
                                                const std::vector<Index>& shown) {
    std::vector<std::optional<SimulatedGoal>> result(system.pools.size());
    const double share = fleet.policy.wait_probability->value;
    std::vector<Wanted> wanted;
    std::vector<std::size_t> fine;
    for (std::size_t i = 0; i < system.pools.size(); ++i) {
        const sim::ServiceModel& model = system.system.services[i];
        const sim::ServiceReport& report = run.services[i];
        const bool hangs = report.deadlocked.value > 0 && model.acquire_timeout == sim::never && model.nested > 0;
        if (model.connections == sim::no_limit) continue;
        if (std::find(shown.begin(), shown.end(), system.pools[i]) == shown.end()) continue;
        SimulatedGoal goal;
        goal.wait = *fleet.policy.wait;
        goal.share = share;
        goal.over = report.wait_over;
        if (hangs) goal.over = {1, 0};
        const bool told = run.warmed_up && !run.waits_unseen;
        if (report.overloaded || hangs || goal.over.low() > share)
            goal.met = Met::no;
        else if (run.warmed_up && goal.over.high() <= share)
            goal.met = Met::yes;
        const std::size_t database = model.through_pooler ? system.system.poolers[model.target].database : model.target;
        const auto floor = deadlock_floor(model);
        const bool never_safe = model.nested > 0 && !floor;
        if (never_safe && goal.met == Met::yes) goal.met = Met::not_known;  // until it locks up
        if (never_safe) {
            goal.no_size = NoSize::never_safe;
        } else if (goal.met == Met::yes) {
            fine.push_back(i);
        } else if (!told && goal.met == Met::not_known) {
            goal.no_size = NoSize::too_short;
        } else if (run.databases[database].overloaded || asks_too_much_cpu(system, database)) {
            goal.no_size = NoSize::cpu;
        } else if (model.through_pooler && asks_too_much(system, model.target)) {
            goal.no_size = NoSize::pooler;  // a larger pool waits there, until the pooler turns it away
        } else {
            const int least = floor ? static_cast<int>(floor->value) - 1 : 0;
            const int misses = std::max(model.connections, least);
            wanted.push_back({i, misses, 0, std::max(1, misses / 8)});
        }
        result[i] = goal;
    }
    if (wanted.empty()) return result;
    Search search(system, options, share);
    std::vector<Wanted> all = wanted;
    const Search::End end = search.run(all, fine);
    for (const Wanted& one : all) {
        SimulatedGoal& goal = *result[one.service];
        const Connections size(search.size(one.service));
        if (end != Search::End::found) {
            const FullPart full = search.full(one.service);
            goal.tried = size;
            goal.no_size = full == FullPart::cpu               ? NoSize::cpu
                           : full == FullPart::pooler          ? NoSize::pooler
                           : end == Search::End::too_much_work ? NoSize::not_searched
                                                               : NoSize::not_found;
            continue;
        }
        goal.size = size;
        goal.over_at_size = search.last().services[one.service].wait_over;
        const sim::ServiceModel& model = system.system.services[one.service];
        if (model.through_pooler) goal.pooler_wait = Millis(search.last().poolers[model.target].wait_mean.value * 1000);
    }
    return result;
}

}  // namespace poolfit::report
