// Every class of a database's offers against its load: numbers alone, no derivations.
#pragma once

#include <optional>
#include <span>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

class Terms;

/// What the classes for one database are judged against.
struct ClassQuestion {
    const Fleet& fleet;
    const Market& market;
    Index database;
    const DatabaseDemand& now;
    const DatabaseDemand& after;
    const DatabaseLoad* load;             ///< the CPU demand of workloads; nothing where none states it
    const DatabasePlan* primary;          ///< of a replica: its primary's plan, already made
    const std::vector<Survival>& losses;  ///< of today's pools on today's class, as DatabaseDemand::losses
    Depth depth;
    const InstanceClass* wanted = nullptr;  ///< commitments ask for it: judged, as are all that are cheaper
    const Terms* touching = nullptr;        ///< what these touch is judged too, whatever it costs; null: nothing
    const Projection* today = nullptr;      ///< `after` on today's class, where that is known and no limit is raised
    std::span<const Index>
        staying{};  ///< of a primary: replicas that stay on today's class, and have to start beside it
    /// As they were judged for another number of connections. A class ruled out by something else is just as impossible
    /// with this number, and only that is recorded; empty: everything is recorded for each.
    std::span<const Candidate> before{};
    bool same_memory = false;  ///< connections take as much memory as in `before`
    bool no_more = false;      ///< no moment has more connections, nor takes more memory for them
    /// A limit set by hand that is raised to this, on every class that gives as much.
    std::optional<Connections> raised{};
};

/// Of the plan, the demands and loads, and what today's pools are on today's class, are there.
ClassQuestion question(const Fleet& fleet, const Plan& plan, Index database, Depth depth);

/// Of a replica: is its primary's class all that rules this one out?
bool by_primary_alone(const Candidate& candidate);
bool is_of_connections(Dimension dimension);
/// Does the number of connections rule out a class, by itself or by what it needs?
bool by_connections(const Reason& reason);

/// What a limit that is raised becomes on a class; nothing where none is.
std::optional<Figure<Connections>> raised_on(const ClassQuestion& question, const Offer& offer);
/// Does the class pass, whether it is offered or not?
bool fits(const ClassQuestion& question, const Offer& offer);
/// The classes judged, in the order of DatabasePlan::candidates.
Candidates candidates(const ClassQuestion& question);

}  // namespace poolfit::plan
