// Suppressions written as comments: # poolfit: ignore[PF101] until=2026-12-31 owner=dana reason="…"
#pragma once

#include <string_view>
#include <vector>

#include <poolfit/model/fleet.hpp>

#include "reader.hpp"

namespace poolfit::load {

/// Could `text` be the id of a rule, the beginning of one ("PF1"), or its name?
bool is_rule_reference(std::string_view text);

/// Reads the comments of TOML text that begin with "poolfit:", and appends one Ignore for each rule that they name. A
/// comment behind a key covers that line; one on a line of its own, the next line that has more than a comment.
void read_suppressions(Context& context, const SourceText& source, std::vector<Ignore>& out);

}  // namespace poolfit::load
