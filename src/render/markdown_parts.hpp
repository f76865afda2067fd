// The parts of the Markdown document, one function per part, in the order of the document.
#pragma once

#include <poolfit/report/report.hpp>

#include "markdown_page.hpp"
#include "words.hpp"

namespace poolfit::render {

void markdown_infrastructure(Markdown& page, const Report& report);
void markdown_budgets(Markdown& page, const Report& report);
void markdown_pools(Markdown& page, const Report& report);
void markdown_findings(Markdown& page, const Report& report);
void markdown_strategies(Markdown& page, const Report& report);
void markdown_matrix(Markdown& page, const Report& report);
void markdown_vcpus(Markdown& page, const Report& report);
void markdown_projections(Markdown& page, const Report& report);
void markdown_phases(Markdown& page, const Report& report);
void markdown_runway(Markdown& page, const Report& report);
void markdown_worlds(Markdown& page, const Report& report);
void markdown_sources(Markdown& page, const Report& report);

/// "1,802"; "no limit" or a dash where there is nothing.
std::string cell(const std::optional<Figure<Connections>>& figure);
std::string cell(const std::optional<Figure<Interval<Connections>>>& figure);
std::string cell(const std::optional<Figure<Interval<Fraction>>>& figure);
std::string cell(const std::optional<Figure<MicroUsdPerMonth>>& figure);

}  // namespace poolfit::render
