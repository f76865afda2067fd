// Files of an inventory's bindings that another file has taken the place of.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <poolfit/import/into.hpp>

namespace poolfit::imports {

/// By the file that records of a kind came from, the one of the import that has at least half of them now, found in the
/// same way. Files that the import has read are not looked at.
std::map<std::string, std::string> superseded(const Inventory& inventory, const ImportedInventory& imported,
                                              std::string_view kind);

}  // namespace poolfit::imports
