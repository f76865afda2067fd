#include "contention.hpp"

#include <algorithm>

#include <poolfit/model/copies.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/queue/erlang.hpp>

#include "workload_figures.hpp"

namespace poolfit::plan {
namespace {

/// The load of one pool's processes on the CPU; times in ms.
struct Sharer {
    double copies = 0, rate = 0, users = 0, think = 0, hold = 0, cpu = 0;

    /// Busy vCPUs when CPU time takes `stretch` as long.
    double busy(double stretch) const {
        if (users == 0) return copies * rate * cpu / 1000.0;
        return copies * users * cpu / (think + hold + cpu * (stretch - 1));
    }
};

Sharer sharer(std::int64_t copies, const sizing::Load& load, Millis hold) {
    return {static_cast<double>(copies),
            load.rate.value,
            static_cast<double>(load.users),
            load.think.value,
            hold.value,
            load.cpu.value};
}

double stretch_of(double busy, int vcpus) {
    const auto answer = queue::erlang_c(Erlangs(busy), Connections(vcpus));
    const auto* waits = std::get_if<queue::Probability>(&answer);
    return waits == nullptr ? 1.0 : 1.0 + waits->value / (vcpus - busy);
}

/// busy = what is asked for when CPU time takes as long as that makes it: the right side falls where the left rises.
double settled(const std::vector<Sharer>& sharers, int vcpus) {
    double low = 0, high = vcpus;
    for (int i = 0; i < 60; ++i) {
        const double middle = low + (high - low) / 2;
        double asked = 0;
        for (const Sharer& sharer : sharers) asked += sharer.busy(stretch_of(middle, vcpus));
        (asked > middle ? low : high) = middle;
    }
    return low + (high - low) / 2;
}

struct Shared {
    std::vector<Sharer> sharers;
    std::vector<FigureId> inputs;
    double open = 0;  ///< busy vCPUs by open loads
    std::size_t processes = 0;
};

void add_pool(const Fleet& fleet, Index index, const InstanceClass& cls, Shared& shared, Recorder r) {
    const Pool& pool = fleet.pools[index];
    const sizing::Load load = load_of(pool, cls, End::pessimistic);
    const auto mean = sizing::mean_hold(load.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    if (hold == nullptr || load.cpu.value <= 0) return;
    const std::int64_t copies = model::copies(fleet, pool);
    shared.sharers.push_back(sharer(copies, load, *hold));
    shared.processes += static_cast<std::size_t>(copies);
    if (load.users == 0) shared.open += shared.sharers.back().busy(1);
    if (!r.on()) return;
    shared.inputs.push_back(offered_figure(fleet, index, load, r).id);
    shared.inputs.push_back(cpu_figure(fleet, index, r).id);
}

}  // namespace

sizing::Load shared(const sizing::Load& base, const Contention& contention, std::optional<double> others) {
    const auto mean = sizing::mean_hold(base.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    if (hold == nullptr || base.cpu.value <= 0) return base;
    if (base.users > 0 && contention.sharers == 1) return base;
    sizing::Load load = base;
    if (contention.full) {  // no size helps: as if it were not
        load.cpu = Millis(0);
        load.vcpus = 0;
        return load;
    }
    const Sharer own = sharer(1, base, *hold);
    load.others = std::max(0.0, contention.busy - own.busy(contention.stretch));
    if (others) load.others_most = *others;
    return load;
}

sizing::Hold held(const sizing::Load& base, const Contention& contention) {
    const auto mean = sizing::mean_hold(base.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    if (hold == nullptr || base.cpu.value <= 0) return base.hold;
    const double factor = 1 + base.cpu.value / hold->value * (contention.stretch - 1);
    sizing::Hold longer = base.hold;
    if (auto* law = std::get_if<sizing::MeanHold>(&longer)) {
        law->mean = law->mean * factor;
    } else if (auto* known = std::get_if<sizing::PercentileHold>(&longer)) {
        known->p50 = known->p50 * factor;
        if (known->p95) *known->p95 = *known->p95 * factor;
        if (known->p99) *known->p99 = *known->p99 * factor;
    }
    return longer;
}

std::vector<Contention> contention(const Fleet& fleet, const Classes& classes, Name name, Recorder r) {
    std::vector<Shared> all(fleet.databases.size());
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        if (!pool.workload || !pool.workload->cpu) continue;
        const Index database = model::database_of(fleet, pool);
        add_pool(fleet, i, *classes[database], all[database], r);
    }
    std::vector<Contention> result(fleet.databases.size());
    for (Index i = 0; i < all.size(); ++i) {
        if (all[i].sharers.empty()) continue;
        if (classes[i]->unknown) continue;  // how long a transaction waits for a CPU is not known
        Contention& contention = result[i];
        const int vcpus = classes[i]->vcpus;
        contention.sharers = all[i].processes;
        contention.full = all[i].open >= vcpus;
        if (contention.full) continue;
        contention.busy = settled(all[i].sharers, vcpus);
        contention.stretch = stretch_of(contention.busy, vcpus);
        if (!r.on()) continue;
        all[i].inputs.push_back(assess::class_vcpus(*classes[i], r).id);
        contention.figure =
            r.by_model({{Subject::Kind::database, i}, name}, assess::measured(Measure::ratio, contention.stretch),
                       Model::cpu_stretch, {}, all[i].inputs);
    }
    return result;
}

}  // namespace poolfit::plan
