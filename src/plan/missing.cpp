#include "missing.hpp"

#include <algorithm>

#include <poolfit/platform/platform.hpp>

namespace poolfit::plan {

std::vector<MissingInput> missing_server(const Fleet& fleet, Index index) {
    const Database& own = fleet.databases[index];
    const auto& primary = own.replica_of;
    const bool lacks = own.type->unknown;
    const bool follows = primary && own.platform->standby_needs_limit && fleet.databases[*primary].type->unknown &&
                         !fleet.databases[*primary].max_connections;
    if (!lacks && !follows) return {};
    const bool inherited = primary && (!lacks || own.type == fleet.databases[*primary].type);
    const Index of = inherited ? *primary : index;
    std::vector<MissingInput> inputs{{MissingInput::Kind::server, Missing::server, 0, nullptr, of}};
    const Database& database = fleet.databases[of];
    const bool by_class = database.platform->has_classes || database.platform->elastic != nullptr;
    if (!database.max_connections && !by_class)
        inputs.push_back({MissingInput::Kind::max_connections, Missing::max_connections, 0, nullptr, of});
    return inputs;
}

std::vector<MissingInput> missing_inputs(const Situation& situation, const DatabasePlan& plan, const Candidate& current,
                                         const Checks& checks) {
    std::vector<MissingInput> inputs;
    const auto add = [&](const MissingInput& input) {
        if (std::find(inputs.begin(), inputs.end(), input) == inputs.end()) inputs.push_back(input);
    };
    for (const Check& check : checks) {
        if (check.standing == Standing::inside) continue;
        if (check.missing == Missing::cpu_mean || check.missing == Missing::cpu_peak ||
            check.missing == Missing::freeable_memory)
            add({MissingInput::Kind::observed, check.missing, 0, nullptr, situation.database});
    }
    // If it is unknown whether a loss is carried, every smaller class is rejected.
    if (*situation.fleet.policy.survive_failover)
        for (const Survival& loss : plan.now.losses)
            if (!loss.cpu && loss.standing() != Standing::over &&
                !situation.fleet.databases[loss.from].observed.cpu_peak)
                add({MissingInput::Kind::observed, Missing::cpu_peak, 0, nullptr, loss.from});
    if (!plan.after.allocated)
        for (const Index pool : plan.budget.unlimited)
            add({MissingInput::Kind::pool_max, Missing::nothing, pool, nullptr, situation.database});
    if (!current.list)
        add({MissingInput::Kind::price, Missing::nothing, 0, current.cls, situation.database});
    else if (!current.cost)
        add({MissingInput::Kind::credit_price, Missing::nothing, 0, current.cls, situation.database});
    return inputs;
}

}  // namespace poolfit::plan
