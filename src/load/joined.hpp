// An inventory of several files, and what an environment changes: the trees are joined before they are checked, and
// every value keeps its place.
#pragma once

#include <string>
#include <vector>

#include <poolfit/load/document.hpp>

#include "reader.hpp"
#include "suppressions.hpp"

namespace poolfit::load {

/// Moves what `more` has into `into`: records join those of their kind; every other key may stand in one file only.
void join(Context& context, Document& into, Document more);

void report_two_files(Context& context, const Member& again, const Place& first);

/// The tables [env.NAME], of all files, taken out of them.
void take_environments(Document& from, std::vector<Member>& into);

/// The keys of [env.NAME] win over those of the inventory, and one file may give each; a record goes by its name:
/// [env.staging.service.api]. `name` is what --env asks for. The other environments are checked as far as each can be
/// by itself, since they may need files that are not given: every key and every value, but no reference.
Coverage apply(Context& context, const std::string& name, std::vector<Member> environments, Document& to);

}  // namespace poolfit::load
