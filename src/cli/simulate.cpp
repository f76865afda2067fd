#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/scale.hpp>
#include <poolfit/render/simulation.hpp>
#include <poolfit/report/simulation.hpp>
#include <poolfit/threads/parallel.hpp>

#include "commands.hpp"
#include "input_log.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "progress.hpp"

namespace poolfit::cli {
namespace {

int usable_threads(const SimulateOptions& options) { return options.threads ? *options.threads : threads::usable(64); }

/// Pools of these services. Those without a workload stay: the report names them.
std::vector<Index> pools_of(const Fleet& fleet, const std::vector<Index>& services) {
    std::vector<Index> pools;
    for (const Index service : services)
        pools.insert(pools.end(), fleet.services[service].pools.begin(), fleet.services[service].pools.end());
    return pools;
}

Failure nothing_to_simulate(Context& context, const Fleet& fleet, const std::vector<Index>& pools) {
    Failure failure{"inventory", pools.empty() ? "no pool to simulate" : "no pool to simulate: none has a workload"};
    const Pool* pool = pools.empty() ? nullptr : &fleet.pools[pools.front()];
    const std::string of = pool == nullptr ? std::string("a pool")
                                           : fmt::format("{}.{}", *fleet.services[pool->service].name, *pool->name);
    context.diagnostics
        .error(pool == nullptr ? Place{} : pool->place, failure.message,
               fmt::format("add [service.pool.workload] to {}, with rate = \"120/s\" and hold = \"20 ms\"", of))
        .notes.emplace_back("or", "users = 28, think = \"1 s\" and hold = \"20 ms\", per process");
    return failure;
}

}  // namespace

Answer simulate(Context& context) {
    Inputs inputs;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    if (inputs.fleet.services.empty()) return nothing_to_simulate(context, inputs.fleet, {});
    const auto chosen = choose_services(context, inputs);
    if (const auto* failure = std::get_if<Failure>(&chosen)) return *failure;
    if (context.options.verbose) log_inputs(context, inputs);

    const Options& options = context.options;
    SimulationRequest request;
    request.pools = pools_of(inputs.fleet, std::get<std::vector<Index>>(chosen));
    if (std::none_of(request.pools.begin(), request.pools.end(),
                     [&](Index pool) { return inputs.fleet.pools[pool].workload.has_value(); }))
        return nothing_to_simulate(context, inputs.fleet, request.pools);
    request.scale = options.scale.value_or(1);
    request.seed = static_cast<std::uint64_t>(options.seed.value_or(1));
    request.precision = options.precision ? options.precision->value : 0.01;
    request.seconds = options.simulate.seconds;
    request.threads = usable_threads(options.simulate);
    for (const std::string& name : options.simulate.deploys) {
        const auto service = find_service(context, inputs.fleet, "--deploy: ", name);
        if (const auto* failure = std::get_if<Failure>(&service)) return *failure;
        request.deploys.push_back(std::get<Index>(service));
    }
    if (options.simulate.failover) {
        const auto database = find_database(context, inputs.fleet, "--failover: ", *options.simulate.failover);
        if (const auto* failure = std::get_if<Failure>(&database)) return *failure;
        request.failover = std::get<Index>(database);
    }

    Progress progress("simulating", !options.quiet);
    request.progress = [&](double share) { progress.tell(share); };
    const auto answer = report::simulate(inputs.fleet, inputs.catalog, request);
    clear_progress();
    if (const auto* none = std::get_if<NotSimulated>(&answer))
        return fail(context.diagnostics, "inventory",
                    fmt::format("cannot simulate {}", render::not_simulated_text(inputs.fleet, *none)));
    const Simulation& simulation = std::get<Simulation>(answer);
    return rendered(context, &simulation);
}

}  // namespace poolfit::cli
