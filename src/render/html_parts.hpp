// The parts of the HTML page, one function per part.
#pragma once

#include <cstddef>
#include <string>

#include <poolfit/report/report.hpp>

#include "html_page.hpp"
#include "layout.hpp"

namespace poolfit::render {

/// What to do, what it saves, in which order; what is over a limit first.
void html_summary(Html& page, const Report& report);
/// A line for each database; `detailed` of them, in the order of the overview, have a part of their own.
void html_fleet(Html& page, const Report& report, std::size_t detailed);
void html_strategies(Html& page, const Report& report);
/// Each action in full, folded.
void html_phases(Html& page, const Report& report);
/// A database in full: words, pictures, tables, derivations.
void html_database(Html& page, const Report& report, Index database);
/// What is about no database that is shown in full.
void html_findings(Html& page, const Report& report, std::size_t detailed);
void html_finding(Html& page, const Report& report, const Finding& finding);
/// Other numbers of instances, with a slider.
void html_instances(Html& page, const Report& report, Index database);

/// "db-3": where a database's part is.
std::string html_id(Index database);
/// How a badge looks: "good", "warn", "over", "plain".
std::string_view badge_of(Paint paint);

}  // namespace poolfit::render
