// A JSON syntax error in our own words.
#pragma once

#include <cstdint>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit::load {

/// `cursor`: after the last well-formed token. `innermost`: '{', '[' or 0, the bracket that is open there.
void report_json_error(const SourceText& source, std::uint32_t cursor, char innermost, Diagnostics& diagnostics);

}  // namespace poolfit::load
