// The sentences of an action: what a plan, and a runbook made from it, say of each phase.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/report/report.hpp>

namespace poolfit::render {

/// How long a changed instance is watched: a time of the plan's own.
inline constexpr std::string_view watch_hours = "48 h";
inline constexpr int watch_minutes = 48 * 60;

/// "primary: db.m5.xlarge → db.t3.large".
std::string title(const Report& report, const Action& action);
/// Why its risk is what it is; may be empty.
std::string hazard_text(const Report& report, const Action& action);
/// One for each step, in their order.
std::vector<std::string> step_texts(const Report& report, const Action& action);
std::string downtime_text(const Report& report, const Action& action);
/// What to watch: metric, limit. One for each sign, in their order.
std::vector<std::string> watch_texts(const Report& report, const Action& action);
/// Criteria, with numbers.
std::vector<std::string> success_texts(const Report& report, const Action& action);
std::string rollback_text(const Report& report, const Action& action);

}  // namespace poolfit::render
