// A finding for other tools: where it is, and all that it says.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/diag/source.hpp>
#include <poolfit/report/gate.hpp>

namespace poolfit::render {

/// The message, what is said at its place, the notes and the fix, a line each.
std::string whole_message(const Gate& gate, const Finding& finding);

/// Lines and columns from 1, in characters; the end is behind the last one.
struct Spot {
    std::string file;  ///< relative to the gate's folder, if below it; that of the inventory where there is no place
    Position begin, end;
};
Spot spot_of(const Gate& gate, const Place& place);

/// As text, or in the double quotes of an attribute, where line breaks are escaped too. Control characters that XML
/// does not have are made visible.
std::string xml_text(std::string_view text);
std::string xml(std::string_view attribute);

}  // namespace poolfit::render
