// What the header, the excerpt and the notes of a diagnostic share.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/diag/diagnostic.hpp>

namespace poolfit::diag {

/// The style's width, within what can be laid out.
int usable_width(const Style& style);

/// Bold in the severity's colour, where the style has colours.
std::string coloured(std::string text, Severity severity, const Style& style);

/// Appends visible text broken at blanks into rows of `room` columns, and a line end. The first row goes on where
/// `out` ends, the others begin with `indent`.
void append_wrapped(std::string& out, std::string_view text, int room, std::string_view indent);

}  // namespace poolfit::diag
