// The connection budget: what each pool may open, what each server allows, in the steady state, during a
// deploy and after a failover. Per server; limits of two servers are never added.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <poolfit/assess/figure.hpp>
#include <poolfit/catalog/catalog.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit {

/// A pool's size per process; nothing where its driver sets no limit.
using PoolSize = std::optional<Figure<Connections>>;

struct PoolDemand {
    PoolSize size;                                   ///< per process
    std::optional<Figure<Connections>> allocated;    ///< size × processes × instances (autoscaling: the most)
    std::optional<Figure<Connections>> deploy_peak;  ///< with old and new instances side by side
};

/// Connections that the pools can open on one database. Nothing where a pool has no limit.
struct DatabaseDemand {
    std::optional<Figure<Connections>> allocated;  ///< pools, poolers and other
    std::optional<Figure<Connections>> deploy_peak;
    std::optional<Figure<Connections>> failover_peak;  ///< nothing where there is no replica either
    /// Where a pool has no limit: what the others open, so at least that many.
    std::optional<Figure<Connections>> allocated_at_least, deploy_at_least;
};

struct Demand {
    std::vector<PoolDemand> pools;          ///< as Fleet::pools
    std::vector<DatabaseDemand> databases;  ///< as Fleet::databases
};

/// What a server of a class allows.
struct Limits {
    Figure<Connections> max_nominal;             ///< the formula on the class's label: a ceiling
    Figure<Interval<Connections>> max_expected;  ///< the formula on the memory that the engine sees
    std::optional<Figure<Connections>> max_observed;
    Figure<Connections> max_planned;  ///< observed, else the low end of expected
    Figure<Connections> reserved;
    Figure<Connections> usable;  ///< max_planned − reserved
    Figure<Connections> usable_nominal;
    bool set_by_hand = false;  ///< observed is outside the band: a fixed parameter, kept on other classes
};

/// Where one database stands today.
struct Budget {
    Limits limits;
    DatabaseDemand demand;
    std::optional<Figure<Interval<Connections>>> in_use;  ///< nothing where a pool's use is not known
    std::optional<Figure<Interval<Connections>>> waste;   ///< allocated by pools − in use
    std::optional<Figure<Fraction>> utilization;          ///< allocated / usable
    std::optional<Figure<Fraction>> utilization_nominal;  ///< allocated / max_nominal
    std::optional<Figure<Connections>> headroom;          ///< usable − allocated; negative when over
    std::optional<Figure<Connections>> copies;  ///< whole stacks like this one that fit: ⌊usable / allocated⌋
    std::optional<Figure<Connections>> copies_nominal;
    std::vector<std::string> unlimited;   ///< pools without a limit, "service.pool"
    std::vector<std::string> unmeasured;  ///< pools whose use is not known
};

/// Use of one pool over all its processes.
struct PoolUse {
    std::optional<Figure<Interval<Connections>>> in_use;
    std::optional<Figure<Interval<Connections>>> waste;
};

namespace assess {

/// A pool's size as the inventory has it: its number, its formula, or its driver's default.
PoolSize declared_size(const Fleet& fleet, const Pool& pool, Ledger& ledger);
/// The pool's `vcpu_max`, evaluated; nothing where it has none.
PoolSize size_by_vcpus(const Fleet& fleet, const Pool& pool, Ledger& ledger);

/// Demand with these sizes, one a pool. `phase` tells figures apart: "" for today, "after" for the plan.
Demand demand(const Fleet& fleet, const Catalog& catalog, const std::vector<PoolSize>& sizes, std::string_view phase,
              Ledger& ledger);

/// The limits of a database if it were of class `cls`. The observed value counts for its own class.
Limits limits(const Fleet& fleet, const Catalog& catalog, const Database& database, const InstanceClass& cls,
              Ledger& ledger);

PoolUse pool_use(const Fleet& fleet, const Pool& pool, const PoolDemand& demand, Ledger& ledger);

Budget budget(const Fleet& fleet, const Catalog& catalog, Index database, const Demand& demand,
              const std::vector<PoolUse>& use, Ledger& ledger);

}  // namespace assess
}  // namespace poolfit
