// What `explain` says of each kind of record.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <poolfit/report/report.hpp>

#include "steps.hpp"

namespace poolfit::render {

/// All of a database, or the parts in `only`.
void explain_database(Page& page, const Report& report, Index database, const std::vector<report::Section>& only);
/// The figures in a part of it.
std::set<FigureId> figures_of_section(const Report& report, Index database, report::Section section);
/// Its money beside the class: Extended Support, commitments, storage, a proxy's bill, a schedule, capacity that
/// follows the load. Of what it does not have nothing, or, `asked` for, a sentence that says why.
void add_section(Steps& steps, const Report& report, Index database, report::Section section, bool asked);
/// A managed pooler's bill.
void add_bill(Steps& steps, const Report& report, Index pooler);
void explain_commitment(Page& page, const Report& report, Index commitment);
/// A class for each database that may be on it: what it costs there, and why it is not taken.
void explain_class(Page& page, const Report& report, const InstanceClass& cls);
void explain_service(Page& page, const Report& report, Index service);
void explain_pool(Page& page, const Report& report, Index pool);
void explain_pooler(Page& page, const Report& report, Index pooler);
void explain_strategy(Page& page, const Report& report, const Strategy& strategy);
/// The rule's prose, and what it finds here.
void explain_rule(Page& page, const Report& report, const Rule& rule);

/// The rule's prose.
void print_rule(Page& page, const Rule& rule);
/// The mathematics of one pool's workload.
void add_load(Steps& steps, const std::string& label, const PoolLoad& load);

}  // namespace poolfit::render
