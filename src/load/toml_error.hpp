// A TOML syntax error in our own words: one line, the bytes it is about, what to write instead.
#pragma once

#include <cstdint>
#include <string_view>

#include <poolfit/diag/diagnostic.hpp>

#include "toml_scan.hpp"

namespace poolfit::load {

/// `offset` counts from `base`, where the parser stopped; `description` is the parser's own.
void report_toml_error(const SourceText& source, std::uint32_t base, std::uint32_t offset, std::string_view description,
                       Diagnostics& diagnostics);
/// What makes a text unfit for the parser.
void report_excess(const SourceText& source, TomlExcess excess, Diagnostics& diagnostics);

}  // namespace poolfit::load
