// --set KEY=VALUE: values of the user's command line, put into the tree before it is checked.
#pragma once

#include <vector>

#include <poolfit/load/load.hpp>

#include "reader.hpp"

namespace poolfit::load {

/// Each setting becomes a source text of its own. What it names must exist, but for the last key, which the
/// record's reader checks like any other.
void apply_settings(Context& context, const std::vector<Setting>& settings, Sources& sources, Document& document);

}  // namespace poolfit::load
