// What `explain` says of each kind of record.
#pragma once

#include <string>

#include <poolfit/report/report.hpp>

#include "steps.hpp"

namespace poolfit::render {

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
