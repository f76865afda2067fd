// A primary and its replicas, as one choice of classes.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Does only a replica's primary rule out a cheaper class, or today's?
bool held_up(const DatabasePlan& plan);
/// How many of them have no class that is known to fit, then what all of them cost a month, in micro-USD.
std::pair<int, std::int64_t> whole(const Plan& plan, Index primary);

/// What a trial of classes may change of the poolers of some servers: the sizes that end an outage. Nothing else of
/// them is touched, because other threads read the client limits of their processes.
class PoolerSizes {
public:
    PoolerSizes(const Plan& plan, const std::vector<Index>& databases);
    void put_back(Plan& plan) const;

private:
    struct One {
        Index pooler;
        PoolerSize size;
        std::optional<PoolerSize> right_sized;
        PoolerPlan::Basis basis;
    };
    std::vector<One> all_;
};

}  // namespace poolfit::plan
