// The sentences of actions and of the runway.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/render/phases.hpp>
#include <poolfit/report/report.hpp>

namespace poolfit::render {

/// "saves $2,196.00/yr", "20 fewer (−39 %)"; may be empty.
std::string gain_text(const Report& report, const Action& action);
/// The same beside the database's own block, which says why: of another class what it saves or costs, if that is known.
std::string brief_gain_text(const Report& report, const Action& action);
std::string work_text(const Report& report, const Action& action);

/// "primary on db.t3.large: connections steady 21 today, over 105 in month 30".
std::string runway_text(const Fleet& fleet, const Runway& runway);
/// "PostgreSQL 14.9 on db.m5.large: Extended Support starts on 2027-03-01 (3 months after 2026-11-24): $146.00/mo".
std::string support_text(const Fleet& fleet, const SupportEvent& event);
/// "15 or newer": what the plan upgrades the database to.
std::string upgrade_target(const Report& report, Index database);

}  // namespace poolfit::render
