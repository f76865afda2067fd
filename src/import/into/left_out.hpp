// The comments at the end of an inventory that say what an import did not take.
#pragma once

#include <string>

#include <poolfit/import/into.hpp>

namespace poolfit::imports {

/// "# Not taken:" and a line for each; empty where all was taken.
std::string left_out(const std::vector<Note>& notes);

/// Documents that have such comments get those of an import: lines about its files go, those about others stay, and
/// what it did not take itself is added to the first that has such comments.
void follow_left_out(Inventory& inventory, const ImportedInventory& imported);

}  // namespace poolfit::imports
