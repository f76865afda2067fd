// Candidate classes of one database, each with every reason against it.
#pragma once

#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// What the candidates of one database are judged against.
struct Question {
    const Fleet& fleet;
    const Catalog& catalog;
    Index database;
    PriceTerm term;
    const DatabaseDemand& now;
    const DatabaseDemand& after;
    const DatabaseLoad* load;     ///< what workloads ask of its CPU; nothing where none says
    const DatabasePlan* primary;  ///< of a replica: its primary's plan, already made
};

/// One candidate a class: priced ones first by what they are ranked by, then the others by name.
std::vector<Candidate> candidates(const Question& question, Ledger& ledger);

}  // namespace poolfit::plan
