// A pooler's connections on its server by its size, and what RDS Proxy's share of max_connections keeps on another
// class.
#include <algorithm>
#include <cmath>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/pooler.hpp>

#include "pooler_size.hpp"

namespace poolfit::plan {

namespace {

using model::share_of, model::whole_percent;

std::int64_t floor_of(double value) { return static_cast<std::int64_t>(std::floor(value + assess::hair)); }

}  // namespace

ServerSide::ServerSide(const Pooler& pooler, Connections max_connections, std::optional<Connections> clients,
                       std::optional<Connections> deploying)
    : pooler_(&pooler), max_connections_(max_connections.value), clients_(clients), deploying_(deploying) {}

bool ServerSide::is_share() const { return pooler_->kind == Pooler::Kind::proxy; }

std::int64_t ServerSide::today() const {
    if (!is_share()) return *pooler_->default_pool_size;
    return static_cast<std::int64_t>(std::ceil(share_of(*pooler_) * whole_percent - assess::hair));
}

std::int64_t ServerSide::most_today() const {
    return is_share() ? floor_of(share_of(*pooler_) * static_cast<double>(max_connections_)) : opened({});
}

std::int64_t ServerSide::most(std::int64_t size) const {
    return is_share() ? size * max_connections_ / whole_percent : opened(Figure<std::int64_t>{size, {}});
}

std::int64_t ServerSide::opened(const PoolerSize& size) const {
    return static_cast<std::int64_t>(assess::opened_by_pools(*pooler_, 0, size, Recorder()).value.high);
}

std::int64_t ServerSide::rounded_up(std::int64_t size) const {
    return is_share() ? (size * max_connections_ + whole_percent - 1) / whole_percent : most(size);
}

std::int64_t ServerSide::size_for(std::int64_t connections) const {
    if (!is_share()) return connections;
    if (max_connections_ <= 0) return whole_percent;
    return std::clamp<std::int64_t>((connections * whole_percent + max_connections_ - 1) / max_connections_, least_,
                                    whole_percent);
}

void keep_shares(const Plan& plan, Demand& demand) {
    for (DatabaseDemand& database : demand.databases)
        for (ShareOfServer& share : database.shares) share.keeps = plan.poolers[share.pooler].keeps;
}

void grow_with_limit(DatabaseDemand& demand) {
    for (ShareOfServer& share : demand.shares) share.keeps.reset();
}

void keep_on_class(Plan& plan, const DatabasePlan& database, const ShareOfServer& share, Recorder r) {
    const Figure<Connections>& most = database.chosen.limits.max_planned;
    if (!share.keeps || most.value.value <= 0) return;
    std::int64_t other = floor_of(share.share.value.value * static_cast<double>(most.value.value));
    if (share.clients_deploy) other = std::min(other, share.clients_deploy->value.value);
    if (share.server_deploy.value.value >= other) return;
    const Key key{{Subject::Kind::pooler, share.pooler}, Name::pooler_size, Phase::after, database.chosen.cls, {}};
    const std::int64_t least = assess::least_kept(share, *database.chosen.cls);
    const assess::Term percent = assess::share_term(least, *share.keeps, most, r);
    if (percent.value.high >= share.share.value.value * static_cast<double>(whole_percent)) return;  // today's
    PoolerPlan& pooler = plan.poolers[share.pooler];
    if (!pooler.right_sized) pooler.right_sized = pooler.size;
    pooler.size = r.keep<std::int64_t>(key, percent);
    pooler.basis = PoolerPlan::Basis::kept;
}

bool with_class(const Fleet& fleet, const Plan& plan, Index index) {
    const Pooler& pooler = fleet.poolers[index];
    if (pooler.kind != Pooler::Kind::proxy || !plan.poolers[index].size) return false;
    const DatabasePlan& mine = plan.databases[pooler.database];
    // One that grows comes with the pools that need more of it: today's, which may have no limit, would fill it.
    if (static_cast<double>(plan.poolers[index].size->value) >= share_of(pooler) * whole_percent) return false;
    return mine.recommendation.cls != fleet.databases[pooler.database].type &&
           mine.chosen.limits.max_planned.value > mine.budget.limits.max_planned.value;
}

}  // namespace poolfit::plan
