// One server with a new pooler in front of it.
#pragma once

#include "strategy_parts.hpp"

namespace poolfit::plan {

struct Hop {
    Index database = 0;
    std::vector<Index> through, direct;    ///< pools; session state keeps a pool direct
    std::vector<Index> silent;             ///< of `through`: neither their use nor their load is known
    bool measured = true;                  ///< its size holds all use that is known, and all that the others may open
    bool by_use = false, by_load = false;  ///< what the server side is based on
    bool by_limit = false;                 ///< it is what the policy leaves
    Figure<std::int64_t> pairs{1, {}};     ///< the most databases that one of its clients opens
    Figure<std::int64_t> size{1, {}};      ///< default_pool_size: of each of the pairs
    Figure<Connections> server;
    Figure<std::int64_t> accepts;                  ///< max_client_conn
    std::optional<Figure<Connections>> listeners;  ///< direct connections for LISTEN
    DatabaseDemand demand;
};

/// The pooler that the strategy adds.
inline constexpr Pooler::Kind added_kind = Pooler::Kind::pgbouncer;

bool has_feature(const Pool& pool, std::string_view feature);

/// Nothing where the database has a pooler already, its platform takes none of this kind, or no pool can go through
/// one.
std::optional<Hop> pooler_hop(const Scene& scene, const Strategy& strategy, Index database);

}  // namespace poolfit::plan
