// Commitments in words and in JSON: what they own, what uses it, and what is really paid.
#pragma once

#include <string>
#include <vector>

#include <poolfit/report/report.hpp>

#include "json_writer.hpp"

namespace poolfit::render {

/// "1 unit", "16 units".
std::string units_text(double units);
/// "m5-2027", or "m5 of RDS for PostgreSQL in eu-central-1", "the Database Savings Plan".
std::string commitment_text(const Fleet& fleet, Index commitment);
/// "$0.00/mo beside commitments: reserved instances cover 100 %"; empty without commitments that touch it.
std::string effective_text(const Report& report, Index database);
/// Is what is left to pay for it another amount after the plan: by its own change, or by what others leave?
bool changes_paid(const Report& report, Index database);
/// Of all: "$0.00 → $0.00/mo, saves nothing until 2027-06-30; …"; empty without commitments.
std::string paid_total_text(const Report& report);
/// "saves nothing after commitments", where a change of class saves another amount by list price; else empty.
std::string saves_after_text(const Report& report, Index database);
/// A line for each commitment.
std::vector<std::string> commitment_texts(const Report& report);

/// "m5: reserved, of 8 units": the commitments that cover a database.
std::vector<std::string> commitments_of(const Report& report, Index database);
/// "ends in 121 days, on 2027-03-31".
std::string until_text(const CommitmentUse& use, Date ends);
/// "the plan frees 8 units: 0 are used by no database": what the plan does to it.
std::string change_text(const CommitmentUse& use);

/// `effective`: what a database pays today, or after the plan.
void write_effective(JsonWriter& json, const Report& report, Index database, bool after);
void write_after_commitments(JsonWriter& json, const Report& report);
void write_commitments(JsonWriter& json, const Report& report);

}  // namespace poolfit::render
