// Of which records figures are kept, where not all are asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <poolfit/assess/node.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit::report {

/// The text is the record's name, or that after its kind: "primary", "database.primary".
bool names_record(std::string_view text, std::string_view kind, std::string_view name);

/// The databases that the words name, where all of them name databases and parts of them; else nothing.
std::optional<std::vector<Index>> databases_named(const Fleet& fleet, const std::vector<std::string>& words);

/// What the page of these databases shows.
Figures::Kept shown_of(const Fleet& fleet, const std::vector<Index>& databases);
/// The same with what it is computed from: what runs in the same processes and on the same hosts.
Figures::Kept needed_of(const Fleet& fleet, const std::vector<Index>& databases);

}  // namespace poolfit::report
