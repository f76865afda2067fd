// The table of a fleet: a line for each database, and totals by verdict.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/report/report.hpp>

#include "layout.hpp"

namespace poolfit::render {

/// "RESIZE", and its colour.
std::string verdict_text(Verdict verdict);
Paint paint_of(Verdict verdict);
Paint paint_of(Risk risk);

/// "96/1,658", `brief` "96/1658": open today, of usable; "?" where a pool has no limit.
std::string connections_cell(const Report& report, Index database, bool brief = false);
/// What it saves a month, negative for more to pay: "$67.60"; "no price" where that is unknown, "–" without list price.
std::string saving_cell(const Report& report, Index database);
/// "memory 88 %": the check nearest to its limit, on the recommended class; "" where none is known.
std::string tightest_cell(const Report& report, Index database, bool brief = false);

/// A verdict's row, in text as in Markdown: how many databases, what they cost today and after, what that saves, and
/// how many have no price.
std::vector<std::string> verdict_cells(const Overview::OfVerdict& of);

/// "A single CPU maximum decides for a dearer class: a, b and 3 more. If it was short, give observed.cpu_p95."; empty
/// where none does. `name` prints a database's.
std::string maximum_text(const Report& report, std::string (*name)(const Database&));

/// Opens a text about many databases.
void print_overview(Page& page, const Report& report);

}  // namespace poolfit::render
