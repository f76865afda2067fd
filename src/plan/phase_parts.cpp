#include "phase_parts.hpp"

namespace poolfit::plan {

Step step(Step::Kind kind) {
    Step result;
    result.kind = kind;
    return result;
}

Sign sign(Sign::Kind kind) {
    Sign result;
    result.kind = kind;
    return result;
}

Action missing_action(const Plan& plan, Index index) {
    Action action;
    action.kind = Action::Kind::measure;
    action.gain = Action::Gain::judged_class;
    action.databases = {index};
    for (const MissingInput& input : plan.databases[index].recommendation.missing) {
        Step& write = action.steps.emplace_back(step(Step::Kind::write));
        write.database = index;
        write.missing = input;
    }
    if (action.steps.empty()) {
        action.steps.push_back(step(Step::Kind::look));
        action.steps.back().database = index;
    }
    action.success.push_back(sign(Sign::Kind::verdict));
    return action;
}

}  // namespace poolfit::plan
