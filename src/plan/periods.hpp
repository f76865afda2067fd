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
    PaidFleet world;
    Period(const Fleet& fleet, const Plan& plan, Date on) : from(on), terms(fleet, plan, on), world(terms) {
        for (Index i = 0; i < fleet.databases.size(); ++i) world.add(terms.planned(i));
    }
};

/// What all pay, with one of them on another class than the plan's.
inline double moved(const Period& period, Index i, const Item& to) {
    PaidFleet world = period.world;
    world.add(period.terms.planned(i), -1);
    world.add(to);
    return world.paid();
}

}  // namespace poolfit::plan
