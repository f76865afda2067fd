#include "contention.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/queue/erlang.hpp>

#include "workload_figures.hpp"

namespace poolfit::plan {
namespace {

/// Holds that grow by less than this stay as they are.
constexpr double least_seen = 1.001;

/// What one pool's processes ask of the CPU; times in ms.
struct Sharer {
    double copies = 0, rate = 0, users = 0, think = 0, hold = 0, cpu = 0;

    /// Busy vCPUs when CPU time takes `stretch` as long.
    double busy(double stretch) const {
        if (users == 0) return copies * rate * cpu / 1000.0;
        return copies * users * cpu / (think + hold + cpu * (stretch - 1));
    }
};

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

void add(const Fleet& fleet, const Pool& pool, const InstanceClass& cls, Shared& shared, Ledger& ledger) {
    const sizing::Load load = load_of(pool, cls, End::pessimistic);
    const auto mean = sizing::mean_hold(load.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    if (hold == nullptr || load.cpu.value <= 0) return;
    const Service& service = fleet.services[pool.service];
    const std::int64_t copies = *service.processes * service.instances->high;
    const Sharer sharer{static_cast<double>(copies),
                        load.rate.value,
                        static_cast<double>(load.users),
                        load.think.value,
                        hold->value,
                        load.cpu.value};
    shared.sharers.push_back(sharer);
    shared.processes += static_cast<std::size_t>(copies);
    if (load.users == 0) shared.open += sharer.busy(1);
    shared.inputs.push_back(offered_figure(fleet, pool, load, ledger).id);
    shared.inputs.push_back(cpu_figure(fleet, pool, ledger));
}

}  // namespace

sizing::Load shared(const sizing::Load& base, const Contention& contention, std::optional<double> connections) {
    const auto mean = sizing::mean_hold(base.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    if (hold == nullptr || base.cpu.value <= 0 || (base.users > 0 && contention.sharers == 1)) return base;
    double stretch = contention.stretch;
    if (connections) stretch = std::min(stretch, std::max(1.0, *connections / static_cast<double>(base.vcpus)));
    const double factor = 1 + base.cpu.value / hold->value * (stretch - 1);
    sizing::Load load = base;
    load.cpu = Millis(0);
    load.vcpus = 0;
    if (factor < least_seen) return load;
    if (auto* law = std::get_if<sizing::MeanHold>(&load.hold)) {
        law->mean = law->mean * factor;
    } else if (auto* known = std::get_if<sizing::PercentileHold>(&load.hold)) {
        known->p50 = known->p50 * factor;
        if (known->p95) *known->p95 = *known->p95 * factor;
        if (known->p99) *known->p99 = *known->p99 * factor;
    }
    return load;
}

std::vector<Contention> contention(const Fleet& fleet, const Classes& classes, std::string_view when, Ledger& ledger) {
    std::vector<Shared> all(fleet.databases.size());
    for (const Pool& pool : fleet.pools) {
        const Index database = model::database_of(fleet, pool);
        if (pool.workload && pool.workload->cpu) add(fleet, pool, *classes[database], all[database], ledger);
    }
    std::vector<Contention> result(fleet.databases.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        Contention& contention = result[i];
        const int vcpus = classes[i]->vcpus;
        contention.sharers = all[i].processes;
        contention.full = all[i].open >= vcpus;
        if (all[i].sharers.empty() || contention.full) continue;
        contention.stretch = stretch_of(settled(all[i].sharers, vcpus), vcpus);
        all[i].inputs.push_back(vcpus_figure(*classes[i], ledger));
        contention.figure = ledger.derive(fmt::format("database.{}.load.{}cpu_stretch", *fleet.databases[i].name, when),
                                          assess::measured(Measure::ratio, contention.stretch),
                                          "CPU time with waiting for it over CPU time alone: 1 + C(m, a)/(m - a), m "
                                          "vCPUs, a of them busy by all workloads",
                                          std::move(all[i].inputs),
                                          "Erlang's C; where users wait for what they slow down, the fixed point");
    }
    return result;
}

}  // namespace poolfit::plan
