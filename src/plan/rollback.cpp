// How each step of an action is undone.
#include <algorithm>

#include <poolfit/plan/action.hpp>

namespace poolfit::plan {

namespace {

class Undoing {
public:
    Undoing(const Fleet& fleet, const Plan& plan, const Strategy* strategy)
        : fleet_(fleet), plan_(plan), strategy_(strategy) {}

    void take_back(const Step& step) {
        switch (step.kind) {
            case Step::Kind::change_class: {
                Undo& undo = add(Undo::Kind::change_class);
                undo.database = step.database;
                undo.cls = fleet_.databases[step.database].type;
                break;
            }
            case Step::Kind::raise_limit: {
                Undo& undo = add(Undo::Kind::limit);
                undo.database = step.database;
                undo.limit = plan_.databases[step.database].budget.limits.max_planned.value;
                break;
            }
            case Step::Kind::fewer_instances: {
                Undo& undo = add(Undo::Kind::instances);
                undo.service = step.service;
                undo.count = static_cast<double>(fleet_.services[step.service].instances->high);
                break;
            }
            case Step::Kind::smaller_pooler:
                pooler_size(step.pooler);
                break;
            case Step::Kind::pooler_mode:
                pooler(step.pooler, true, step.count != 0);
                break;
            case Step::Kind::client_limit: {
                Undo& undo = add(Undo::Kind::client_limit);
                undo.pooler = step.pooler;
                undo.count = static_cast<double>(*fleet_.poolers[step.pooler].max_client_conn);
                break;
            }
            case Step::Kind::upgrade:
                add(Undo::Kind::restore).database = step.database;
                break;
            case Step::Kind::change_storage:
                add(Undo::Kind::storage).database = step.database;
                break;
            case Step::Kind::remove:
                add(Undo::Kind::create_again).database = step.database;
                break;
            case Step::Kind::add_capacity: {
                Undo& undo = add(Undo::Kind::change_class);
                undo.database = step.database;
                undo.cls = fleet_.databases[step.database].type;
                break;
            }
            case Step::Kind::schedule:
                add(Undo::Kind::run_always).database = step.database;
                break;
            case Step::Kind::change:
                if (strategy_ != nullptr) take_back(strategy_->changes[step.change]);
                break;
            default:  // looks, asks, or prepares: changes nothing that runs
                break;
        }
    }

    std::vector<Undo> done() && {
        std::ranges::reverse(all_);
        return std::move(all_);
    }

private:
    Undo& add(Undo::Kind kind) {
        Undo& undo = all_.emplace_back();
        undo.kind = kind;
        return undo;
    }

    /// Together with others of one kind: sizes of pools are set in one deploy.
    void pools(Undo::Kind kind, const std::vector<Index>& pools) {
        const auto same = std::ranges::find(all_, kind, &Undo::kind);
        Undo& undo = same == all_.end() ? add(kind) : *same;
        undo.pools.insert(undo.pools.end(), pools.begin(), pools.end());
    }

    void pooler_size(Index index) {
        const Pooler& pooler = fleet_.poolers[index];
        Undo& undo = add(Undo::Kind::pooler_size);
        undo.pooler = index;
        const auto& share = pooler.max_connections_percent;
        undo.count = pooler.kind == Pooler::Kind::proxy ? (share ? (*share)->value : 1.0) * 100
                                                        : static_cast<double>(*pooler.default_pool_size);
    }

    void pooler(Index index, bool mode, bool size) {
        if (size) pooler_size(index);
        if (!mode) return;
        Undo& undo = add(Undo::Kind::pooler_mode);
        undo.pooler = index;
        for (const Broken& broken : plan_.poolers[index].breaks)
            if (std::ranges::find(undo.pools, broken.pool) == undo.pools.end()) undo.pools.push_back(broken.pool);
    }

    void take_back(const Point& change) {
        switch (change.kind) {
            case Point::Kind::resize:
                return pools(Undo::Kind::pool_sizes, change.pools);
            case Point::Kind::merge: {
                add(Undo::Kind::split_pools).pools = change.pools;
                return;
            }
            case Point::Kind::resize_pooler:
                return pooler(change.pooler, plan_.poolers[change.pooler].to_transaction,
                              plan_.poolers[change.pooler].size.has_value());
            case Point::Kind::add_pooler: {
                Undo& undo = add(Undo::Kind::direct);
                undo.database = change.database;
                undo.pools = change.pools;
                return;
            }
            case Point::Kind::log:
                return pools(Undo::Kind::logging, change.pools);
            default:
                return;
        }
    }

    const Fleet& fleet_;
    const Plan& plan_;
    const Strategy* strategy_;
    std::vector<Undo> all_;
};

}  // namespace

std::vector<Undo> rollback(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies,
                           const Action& action) {
    Undoing undoing(fleet, plan, action.strategy ? &strategies[*action.strategy] : nullptr);
    for (const Step& step : action.steps) undoing.take_back(step);
    return std::move(undoing).done();
}

}  // namespace poolfit::plan
