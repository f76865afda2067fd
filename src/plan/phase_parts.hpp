// What the actions are built from.
#pragma once

#include <optional>
#include <vector>

#include <poolfit/plan/action.hpp>

namespace poolfit::plan {

/// A verdict that lacks an input: what to find out.
Action missing_action(const Plan& plan, Index database);
/// One database moved to another class.
Action instance_action(const Fleet& fleet, const Plan& plan, Index database);
/// What today's pools may open in a deploy on the recommended class, where a size that counts DB_VCPUS may be a larger
/// one; nothing where one of them has no limit.
std::optional<Connections> deploy_there(const Fleet& fleet, const Plan& plan, Index database);
/// That is more than the new class allows: the pools have to change first.
bool pools_first(const Fleet& fleet, const Plan& plan, Index database);
/// Databases that change their class, in the order to do so.
std::vector<Index> instance_order(const Fleet& fleet, const Plan& plan);

/// Carries out one of the strategies. It knows what changes on which server: in a large fleet most have an action of
/// their own.
class Carrier {
public:
    Carrier(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at);
    /// On some servers, each once.
    Action pools(std::vector<Index> servers) const;
    /// A strategy that measures first.
    Action measure() const;

private:
    Action carry_out(Action::Kind kind, const std::vector<Index>& servers) const;
    void in_all(Action& action) const;
    void in_part(Action& action) const;
    Downtime deploys(const std::vector<Index>& servers, const std::vector<std::size_t>& changes) const;
    void watch_drivers(const std::vector<Index>& servers, std::vector<Sign>& watch) const;

    const Fleet& fleet_;
    const Plan& plan_;
    const Strategy& strategy_;
    std::size_t at_;
    std::vector<std::vector<std::size_t>> changes_;  ///< of the strategy, by database
    std::vector<char> changed_services_;             ///< as Fleet::services
};
/// Not where all that changes comes with another class.
bool has_change(const Action& action);

/// Another max_connections, fewer instances, a smaller pooler, or another mode.
Action outage_action(const Fleet& fleet, const Plan& plan, Index database, const WayOut& way);
/// Another max_connections, where the recommendation has one.
Action limit_action(const Fleet& fleet, const Plan& plan, Index database);
/// Raises max_client_conn: a reload, at no cost. Nothing where `process` refuses none.
std::optional<Action> clients_action(const Fleet& fleet, const Plan& plan, Index process);
/// A pooler in session mode that the plan changes, or that has pools before it that the plan changes: each client holds
/// a connection there, so letting in more of them alone would not end their wait.
bool clients_need_sizes(const Fleet& fleet, const Plan& plan, Index process);
/// Have the servers of the process no outage but that clients are refused? Then these may come in before all else.
bool servers_have_room(const Fleet& fleet, const Plan& plan, Index process);

/// A primary and its replicas to a version in standard support. Nothing where `database` is a replica of one that is
/// upgraded, or has no upgrade.
std::optional<Action> upgrade_action(const Fleet& fleet, const Plan& plan, Index database);

Step step(Step::Kind kind);
Sign sign(Sign::Kind kind);

/// Databases that nothing uses, replicas before their primary.
std::vector<Action> removals(const Fleet& fleet, const Plan& plan);
/// Capacity that follows the load, then schedules.
std::vector<Action> beside_classes(const Fleet& fleet, const Plan& plan);

}  // namespace poolfit::plan
