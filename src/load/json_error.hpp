// A JSON syntax error in our own words.
#pragma once

#include <cstdint>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit::load {

/// `cursor`: after the last well-formed token. `state`: the bracket that is open there, ':' between
/// a key and its value, or 0 outside of all.
void report_json_error(const SourceText& source, std::uint32_t cursor, char state, Diagnostics& diagnostics);

}  // namespace poolfit::load
