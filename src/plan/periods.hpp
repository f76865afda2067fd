// All databases under the commitments of a day.
#pragma once

#include <poolfit/plan/plan.hpp>
#include <poolfit/unit/date.hpp>

#include "cover.hpp"

namespace poolfit::plan {

inline Date after(Date date) { return unit::date_of_epoch_seconds((unit::days_since_epoch(date) + 1LL) * 86'400); }

/// The commitments of a day, and all databases under them as the plan has them.
struct Period {
    Date from;
    Terms terms;
    PaidFleet world, at_most;  ///< with capacity that follows the load at the low end, and at the high end
    Period(const Fleet& fleet, const Plan& plan, Date on)
        : from(on), terms(fleet, plan, on), world(terms), at_most(terms, true) {
        for (Index i = 0; i < fleet.databases.size(); ++i) {
            const Item item = terms.planned(i);
            world.add(item);
            at_most.add(item);
        }
    }
};

/// What all pay, with one of them on another class than the plan's.
inline double moved(const Period& period, Index i, const Item& to) {
    PaidFleet world = period.world;
    world.add(period.terms.planned(i), -1);
    world.add(to);
    return world.paid();
}

/// What they pay more then, at the high end of what capacity that follows the load takes.
inline double most_moved(const Period& period, Index i, const Item& to) {
    PaidFleet world = period.at_most;
    const double before = world.paid();
    world.add(period.terms.planned(i), -1);
    world.add(to);
    return world.paid() - before;
}

/// What all pay more with one of them on another class, at the end where that is less.
struct More {
    double least = 0;
    bool at_most = false;  ///< the high end of what capacity that follows the load takes
};
inline More more_paid(const Period& period, Index i, const Item& to) {
    const double low = moved(period, i, to) - period.world.paid(), high = most_moved(period, i, to);
    return high < low ? More{high, true} : More{low, false};
}

}  // namespace poolfit::plan
