#include "simulation_goal.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/queue/deadlock.hpp>
#include <poolfit/simulate/generator.hpp>

namespace poolfit::report {

namespace {

namespace sim = poolfit::simulate;
using Met = SimulatedGoal::Met;
using NoSize = SimulatedGoal::NoSize;

/// Of a run that looks for sizes, in all; the last one is as long as the run that was asked for.
constexpr double look_transactions = 4e5;
constexpr int most_looks = 40, most_last = 12;
constexpr std::uint64_t another_seed = 0x7f4a7c15;
constexpr int largest = 20'000;

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

bool meets(const sim::SystemRun& run, std::size_t service, double share) {
    return !run.services[service].overloaded && run.services[service].wait_over.high() <= share;
}

class Search {
public:
    Search(const sim::FleetSystem& system, const sim::SystemOptions& options, double share)
        : model_(system.system), options_(options), share_(share) {
        options_.progress = {};
    }

    /// Pools of `wanted` miss their goal, those of `fine` meet it. Or nothing is found.
    std::optional<sim::SystemRun> run(std::vector<Wanted>& wanted, std::vector<std::size_t> fine) {
        if (!look(wanted, fine)) return {};
        sim::SystemOptions options = options_;
        options.seed = sim::mix(options.seed ^ another_seed);
        for (int i = 0; i < most_last; ++i) {
            sim::SystemRun last = sim::simulate_system(model_, options);
            if (!last.warmed_up) return {};  // longer runs may tell
            bool all = true;
            const auto grow = [&](std::size_t service) {
                int& size = model_.services[service].connections;
                if (meets(last, service, share_)) return;
                all = false;
                size += std::max(1, size / 32);
            };
            for (const Wanted& one : wanted) grow(one.service);
            for (const std::size_t service : fine)
                if (last.services[service].wait_over.low() > share_) grow(service);
            if (all) return last;
        }
        return {};
    }
    int size(std::size_t service) const { return model_.services[service].connections; }

private:
    bool look(std::vector<Wanted>& wanted, std::vector<std::size_t>& fine) {
        sim::SystemOptions options = options_;
        options.precision = 0;
        for (int i = 0; i < most_looks; ++i) {
            bool found = true;
            for (const Wanted& one : wanted) {
                found = found && one.is_found();
                model_.services[one.service].connections = one.next();
            }
            options.seconds =
                std::min(options_.seconds, sim::seconds_for(model_, look_transactions, options.replications));
            const sim::SystemRun run = sim::simulate_system(model_, options);
            bool all = true;
            for (Wanted& one : wanted) {
                const int size = model_.services[one.service].connections;
                const bool good = meets(run, one.service, share_);
                all = all && good;
                one.judge(size, good);
                if (!good && size >= largest) return false;
            }
            for (std::size_t k = fine.size(); k-- > 0;) {
                if (!(run.services[fine[k]].wait_over.low() > share_)) continue;
                wanted.push_back({fine[k], model_.services[fine[k]].connections, 0, 1});
                fine.erase(fine.begin() + static_cast<std::ptrdiff_t>(k));
                all = false;
            }
            if (found && all) return true;
        }
        return false;
    }

    sim::SystemModel model_;
    sim::SystemOptions options_;
    double share_;
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
        const bool told = run.warmed_up && !run.waits_unseen, known = told && !report.overloaded && !hangs;
        if (report.overloaded || hangs || goal.over.low() > share)
            goal.met = Met::no;
        else if (known && goal.over.high() <= share)
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
        } else if (run.databases[database].overloaded) {
            goal.no_size = NoSize::cpu;
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
    const auto last = search.run(all, fine);
    for (const Wanted& one : all) {
        SimulatedGoal& goal = *result[one.service];
        const Connections size(search.size(one.service));
        if (!last) {
            goal.no_size = NoSize::not_found;
            goal.tried = size;
            continue;
        }
        goal.size = size;
        goal.over_at_size = last->services[one.service].wait_over;
        const sim::ServiceModel& model = system.system.services[one.service];
        if (model.through_pooler) goal.pooler_wait = Millis(last->poolers[model.target].wait_mean.value * 1000);
    }
    return result;
}

}  // namespace poolfit::report
