// The words of advice that stands beside a class: a database to delete, capacity that follows the load, a schedule.
#pragma once

#include <string>

#include <poolfit/report/report.hpp>

namespace poolfit::render {

/// "→ delete", "→ db.serverless, 0.5 to 4 ACU"; empty where no such advice is the verdict.
std::string instead_of_class(const Recommendation& advice);
/// "run it 60 of 168 hours a week".
std::string hours_text(const Stop& stop);
std::string hours_text(double hours);
/// "0.5 to 4 ACU".
std::string range_text(const Serverless& serverless);

/// "need not run all week", "stops with staging's cluster".
std::string stop_reason(const Fleet& fleet, const Plan& plan, Index database);
/// Why a database to which nothing was connected is not advised to be deleted.
std::string contradicted_text(const Fleet& fleet, const Plan& plan, Index database);
/// The first sentence of a database's block where such advice is the verdict; else empty.
std::string opening_beside(const Report& report, Index database);
/// " Stopped outside 60 hours a week it saves $83.57/mo more.": beside another verdict; else empty.
std::string stop_sentence(const Recommendation& advice);
/// ", including $43.80/mo for RDS Proxy"; empty without such.
std::string poolers_text(const Report& report);
/// "; schedules would save $83.57/mo more", "; Serverless v2 …"; empty where none would.
std::string beside_total(const Report& report);

/// Does the action carry out such advice?
bool is_beside(const Action& action);
inline constexpr const char* stop_hazard = "what runs at night stops with it: backups in another window, jobs";
std::string downtime_beside(const Downtime& downtime);
/// Of actions and their steps that carry such advice out.
std::string title_beside(const Report& report, const Action& action);
std::string gain_beside(const Report& report, const Action& action);
std::string step_beside(const Report& report, const Step& step);
std::string work_beside(const Action& action);

/// Why it gets no schedule; with what would be saved where that is known. Empty where it gets one.
std::string no_stop_text(const Report& report, Index database);
/// Why it stays on a class. Empty where it does not.
std::string no_serverless_text(const Report& report, Index database);

}  // namespace poolfit::render
