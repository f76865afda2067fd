// The phase that changes a volume.
#include "phase_parts.hpp"
#include "storage.hpp"

namespace poolfit::plan {

std::optional<Action> storage_action(const Plan& plan, Index index) {
    const auto& use = plan.databases[index].storage;
    if (!use || !use->advice) return std::nullopt;
    const StorageAdvice& advice = *use->advice;
    const bool for_money = advice.kind == StorageAdvice::Kind::cheaper ||
                           advice.kind == StorageAdvice::Kind::fewer_iops ||
                           advice.kind == StorageAdvice::Kind::configuration;
    if (for_money && !advice.saves) return std::nullopt;
    Action action;
    action.kind = Action::Kind::storage;
    action.gain = Action::Gain::storage;
    // Another kind than provisioned IOPS promises less of its latency.
    action.risk = use->volume.iops && advice.to != use->volume.kind ? Risk::medium : Risk::low;
    action.databases = {index};
    for (const Step::Kind kind : {Step::Kind::change_storage, Step::Kind::set_storage}) {
        action.steps.push_back(step(kind));
        action.steps.back().database = index;
    }
    if (advice.saves) action.saves_per_month = advice.saves->value.low;
    action.watch.push_back(sign(Sign::Kind::latency));
    action.success.push_back(sign(Sign::Kind::latency_as_before));
    return action;
}

}  // namespace poolfit::plan
