// What an outage reads as, and what ends it.
#pragma once

#include <string>
#include <vector>

#include <poolfit/report/report.hpp>

namespace poolfit::render {

/// "108 connections at the maximum number of instances, 97 usable: 11 refused".
std::string outage_text(const Fleet& fleet, const Outage& outage);
/// "api.asyncpg 12 → 5: 66 of 97 (68 %)".
std::string way_text(const Report& report, Index database, const WayOut& way);
std::vector<std::string> way_texts(const Report& report, Index database);
/// All of it, of one database: "uat is over its limits: …. First: …. Or: …".
std::string outages_text(const Report& report, Index database);

}  // namespace poolfit::render
