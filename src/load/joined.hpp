// An inventory of several files, and what an environment changes: the trees are joined before they are checked, and
// every value keeps its place.
#pragma once

#include <string>
#include <vector>

#include <poolfit/load/document.hpp>

#include "reader.hpp"

namespace poolfit::load {

/// Moves what `more` has into `into`: records join those of their kind; every other key may stand in one file only.
void join(Context& context, Document& into, Document more);

/// The tables [env.NAME] of one name, of all files, taken out of them.
struct Environment {
    std::vector<Value> tables;
    std::vector<std::string> names;  ///< of all environments that the files have, each once
};
void take_environment(Document& from, const std::string& name, Environment& into);

/// The keys of [env.NAME] win over those of the inventory; a record goes by its name: [env.staging.service.api].
/// `name` is what --env asks for.
void apply(Context& context, const std::string& name, const Environment& environment, Document& to);

}  // namespace poolfit::load
