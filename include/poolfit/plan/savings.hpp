// Is a change worth its saving, by the policy?
#pragma once

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

struct Savings {
    bool enough = false;
    Summary::Kept too_little = Summary::Kept::saves_nothing;
    MicroUsdPerMonth saves{};
    Fraction share{};
};
/// Is the move from one cost to another worthwhile, by the policy? `support`: what of `now` is Extended Support, which
/// an upgrade ends: the share is not taken of it, so that a fee beside a saving hides none.
Savings worth_it(const Policy& policy, MicroUsdPerMonth now, MicroUsdPerMonth after,
                 MicroUsdPerMonth support = MicroUsdPerMonth(0));
/// What of a cost is Extended Support.
inline MicroUsdPerMonth support_of(const Projection& on) {
    return on.support ? on.support->value : MicroUsdPerMonth(0);
}

}  // namespace poolfit::plan
