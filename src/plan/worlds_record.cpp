#include "worlds_record.hpp"

#include <vector>

#include <poolfit/assess/leaves.hpp>

namespace poolfit::plan {

void record_worlds(const Fleet& fleet, const Plan& plan, const Worlds& worlds, Recorder r) {
    const Index i = worlds.database;
    const auto given = [&](Name name, double value) {
        return r.constant(assess::constant_key(name), assess::measured(value), Grounds::command_line);
    };
    const FigureId count = given(Name::worlds, static_cast<double>(worlds.count));
    const FigureId seed = given(Name::worlds_seed, static_cast<double>(worlds.seed));
    for (const Worlds::OfClass& of : worlds.classes) {
        const Projection& chosen = plan.databases[i].chosen;
        const Projection on = of.cls == chosen.cls ? chosen : project(fleet, plan, i, *of.cls, r);
        std::vector<FigureId> inputs{count, seed};
        for (const Check& check : on.checks)
            if (check.figure) inputs.push_back(check.figure);
        const InstanceClass* cls = of.cls == fleet.databases[i].type ? nullptr : of.cls;
        const Key key{{Subject::Kind::database, i}, Name::worlds_inside, Phase::now, cls, {}};
        if (of.today.inside)
            r.by_model(key, assess::measured(Measure::probability, of.today.inside->share()), Model::share_of_worlds,
                       {}, inputs);
        for (const Worlds::OfDimension& each : of.today.dimensions) {
            const Check* check = on.find(each.dimension);
            if (!each.inside || check == nullptr || !check->figure) continue;
            const FigureId its[] = {count, seed, check->figure};
            Key of_one = key;
            of_one.name = Name::worlds_inside_one;
            of_one.detail = assess::name(each.dimension);
            r.by_model(of_one, assess::measured(Measure::probability, each.inside->share()), Model::share_of_worlds, {},
                       its);
        }
        if (of.grown && of.grown->inside) {
            const auto& growth = *fleet.growth->load_per_month;
            const Key rate{{Subject::Kind::growth, 0}, Name::load_per_month};
            inputs.push_back(r.input(rate, assess::measured(*growth), growth.place));
            Key later = key;
            later.name = Name::worlds_inside_grown;
            r.by_model(later, assess::measured(Measure::probability, of.grown->inside->share()), Model::share_of_worlds,
                       {}, inputs);
        }
        if (!of.today.cost || !on.cost) continue;
        const FigureId its[] = {count, seed, on.cost->id};
        Key of_cost = key;
        of_cost.name = Name::worlds_cost;
        r.by_model(of_cost, assess::measured(*of.today.cost), Model::mean_of_worlds, {}, its);
        if (!of.today.regret) continue;
        const auto& trouble = *fleet.policy.cost_of_trouble;
        const FigureId costs[] = {
            count, seed, on.cost->id,
            r.input(assess::policy_key(Name::cost_of_trouble), assess::measured(*trouble), trouble.place)};
        Key of_regret = key;
        of_regret.name = Name::worlds_regret;
        r.by_model(of_regret, assess::measured(*of.today.regret), Model::regret_of_worlds, {}, costs);
    }
}

}  // namespace poolfit::plan
