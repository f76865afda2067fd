// What is open while services are deployed: all of them at once or, with the policy's deploys_at_once = 1, one service
// at a time. Then each deploy has a sum of its own, and the worst counts.
#pragma once

#include <map>
#include <vector>

#include <poolfit/assess/recorder.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit::assess {

/// A sum that grows. What is added is kept where the run records, to be summed in one operation.
class Total {
public:
    void add(const Term& part);
    Term get(Recorder r) const {
        return r.on() ? sum(parts_, r.figures(), Grounds::no_pools) : Term{total_, {}, nullptr};
    }

private:
    Interval<double> total_;
    std::vector<Term> parts_;
};

/// Connections of several pools and poolers, in the steady state and while their services are deployed.
class Deploys {
public:
    explicit Deploys(const Policy& policy) : together_(*policy.deploys_together) {}

    /// Of one service: `deploying` are open while it is deployed, and are no fewer than `steady`.
    void add(Index service, const Term& steady, const Term& deploying) {
        if (together_)
            deploying_.add(deploying);
        else
            add_one(service, steady, deploying);
    }
    /// Open whatever is deployed.
    void add(const Term& always) { (together_ ? deploying_ : steady_).add(always); }

    /// Of a pooler that serves several services, one of which is deployed at a time: as each() of its clients.
    void add(const Term& steady, const std::map<Index, Term>& deploying);

    /// While each service is deployed alone, by service: of those that open more then. Empty if all deploy at once.
    std::map<Index, Term> each(Recorder r) const;
    /// At the most. In the steady state, if no deploy opens more.
    Term most(Recorder r) const;

private:
    void add_one(Index service, const Term& steady, const Term& deploying);

    bool together_;
    Total deploying_;              ///< all at once
    Total steady_;                 ///< one at a time
    std::map<Index, Total> more_;  ///< than `steady_`, by service
};

}  // namespace poolfit::assess
