// Requests of `poolfit pool`, as its flags would make them.
#pragma once

#include <poolfit/report/pool.hpp>

namespace poolfit::test {

/// --rate RATE/s --hold HOLDms --cv CV, with the usual goal.
inline PoolRequest open(double rate, double hold, double cv = 1.0) {
    PoolRequest request;
    request.load.rate = PerSecond(rate);
    request.load.hold = sizing::MeanHold{Millis(hold), cv, {}};
    request.rate = Interval<PerSecond>(request.load.rate);
    request.hold = Interval<Millis>(Millis(hold));
    request.question.goals.wait = queue::WaitGoal{Millis(5), 0.001};
    request.usual_goals = true;
    return request;
}

}  // namespace poolfit::test
