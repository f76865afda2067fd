// Rounds of a plan, until sizes and classes settle: the classes that the next is on, and what it need not judge
// again.
#pragma once

#include <memory>
#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Classes for the next round: the recommended ones, where a size depends on the vCPUs.
Classes next_classes(const Plan& plan, const Fleet& fleet, const Classes& classes);
/// The recommended classes, where the limits of today's force sizes: another class may leave more.
Classes next_limits(const Plan& plan, const Fleet& fleet, const Classes& on);
bool same_vcpus(const Classes& a, const Classes& b);

/// The classes of a round: that pools are sized for, and whose limits force sizes.
struct RoundClasses {
    const Classes& sized_for;
    const Classes& on;
};
/// What commitments ask of a database; nothing where none count.
inline Steer steer_of(const std::shared_ptr<const Steers>& steers, Index database) {
    return steers ? (*steers)[database] : Steer();
}
/// By database: does a plan for other steers ask the same of it, its primary and its replicas, and is their answer
/// its own, without a strategy? Then that stands.
std::vector<char> same_steers(const Fleet& fleet, const Plan& plan, const std::shared_ptr<const Steers>& steers);

/// By database: are its answers of the round before, `plan`, those of this one? Sizes, demands and classes of a primary
/// and its replicas depend on the classes that these are on and on what commitments ask, and on no other server's. Not
/// where a strategy was taken for them, or smaller poolers: they start from right-sized pools again.
std::vector<char> kept_servers(const Fleet& fleet, const Plan& plan, const RoundClasses& before,
                               const RoundClasses& now, const std::shared_ptr<const Steers>& steers);

}  // namespace poolfit::plan
